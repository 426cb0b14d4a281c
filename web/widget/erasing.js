// Erasing cannot be undone: it is asked for once more, with the way back beside it.
import { button, isEscape, make } from "./dom.js";

export function erasing(chat) {
  const words = chat.texts.chat.erasing;
  const panel = make("div", { class: "panel", role: "group", "aria-label": words.title, "aria-describedby": "erasing-hint", hidden: true });
  let opener;

  function close() {
    panel.hidden = true;
    opener.focus();
  }

  // `from` is the button that was pressed and gets the focus back, `act` what erases. Pressed twice by mistake, nothing is lost.
  function ask(from, act) {
    if (!chat.hasBegun) return act();
    opener = from;
    panel.replaceChildren(make("p", { class: "panel__line", text: words.title }), make("p", { id: "erasing-hint", text: words.hint }),
      make("div", { class: "panel__buttons" }, button(words.no, close), button(words.yes, act)));
    panel.hidden = false;
    return panel.querySelector("button").focus();
  }

  panel.addEventListener("keydown", (event) => {
    if (!isEscape(event)) return;
    event.preventDefault();
    event.stopPropagation(); // the window stays
    close();
  });
  return { panel, ask };
}
