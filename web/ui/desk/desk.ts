// The validation desk: the form beside the pages. The words of the page fill the field that has the focus, the keys lead from
// one doubt to the next, and what is typed survives a lost session.
import type { PageViewer } from "../viewer/pageviewer";
import { type Word, boxText, parseBox, textOf, union } from "../viewer/layout";
import { startDrafts } from "./draft";
import { doubtful, settle } from "./doubt";
import { startDeskKeys } from "./keys";

export function startDesk(viewer: PageViewer): void {
  const form = document.querySelector<HTMLFormElement>("#form");
  if (!form) {
    return;
  }
  const fill = new Filler(form, viewer);
  viewer.onPick = (words, page) => void fill.pick(words, page);
  form.addEventListener("focusin", (e) => {
    if (e.target instanceof HTMLElement) {
      fill.focus(e.target);
    }
  });
  form.addEventListener("change", (e) => {
    if (e.target instanceof HTMLInputElement && e.target.name.startsWith("field.")) {
      void fill.typed(e.target);
    }
  });
  startClasses(form);
  startDeskKeys(form, viewer);
  startDrafts(form);
  const first = document.querySelector<HTMLElement>("[data-next-free]") ?? doubtful(form)[0] ?? form.querySelector<HTMLElement>("[data-accept]");
  first?.focus({ preventScroll: true });
}

type Field = HTMLInputElement | HTMLSelectElement;

function isField(e: Element | null): e is Field {
  return (e instanceof HTMLInputElement || e instanceof HTMLSelectElement) && e.name.startsWith("field.");
}

// A Filler brings words of the page into fields, as the server reads them for the field's type.
class Filler {
  private last: Field | null = null;

  constructor(private readonly form: HTMLFormElement, private readonly viewer: PageViewer) {}

  // focus remembers the field to fill and shows where its value stands.
  focus(e: HTMLElement): void {
    if (!isField(e)) {
      return;
    }
    this.last = e;
    const box = parseBox(e.dataset["place"]);
    if (e.dataset["page"] !== undefined && box) {
      this.viewer.show(Number(e.dataset["page"]), box);
    } else {
      this.viewer.show(this.viewer.number, null);
    }
  }

  async pick(words: Word[], page: number): Promise<void> {
    const field = this.last && this.form.contains(this.last) ? this.last : null;
    const box = union(words.map((w) => w.box));
    if (!field || !box) {
      return;
    }
    const text = textOf(words);
    const { value, problem } = await this.ask(field, text, true);
    this.problem(field, problem);
    field.focus({ preventScroll: true });
    if (problem) {
      return;
    }
    field.value = value;
    field.dataset["page"] = String(page);
    field.dataset["place"] = boxText(box);
    this.at(field).value = `${page};${boxText(box)}`;
    this.hint(field, (this.form.dataset["picked"] ?? "").replace("#", String(page)));
    settle(field);
    this.viewer.clearPicked();
    this.viewer.show(page, box);
    field.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
  }

  // typed has a typed value brought into its normal form, or says what is wrong with it.
  async typed(field: HTMLInputElement): Promise<void> {
    const before = field.value;
    const { value, problem } = await this.ask(field, before, false);
    this.problem(field, problem);
    if (!problem && field.value === before) {
      field.value = value;
      settle(field);
    }
    if (this.at(field).value !== "" && !problem) {
      this.at(field).value = ""; // it stands no more where it was found, unless it is what was read there; the server knows
      delete field.dataset["page"];
      delete field.dataset["place"];
      this.hint(field, "");
    }
  }

  private async ask(field: Field, text: string, picked: boolean): Promise<{ value: string; problem?: string }> {
    const q = new URLSearchParams({ field: field.name.slice("field.".length), text });
    if (picked) {
      q.set("picked", "1");
    }
    const r = await fetch(`${this.form.dataset["values"]}?${q}`).catch(() => null);
    return r?.ok ? await r.json() as { value: string; problem?: string } : { value: text };
  }

  private at(field: Field): HTMLInputElement {
    return field.parentElement?.querySelector<HTMLInputElement>("input[type=hidden]") ?? document.createElement("input");
  }

  private hint(field: Field, text: string): void {
    const p = field.parentElement?.querySelector(`#h-${CSS.escape(field.id.slice(2))}`);
    if (p) {
      p.textContent = text;
      p.className = "hint";
    }
  }

  private problem(field: Field, text: string | undefined): void {
    if (text) {
      this.hint(field, text);
      field.parentElement?.querySelector(`#h-${CSS.escape(field.id.slice(2))}`)?.setAttribute("class", "field-problem");
      field.setAttribute("aria-invalid", "true");
    } else if (field.getAttribute("aria-invalid")) {
      field.removeAttribute("aria-invalid");
      this.hint(field, "");
    }
  }
}

// startClasses makes the likely classes one click each. Every value that was ever typed stays with the form, so that a class
// that was chosen by mistake costs nothing.
function startClasses(form: HTMLFormElement): void {
  const select = form.querySelector<HTMLSelectElement>("#class");
  const kept = new Map<string, string>();
  const show = (): void => form.querySelectorAll<HTMLElement>("[data-class]").forEach((b) => b.setAttribute("aria-pressed", String(b.dataset["class"] === select?.value)));
  form.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-class]") : null;
    if (button?.dataset["class"] && select) {
      select.value = button.dataset["class"];
      settle(select);
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  select?.addEventListener("change", () => { settle(select); show(); });
  document.addEventListener("htmx:configRequest", (e) => {
    const { parameters, target } = (e as CustomEvent<{ parameters: FormData | Record<string, string>; target: Element }>).detail;
    if (target.id !== "fields") {
      return;
    }
    for (const [name, value] of new FormData(form)) {
      if (/^(field|at)\./.test(name) && typeof value === "string") {
        kept.set(name, value);
      }
    }
    for (const [name, value] of kept) {
      if (!form.elements.namedItem(name)) {
        (parameters as Record<string, string>)[name] = value;
      }
    }
  });
}
