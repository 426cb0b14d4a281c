// What stands beside the messages: shown and hidden without losing the focus, with errors beside their fields.
import { focused, make } from "./dom.js";

// A labelled input with its hint and its place for an error; `prefix-name` is its id.
export function field(prefix, name, label, options = {}) {
  const { hint, kind = "input", ...attributes } = options;
  const id = `${prefix}-${name}`;
  const described = `${hint ? `${id}-hint ` : ""}${id}-error`;
  return [
    make("label", { for: id, text: label }),
    hint ? make("p", { id: `${id}-hint`, class: "chat__hint", text: hint }) : null,
    make("p", { id: `${id}-error`, class: "chat__error" }),
    make(kind, { id, name, "aria-describedby": described, ...attributes }),
  ];
}

// Hides a panel; where the focus was inside, it goes to the conversation.
export function hide(chat, panel) {
  if (panel.hidden) return;
  const held = panel.contains(focused(chat.root));
  panel.hidden = true;
  if (held) chat.view.log.focus();
}

// Hides a panel that has done its work, and says so where the focus goes.
export function finish(chat, panel, text) {
  panel.hidden = true;
  chat.say(text);
  chat.view.status.focus();
}

// Shows sentences beside fields ({name: sentence}) and takes the focus to the first one; none: all are cleared.
export function mark(form, prefix, errors) {
  const place = (name) => form.querySelector(`#${prefix}-${name}-error`) || form.querySelector(`#${prefix}-error`);
  for (const input of form.querySelectorAll("input, textarea")) {
    place(input.name).textContent = errors[input.name] || "";
    if (input.type === "radio") continue; // the error belongs to the group
    if (errors[input.name]) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const wrong = [...form.elements].find((input) => errors[input.name]);
  wrong?.focus();
  return Boolean(wrong);
}

// Runs one sending at a time; the button tells that it is under way.
export async function once(button, send) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await send();
  } finally {
    button.removeAttribute("aria-disabled");
  }
}
