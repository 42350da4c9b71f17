// The panel in which an annotation is read, written and withdrawn. Its parts come from the server; one of them shows at a time.
import { need } from "./pageviewer";

export class Panel {
  id = ""; // of the annotation it is about; empty for one that is being made
  page = 0;
  private opener: Element | null = null; // had the focus before

  constructor(readonly element: HTMLElement) {}

  get shown(): boolean { return !this.element.hidden; }
  get writes(): boolean { return this.element.querySelector(".panel-form") !== null; }
  get title(): string { return need(this.element, "#panel-title").textContent ?? ""; }

  // words are what the server says for the script to say.
  words(name: string): string { return this.element.dataset[name] ?? ""; }

  // show opens the panel with nothing in it but its title.
  show(title: string, page: number, id: string): void {
    if (!this.shown) {
      this.opener = document.activeElement;
    }
    need(this.element, "#panel-title").textContent = title;
    need(this.element, ".panel-about").replaceChildren();
    [this.page, this.id] = [page, id];
    this.element.hidden = false;
  }

  // tell shows what an annotation says, and what whoever may change it can do.
  tell(says: Node[], mine: boolean): void {
    need(this.element, ".panel-about").replaceChildren(...says);
    this.element.querySelectorAll<HTMLElement>("[data-own]").forEach((b) => { b.hidden = !mine; });
    this.part("");
    this.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  // part shows one of the panel's forms, or what else can be done when it is none.
  part(selector: string): void {
    for (const f of this.element.querySelectorAll<HTMLElement>("form, .panel-stamps")) {
      f.hidden = selector === "" || !f.matches(selector);
    }
    need(this.element, ".panel-do").hidden = selector !== "";
    need(this.element, ".panel-about").hidden = selector === ".panel-form";
    this.element.querySelector<HTMLElement>(selector === "" ? ".panel-do button" : `${selector} :is(textarea, input, button)`)?.focus();
  }

  // write asks for a text.
  write(title: string, text: string, page: number, id: string): void {
    this.show(title, page, id);
    const area = need<HTMLTextAreaElement>(this.element, "#panel-text");
    area.value = area.defaultValue = text;
    this.part(".panel-form");
  }

  // unsaved says whether something is written that closing would lose.
  get unsaved(): boolean {
    const area = this.element.querySelector<HTMLTextAreaElement>("#panel-text");
    return area !== null && area === document.activeElement && area.value !== area.defaultValue;
  }

  // hide closes the panel and gives the focus back to whoever had it, or else to another.
  hide(other: HTMLElement): void {
    this.element.hidden = true;
    const back = this.opener instanceof HTMLElement || this.opener instanceof SVGElement ? this.opener : other;
    (back.isConnected && back !== document.body ? back : other).focus({ preventScroll: true });
  }
}
