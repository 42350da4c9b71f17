// The validation desk: the form beside the pages.
import type { PageViewer } from "../viewer/pageviewer";
import { parseBox } from "../viewer/layout";

export function startDesk(viewer: PageViewer): void {
  document.addEventListener("focusin", (e) => {
    const field = e.target instanceof HTMLElement && e.target.closest("#form") ? e.target : null;
    if (field?.dataset["page"] !== undefined) {
      viewer.show(Number(field.dataset["page"]), parseBox(field.dataset["place"]));
    }
  });
}
