// The form for a callback. Contact details stay in its fields and go to the callback's own address, never into the chat.
import * as api from "./api.js";
import { data } from "./standing.js";
import { finish, hide, mark, once } from "./panels.js";

export function callback(chat, panel, lost) {
  const form = panel.querySelector("form");
  const button = panel.querySelector("[data-send-callback]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(button, () => send(chat, panel, form, lost));
  });
  return (event) => {
    if (!chat.standing.callback) return clear(chat, panel, form);
    panel.hidden = false;
    const step = event && data(event).step;
    if (step === "contact") panel.open = true;
    if (step === "contact" && chat.pressed && document.activeElement !== chat.field) form.elements.name.focus();
  };
}

// Opens the form because the citizen asked for it at the button beside it.
export function open(chat, panel) {
  chat.standing.callback = "asked";
  panel.hidden = false;
  panel.open = true;
  panel.querySelector("input[name=name]").focus();
}

async function send(chat, panel, form, lost) {
  const texts = chat.texts.chat.callback;
  const failed = form.querySelector("[data-failed]");
  failed.textContent = "";
  const values = ["name", "phone", "email", "when"].map((name) => [name, form.elements[name].value.trim()]);
  const given = Object.fromEntries(values.filter(([, value]) => value));
  if (mark(form, "callback", missing(given, chat.texts))) return;
  try {
    await api.call(chat.conversation, "POST", "/callback", given);
  } catch (problem) {
    if (problem.status === 401 || problem.status === 404) return lost();
    const field = form.elements[problem.field] && problem.field;
    if (field) mark(form, "callback", { [field]: field === "name" ? texts.no_name : problem.message });
    else failed.textContent = (problem instanceof api.Refusal && problem.message) || texts.failed;
    return;
  }
  chat.standing.callback = "";
  form.reset();
  finish(chat, panel, texts.thanks);
}

function missing(given, texts) {
  return {
    ...(given.name ? {} : { name: texts.chat.callback.no_name }),
    ...(given.phone || given.email ? {} : { phone: texts.errors.phone_or_email }),
  };
}

// Not wanted any more; what somebody is typing just now is left alone.
function clear(chat, panel, form) {
  if (panel.hidden || (form.contains(document.activeElement) && chat.conversation)) return;
  hide(chat, panel);
  panel.open = false;
  form.reset();
  mark(form, "callback", {});
}
