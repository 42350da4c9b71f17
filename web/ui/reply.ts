// The answer that is being written: kept as a draft while one types, never over what was kept elsewhere, and never lost when the session
// ends: what could not be kept stays in the browser until it can.
import { startInsert } from "./insert";
import { typing } from "./keys";

const pause = 800; // milliseconds without a key, after which what is typed is kept

function keeper(form: HTMLFormElement, body: HTMLTextAreaElement): void {
  const version = form.querySelector<HTMLInputElement>('input[name="draft"]');
  const said = form.querySelector<HTMLElement>("[data-kept]");
  const address = form.dataset["draft"] ?? "";
  const shelf = "docket" + address;
  let timer = 0;
  let busy = false;
  let again = false;
  let stopped = false;
  const say = (text: string, bad: boolean) => {
    if (said) {
      said.textContent = text;
      said.classList.toggle("tone-bad", bad);
    }
  };
  const keep = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    const typed = body.value;
    try {
      const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, redirect: "error",
        body: new URLSearchParams([...new FormData(form)].map(([k, v]): [string, string] => [k, String(v)])) });
      const told = await answer.json() as { version?: number; said?: string; problem?: string };
      if (answer.ok && version && told.version !== undefined) {
        version.value = String(told.version);
        say(told.said ?? "", false);
        localStorage.removeItem(shelf);
      } else {
        stopped = answer.status === 409; // somebody writes in another window: what is there is not touched
        localStorage.setItem(shelf, typed);
        say(told.problem ?? "", true);
      }
    } catch {
      localStorage.setItem(shelf, typed);
      say(form.dataset["lost"] ?? "", true);
    }
    busy = false;
    if (again && !stopped) {
      again = false;
      void keep();
    }
  };
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    if (!stopped) {
      timer = window.setTimeout(() => void keep(), pause);
    }
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    localStorage.removeItem(shelf);
  });
  const left = localStorage.getItem(shelf);
  if (left !== null && left !== body.value) {
    body.value = left;
    form.closest("details")?.setAttribute("open", "");
    say(form.dataset["found"] ?? "", true);
  }
}

// undo counts down how long a message can be called back, and goes when it cannot.
function undo(form: HTMLFormElement): void {
  const left = form.querySelector("[data-left]");
  const tick = () => {
    const seconds = Math.ceil((Number(form.dataset["until"]) - Date.now()) / 1000);
    if (seconds <= 0) {
      form.remove();
      return;
    }
    if (left) {
      left.textContent = String(seconds);
    }
    window.setTimeout(tick, 250);
  };
  tick();
}

export function startReply(): void {
  document.querySelectorAll<HTMLFormElement>("form.undo").forEach(undo);
  const form = document.querySelector<HTMLFormElement>("form[data-draft]");
  const body = form?.querySelector<HTMLTextAreaElement>("#reply-body");
  if (!form || !body) {
    return;
  }
  keeper(form, body);
  startInsert(form, body);
  const open = () => {
    form.closest("details")?.setAttribute("open", "");
    body.focus();
    body.setSelectionRange(0, 0);
  };
  if (window.location.hash === "#reply") {
    open();
  }
  document.querySelector("[data-reply]")?.addEventListener("click", open);
  form.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      form.requestSubmit(form.querySelector<HTMLButtonElement>("[data-send]"));
    }
  });
  document.addEventListener("keydown", (e) => {
    if (e.key === "r" && !e.ctrlKey && !e.metaKey && !e.altKey && !e.defaultPrevented && !typing(e.target) && !document.querySelector("dialog[open]")) {
      e.preventDefault();
      open();
    }
  });
}
