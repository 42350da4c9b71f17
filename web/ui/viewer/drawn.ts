// Drawing what people marked: over the page on the stage, over the page that is printed, and as numbers in the strip.
import { type PageViewer, need } from "./pageviewer";

// draw lays the annotations of the page that is shown over it. all are the items of the card, each with its drawing.
export function draw(root: HTMLElement, viewer: PageViewer, all: HTMLElement[]): void {
  const on = (page: number): HTMLElement[] => all.filter((li) => Number(li.dataset["page"]) === page);
  const here = on(viewer.number);
  viewer.drawn?.replaceChildren(...drawings(here));
  print(root, viewer, here);
  for (const link of root.querySelectorAll<HTMLElement>(".viewer-strip [data-page]")) {
    const n = on(Number(link.dataset["page"])).length;
    need(link, "[data-annotated]").hidden = n === 0;
    need(link, "[data-annotations]").textContent = String(n);
  }
}

function drawings(items: HTMLElement[]): Node[] {
  return items.flatMap((li) => {
    const a = li.querySelector("template")?.content.querySelector("a");
    if (!a) {
      return [];
    }
    const copy = document.importNode(a, true);
    copy.classList.remove("drawn-here"); // what is open has a frame
    return [copy];
  });
}

// print has the page that is shown be the one that is printed, with its annotations; what they say is in the card.
function print(root: HTMLElement, viewer: PageViewer, here: HTMLElement[]): void {
  const { src, width, height } = viewer.image;
  const img = root.querySelector<HTMLImageElement>(".sheet-picture img");
  if (img && src !== "" && img.getAttribute("src") !== src) {
    img.src = src;
    img.width = width;
    img.height = height;
    img.alt = viewer.stageElement.getAttribute("aria-label") ?? "";
    root.querySelectorAll(".sheet-picture .marks").forEach((s) => {
      s.setAttribute("viewBox", `0 0 ${width} ${height}`);
      s.replaceChildren();
    });
  }
  root.querySelector(".sheet-picture .annotated")?.replaceChildren(...drawings(here));
}
