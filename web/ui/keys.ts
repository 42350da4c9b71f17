// Keys: "/" searches, "g" and a letter goes, "j" and "k" move in a list, "?" shows the list of keys.

// goTo goes where the navigation goes by a letter, if it does.
function goTo(letter: string): void {
  const link = document.querySelector<HTMLAnchorElement>(`.side a[data-key="${letter}"]`);
  if (link) {
    window.location.assign(link.href);
  }
}

// typing says whether keys belong to the field that has the focus.
export function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])"));
}

// move puts the focus on the next or previous row's link of the first list that can be walked.
function move(step: number): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("[data-walk] [data-row]")];
  const now = links.findIndex((l) => l === document.activeElement);
  const next = links[now < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(now + step, 0), links.length - 1)];
  next?.focus();
}

function open(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) {
    dialog.showModal();
  }
}

export function startKeys(): void {
  let go = 0; // when "g" was pressed
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) {
      return;
    }
    const going = Date.now() - go < 1500;
    go = 0;
    if (going && /^[a-z]$/.test(event.key)) {
      event.preventDefault(); // it is no key of the page as well
      return goTo(event.key);
    }
    switch (event.key) {
      case "/":
        event.preventDefault();
        document.querySelector<HTMLInputElement>("#q")?.select();
        document.querySelector<HTMLInputElement>("#q")?.focus();
        return;
      case "g":
        go = Date.now();
        return;
      case "j":
        return move(1);
      case "k":
        return move(-1);
      case "?":
        return open("help");
    }
  });
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-open]") : null;
    if (opener?.dataset["open"]) {
      open(opener.dataset["open"]);
    }
  });
}
