// A document without a picture of its page (plain text, or not drawn yet) shows none rather than a broken one.
export function startThumbs(): void {
  document.addEventListener("error", (e) => {
    if (e.target instanceof HTMLImageElement && "thumb" in e.target.dataset) {
      e.target.classList.add("missing");
    }
  }, true);
}
