// The page viewer. It takes over the elements that the server has drawn; app.ts loads this file only where there are some.
import { PageViewer } from "./pageviewer";
import { startBar } from "./bar";
import { startDesk } from "../desk/desk";

export function start(root: HTMLElement): void {
  const viewer = new PageViewer(root);
  startBar(root, viewer);
  if ("desk" in root.dataset) {
    startDesk(viewer);
  }
}
