// What the desk's pages need beyond HTMX: undo before sending, the typing sign, sound and notification. Without it every form still works.
import { watch } from "./alerts.js";
import { compose } from "./compose.js";

const problem = document.querySelector("[data-problem]");
const live = document.querySelector("[data-live]");
const log = document.querySelector("[data-log]");

export function complain(text) {
  problem.querySelector("[data-problem-text]").textContent = text;
  problem.hidden = !text;
}

document.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
scrollDown();

document.body.addEventListener("htmx:responseError", (event) => complain(event.detail.xhr.responseText));
document.body.addEventListener("htmx:sendError", () => say(live?.dataset.lost));
document.body.addEventListener("htmx:beforeRequest", () => problem && complain(""));
document.body.addEventListener("htmx:sseError", () => say(live?.dataset.lost));
document.body.addEventListener("htmx:sseOpen", (event) => {
  if (live?.textContent === live?.dataset.lost) say(live?.dataset.back);
  event.detail.source.addEventListener("queued", () => announce());
  event.detail.source.addEventListener("over", () => {
    event.detail.source.close();
    say(live?.dataset.over);
  });
});

// A line that is there already (the stream was opened anew) is not shown twice.
document.body.addEventListener("htmx:sseBeforeMessage", (event) => {
  if (event.detail.type !== "message") return;
  if (!event.detail.data || (event.detail.lastEventId && document.getElementById(`n${event.detail.lastEventId}`))) event.preventDefault();
});
document.body.addEventListener("htmx:sseMessage", (event) => event.detail.type === "message" && scrollDown());

// What was put into the box is there to be changed: the cursor stands at its end.
document.body.addEventListener("htmx:afterSettle", (event) => {
  const text = event.detail.elt.id === "text" ? event.detail.elt : document.querySelector("#text");
  if (event.detail.target?.id !== "text" && event.detail.elt.id !== "text") return;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
});

const announce = watch(live);
const box = document.querySelector("[data-compose]");
if (box) compose(box, complain);

function say(text) {
  if (live && text) live.textContent = text;
}

function scrollDown() {
  if (log) log.scrollTop = log.scrollHeight;
}
