// The words of a page with their places, as the server keeps them beside the page's image.

export interface Box { x: number; y: number; w: number; h: number }
export interface Word { text: string; box: Box; conf: number; block: number; par: number; line: number }
export interface Layout { page: number; width: number; height: number; source?: string; words: Word[] | null }
export interface Point { x: number; y: number }

// parseBox reads "x,y,w,h"; null for anything that is no place.
export function parseBox(text: string | undefined): Box | null {
  const n = (text ?? "").split(",").map(Number);
  const [x, y, w, h] = n;
  if (n.length !== 4 || n.some(Number.isNaN) || x === undefined || y === undefined || !w || !h) {
    return null;
  }
  return { x, y, w, h };
}

export function boxText(b: Box): string {
  return [b.x, b.y, b.w, b.h].map(Math.round).join(",");
}

// union is the smallest box around all boxes; null for none.
export function union(boxes: Box[]): Box | null {
  if (boxes.length === 0) {
    return null;
  }
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  return { x, y, w: Math.max(...boxes.map((b) => b.x + b.w)) - x, h: Math.max(...boxes.map((b) => b.y + b.h)) - y };
}

export function sameLine(a: Word, b: Word): boolean {
  return a.block === b.block && a.par === b.par && a.line === b.line;
}

// wordAt is the word under a point, with some room around it, or null.
export function wordAt(words: Word[], p: Point, room: number): Word | null {
  let best: Word | null = null;
  let near = Infinity;
  for (const w of words) {
    const dx = Math.max(w.box.x - p.x, 0, p.x - w.box.x - w.box.w);
    const dy = Math.max(w.box.y - p.y, 0, p.y - w.box.y - w.box.h);
    const d = Math.hypot(dx, dy);
    if (d <= room && d < near) {
      [best, near] = [w, d];
    }
  }
  return best;
}

// within are the words that a rectangle covers by a good part, in reading order.
export function within(words: Word[], r: Box): Word[] {
  return words.filter((w) => {
    const dx = Math.min(r.x + r.w, w.box.x + w.box.w) - Math.max(r.x, w.box.x);
    const dy = Math.min(r.y + r.h, w.box.y + w.box.h) - Math.max(r.y, w.box.y);
    return dx > 0 && dy > 0.3 * Math.min(w.box.h, r.h) && dx > Math.min(0.25 * w.box.w, r.w * 0.9);
  });
}

// between are the words from one to another as they are read; null when they are not parts of one text.
export function between(words: Word[], a: Word | null, b: Word | null): Word[] | null {
  if (!a || !b || a.block !== b.block) {
    return null;
  }
  const [i, j] = [words.indexOf(a), words.indexOf(b)].sort((x, y) => x - y) as [number, number];
  return words.slice(i, j + 1);
}

// textOf joins words as they stand: lines by newlines.
export function textOf(words: Word[]): string {
  let text = "";
  words.forEach((w, i) => {
    const before = words[i - 1];
    text += (before ? (sameLine(before, w) ? " " : "\n") : "") + w.text;
  });
  return text;
}

// fetchLayout is the layout of a page, kept once it came. A page that has none has no words.
export function fetchLayout(base: string, page: number): Promise<Layout> {
  const address = `${base}/pages/${page}/layout`;
  let got = kept.get(address);
  if (!got) {
    got = fetch(address).then((r) => (r.ok ? r.json() as Promise<Layout> : { page, width: 0, height: 0, words: [] }));
    got.catch(() => kept.delete(address));
    kept.set(address, got);
  }
  return got;
}

const kept = new Map<string, Promise<Layout>>();
