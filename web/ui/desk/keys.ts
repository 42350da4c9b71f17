// The desk's keys. Enter and Tab lead to the next doubtful field and then to the button that files; Shift+Tab goes back through
// everything as usual.
import type { PageViewer } from "../viewer/pageviewer";
import { doubtful, settle } from "./doubt";

export function startDeskKeys(form: HTMLFormElement, viewer: PageViewer): void {
  document.addEventListener("keydown", (e) => {
    if (document.querySelector("dialog[open]")) {
      return;
    }
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      accept(form);
    } else if (e.altKey && !e.ctrlKey && !e.metaKey) {
      alt(e, form);
    } else if (e.target instanceof HTMLElement && form.contains(e.target)) {
      inForm(e, e.target, form, viewer);
    }
  }, true);
}

function accept(form: HTMLFormElement): void {
  if (document.activeElement instanceof HTMLElement) {
    document.activeElement.blur(); // so that what is typed counts
  }
  form.requestSubmit(form.querySelector<HTMLButtonElement>("[data-accept]"));
}

function alt(e: KeyboardEvent, form: HTMLFormElement): void {
  const digit = /^Digit([123])$/.exec(e.code)?.[1];
  const target = digit ? form.querySelectorAll<HTMLElement>("[data-class]")[Number(digit) - 1]
    : e.code === "KeyS" ? document.querySelector<HTMLElement>("[data-next-free], [data-skip]")
      : e.key.toLowerCase() === "z" ? document.querySelector<HTMLElement>("[data-correct]") : null;
  if (target) {
    e.preventDefault();
    target.click();
  }
}

function inForm(e: KeyboardEvent, at: HTMLElement, form: HTMLFormElement, viewer: PageViewer): void {
  const field = at instanceof HTMLInputElement || at instanceof HTMLSelectElement;
  if (!field || e.ctrlKey || e.metaKey) {
    return;
  }
  if (e.key === "PageDown" || e.key === "PageUp") {
    e.preventDefault();
    viewer.turn(e.key === "PageDown" ? 1 : -1);
    return;
  }
  if (e.key === "Enter" || e.key === "Tab" && !e.shiftKey) {
    e.preventDefault();
    next(at, form);
  }
}

// next counts the field as looked at and goes to the next doubtful one after it, else to the first, else to the button.
function next(at: HTMLElement, form: HTMLFormElement): void {
  if (!(at instanceof HTMLInputElement && at.value.trim() === "" && at.dataset["doubtful"] !== undefined)) {
    settle(at);
  }
  const open = doubtful(form).filter((f) => f !== at);
  const after = open.find((f) => at.compareDocumentPosition(f) & Node.DOCUMENT_POSITION_FOLLOWING);
  const to = after ?? open[0] ?? form.querySelector<HTMLElement>("[data-accept]");
  to?.focus();
  if (to instanceof HTMLInputElement) {
    to.select();
  }
}
