// Loads the page viewer where a page has one; other pages stay light.
interface ViewerModule { start(root: HTMLElement): void }

export function startViewer(): void {
  const root = document.querySelector<HTMLElement>("[data-viewer]");
  const script = root?.dataset["script"];
  if (root && script) {
    void (import(script) as Promise<ViewerModule>).then((m) => m.start(root));
  }
}
