// Menus are <details>: they open without a script. With one, they also close on Escape and on a click elsewhere.
export function startMenus(): void {
  const opened = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("click", (event) => {
    for (const menu of opened()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) {
        menu.open = false;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
