// The wait for a human: the newest place in the queue, and the ways out of it.
import { hide } from "./panels.js";

export function waiting(chat, panel, press, askCallback) {
  const place = panel.querySelector("[data-place]");
  const cancel = panel.querySelector("[data-cancel]");
  cancel.addEventListener("click", (event) => {
    event.preventDefault();
    if (chat.standing.cancel) press(chat.standing.cancel);
  });
  panel.querySelector("[data-ask-callback]").addEventListener("submit", (event) => {
    event.preventDefault();
    askCallback();
  });
  return () => {
    if (chat.standing.state !== "queued") return hide(chat, panel);
    if (place.textContent !== chat.standing.waiting) place.textContent = chat.standing.waiting;
    panel.hidden = false;
  };
}
