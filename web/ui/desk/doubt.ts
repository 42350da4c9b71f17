// Doubt: the fields that a person must still look at.

// doubtful are those fields, in their order.
export function doubtful(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-doubtful]")];
}

// settle takes the mark of doubt away: a person has looked.
export function settle(field: HTMLElement): void {
  delete field.dataset["doubtful"];
  field.closest(".field")?.classList.remove("field-doubtful");
  field.closest(".field")?.querySelector(".look")?.remove();
}
