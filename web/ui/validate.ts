// The validation form: the field that has the focus shows where its value stands on the page.

const svg = "http://www.w3.org/2000/svg";

function show(field: HTMLElement): void {
  document.querySelectorAll(".mark-found").forEach((r) => r.remove());
  const { page, x, y, w, h } = field.dataset;
  if (page === undefined || x === undefined || y === undefined || w === undefined || h === undefined || w === "0") {
    return;
  }
  const sheet = document.getElementById(`page-${page}`);
  const marks = sheet?.querySelector("svg.marks");
  if (!sheet || !marks) {
    return;
  }
  const rect = document.createElementNS(svg, "rect");
  rect.setAttribute("class", "mark-found");
  for (const [name, value] of Object.entries({ x, y, width: w, height: h })) {
    rect.setAttribute(name, value);
  }
  marks.append(rect);
  rect.scrollIntoView({ block: "center", behavior: "instant" });
}

export function startValidate(): void {
  if (!document.querySelector("[data-validate]")) {
    return;
  }
  document.addEventListener("focusin", (e) => {
    if (e.target instanceof HTMLElement && e.target.closest("#form") && "page" in e.target.dataset) {
      show(e.target);
    }
  });
}
