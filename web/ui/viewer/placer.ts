// Choosing a place on a page: a click or a tap puts a box of the usual size there, a drag draws one, arrow keys move it and with
// Shift change its size. All in pixels of the page image.
import type { Box, Point } from "./layout";

export interface Size { w: number; h: number }

const least = 0.004; // of the page's width: a drag over less is a click

export class Placer {
  private box: Box;

  // A usual size of nothing places points.
  constructor(private readonly page: Size, at: Point, private readonly usual: Size, private readonly draw: (box: Box) => void,
    private readonly done: (box: Box | null) => void) {
    this.box = { x: 0, y: 0, w: 0, h: 0 };
    this.to(at);
  }

  // to centres the usual box at a point.
  to(p: Point): void {
    this.put({ x: p.x - this.usual.w / 2, y: p.y - this.usual.h / 2, ...this.usual });
  }

  // span is the box that a drag draws.
  span(a: Point, b: Point): void {
    const box = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
    if (Math.max(box.w, box.h) < least * this.page.w) {
      this.to(b);
    } else {
      this.put(box);
    }
  }

  // key moves the box and says whether the key was one of its own.
  key(e: KeyboardEvent): boolean {
    const step = this.page.w / (e.ctrlKey ? 200 : 50);
    const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key] ?? [0, 0];
    if (x || y) {
      this.put(e.shiftKey ? { ...this.box, w: Math.max(this.box.w + (x ?? 0), step), h: Math.max(this.box.h + (y ?? 0), step) }
        : { ...this.box, x: this.box.x + (x ?? 0), y: this.box.y + (y ?? 0) });
    } else if (e.key === "Enter") {
      this.take();
    } else if (e.key === "Escape") {
      this.cancel();
    } else {
      return false;
    }
    return true;
  }

  take(): void { this.done(this.box); }
  cancel(): void { this.done(null); }

  // put keeps the box on the page.
  private put(b: Box): void {
    const w = Math.min(b.w, this.page.w);
    const h = Math.min(b.h, this.page.h);
    this.box = { x: Math.min(Math.max(b.x, 0), this.page.w - 1 - w), y: Math.min(Math.max(b.y, 0), this.page.h - 1 - h), w, h };
    this.box.x = Math.max(this.box.x, 0);
    this.box.y = Math.max(this.box.y, 0);
    const room = w > 0 && h > 0 ? 0 : this.page.w / 60; // a point shows as something
    this.draw({ x: this.box.x - room, y: this.box.y - room, w: w + 2 * room, h: h + 2 * room });
  }
}
