// A template that is put into an answer: where the cursor stands, over nothing that is typed, and so that undoing takes it out again.

const gap = /\[… [^[\]\n]+\]/; // what a template leaves for a person to write
const quotation = /\n*(?:^|\n)[^\n]+, \d{4}-\d\d-\d\d:\n>/; // where an answer begins to quote

type Written = { subject?: string; text?: string; said?: string; problem?: string };

// put types a text for the person.
function put(body: HTMLTextAreaElement, text: string, at: number): void {
  const was = body.value;
  body.focus();
  body.setSelectionRange(at, at);
  document.execCommand("insertText", false, text); // old, but the one way that the browser's own undo knows of
  if (body.value === was) {
    body.setRangeText(text, at, at, "end");
    body.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  const found = gap.exec(text);
  if (found) {
    body.setSelectionRange(at + found.index, at + found.index + found[0].length);
  }
}

export function startInsert(form: HTMLFormElement, body: HTMLTextAreaElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-insert]");
  const chosen = form.querySelector<HTMLSelectElement>("#reply-template");
  const said = form.querySelector<HTMLElement>("[data-inserted]");
  const subject = form.querySelector<HTMLInputElement>('input[name="subject"]');
  if (!button || !chosen || !said) {
    return;
  }
  let visited = false; // the cursor is where the person put it
  body.addEventListener("focus", () => { visited = true; });
  const say = (text: string, bad: boolean) => {
    said.textContent = text;
    said.classList.toggle("tone-bad", bad);
  };
  const insert = async () => {
    const answer = await fetch(button.formAction, { method: "POST", headers: { Accept: "application/json" }, redirect: "error",
      body: new URLSearchParams({ template: chosen.value, answers: form.querySelector<HTMLInputElement>('input[name="answers"]')?.value ?? "" }) });
    const w = await answer.json() as Written;
    if (!answer.ok || w.text === undefined) {
      say(w.problem ?? "", true);
      return;
    }
    const at = visited ? body.selectionEnd : quotation.exec(body.value)?.index ?? body.value.length;
    put(body, at > 0 && !visited ? "\n\n" + w.text : w.text, at);
    if (subject && subject.value === "" && subject.placeholder === "") {
      subject.value = w.subject ?? "";
    }
    say(w.said ?? "", false);
  };
  button.addEventListener("click", (e) => {
    e.preventDefault();
    insert().catch(() => say(said.dataset["inserted"] ?? "", true));
  });
}
