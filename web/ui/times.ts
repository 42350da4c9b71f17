// Times are written by the server in the house's zone. Where the reader's clock runs in another, the exact instant on
// hover says so in the reader's.
export function startTimes(): void {
  const mark = (root: ParentNode) => {
    for (const el of root.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
      const at = new Date(el.dateTime);
      if (!Number.isNaN(at.getTime())) {
        el.title = at.toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "medium" });
      }
    }
  };
  mark(document);
  document.addEventListener("htmx:afterSwap", (event) => mark(event.target as HTMLElement));
}
