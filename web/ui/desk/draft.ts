// What is typed on the desk is kept in the tab until the document is filed, so that a session that ends costs nothing.

interface Draft { rev: string; values: Record<string, string> }

export function startDrafts(form: HTMLFormElement): void {
  const key = `docket.desk.${form.dataset["document"]}`;
  const rev = (): string => (form.elements.namedItem("rev") as HTMLInputElement | null)?.value ?? "";
  const first = read(form);
  const kept = parse(window.sessionStorage.getItem(key));
  if (kept && kept.rev === rev() && !form.querySelector("[role=alert]")) {
    restore(form, kept.values, key);
  }
  const save = (): void => {
    const values = Object.fromEntries(Object.entries(read(form)).filter(([name, value]) => first[name] !== value));
    if (Object.keys(values).length > 0) {
      window.sessionStorage.setItem(key, JSON.stringify({ rev: rev(), values } satisfies Draft));
    } else {
      window.sessionStorage.removeItem(key);
    }
  };
  for (const event of ["input", "change", "picked"]) {
    form.addEventListener(event, save);
  }
  form.addEventListener("submit", save);
}

// read is what the form holds of what people type.
function read(form: HTMLFormElement): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && /^(field\.|at\.|class$|party$)/.test(name)) {
      values[name] = value;
    }
  }
  return values;
}

function parse(text: string | null): Draft | null {
  try {
    return text === null ? null : JSON.parse(text) as Draft;
  } catch {
    return null;
  }
}

function restore(form: HTMLFormElement, values: Record<string, string>, key: string): void {
  let changed = false;
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if ((field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && field.value !== value) {
      field.value = value;
      changed = true;
    }
  }
  if (!changed) {
    return;
  }
  const note = document.createElement("div");
  note.className = "alert alert-success";
  note.setAttribute("role", "status");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-sm";
  again.textContent = form.dataset["discard"] ?? "";
  again.addEventListener("click", () => {
    window.sessionStorage.removeItem(key);
    window.location.reload();
  });
  note.append(`${form.dataset["back"] ?? ""} `, again);
  form.querySelector(".card-body")?.prepend(note);
  form.querySelector("#class")?.dispatchEvent(new Event("change", { bubbles: true }));
}
