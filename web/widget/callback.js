// The form for a callback. Contact details stay in its fields and go to the callback's own address, never into the chat.
import { Refusal } from "./api.js";
import { focused, make } from "./dom.js";
import { field, finish, hide, mark, once } from "./panels.js";
import { data } from "./standing.js";

const NAMES = ["name", "phone", "email", "when"];

export function callback(chat) {
  const words = chat.texts.chat.callback;
  const failed = make("p", { class: "chat__error", role: "alert" });
  const send = make("button", { class: "main", text: words.send });
  const form = make("form", { novalidate: true, "aria-label": words.title },
    make("p", { text: words.intro }), failed,
    ...field("callback", "name", words.name, { maxlength: 100, autocomplete: "name", required: true }),
    make("fieldset", {}, make("legend", { text: words.either }),
      ...field("callback", "phone", words.phone, { type: "tel", maxlength: 50, autocomplete: "tel" }),
      ...field("callback", "email", words.email, { type: "email", maxlength: 254, autocomplete: "email" })),
    ...field("callback", "when", words.when, { maxlength: 500, autocomplete: "off", hint: words.when_hint }), send);
  const panel = make("details", { id: "rueckruf", class: "panel", hidden: true }, make("summary", { text: words.title }), form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(send, submit);
  });

  async function submit() {
    failed.textContent = "";
    const given = Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value.trim()]).filter(([, value]) => value));
    if (mark(form, "callback", missing(given, chat.texts))) return;
    try {
      await chat.api.call(chat.record.conversation, "POST", "/callback", given);
    } catch (problem) {
      refused(problem);
      return;
    }
    chat.standing.callback = "";
    form.reset();
    finish(chat, panel, words.thanks);
  }

  function refused(problem) {
    if (problem.isGone) return chat.lose();
    const wrong = form.elements[problem.field] && problem.field;
    if (wrong) return mark(form, "callback", { [wrong]: wrong === "name" ? words.no_name : problem.message });
    failed.textContent = (problem instanceof Refusal && problem.message) || words.failed;
    return undefined;
  }

  function update(event) {
    if (!chat.standing.callback) return clear();
    panel.hidden = false;
    if (!event || data(event).step !== "contact") return;
    panel.open = true;
    if (chat.pressed && focused(chat.root) !== chat.view.field) form.elements.name.focus();
  }

  // Not wanted any more; what somebody is typing just now is left alone.
  function clear() {
    if (panel.hidden || (form.contains(focused(chat.root)) && chat.record.conversation)) return;
    hide(chat, panel);
    panel.open = false;
    form.reset();
    mark(form, "callback", {});
  }

  // The citizen asked for it at the button beside the queue.
  function open() {
    chat.standing.callback = "asked";
    panel.hidden = false;
    panel.open = true;
    form.elements.name.focus();
  }
  return { panel, update, open };
}

function missing(given, texts) {
  return {
    ...(given.name ? {} : { name: texts.chat.callback.no_name }),
    ...(given.phone || given.email ? {} : { phone: texts.errors.phone_or_email }),
  };
}
