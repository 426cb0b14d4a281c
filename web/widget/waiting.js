// The wait for a human: the newest place in the queue, the ways out of it, and an announcement every two minutes at most.
import { button, make } from "./dom.js";
import { hide } from "./panels.js";

const ANNOUNCE_MS = 120_000;

export function waiting(chat, askCallback) {
  const words = chat.texts.chat.waiting;
  const place = make("p", { class: "panel__line" });
  const cancel = button(words.cancel, () => {
    if (chat.standing.cancel) chat.press(words.cancel, { payload: chat.standing.cancel });
  });
  const ways = make("div", { class: "panel__buttons" }, cancel, button(words.callback, askCallback));
  const panel = make("div", { class: "panel", role: "group", "aria-label": words.title, "data-waiting": true, hidden: true }, place, ways);
  let said = 0;
  let timer;

  // The line in the conversation has told of the first place already.
  function announce() {
    clearTimeout(timer);
    const left = said + ANNOUNCE_MS - Date.now();
    if (left > 0) {
      timer = setTimeout(() => panel.isConnected && chat.standing.state === "queued" && announce(), left); // built anew: not this one
      return;
    }
    said = Date.now();
    chat.say(place.textContent);
  }

  function update() {
    if (chat.standing.state !== "queued") {
      clearTimeout(timer);
      said = 0;
      return hide(chat, panel);
    }
    panel.hidden = false;
    if (place.textContent === chat.standing.waiting) return undefined;
    place.textContent = chat.standing.waiting;
    if (said) return announce();
    said = Date.now();
    return undefined;
  }
  return { panel, update };
}
