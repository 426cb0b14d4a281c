// After a talk with a human: one rating, offered once per conversation.
import { Refusal } from "./api.js";
import { button, make } from "./dom.js";
import { field, finish, hide, mark, once } from "./panels.js";

export function rating(chat) {
  const words = chat.texts.chat.rating;
  const scale = words.scale.map((name, number) => make("label", {},
    make("input", { type: "radio", name: "rating", value: number + 1, "aria-describedby": "rating-error" }), ` ${number + 1}: ${name}`));
  const send = make("button", { class: "main", text: words.send });
  const panel = make("form", { class: "panel", novalidate: true, hidden: true },
    make("fieldset", {}, make("legend", { text: words.title }), make("p", { id: "rating-error", class: "chat__error" }),
      make("div", { class: "panel__scale" }, ...scale)),
    ...field("rating", "comment", words.comment,
      { kind: "textarea", rows: 2, maxlength: 2000, autocomplete: "off", hint: words.comment_hint }),
    make("div", { class: "panel__buttons" }, send, button(words.skip, skip), button(words.download, () => chat.save())));
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    once(send, submit);
  });

  async function submit() {
    const [chosen, comment] = [panel.elements.rating.value, panel.elements.comment.value.trim()];
    if (mark(panel, "rating", chosen ? {} : { rating: words.none })) return;
    try {
      await chat.api.call(chat.record.conversation, "POST", "/feedback", { rating: Number(chosen), ...(comment && { comment }) });
    } catch (problem) {
      if (problem.isGone) chat.lose();
      else mark(panel, "rating", { comment: (problem instanceof Refusal && problem.message) || words.failed });
      return;
    }
    settle();
    panel.reset();
    finish(chat, panel, words.thanks);
  }

  function skip() {
    settle();
    hide(chat, panel);
  }

  function settle() {
    chat.record.rated = true;
    chat.keep();
  }

  function update() {
    if (chat.standing.over && !chat.record.rated) panel.hidden = false;
    else if (!panel.hidden) clear();
  }

  function clear() {
    hide(chat, panel);
    panel.reset();
    mark(panel, "rating", {});
  }
  return { panel, update };
}
