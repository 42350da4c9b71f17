// Runs before the first paint: follows the system's light or dark unless the person chose one.
const root = document.documentElement;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function follow(): void {
  if (root.dataset["themeChoice"] === undefined) {
    root.dataset["bsTheme"] = dark.matches ? "dark" : "light";
  }
}

follow();
dark.addEventListener("change", follow);

export {};
