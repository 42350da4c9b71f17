// The viewer's buttons, its keys and finding in the document.
import { toast } from "../toast";
import { Annotations } from "./annotations";
import { type PageViewer, need } from "./pageviewer";

export function startBar(root: HTMLElement, viewer: PageViewer): void {
  const sure = need<HTMLButtonElement>(root, "[data-do=sure]");
  const input = need<HTMLInputElement>(root, "#viewer-find");
  const say = (text: string): void => toast(text, "success");
  const copy = (text: string): void => void navigator.clipboard.writeText(text).then(() => say(root.dataset["copied"] ?? ""), () => say(text));
  const actions: Record<string, () => void> = {
    in: () => viewer.zoom(1.4),
    out: () => viewer.zoom(1 / 1.4),
    width: () => viewer.fitWidth(),
    whole: () => viewer.fitWhole(),
    rotate: () => viewer.rotate(),
    sure: () => {
      const on = sure.getAttribute("aria-pressed") !== "true";
      sure.setAttribute("aria-pressed", String(on));
      viewer.showSure(on);
    },
    back: () => viewer.findStep(-1),
    copy: () => copy(viewer.pickedText()),
    cite: () => copy(viewer.citation()),
  };
  if (!viewer.desk) {
    Object.assign(actions, new Annotations(root, viewer, copy).actions);
  }
  root.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-do]") : null;
    actions[button?.dataset["do"] ?? ""]?.();
  });
  startFind(root, viewer, input);
  startPicked(root, viewer);
  document.addEventListener("keydown", (e) => keys(e, viewer, actions, input));
}

// Keys work without Alt where no field has the focus, and with Alt everywhere.
function keys(e: KeyboardEvent, viewer: PageViewer, actions: Record<string, () => void>, input: HTMLInputElement): void {
  const target = e.target instanceof HTMLElement ? e.target : document.body;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  if (e.ctrlKey || e.metaKey || e.defaultPrevented || document.querySelector("dialog[open]") || (typing && !e.altKey)) {
    return;
  }
  const onStage = target === viewer.stageElement;
  const named: Record<string, () => void> = {
    "+": () => actions["in"]?.(), "=": () => actions["in"]?.(), "-": () => actions["out"]?.(), "0": () => actions["whole"]?.(),
    w: () => actions["width"]?.(), r: () => actions["rotate"]?.(), c: () => actions["sure"]?.(),
    PageDown: () => viewer.turn(1), PageUp: () => viewer.turn(-1),
    f: () => { input.focus(); input.select(); }, h: () => actions["highlight"]?.(), n: () => actions["note"]?.(), s: () => actions["stamp"]?.(),
  };
  if (onStage || e.altKey) {
    Object.assign(named, { ArrowDown: () => viewer.panBy(0, 0.25), ArrowUp: () => viewer.panBy(0, -0.25) });
  }
  if (onStage) {
    Object.assign(named, { ArrowLeft: () => viewer.panBy(-0.25, 0), ArrowRight: () => viewer.panBy(0.25, 0) });
  }
  const act = named[e.key];
  if (act) {
    e.preventDefault();
    act();
  }
}

function startFind(root: HTMLElement, viewer: PageViewer, input: HTMLInputElement): void {
  const count = need(root, "[data-count]");
  let asked = "";
  let timer = 0;
  viewer.onFind = (at, all) => {
    count.textContent = asked === "" ? "" : all === 0 ? root.dataset["none"] ?? "0" : `${at} / ${all}`;
  };
  const find = (): void => {
    asked = input.value.trim();
    void viewer.find(asked);
  };
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(find, 150);
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && e.shiftKey) {
      e.preventDefault();
      viewer.findStep(-1);
    }
  });
  input.form?.addEventListener("submit", (e) => {
    e.preventDefault();
    window.clearTimeout(timer);
    if (input.value.trim() === asked) {
      viewer.findStep(1);
    } else {
      find();
    }
  });
}

// startPicked offers to copy what was picked. On the desk a pick fills a field instead.
function startPicked(root: HTMLElement, viewer: PageViewer): void {
  if (viewer.desk) {
    return;
  }
  const box = need(root, ".viewer-picked");
  viewer.onPick = (words) => {
    box.hidden = words.length === 0;
    need(box, "[data-picked]").textContent = viewer.pickedText();
  };
}
