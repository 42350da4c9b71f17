// Uploads: files are dropped or chosen and sent one by one with a progress bar each, two at a time. Without this script the
// same form sends them all at once.

import htmx, { changed } from "./live";

const together = 2;

interface Texts { batch: string; to: string; topic: string; sent: string; failed: string; again: string }

// row is the line of one file: its name, its bar and what became of it. Names are set as text, never as markup.
function row(list: HTMLElement, file: File): { bar: HTMLProgressElement; note: HTMLElement; box: HTMLElement } {
  const box = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = file.name;
  name.className = "clip clip-1";
  const bar = document.createElement("progress");
  bar.max = Math.max(file.size, 1);
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const note = document.createElement("span");
  note.className = "upload-note";
  box.append(name, bar, note);
  list.append(box);
  return { bar, note, box };
}

function send(list: HTMLElement, texts: Texts, file: File): Promise<void> {
  const { bar, note, box } = row(list, file);
  const attempt = () => new Promise<void>((done) => {
    const xhr = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, file.name);
    xhr.upload.addEventListener("progress", (e) => {
      bar.value = Math.min(bar.max, e.loaded);
      note.textContent = `${Math.floor((100 * e.loaded) / Math.max(e.total, 1))} %`;
    });
    const failed = (why: string) => {
      note.textContent = `${texts.failed}${why === "" ? "" : ": " + why}`;
      box.classList.add("upload-failed");
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-sm";
      again.textContent = texts.again;
      again.addEventListener("click", () => {
        again.remove();
        box.classList.remove("upload-failed");
        void attempt();
      });
      box.append(again);
      done();
    };
    xhr.addEventListener("load", () => {
      if (xhr.status !== 201) {
        return failed(xhr.responseText.slice(0, 500));
      }
      bar.value = bar.max;
      box.remove();
      changed(texts.topic); // the stream of events may be down
      done();
    });
    xhr.addEventListener("error", () => failed(document.body.dataset["lost"] ?? ""));
    xhr.open("POST", texts.to || `/upload?batch=${encodeURIComponent(texts.batch)}`);
    xhr.setRequestHeader("Accept", "text/plain");
    xhr.setRequestHeader("HX-Request", "true");
    xhr.send(form);
  });
  return attempt();
}

export function startUpload(): void {
  const form = document.querySelector<HTMLFormElement>("#upload");
  const input = form?.querySelector<HTMLInputElement>("input[type=file]");
  const list = document.getElementById("uploads");
  const drop = form?.querySelector<HTMLElement>(".upload-drop");
  if (!form || !input || !list || !drop) {
    return;
  }
  const data = form.dataset;
  const texts: Texts = { batch: data["batch"] ?? "", to: data["to"] ?? "", topic: data["topic"] ?? "pieces", sent: data["sent"] ?? "", failed: data["failed"] ?? "", again: data["again"] ?? "" };
  const named = form.querySelector<HTMLInputElement>("#batch");
  const queue: File[] = [];
  let busy = 0;
  const next = () => {
    const file = busy < (Number(data["together"]) || together) ? queue.shift() : undefined;
    if (!file) {
      return;
    }
    busy++;
    void send(list, texts, file).finally(() => {
      busy--;
      next();
    });
    next();
  };
  const take = (files: Iterable<File>) => {
    texts.batch = named?.value.trim() || texts.batch;
    if (named) {
      named.readOnly = true; // what comes now belongs together
      document.getElementById("live")?.setAttribute("data-hx-get", `/upload?batch=${encodeURIComponent(texts.batch)}`);
      htmx.process(document.getElementById("live") as HTMLElement);
    }
    if (texts.to === "") {
      const url = new URL(window.location.href);
      url.searchParams.set("batch", texts.batch);
      window.history.replaceState(null, "", url);
    }
    queue.push(...files);
    next();
  };
  form.classList.add("scripted");
  input.required = false;
  for (const picker of form.querySelectorAll<HTMLInputElement>("input[type=file]")) {
    picker.addEventListener("change", () => {
      take([...(picker.files ?? [])]);
      picker.value = "";
    });
  }
  form.addEventListener("submit", (e) => e.preventDefault());
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (e) => {
      e.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (e) => {
    e.preventDefault();
    take([...(e.dataTransfer?.files ?? [])]);
  });
  document.addEventListener("paste", (e) => {
    if (e.clipboardData && e.clipboardData.files.length > 0) {
      take([...e.clipboardData.files]);
    }
  });
  window.addEventListener("beforeunload", (e) => {
    if (busy > 0 || queue.length > 0) {
      e.preventDefault();
    }
  });
}
