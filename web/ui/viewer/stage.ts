// The stage: one page image with deep zoom, and its words under the pointer. Everything outside speaks in pixels of the
// page image.
import OpenSeadragon from "openseadragon";
import { type Box, type Point, type Word, between, wordAt, within } from "./layout";
import { Marks, sheet } from "./marks";
import { Placer, type Size } from "./placer";

// What a person did on the stage.
export interface StageEvents {
  picked(words: Word[], done: boolean): void; // words that a click or a drag covers; none when beside all words
  opened(annotation: string): void; // the annotation under a click
}

export class Stage {
  marks: Marks | null = null;
  drawn: SVGSVGElement | null = null; // what people marked on the page
  words: Word[] = [];
  private readonly osd: OpenSeadragon.Viewer;
  private width = 0;
  private height = 0;
  private from: Point | null = null; // where a drag over words began
  private square = false; // the drag picks a rectangle of words
  private placer: Placer | null = null; // while a person chooses a place
  private opened = 0;
  private finer = ""; // address of a finer picture of this page, until it is asked for
  private fitted: "width" | "whole" | null = null; // how the page was fitted, until a person zooms or moves it

  // A drag over words picks those from the first to the last as they are read; with Shift, and where it is said so, a rectangle.
  constructor(private readonly element: HTMLElement, private readonly rectangles: boolean, private readonly events: StageEvents) {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const stop = keepStyleOut();
    this.osd = OpenSeadragon({
      element,
      drawer: "canvas",
      showNavigationControl: false,
      tabIndex: -1,
      visibilityRatio: 1,
      constrainDuringPan: true,
      minZoomImageRatio: 0.9,
      maxZoomPixelRatio: 4,
      zoomPerScroll: 1.25,
      animationTime: calm ? 0 : 0.35,
      springStiffness: 9,
      immediateRender: true,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: false, flickEnabled: false },
      gestureSettingsPen: { clickToZoom: false, dblClickToZoom: false },
      gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchRotate: false },
    } as OpenSeadragon.Options);
    stop();
    this.osd.addHandler("canvas-key", (e) => { e.preventDefaultAction = true; });
    this.osd.addHandler("canvas-press", (e) => this.press(e.position, e.originalEvent));
    this.osd.addHandler("canvas-drag", (e) => {
      if (this.from) {
        e.preventDefaultAction = true;
        this.drag(e.position, false);
      } else {
        this.fitted = null;
      }
    });
    this.osd.addHandler("canvas-drag-end", (e) => {
      if (this.from) {
        e.preventDefaultAction = true;
        this.drag(e.position, true);
        this.from = null;
      }
    });
    this.osd.addHandler("canvas-click", (e) => this.click(e.position, e.quick));
    this.osd.addHandler("animation", () => this.refine());
    this.osd.addHandler("resize", () => window.setTimeout(() => this.refit()));
    for (const event of ["canvas-pinch", "canvas-double-click"] as const) {
      this.osd.addHandler(event, () => { this.fitted = null; });
    }
    this.osd.addHandler("canvas-scroll", (e) => this.scroll(e));
    element.addEventListener("pointermove", (e) => this.hover(e));
    element.addEventListener("pointerleave", () => this.marks?.draw("under", []));
  }

  // show puts another page on the stage, without a blank in between. It is done when the image is there.
  show(image: string, width: number, height: number): Promise<void> {
    const turn = ++this.opened;
    this.placer?.cancel();
    this.words = [];
    this.marks = this.drawn = null;
    this.finer = "";
    return new Promise((done) => {
      const item = {
        tileSource: { type: "image", url: image, buildPyramid: true },
        success: (e: unknown) => {
          const added = this.replace(e, turn);
          if (!added) {
            return done();
          }
          const size = added.getContentSize();
          [this.width, this.height] = [width || size.x, height || size.y];
          this.osd.clearOverlays();
          this.osd.viewport.setRotation(0, true);
          this.marks = new Marks(this.width, this.height);
          this.drawn = sheet(this.width, this.height);
          for (const over of [this.marks.element, this.drawn]) {
            this.osd.addOverlay({ element: over as unknown as HTMLElement, location: new OpenSeadragon.Rect(0, 0, 1, this.height / this.width) });
          }
          this.fitWidth(true);
          done();
        },
        error: () => done(),
      };
      this.osd.addTiledImage(item as unknown as OpenSeadragon.TileSourceSpecifier);
    });
  }

  // mayRefine says that there is a finer picture of the page on the stage, for when somebody looks closely.
  mayRefine(image: string): void {
    this.finer = image;
    this.refine();
  }

  // refine fetches the finer picture once the screen has more pixels for the page than its image. Places stay as they are.
  private refine(): void {
    const shown = this.osd.viewport.getContainerSize().x * this.osd.viewport.getZoom() * window.devicePixelRatio;
    if (this.finer === "" || this.width === 0 || shown < 1.2 * this.width) {
      return;
    }
    const turn = this.opened;
    const item = {
      tileSource: { type: "image", url: this.finer, buildPyramid: true },
      width: 1,
      success: (e: unknown) => this.replace(e, turn),
    };
    this.finer = "";
    this.osd.addTiledImage(item as unknown as OpenSeadragon.TileSourceSpecifier);
  }

  // replace leaves what was added as the only picture on the stage, or takes it away when another page was asked for meanwhile.
  private replace(e: unknown, turn: number): OpenSeadragon.TiledImage | null {
    const added = (e as { item: OpenSeadragon.TiledImage }).item;
    if (turn !== this.opened) {
      this.osd.world.removeItem(added);
      return null;
    }
    while (this.osd.world.getItemCount() > 1) {
      this.osd.world.removeItem(this.osd.world.getItemAt(0));
    }
    return added;
  }

  // fitWidth shows the page's top at the stage's full width, but no larger than the stage needs for a narrow page.
  fitWidth(now = false): void {
    const size = this.osd.viewport.getContainerSize();
    this.fitted = "width";
    if (this.osd.viewport.getRotation() % 180 !== 0 || size.x === 0) {
      return this.fitWhole(now);
    }
    if (this.height / this.width < size.y / size.x) {
      this.osd.viewport.goHome(now);
    } else {
      this.osd.viewport.fitBounds(new OpenSeadragon.Rect(0, 0, 1, size.y / size.x), now);
    }
  }

  fitWhole(now = false): void {
    this.fitted = "whole";
    this.osd.viewport.goHome(now);
  }

  // refit fits the page to a stage that has changed its size, unless a person had chosen what to see.
  private refit(): void {
    if (this.marks && this.fitted === "width") {
      this.fitWidth(true);
    } else if (this.marks && this.fitted === "whole") {
      this.fitWhole(true);
    }
  }

  zoom(factor: number): void {
    this.fitted = null;
    this.osd.viewport.zoomBy(factor);
    this.osd.viewport.applyConstraints();
  }

  rotate(): void {
    this.osd.viewport.setRotation((this.osd.viewport.getRotation() + 90) % 360, true);
    this.fitWhole(true);
  }

  // reveal brings a place into view and makes it large enough to read.
  reveal(box: Box): void {
    const v = this.osd.viewport;
    const target = new OpenSeadragon.Rect(box.x / this.width, box.y / this.width, box.w / this.width, box.h / this.width);
    const bounds = v.getBounds();
    const inside = target.x >= bounds.x && target.y >= bounds.y + bounds.height * 0.05 &&
      target.x + target.width <= bounds.x + bounds.width && target.y + target.height <= bounds.y + bounds.height * 0.9;
    if (!inside) {
      this.fitted = null;
      v.panTo(target.getCenter());
      v.applyConstraints();
    }
  }

  // place has a person choose a place on the page; null when they think better of it. usual is the size of the box that a click
  // puts there, of the page's width.
  place(usual: Size, done: (box: Box | null) => void): Placer | null {
    const marks = this.marks;
    this.placer?.cancel();
    if (!marks) {
      return null;
    }
    const size = this.osd.viewport.getContainerSize();
    const w = this.width;
    this.placer = new Placer({ w, h: this.height }, this.pixel({ x: size.x / 2, y: size.y / 2 }), { w: usual.w * w, h: usual.h * w },
      (box) => marks.draw("place", [box]),
      (box) => {
        this.placer = this.from = null;
        this.element.classList.remove("placing");
        marks.draw("place", []);
        done(box);
      });
    this.element.classList.add("placing");
    marks.draw("under", []);
    return this.placer;
  }

  // panBy moves the view by parts of the stage.
  panBy(x: number, y: number): void {
    const b = this.osd.viewport.getBounds();
    this.fitted = null;
    this.osd.viewport.panBy(new OpenSeadragon.Point(x * b.width, y * b.height));
    this.osd.viewport.applyConstraints();
  }

  private pixel(position: Point): Point {
    const p = this.osd.viewport.viewerElementToViewportCoordinates(new OpenSeadragon.Point(position.x, position.y));
    return { x: p.x * this.width, y: p.y * this.width }; // the page is one wide
  }

  // room is how far beside a word still counts as on it: a few points on the screen.
  private room(): number {
    const v = this.osd.viewport;
    return 4 * this.width / (v.getContainerSize().x * v.getZoom(true));
  }

  private press(position: Point, e: Event): void {
    const p = this.marks ? this.pixel(position) : null;
    if (this.placer) {
      this.from = p;
      return;
    }
    const mouse = e instanceof PointerEvent && e.pointerType !== "touch";
    this.square = this.rectangles || mouse && e.shiftKey;
    this.from = p && mouse && (e.shiftKey || wordAt(this.words, p, this.room())) ? p : null;
  }

  private drag(position: Point, done: boolean): void {
    const [a, b] = [this.from, this.pixel(position)];
    if (!a) {
      return;
    }
    if (this.placer) {
      this.placer.span(a, b);
      return done ? this.placer.take() : undefined;
    }
    const box = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
    const first = wordAt(this.words, a, this.room());
    const words = (this.square ? null : between(this.words, first, wordAt(this.words, b, 4 * this.room()))) ?? within(this.words, box);
    if (first && !words.includes(first) && words.length === 0) {
      words.push(first);
    }
    this.pick(words, done);
  }

  private click(position: Point, quick: boolean): void {
    this.from = null;
    if (!quick || !this.marks) {
      return;
    }
    if (this.placer) {
      this.placer.to(this.pixel(position));
      return this.placer.take();
    }
    const at = this.element.getBoundingClientRect();
    const annotation = document.elementFromPoint(at.x + position.x, at.y + position.y)?.closest<SVGElement>("[data-open-annotation]");
    if (annotation && this.drawn?.contains(annotation)) {
      return this.events.opened(annotation.dataset["openAnnotation"] ?? "");
    }
    const word = wordAt(this.words, this.pixel(position), this.room());
    this.pick(word ? [word] : [], true);
  }

  private pick(words: Word[], done: boolean): void {
    this.marks?.draw("picked", words.map((w) => w.box));
    this.events.picked(words, done);
  }

  // scroll pans with the wheel like any other page; with Ctrl it zooms. At the end of the page the wheel is left to the
  // window.
  private scroll(e: OpenSeadragon.CanvasScrollEvent): void {
    const wheel = e.originalEvent as WheelEvent;
    this.fitted = null;
    if (wheel.ctrlKey || wheel.metaKey) {
      return;
    }
    e.preventDefaultAction = true;
    const v = this.osd.viewport;
    const before = v.getCenter(false);
    const step = wheel.deltaMode === 1 ? 32 : 1;
    v.panBy(v.deltaPointsFromPixels(new OpenSeadragon.Point(wheel.deltaX * step, wheel.deltaY * step)), false);
    v.applyConstraints();
    e.preventDefault = before.squaredDistanceTo(v.getCenter(false)) > 1e-12;
  }

  private hover(e: PointerEvent): void {
    if (e.pointerType === "touch" || !this.marks || this.from) {
      return;
    }
    const at = this.element.getBoundingClientRect();
    const p = this.pixel({ x: e.clientX - at.x, y: e.clientY - at.y });
    if (this.placer) {
      return this.placer.to(p);
    }
    const word = wordAt(this.words, p, this.room());
    this.element.classList.toggle("over-word", word !== null);
    this.marks.draw("under", word ? [word.box] : []);
  }
}

// keepStyleOut stands where OpenSeadragon would put an inline style sheet, which our Content-Security-Policy forbids: it
// believes that its sheet is there already. The rule itself is in viewer.css.
function keepStyleOut(): () => void {
  const stand = document.createElementNS("urn:docket", "style");
  stand.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(stand);
  return () => stand.remove();
}
