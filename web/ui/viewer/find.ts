// Finding in a document: in the text of its pages, in which words stand in the order of their boxes.
import { type Box, type Layout, type Word, fetchLayout } from "./layout";

// A Place is a hit: the words from first to last on a page, counted from 0.
export interface Place { page: number; first: number; last: number }

interface PageIndex { page: number; text: string; starts: number[] } // text is folded, words joined by single spaces

// fold leaves case and accents aside.
export function fold(s: string): string {
  return s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ł/g, "l").replace(/ß/g, "ss");
}

function index(page: number, words: string[]): PageIndex {
  const starts: number[] = [];
  let text = "";
  for (const w of words) {
    text += text === "" ? "" : " ";
    starts.push(text.length);
    text += fold(w);
  }
  return { page, text, starts };
}

export class Finder {
  private pages: Promise<PageIndex[]> | null = null;

  constructor(private readonly base: string, private readonly numbers: number[], private readonly newest: boolean) {}

  // find gives every place of a phrase, in the order of the pages.
  async find(phrase: string): Promise<Place[]> {
    const wanted = fold(phrase).trim().replace(/\s+/g, " ");
    if (wanted === "") {
      return [];
    }
    this.pages ??= this.load();
    const places: Place[] = [];
    for (const p of await this.pages) {
      for (let at = p.text.indexOf(wanted); at >= 0; at = p.text.indexOf(wanted, at + wanted.length)) {
        places.push({ page: p.page, first: wordOf(p.starts, at), last: wordOf(p.starts, at + wanted.length - 1) });
      }
    }
    return places;
  }

  // load reads the text of all pages in one piece. Only the newest version's text is kept so; of others the layouts are read.
  private async load(): Promise<PageIndex[]> {
    if (this.newest) {
      const r = await fetch(`${this.base}/text`);
      const texts = (r.ok ? await r.text() : "").split("\f");
      return this.numbers.map((n) => index(n, (texts[n - 1] ?? "").split(/\s+/).filter((w) => w !== "")));
    }
    const all: PageIndex[] = [];
    for (const n of this.numbers) {
      all.push(index(n, words(await fetchLayout(this.base, n)).map((w) => w.text)));
    }
    return all;
  }
}

// wordOf is the word in which a character of the joined text stands.
function wordOf(starts: number[], at: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

// words are the words of a layout as the text counts them: those that hold something.
export function words(l: Layout): Word[] {
  return (l.words ?? []).flatMap((w) => w.text.split(/\s+/).filter((t) => t !== "").map((text) => ({ ...w, text })));
}

// boxesOf are the boxes of a place's words.
export function boxesOf(place: Place, all: Word[]): Box[] {
  return all.slice(place.first, place.last + 1).map((w) => w.box);
}
