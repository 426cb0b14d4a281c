// The inside of the chat: head, messages, what stands beside them, the field, the tools. Built anew for another language.
import { button, make } from "./dom.js";
import { callback } from "./callback.js";
import { erasing } from "./erasing.js";
import { showing } from "./log.js";
import { menu } from "./menu.js";
import { rating } from "./rating.js";
import { waiting } from "./waiting.js";
import { fill } from "./texts.js";

export function build(chat) {
  const words = chat.texts.chat;
  const messages = make("ol", { class: "chat__messages" });
  const log = make("div", { class: "chat__log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: 0 }, messages);
  const status = make("p", { class: "chat__status", role: "status", "aria-live": "polite", tabindex: -1 });
  const now = make("p", { class: "head__now", text: words.now.bot });
  const told = make("div", { class: "told", hidden: true });
  const offer = make("div", { class: "panel", role: "group", "aria-label": words.simple, hidden: true });
  const language = button(chat.isSimple ? words.standard : words.simple, () => chat.changeLanguage());
  const { form, field, error } = writing(chat);
  const parts = beside(chat);
  const list = menu(chat);
  const last = erasing(chat);

  chat.view = { log, status, field, error, language, update, tell, offerSimple, closeMenu: list.close, ask: last.ask };
  chat.view.show = showing(chat, log, messages);
  const erase = button(words.erase, () => last.ask(erase, () => chat.door.erased()));
  chat.door.body.replaceChildren(
    head(chat, now, list), make("div", { class: "menu__place" }, list.panel), told, log, status,
    make("div", { class: "beside" }, last.panel, offer, ...parts.map((part) => part.panel)), form,
    make("div", { class: "chat__tools", role: "group", "aria-label": words.tools }, language, erase));

  // The opening hours stand there until the conversation begins: then the room belongs to it.
  function update(event) {
    told.classList.toggle("told--talk", chat.seq > 1);
    now.textContent = words.now[chat.standing.state] || words.now.bot;
    parts.forEach((part) => part.update(event));
  }

  // Opening hours and the notice set at the desk.
  function tell({ notice, opening_hours: hours }) {
    const lines = [];
    if (notice && chat.tellsNotice) lines.push(make("p", { role: "note", class: "told__notice", text: notice }));
    if (hours?.text) lines.push(make("p", { class: "told__hours", text: fill(words.hours, { hours: hours.text }) }));
    told.replaceChildren(...lines);
    told.hidden = !lines.length;
  }

  function offerSimple() {
    offer.replaceChildren(make("p", { class: "panel__line", text: words.simple_offer }), make("div", { class: "panel__buttons" },
      button(words.simple_yes, () => chat.changeLanguage()), button(words.simple_no, () => {
        offer.hidden = true;
        field.focus();
      })));
    offer.hidden = false;
    chat.say(words.simple_offer);
  }
}

function head(chat, now, list) {
  const title = make("h2", { id: "ql-title", class: "head__title", tabindex: -1, text: chat.texts.service.name });
  const close = chat.isPage ? null : button("×", () => chat.door.close(), { class: "icon", "aria-label": chat.texts.chat.close });
  return make("header", { class: "head" }, make("div", { class: "head__who" }, title, now), list.opener, close);
}

function beside(chat) {
  const contact = callback(chat);
  return [waiting(chat, contact.open), contact, rating(chat)];
}

function writing(chat) {
  const words = chat.texts.chat;
  const error = make("p", { id: "chat-error", class: "chat__error", role: "alert" });
  const field = make("textarea", { id: "chat-text", name: "text", rows: chat.isPage ? 2 : 1, maxlength: 2000, autocomplete: "off",
    "aria-describedby": "chat-hint chat-error" });
  const form = make("form", { class: "chat__form", novalidate: true }, error,
    make("label", { for: "chat-text", text: words.label }), make("div", { class: "chat__line" }, field,
      make("button", { class: "main", text: words.send })),
    make("p", { id: "chat-hint", class: "chat__hint", text: words.hint }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    chat.submit();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    chat.submit();
  });
  field.addEventListener("input", () => chat.writing());
  return { form, field, error };
}
