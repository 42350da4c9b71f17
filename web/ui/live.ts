// Live parts: the server tells which topics have changed (GET /live), and htmx fetches the parts of the page that show them.
// A stream that breaks off is opened again, ever less often; until then the page says so, and afterwards every part is fetched.
// A page that is hidden closes its stream: browsers allow a server few connections at once.
import htmx from "htmx.org";
import { toast } from "./toast";

const topics = ["pieces", "tickets", "scans", "desk"];
const shortest = 1000; // milliseconds until the first new attempt
const longest = 15000;

let stream: EventSource | null = null;
let wait = shortest;
let timer = 0;
let failures = 0;
let leaving = false;
let made = "";
const missed = new Set<string>(); // topics that changed while a part that shows them was on its way

// changed lets the parts that show a topic fetch themselves. A part that is on its way was made before the change, perhaps: it is
// fetched again when it has come, because htmx forgets what an element waited for once the answer has replaced the element.
export function changed(topic: string): void {
  if (document.querySelector(`.htmx-request[data-hx-trigger*="docket:${topic}"]`)) {
    missed.add(topic);
  } else {
    document.body.dispatchEvent(new CustomEvent(`docket:${topic}`));
  }
}

function catchUp(): void {
  const topics = [...missed];
  missed.clear();
  topics.forEach(changed);
}

function say(text: string, link = ""): void {
  const bar = document.getElementById("offline");
  if (!bar || bar.textContent === text) {
    return;
  }
  bar.textContent = text;
  bar.hidden = text === "";
  if (link !== "") {
    const a = document.createElement("a");
    a.href = link;
    a.textContent = text;
    bar.replaceChildren(a);
  }
}

function recovered(): void {
  const bar = document.getElementById("offline");
  if (bar && !bar.hidden) {
    say("");
    toast(document.body.dataset["back"] ?? "", "success");
  }
  failures = 0;
  wait = shortest;
}

// count writes a number of waiting things beside an item of the navigation.
function count(link: HTMLElement, text: string): void {
  let box = link.querySelector<HTMLElement>(".count");
  if (text === "") {
    return box?.remove();
  }
  if (!box) {
    box = document.createElement("span");
    box.className = "count";
    link.append(box);
  }
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = `${document.body.dataset["waiting"] ?? ""} `;
  if (!box.textContent?.endsWith(` ${text}`)) {
    box.replaceChildren(words, text);
  }
}

function hear(s: EventSource): void {
  s.addEventListener("hello", recovered);
  for (const topic of topics) {
    s.addEventListener(topic, () => changed(topic));
  }
  s.addEventListener("counts", (event) => {
    const counts = JSON.parse((event as MessageEvent<string>).data) as Record<string, string>;
    for (const link of document.querySelectorAll<HTMLAnchorElement>(".side-link[data-counted]")) {
      count(link, counts[link.getAttribute("href") ?? ""] ?? "");
    }
    for (const number of document.querySelectorAll<HTMLElement>("[data-waits]")) {
      number.textContent = counts[number.dataset["waits"] ?? ""] ?? "0";
    }
  });
  s.onerror = () => void lose();
}

// lose closes a stream that broke off and finds out why.
async function lose(): Promise<void> {
  stream?.close();
  stream = null;
  if (leaving || document.hidden) {
    return;
  }
  failures++;
  await new Promise((later) => window.setTimeout(later, 300)); // a page that is left loses its stream too
  if (leaving) {
    return;
  }
  let answer: Response | null = null;
  try {
    answer = await fetch("/live", { method: "HEAD", redirect: "manual", cache: "no-store" });
  } catch {
    answer = null;
  }
  if (answer?.type === "opaqueredirect") {
    say(document.body.dataset["out"] ?? "", `/sign-in?ended=1&next=${encodeURIComponent(location.pathname + location.search)}`);
  } else if (answer?.ok) {
    if (failures > 1) { // the server is there and gives no stream: look now and then
      topics.forEach(changed);
    }
  } else {
    say(document.body.dataset["lost"] ?? "");
  }
  timer = window.setTimeout(connect, wait);
  wait = Math.min(2 * wait, longest);
}

function connect(): void {
  window.clearTimeout(timer);
  if (stream || document.hidden || leaving) {
    return;
  }
  const asked = new URLSearchParams();
  const at = document.querySelector<HTMLElement>("[data-at]")?.dataset["at"]; // the document on the desk: the person sits there
  if (at !== undefined) {
    asked.set("at", at);
  }
  if (made !== "") { // what has changed since the page was made; a stream that broke off is told of all
    asked.set("made", made);
    made = "";
  }
  stream = new EventSource(`/live?${asked}`);
  hear(stream);
}

function close(): void {
  window.clearTimeout(timer);
  stream?.close();
  stream = null;
}

// busy says whether a part must not be replaced now: somebody types in it, or has something open in it.
function busy(part: Element): boolean {
  const at = document.activeElement;
  return (at instanceof HTMLElement && at.matches("input:not([type=checkbox]), textarea, select") && part.contains(at)) || part.querySelector("details[open], dialog[open]") !== null;
}

// The row that had the focus may be gone from a list that was fetched again: then the one in its place gets it.
let kept: { part: string; place: number } | null = null;

function rows(part: Element): HTMLElement[] {
  return [...part.querySelectorAll<HTMLElement>("[data-walk] [data-row]")];
}

function keepPlace(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target as Element;
    const place = rows(part).indexOf(document.activeElement as HTMLElement);
    kept = place < 0 ? null : { part: part.id, place };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target as Element;
    if (!kept || part.id !== kept.part) {
      return;
    }
    if (document.activeElement === null || document.activeElement === document.body) {
      const now = rows(part);
      (now[Math.min(kept.place, now.length - 1)] ?? document.getElementById("main"))?.focus();
    }
    kept = null;
  });
}

export function startLive(): void {
  keepPlace();
  if (!("live" in document.body.dataset)) {
    return;
  }
  made = document.body.dataset["live"] ?? "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const detail = (event as CustomEvent<{ elt: Element; requestConfig: { triggeringEvent?: Event } }>).detail;
    if (detail.requestConfig.triggeringEvent?.type.startsWith("docket:") && busy(detail.elt)) {
      event.preventDefault();
      const type = detail.requestConfig.triggeringEvent.type;
      window.setTimeout(() => document.body.dispatchEvent(new CustomEvent(type)), 2000);
    }
  });
  document.addEventListener("htmx:afterRequest", () => window.setTimeout(catchUp)); // the element loses its class after the event
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : connect()));
  window.addEventListener("online", connect);
  window.addEventListener("pagehide", () => {
    leaving = true;
    close();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    connect();
  });
  connect();
}

document.addEventListener("htmx:sendError", () => say(document.body.dataset["lost"] ?? ""));

document.addEventListener("htmx:responseError", (event) => {
  const xhr = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
  toast(xhr.responseText.slice(0, 500), "danger");
});

document.addEventListener("htmx:afterOnLoad", recovered);

export default htmx;
