// On a wide desk the page of the result that has the focus, or that the mouse rests on, stands beside the results, marks and all.

const wide = window.matchMedia("(min-width: 87.5rem)");

function picture(address: string, name: string): HTMLImageElement {
  const img = document.createElement("img");
  img.src = address;
  img.alt = "";
  img.className = name;
  img.dataset["thumb"] = ""; // one that is missing is not shown as broken
  return img;
}

export function startPreview(): void {
  const pane = document.getElementById("preview");
  if (!pane) {
    return;
  }
  let shown: HTMLElement | undefined;
  const show = (row: HTMLElement | null | undefined) => {
    const page = row?.dataset["page"];
    if (!row || row === shown || page === undefined || !wide.matches) {
      return;
    }
    shown?.closest(".hit")?.classList.remove("shown");
    row.closest(".hit")?.classList.add("shown");
    shown = row;
    const sheet = document.createElement("div");
    sheet.className = "preview-page";
    sheet.append(picture(page, "preview-image"));
    if (row.dataset["marks"]) {
      sheet.append(picture(row.dataset["marks"], "preview-marks"));
    }
    pane.replaceChildren(sheet);
  };
  const rowOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest(".hit")?.querySelector<HTMLElement>("[data-row]") : undefined;
  let resting = 0;
  document.addEventListener("focusin", (e) => show(rowOf(e.target)));
  document.addEventListener("mouseover", (e) => {
    window.clearTimeout(resting);
    const row = rowOf(e.target);
    resting = window.setTimeout(() => show(row), 150);
  });
  const first = () => show(document.querySelector<HTMLElement>(".hits [data-row]"));
  wide.addEventListener("change", first);
  first();
}
