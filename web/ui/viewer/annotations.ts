// What people marked on the pages. The card that the server has drawn holds all of a version's annotations, each with its
// drawing; here they are laid over the page, opened, made, changed and withdrawn. Every change is answered with the card anew.
import { toast } from "../toast";
import { type Box, type Word, boxText, sameLine, union } from "./layout";
import { type PageViewer, need } from "./pageviewer";
import { Panel } from "./panel";
import type { Placer, Size } from "./placer";
import { draw } from "./drawn";

type Kind = "highlight" | "note" | "stamp";

// The usual sizes of what is placed by a click, of the page's width.
const usual: Record<Kind, Size> = { highlight: { w: 0.3, h: 0.025 }, note: { w: 0, h: 0 }, stamp: { w: 0.3, h: 0.1125 } };

export class Annotations {
  readonly actions: Record<string, () => void>;
  private readonly panel: Panel;
  private readonly bar: HTMLElement; // says what to do while a place is chosen
  private readonly base: string;
  private placer: Placer | null = null;
  private submit: (text: string) => Promise<boolean> = () => Promise.resolve(false);

  constructor(private readonly root: HTMLElement, private readonly viewer: PageViewer, copy: (text: string) => void) {
    this.panel = new Panel(need(root, ".viewer-panel"));
    this.bar = need(root, ".viewer-placing");
    this.base = `${viewer.base}/annotations`;
    const open = (): HTMLElement | null => item(this.panel.id);
    this.actions = {
      close: () => this.close(), set: () => this.placer?.take(), unplace: () => this.placer?.cancel(),
      link: () => copy(open()?.querySelector<HTMLAnchorElement>("a")?.href ?? ""),
      edit: () => this.edit(open()), move: () => this.move(open()),
      withdraw: () => this.panel.part(".panel-withdraw"), keep: () => this.panel.part(""),
    };
    if (this.panel.writes) {
      Object.assign(this.actions, { highlight: () => this.make("highlight"), note: () => this.make("note"), stamp: () => this.stamp() });
    }
    viewer.onOpen = (id) => this.open(id);
    viewer.onDrawn = () => this.draw();
    document.addEventListener("click", (e) => this.clicked(e));
    document.addEventListener("focusin", (e) => this.focused(e));
    document.addEventListener("keydown", (e) => this.key(e), true);
    this.panel.element.addEventListener("submit", (e) => void this.submitted(e));
    this.draw();
    this.open(new URL(window.location.href).searchParams.get("annotation") ?? "");
  }

  private draw(): void {
    draw(this.root, this.viewer, items());
    if (this.panel.shown && this.panel.page !== this.viewer.number) {
      this.close();
    }
  }

  // open shows an annotation at its place, with what may be done about it.
  private open(id: string): void {
    const li = item(id);
    if (!li) {
      return;
    }
    this.panel.show(need(li, "[data-open-annotation]").textContent?.trim() ?? "", pageOf(li), id);
    this.viewer.show(pageOf(li), placeOf(li));
    this.address(li);
    const says = [...li.children].filter((e) => !e.matches("template, .annotation-head"));
    this.panel.tell(says.map((e) => e.cloneNode(true)), "mine" in li.dataset);
  }

  private close(): void {
    if (!this.panel.shown) {
      return;
    }
    if (this.panel.id !== "" && this.panel.page === this.viewer.number) {
      this.viewer.show(this.viewer.number, null);
    }
    this.address(null);
    this.panel.hide(this.viewer.stageElement);
  }

  // address leads to the annotation that is open, as its link does, and else to the page.
  private address(li: HTMLElement | null): void {
    const url = new URL(window.location.href);
    url.searchParams.delete("annotation");
    if (li) {
      url.searchParams.delete("box");
      new URL(need<HTMLAnchorElement>(li, "a").href).searchParams.forEach((value, name) => url.searchParams.set(name, value));
    }
    window.history.replaceState(window.history.state, "", url);
  }

  // make marks the words that are picked, or asks for a place.
  private make(kind: Kind, stamp = ""): void {
    this.close();
    const page = this.viewer.number;
    const boxes = kind === "stamp" ? [] : linesOf(this.viewer.picked);
    const made = (at: Box[]): void => {
      this.viewer.clearPicked();
      const fields = { kind, page: String(page), at: at.map(boxText).join(";"), stamp };
      if (kind !== "note") {
        return void this.post(this.base, fields);
      }
      this.submit = (text) => this.post(this.base, { ...fields, text });
      this.panel.write(this.panel.words("titleNote"), "", page, "");
    };
    if (boxes.length > 0) {
      made(boxes);
    } else {
      this.place(kind, usual[kind], (box) => made([box]));
    }
  }

  // stamp asks which, and then where.
  private stamp(): void {
    this.panel.show(this.panel.words("titleStamp"), this.viewer.number, "");
    this.panel.part(".panel-stamps");
  }

  private place(kind: Kind, size: Size, done: (box: Box) => void): void {
    const hint = { highlight: "atBox", note: "atPoint", stamp: "atStamp" }[kind];
    this.placer = this.viewer.choosePlace(size, (box) => {
      this.placer = null;
      this.bar.hidden = true;
      if (box) {
        done(box);
      }
    });
    if (this.placer) {
      need(this.bar, "[data-placing-hint]").textContent = this.panel.words(hint);
      this.bar.hidden = false;
      this.viewer.stageElement.focus({ preventScroll: true });
    }
  }

  private edit(li: HTMLElement | null): void {
    const [id, rev] = [li?.dataset["annotation"] ?? "", li?.dataset["rev"] ?? ""];
    this.submit = (text) => this.post(`${this.base}/${id}`, { text, rev });
    this.panel.write(this.panel.title, textOf(li), this.viewer.number, id);
  }

  private move(li: HTMLElement | null): void {
    const page = this.viewer.drawn?.viewBox.baseVal.width ?? 0;
    if (!li || page === 0) {
      return;
    }
    const [, , w = 0, h = 0] = numbers(li);
    const [id, rev] = [li.dataset["annotation"] ?? "", li.dataset["rev"] ?? ""];
    this.close();
    this.place(li.querySelector("template")?.content.querySelector(".stamp") ? "stamp" : "note", { w: w / page, h: h / page },
      (box) => void this.post(`${this.base}/${id}`, { text: textOf(li), rev, at: boxText(box) }));
  }

  private async submitted(e: SubmitEvent): Promise<void> {
    e.preventDefault();
    const form = e.target as HTMLFormElement;
    const buttons = form.querySelectorAll("button");
    buttons.forEach((b) => { b.disabled = true; }); // one click, one note
    const done = form.matches(".panel-withdraw")
      ? await this.post(`${this.base}/${this.panel.id}/withdraw`, { reason: need<HTMLInputElement>(form, "input").value })
      : await this.submit(need<HTMLTextAreaElement>(form, "textarea").value);
    buttons.forEach((b) => { b.disabled = false; });
    if (done) {
      form.reset();
      this.close();
    }
  }

  // post sends a change and takes the card that it is answered with.
  private async post(path: string, fields: Record<string, string>): Promise<boolean> {
    const r = await fetch(path, { method: "POST", headers: { "HX-Request": "true" }, body: new URLSearchParams(fields) }).catch(() => null);
    const body = await r?.text() ?? "";
    const card = document.querySelector("#annotations");
    if (r?.status !== 200 || !card) {
      const { lost, out } = document.body.dataset;
      toast(r?.headers.has("HX-Redirect") ? out ?? "" : body || (lost ?? ""), "danger");
      return false;
    }
    card.outerHTML = body;
    this.draw();
    need(this.root, "[data-say]").textContent = this.panel.words("saved");
    return true;
  }

  private clicked(e: MouseEvent): void {
    const target = e.target instanceof Element ? e.target : null;
    const stamp = target?.closest<HTMLElement>(".panel-stamps [data-stamp]")?.dataset["stamp"];
    if (stamp !== undefined) {
      return this.make("stamp", stamp);
    }
    const link = target?.closest<HTMLElement | SVGElement>("[data-open-annotation]");
    const id = link ? idOf(link) : "";
    if (item(id) && !e.ctrlKey && !e.metaKey && !e.shiftKey && e.button === 0) {
      e.preventDefault();
      this.open(id);
    }
  }

  // focused brings what the keyboard has reached into view: an annotation on the page, or in the card.
  private focused(e: FocusEvent): void {
    const target = e.target instanceof Element ? e.target.closest<HTMLElement | SVGElement>("[data-open-annotation]") : null;
    const li = target && item(idOf(target));
    if (!target || !li) {
      return;
    }
    if (!this.viewer.drawn?.contains(target)) {
      return this.viewer.show(pageOf(li), placeOf(li));
    }
    for (let at: Element | null = target; at && at !== this.viewer.stageElement; at = at.parentElement) {
      at.scrollTop = at.scrollLeft = 0; // the browser has moved the layers apart
    }
    this.viewer.reveal(placeOf(li));
  }

  private key(e: KeyboardEvent): void {
    const onButton = e.key === "Enter" && e.target instanceof HTMLButtonElement;
    const closes = e.key === "Escape" && this.panel.shown && this.viewer.stageElement.contains(document.activeElement) && !this.panel.unsaved;
    if (!onButton && this.placer?.key(e)) {
      e.stopImmediatePropagation();
    } else if (closes) {
      this.close();
    } else if (e.key === "Escape" && this.viewer.picked.length > 0) {
      this.viewer.clearPicked();
    } else {
      return;
    }
    e.preventDefault();
  }
}

function items(): HTMLElement[] { return [...document.querySelectorAll<HTMLElement>("#annotations [data-annotation]")]; }

function item(id: string): HTMLElement | null { return items().find((li) => li.dataset["annotation"] === id) ?? null; }

// idOf is the annotation that a link opens: on the page, or in the card.
function idOf(link: HTMLElement | SVGElement): string {
  return link.dataset["openAnnotation"] || (link.closest<HTMLElement>("[data-annotation]")?.dataset["annotation"] ?? "");
}

function pageOf(li: HTMLElement): number { return Number(li.dataset["page"]); }

function numbers(li: HTMLElement): number[] { return (li.dataset["place"] ?? "").split(",").map(Number); }

// placeOf is where an annotation is; a point has some room around it.
function placeOf(li: HTMLElement): Box {
  const [x = 0, y = 0, w = 0, h = 0] = numbers(li);
  const room = w > 0 && h > 0 ? 0 : 20;
  return { x: x - room, y: y - room, w: w + 2 * room, h: h + 2 * room };
}

function textOf(li: HTMLElement | null): string { return li?.querySelector(":scope > .annotation-text")?.textContent ?? ""; }

// linesOf are the boxes of words, one a line.
function linesOf(words: Word[]): Box[] {
  const lines: Word[][] = [];
  for (const w of words) {
    const line = lines.at(-1);
    if (line?.[0] && sameLine(line[0], w)) {
      line.push(w);
    } else {
      lines.push([w]);
    }
  }
  return lines.map((l) => union(l.map((w) => w.box))).filter((b) => b !== null);
}
