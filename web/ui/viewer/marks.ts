// What is drawn over a page: an SVG in the pixels of the page image, in layers that are changed one by one.
import type { Box, Word } from "./layout";

const svg = "http://www.w3.org/2000/svg";

export type Layer = "sure" | "hit" | "find" | "found" | "picked" | "under" | "place";

// The layers from the bottom up, with the class of what is drawn on them.
const classes: Record<Layer, string> = {
  sure: "word-good", hit: "mark-hit", find: "mark-find", found: "mark-found", picked: "mark-picked", under: "mark-under", place: "mark-place",
};

export class Marks {
  readonly element: SVGSVGElement;
  private readonly layers = new Map<Layer, SVGGElement>();

  constructor(width: number, height: number) {
    this.element = sheet(width, height);
    this.element.setAttribute("aria-hidden", "true");
    for (const name of Object.keys(classes) as Layer[]) {
      const g = document.createElementNS(svg, "g");
      this.layers.set(name, g);
      this.element.append(g);
    }
  }

  // draw puts boxes on a layer in place of what was there.
  draw(layer: Layer, boxes: Box[]): void {
    this.layers.get(layer)?.replaceChildren(...boxes.map((b) => rect(layer === "found" ? around(b) : b, classes[layer])));
  }

  // drawSure colours every word by how sure its reading is. Doubt also shows by a line, not by colour alone.
  drawSure(words: Word[]): void {
    this.layers.get("sure")?.replaceChildren(...words.map((w) => rect(w.box, w.conf < 0.6 ? "word-bad" : w.conf < 0.85 ? "word-warn" : "word-good")));
  }
}

// sheet is an SVG as large as a page.
export function sheet(width: number, height: number): SVGSVGElement {
  const s = document.createElementNS(svg, "svg");
  s.setAttribute("viewBox", `0 0 ${width} ${height}`);
  s.setAttribute("preserveAspectRatio", "none");
  s.setAttribute("class", "viewer-marks");
  return s;
}

// around leaves the words inside free of the frame.
function around(b: Box): Box {
  const room = Math.max(4, Math.min(b.h, b.w) / 5);
  return { x: b.x - room, y: b.y - room, w: b.w + 2 * room, h: b.h + 2 * room };
}

function rect(b: Box, kind: string): SVGRectElement {
  const r = document.createElementNS(svg, "rect");
  r.setAttribute("class", kind);
  for (const [name, value] of Object.entries({ x: b.x, y: b.y, width: b.w, height: b.h })) {
    r.setAttribute(name, String(value));
  }
  return r;
}
