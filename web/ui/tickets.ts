// The list of tickets: "x" chooses the ticket that has the focus, "a" assigns what is chosen, or else that ticket.
import { typing } from "./keys";

function startList(form: HTMLFormElement): void {
  const boxes = () => [...form.querySelectorAll<HTMLInputElement>('input[name="t"]')];
  const all = form.querySelector<HTMLInputElement>("[data-all]");
  const count = form.querySelector("[data-count]");
  const tell = () => {
    const chosen = boxes().filter((b) => b.checked).length;
    if (count) {
      count.textContent = String(chosen);
    }
    if (all) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      boxes().forEach((b) => { b.checked = all.checked; });
      tell();
    });
  }
  form.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // the browser may bring choices back
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || document.querySelector("dialog[open]") || (e.key !== "x" && e.key !== "a")) {
      return;
    }
    const here = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>('input[name="t"]');
    if (here && (e.key === "x" || !boxes().some((b) => b.checked))) {
      here.checked = e.key === "a" || !here.checked;
      tell();
    }
    if (e.key === "a" && boxes().some((b) => b.checked)) {
      form.requestSubmit();
    }
  });
  tell();
}

export function startTickets(): void {
  const form = document.querySelector<HTMLFormElement>("form#bulk");
  if (form) {
    startList(form);
  }
  // On a ticket's own page "a" leads to who has it and "n" to a note; "t" takes a ticket that nobody has.
  const places: Record<string, HTMLElement | null> = { a: document.querySelector(".case #owner"), n: document.querySelector("#note") };
  document.addEventListener("keydown", (e) => {
    const place = e.key === "t" ? document.querySelector<HTMLElement>("[data-take]") : places[e.key];
    if (place && !e.defaultPrevented && !e.ctrlKey && !e.metaKey && !e.altKey && !typing(e.target) && !document.querySelector("dialog[open]")) {
      e.preventDefault();
      if (e.key === "t") {
        place.click();
      } else {
        place.focus();
      }
    }
  });
}
