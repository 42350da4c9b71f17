// Live parts: htmx fetches them, this file says so when it cannot.
import htmx from "htmx.org";
import { toast } from "./toast";

let lost = false;

function restored(): void {
  if (lost) {
    lost = false;
    toast(document.body.dataset["back"] ?? "", "success");
  }
}

document.addEventListener("htmx:sendError", () => {
  if (!lost) {
    lost = true;
    toast(document.body.dataset["lost"] ?? "", "danger");
  }
});

document.addEventListener("htmx:responseError", (event) => {
  const xhr = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;
  toast(xhr.responseText.slice(0, 500), "danger");
});

document.addEventListener("htmx:afterOnLoad", restored);

export default htmx;
