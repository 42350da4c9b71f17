// toast says something for a few seconds in the corner of the screen, as text and never as markup.
export function toast(text: string, kind: "success" | "danger"): void {
  const place = document.getElementById("toasts");
  if (!place || text === "") {
    return;
  }
  const box = document.createElement("div");
  box.className = `toast-box alert alert-${kind}`;
  box.textContent = text;
  place.append(box);
  window.setTimeout(() => box.remove(), 8000);
}
