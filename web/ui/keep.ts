// What is sent with a form stays in the tab until the server has taken it. When the session had ended, or the answer was a page that
// says what went wrong, it is typed in again as soon as its person is back on the form's page.
const shelf = "docket.sent";

interface Sent {
  who: string;
  page: string;
  form: string;
  state: string; // of the thing, as the form was made from it
  values: [name: string, nth: number, value: string][];
  unsent?: boolean;
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const here = (): string => location.pathname + location.search;
const who = (): string => document.body.dataset["who"] ?? "";
const addressOf = (form: HTMLFormElement): string => form.getAttribute("action") ?? "";
const stateOf = (form: HTMLFormElement): string => [...form.querySelectorAll<HTMLInputElement>('input[type=hidden][name="version"]')].map((i) => i.value).join();
const ticks = (c: Control): c is HTMLInputElement => c instanceof HTMLInputElement && (c.type === "checkbox" || c.type === "radio");
const valueOf = (c: Control): string => (ticks(c) ? String(c.checked) : c.value);

// controls are what a person fills in, each with its place among those of its name.
function controls(form: HTMLFormElement): [Control, number][] {
  const seen = new Map<string, number>();
  const all: [Control, number][] = [];
  for (const c of form.elements) {
    if ((c instanceof HTMLInputElement && !/^(hidden|password|file|submit|button)$/.test(c.type)) || c instanceof HTMLSelectElement || c instanceof HTMLTextAreaElement) {
      const nth = seen.get(c.name) ?? 0;
      seen.set(c.name, nth + 1);
      all.push([c, nth]);
    }
  }
  return all;
}

function keep(form: HTMLFormElement): void {
  const values = controls(form).map(([c, nth]): Sent["values"][number] => [c.name, nth, valueOf(c)]);
  if (values.some(([, , value]) => value !== "")) {
    put({ who: who(), page: here(), form: addressOf(form), state: stateOf(form), values });
  }
}

function put(sent: Sent): void {
  try {
    sessionStorage.setItem(shelf, JSON.stringify(sent));
  } catch {
    // it is too long for the browser, or the browser keeps nothing
  }
}

function take(): Sent | null {
  try {
    const text = sessionStorage.getItem(shelf);
    sessionStorage.removeItem(shelf);
    return text === null ? null : JSON.parse(text) as Sent;
  } catch {
    return null;
  }
}

// restore types in again what was sent. What somebody else has changed since is left alone.
function restore(sent: Sent): void {
  const form = [...document.querySelectorAll<HTMLFormElement>("main form[method=post]")].find((f) => addressOf(f) === sent.form && stateOf(f) === sent.state);
  if (!form) {
    return;
  }
  let first: Control | null = null;
  for (const [c, nth] of controls(form)) {
    const value = sent.values.find(([name, n]) => name === c.name && n === nth)?.[2];
    if (value === undefined || value === valueOf(c)) {
      continue;
    }
    if (ticks(c)) {
      c.checked = value === "true";
    } else {
      c.value = value;
    }
    first ??= c;
    c.dispatchEvent(new Event("input", { bubbles: true }));
    c.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (!first) {
    return;
  }
  for (let at = first.closest("details"); at; at = at.parentElement?.closest("details") ?? null) {
    at.open = true;
  }
  const note = document.createElement("p");
  note.className = "alert alert-success";
  note.setAttribute("role", "status");
  note.textContent = document.body.dataset["typed"] ?? "";
  form.prepend(note);
  first.focus();
}

export function startKeep(): void {
  const sent = take();
  if (sent && document.querySelector("[data-unsent]")) {
    put({ ...sent, unsent: true });
  } else if (sent?.unsent && sent.who === who()) {
    if (sent.page === here()) {
      restore(sent);
    } else {
      put(sent);
    }
  }
  document.addEventListener("submit", (e) => {
    const form = e.target;
    if (form instanceof HTMLFormElement && form.method === "post" && form.closest("main") && who() !== "" && !form.matches("[data-document]")) {
      keep(form);
    }
  });
  document.addEventListener("click", (e) => {
    const back = e.target instanceof Element ? e.target.closest("[data-back-to]") : null;
    if (back && history.length > 1) { // the browser still has the page as it was left
      e.preventDefault();
      history.back();
    }
  });
}
