// A PageViewer shows the pages of one version, one at a time: strip, stage, marks and address are kept in step.
import { type Box, type Word, boxText, fetchLayout, parseBox, textOf, union } from "./layout";
import { type Place, Finder, boxesOf, words } from "./find";
import type { Placer, Size } from "./placer";
import { Stage } from "./stage";

interface Page { number: number; image: boolean; width: number; height: number; link: HTMLElement | null }

export class PageViewer {
  readonly base: string;
  readonly desk: boolean;
  readonly stageElement: HTMLElement;
  readonly finder: Finder;
  picked: Word[] = [];
  onPick: (words: Word[], page: number) => void = () => {};
  onFind: (at: number, all: number) => void = () => {};
  onDrawn: () => void = () => {}; // the page is on the stage
  onOpen: (annotation: string) => void = () => {}; // an annotation was clicked
  private readonly pages: Page[];
  private readonly stage: Stage | null;
  private readonly cite: string;
  private readonly marked: string;
  private at: number; // index into pages
  private found: { page: number; box: Box } | null = null;
  private places: Place[] = [];
  private place = -1;
  private sure = false;
  private turns = 0;

  constructor(private readonly root: HTMLElement) {
    this.base = root.dataset["base"] ?? "";
    this.cite = root.dataset["cite"] ?? "";
    this.marked = root.dataset["marked"] ?? "";
    this.desk = "desk" in root.dataset;
    this.stageElement = need(root, ".viewer-stage");
    const links = [...root.querySelectorAll<HTMLElement>(".viewer-strip [data-page]")];
    this.pages = (links.length > 0 ? links : [this.stageElement]).map((e) => page(e, links.length > 0));
    this.at = Math.max(this.pages.findIndex((p) => p.number === Number(this.stageElement.dataset["page"])), 0);
    this.finder = new Finder(this.base, this.pages.map((p) => p.number), "newest" in root.dataset);
    const box = parseBox(this.stageElement.dataset["box"]);
    this.found = box ? { page: this.number, box } : null;
    this.stage = this.pages.some((p) => p.image) ? this.makeStage() : null;
    document.addEventListener("click", (e) => this.clicked(e));
    links[this.at]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    void this.draw();
  }

  get number(): number { return this.pages[this.at]?.number ?? 1; }
  get count(): number { return this.pages.length; }

  // drawn is where the annotations of the page are drawn; null while there is none on the stage.
  get drawn(): SVGSVGElement | null { return this.stage?.drawn ?? null; }

  // image is the address and the size of the page's picture; empty when it has none.
  get image(): { src: string; width: number; height: number } {
    const p = this.pages[this.at];
    return { src: p?.image ? `${this.base}/pages/${p.number}/image` : "", width: p?.width ?? 0, height: p?.height ?? 0 };
  }

  choosePlace(usual: Size, done: (box: Box | null) => void): Placer | null { return this.stage?.place(usual, done) ?? null; }
  reveal(box: Box): void { this.stage?.reveal(box); }

  // turn goes some pages on or back.
  turn(step: number): void {
    this.go(Math.min(Math.max(this.at + step, 0), this.pages.length - 1));
  }

  // show turns to a page and marks a place on it.
  show(number: number, box: Box | null): void {
    this.found = box ? { page: number, box } : null;
    const i = this.pages.findIndex((p) => p.number === number);
    if (i >= 0 && i !== this.at) {
      this.go(i);
    } else {
      this.mark();
    }
  }

  zoom(factor: number): void { this.stage?.zoom(factor); }
  fitWidth(): void { this.stage?.fitWidth(); }
  fitWhole(): void { this.stage?.fitWhole(); }
  rotate(): void { this.stage?.rotate(); }
  panBy(x: number, y: number): void { this.stage?.panBy(x, y); }

  // showSure colours the words by confidence, or stops doing so.
  showSure(on: boolean): void {
    this.sure = on;
    this.stage?.marks?.drawSure(on ? this.stage.words : []);
  }

  async find(phrase: string): Promise<void> {
    this.places = await this.finder.find(phrase);
    const here = this.places.findIndex((p) => p.page >= this.number);
    this.place = this.places.length === 0 ? -1 : Math.max(here, 0);
    this.showPlace();
  }

  findStep(step: number): void {
    if (this.places.length > 0) {
      this.place = (this.place + step + this.places.length) % this.places.length;
      this.showPlace();
    }
  }

  // citation is an address that leads to what is picked, or to this page, in this version.
  citation(): string {
    const box = union(this.picked.map((w) => w.box)) ?? (this.found?.page === this.number ? this.found.box : null);
    return new URL(`${this.cite}&page=${this.number}${box ? `&box=${boxText(box)}` : ""}`, window.location.href).href;
  }

  pickedText(): string { return textOf(this.picked); }

  clearPicked(): void {
    this.picked = [];
    this.stage?.marks?.draw("picked", []);
    if (!this.desk) {
      this.onPick([], this.number);
    }
  }

  private makeStage(): Stage {
    const canvas = document.createElement("div");
    canvas.className = "viewer-canvas";
    this.stageElement.append(canvas);
    return new Stage(canvas, this.desk, {
      picked: (w, done) => {
        this.picked = w;
        if (done) {
          this.onPick(w, this.number);
        }
      },
      opened: (annotation) => this.onOpen(annotation),
    });
  }

  private showPlace(): void {
    this.onFind(this.place + 1, this.places.length);
    const p = this.places[this.place];
    const i = this.pages.findIndex((x) => x.number === p?.page);
    if (i >= 0 && i !== this.at) {
      this.go(i);
    } else {
      this.mark();
    }
  }

  private go(i: number): void {
    if (i === this.at) {
      return;
    }
    this.pages[this.at]?.link?.removeAttribute("aria-current");
    this.at = i;
    this.picked = [];
    this.onPick([], this.number);
    const link = this.pages[i]?.link;
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.address();
    void this.draw();
  }

  // address keeps the browser's address in step, so that it can be sent to somebody.
  private address(): void {
    if (this.desk) {
      return;
    }
    const url = new URL(window.location.href);
    url.searchParams.set("page", String(this.number));
    url.searchParams.delete("box");
    url.searchParams.delete("annotation");
    url.hash = "";
    if (this.found?.page === this.number) {
      url.searchParams.set("box", boxText(this.found.box));
    }
    window.history.replaceState(window.history.state, "", url);
  }

  private async draw(): Promise<void> {
    const p = this.pages[this.at];
    const turn = ++this.turns;
    if (!p) {
      return;
    }
    const label = this.root.querySelector<HTMLElement>("[data-number]");
    if (label) {
      label.textContent = String(p.number);
    }
    const name = p.link?.querySelector(".visually-hidden")?.textContent;
    if (name) {
      this.stageElement.setAttribute("aria-label", name);
      need(this.root, "[data-say]").textContent = name;
    }
    this.steps();
    const layout = fetchLayout(this.base, p.number);
    this.stageElement.ariaBusy = "true"; // until its words can be picked
    if (this.stage && p.image) {
      await this.stage.show(`${this.base}/pages/${p.number}/image`, p.width, p.height);
    }
    if (turn !== this.turns) {
      return;
    }
    this.stageElement.classList.add("viewer-on");
    this.onDrawn();
    this.mark();
    const read = await layout;
    const all = words(read);
    if (turn !== this.turns) {
      return;
    }
    if (this.stage) {
      this.stage.words = all;
      this.stageElement.ariaBusy = null;
      this.stage.mayRefine("fine" in this.root.dataset && read.source === "text" ? `${this.base}/pages/${p.number}/fine` : "");
    }
    this.text(all);
    this.showSure(this.sure);
    this.mark();
    this.fetchAhead();
    await this.hits(p.number, turn);
  }

  // hits marks what the search found on the page.
  private async hits(number: number, turn: number): Promise<void> {
    if (this.marked === "") {
      return;
    }
    const r = await fetch(`${this.base}/pages/${number}/places?q=${encodeURIComponent(this.marked)}`);
    const boxes = r.ok ? await r.json() as Box[] : [];
    if (turn === this.turns) {
      this.stage?.marks?.draw("hit", boxes);
    }
  }

  // mark draws the cited place and the places found on this page, and brings the one that counts into view.
  private mark(): void {
    const marks = this.stage?.marks;
    if (!this.stage || !marks) {
      return;
    }
    const here = this.places.filter((p) => p.page === this.number);
    marks.draw("find", here.flatMap((p) => boxesOf(p, this.stage?.words ?? [])));
    const now = this.places[this.place];
    const box = now?.page === this.number ? union(boxesOf(now, this.stage.words)) : null;
    const found = this.found?.page === this.number ? this.found.box : null;
    marks.draw("found", [box ?? found].filter((b) => b !== null));
    const target = box ?? found;
    if (target) {
      this.stage.reveal(target);
    }
  }

  private text(all: Word[]): void {
    const place = this.root.querySelector<HTMLElement>("[data-text]");
    if (place && all.length > 0) {
      place.textContent = textOf(all);
    }
  }

  // fetchAhead has the neighbours ready before they are asked for.
  private fetchAhead(): void {
    for (const p of [this.pages[this.at + 1], this.pages[this.at - 1]]) {
      if (p?.image) {
        new Image().src = `${this.base}/pages/${p.number}/image`;
      }
    }
  }

  private steps(): void {
    for (const a of this.root.querySelectorAll<HTMLElement>("[data-step]")) {
      const to = this.pages[this.at + Number(a.dataset["step"])];
      if (to) {
        a.setAttribute("href", to.link?.getAttribute("href") ?? "");
        a.removeAttribute("aria-disabled");
        a.removeAttribute("role");
      } else {
        a.removeAttribute("href");
        a.setAttribute("aria-disabled", "true");
        a.setAttribute("role", "link");
      }
    }
  }

  // clicked follows links to pages and places without leaving the page.
  private clicked(e: MouseEvent): void {
    const link = e.target instanceof Element ? e.target.closest<HTMLElement>("a[data-page], a[data-step]") : null;
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) {
      return;
    }
    e.preventDefault();
    const step = link.dataset["step"];
    if (step !== undefined) {
      return this.turn(Number(step));
    }
    this.show(Number(link.dataset["page"]), parseBox(link.dataset["place"]));
    this.address();
  }
}

function page(e: HTMLElement, linked: boolean): Page {
  const [width, height] = (e.dataset["size"] ?? "").split(",").map(Number);
  return { number: Number(e.dataset["page"]), image: "image" in e.dataset, width: width || 0, height: height || 0, link: linked ? e : null };
}

export function need<T extends HTMLElement>(root: ParentNode, selector: string): T {
  const e = root.querySelector<T>(selector);
  if (!e) {
    throw new Error(`the page lacks ${selector}`);
  }
  return e;
}
