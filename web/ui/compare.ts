// Walking through the changes between two versions: the list, the marks on the pages and the words of the text are kept in step.
// The keys are those of every list; see keys.ts.

export function startCompare(): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-change]")];
  if (rows.length === 0) {
    return;
  }
  const count = document.querySelector<HTMLElement>("[data-change-count]");
  let at = -1;

  // show marks a change wherever it stands and brings its place on the page into view.
  const show = (row: HTMLElement): void => {
    at = rows.indexOf(row);
    const of = row.dataset["change"] ?? "";
    document.querySelectorAll(".change-now").forEach((e) => e.classList.remove("change-now"));
    const places = [...document.querySelectorAll(`[data-of="${CSS.escape(of)}"]`)];
    [row, ...places].forEach((e) => e.classList.add("change-now"));
    const place = document.getElementById(`c${of}`) ?? places[0];
    place?.closest("details")?.setAttribute("open", "");
    place?.scrollIntoView({ block: "center" });
    if (count) {
      count.textContent = `${at + 1} / ${count.dataset["none"] ?? rows.length}`;
    }
  };
  document.addEventListener("focusin", (e) => {
    const row = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-change]") : null;
    if (row) {
      show(row);
    }
  });
  document.addEventListener("click", (e) => {
    const target = e.target instanceof Element ? e.target : null;
    const row = target?.closest<HTMLElement>("[data-change]");
    const step = target?.closest<HTMLElement>("[data-change-step]")?.dataset["changeStep"];
    if (row) {
      e.preventDefault();
      show(row);
    } else if (step !== undefined) {
      const next = rows[Math.min(Math.max(at + Number(step), 0), rows.length - 1)];
      if (next) {
        show(next);
      }
    }
  });
}
