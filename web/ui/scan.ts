// The scan desk. Pages are checkboxes in a form, so all but moving works without this script. With it, keys and drags act on the
// pages that are checked or, when none is, on the one that has the focus. What is done is done by the server, which sends the
// strip as it then is: focus and checks are put back.
import htmx from "./live";

let focused = ""; // the page that has or had the focus
let checked = new Set<string>();
let dragged: string[] = [];

const form = () => document.querySelector<HTMLFormElement>("#desk");
const boxes = () => [...document.querySelectorAll<HTMLInputElement>("#desk .leaf-check")];

function chosen(): string[] {
  const on = boxes().filter((b) => b.checked).map((b) => b.value);
  return on.length > 0 ? on : boxes().some((b) => b.value === focused) ? [focused] : [];
}

function act(op: string, pages: string[], at = ""): void {
  const to = form()?.dataset["desk"];
  if (to) {
    void htmx.ajax("post", to, { target: "#strip", swap: "outerHTML", values: { op, page: pages, at } });
  }
}

// on does something to the chosen pages; with all it needs none.
function on(op: string): void {
  const pages = chosen();
  if (pages.length > 0 || op.startsWith("split-") || op === "join-all" || op === "remove-blank") {
    act(op, pages);
  }
}

// step moves the chosen pages by one place, over the border of a piece into the next.
function step(by: number): void {
  const pages = chosen();
  const all = boxes();
  const places = all.map((b, i) => (pages.includes(b.value) ? i : -1)).filter((i) => i >= 0);
  const edge = by < 0 ? Math.min(...places) : Math.max(...places);
  const here = all[edge];
  const next = all[edge + by];
  if (places.length === 0 || !here || !next) {
    return;
  }
  const same = here.closest(".desk-piece") === next.closest(".desk-piece");
  act(same === by > 0 ? "move-after" : "move-before", pages, next.value);
}

function go(by: number): void {
  const all = boxes();
  const now = all.findIndex((b) => b === document.activeElement);
  all[Math.min(Math.max(now + by, 0), all.length - 1)]?.focus();
}

// row is how many pages stand above the focused one's neighbours: the next page whose middle is one row away.
function goRow(down: boolean): void {
  const all = boxes();
  const now = document.activeElement?.closest(".leaf")?.getBoundingClientRect();
  if (!now) {
    return;
  }
  const rows = all.map((b) => ({ b, r: (b.closest(".leaf") as HTMLElement).getBoundingClientRect() })).filter(({ r }) => (down ? r.top >= now.bottom - 5 : r.bottom <= now.top + 5));
  const distance = (r: DOMRect) => 4 * Math.abs(r.top - now.top) + Math.abs(r.left - now.left);
  rows.sort((x, y) => distance(x.r) - distance(y.r))[0]?.b.focus();
}

function view(): void {
  const leaf = document.activeElement?.closest(".leaf");
  const small = leaf?.querySelector("img");
  const dialog = document.querySelector<HTMLDialogElement>("#leaf-view");
  const large = dialog?.querySelector("img");
  if (!small || !large || !dialog) {
    return;
  }
  large.src = small.src;
  large.className = small.className;
  (dialog.querySelector("#leaf-title") as HTMLElement).textContent = leaf?.querySelector(".leaf-text bdi")?.textContent ?? "";
  dialog.showModal();
}

function press(event: KeyboardEvent): void {
  if (!(event.target instanceof HTMLInputElement) || !event.target.classList.contains("leaf-check")) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    document.querySelector<HTMLButtonElement>("#send")?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const removed = event.target.closest(".leaf")?.classList.contains("leaf-removed");
  const keys: Record<string, () => void> = {
    ArrowLeft: () => (event.shiftKey ? step(-1) : go(-1)),
    ArrowRight: () => (event.shiftKey ? step(1) : go(1)),
    ArrowUp: () => goRow(false),
    ArrowDown: () => goRow(true),
    Home: () => boxes()[0]?.focus(),
    End: () => boxes().at(-1)?.focus(),
    r: () => on("turn-right"),
    R: () => on("turn-left"),
    s: () => on("split"),
    m: () => on("join"),
    Delete: () => on(removed ? "restore" : "remove"),
    Enter: view,
    Escape: () => {
      boxes().forEach((b) => (b.checked = false));
      checked.clear();
    },
  };
  const run = keys[event.key];
  if (run) {
    event.preventDefault();
    run();
  }
}

// side says whether a point lies in the second half of a leaf.
function second(leaf: Element, x: number): boolean {
  const r = leaf.getBoundingClientRect();
  return x > r.left + r.width / 2;
}

function startDrag(strip: HTMLElement): void {
  const clear = () => strip.querySelectorAll(".drop-before, .drop-after").forEach((l) => l.classList.remove("drop-before", "drop-after"));
  strip.addEventListener("dragstart", (e) => {
    const id = (e.target as Element).closest<HTMLElement>(".leaf")?.dataset["leaf"] ?? "";
    const all = boxes().filter((b) => b.checked).map((b) => b.value);
    dragged = all.includes(id) ? all : [id];
    e.dataTransfer?.setData("text/plain", id);
  });
  strip.addEventListener("dragover", (e) => {
    const leaf = (e.target as Element).closest(".leaf");
    if (dragged.length === 0) {
      return;
    }
    clear();
    if (leaf) {
      e.preventDefault();
      leaf.classList.add(second(leaf, e.clientX) ? "drop-after" : "drop-before");
    }
  });
  strip.addEventListener("drop", (e) => {
    const leaf = (e.target as Element).closest<HTMLElement>(".leaf");
    clear();
    if (leaf && dragged.length > 0) {
      e.preventDefault();
      act(second(leaf, e.clientX) ? "move-after" : "move-before", dragged, leaf.dataset["leaf"]);
    }
    dragged = [];
  });
  strip.addEventListener("dragend", () => {
    clear();
    dragged = [];
  });
}

export function startScan(): void {
  const desk = document.querySelector<HTMLElement>(".desk");
  if (!desk) {
    return;
  }
  desk.addEventListener("keydown", press);
  desk.addEventListener("focusin", (e) => {
    if (e.target instanceof HTMLInputElement && e.target.classList.contains("leaf-check")) {
      focused = e.target.value;
    }
  });
  desk.addEventListener("change", () => (checked = new Set(boxes().filter((b) => b.checked).map((b) => b.value))));
  desk.addEventListener("dblclick", (e) => {
    (e.target as Element).closest(".leaf")?.querySelector<HTMLInputElement>(".leaf-check")?.focus();
    view();
  });
  desk.addEventListener("click", (e) => {
    const button = (e.target as Element).closest<HTMLElement>("[data-op], [data-step]");
    if (!button) {
      return;
    }
    e.preventDefault();
    if (button.dataset["op"]) {
      on(button.dataset["op"]);
    } else {
      step(Number(button.dataset["step"]));
    }
    button.closest("details")?.removeAttribute("open");
  });
  let had = false; // a page had the focus before the strip was replaced
  document.addEventListener("htmx:beforeSwap", () => (had = document.activeElement?.classList.contains("leaf-check") ?? false));
  document.addEventListener("htmx:afterSettle", () => {
    for (const b of boxes()) {
      b.checked = checked.has(b.value);
    }
    if (had) {
      document.querySelector<HTMLInputElement>(`#leaf${focused}`)?.focus();
    }
  });
  startDrag(desk);
}
