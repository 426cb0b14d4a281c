// What stands beside the chat: shown and hidden without losing the focus, with errors beside their fields.

// Hides a panel; where the focus was inside, it goes to the conversation.
export function hide(chat, panel) {
  if (panel.hidden) return;
  const held = panel.contains(document.activeElement);
  panel.hidden = true;
  if (held) chat.log.focus();
}

// Hides a panel that has done its work, and says so where the focus goes.
export function finish(chat, panel, text) {
  panel.hidden = true;
  chat.status.textContent = text;
  chat.status.focus();
}

// Shows German sentences beside fields ({name: sentence}) and takes the focus to the first one; none: all are cleared.
export function mark(form, prefix, errors) {
  for (const field of form.querySelectorAll("input:not([type=hidden]), textarea")) {
    const said = document.getElementById(`${prefix}-${field.name}-error`) || document.getElementById(`${prefix}-error`);
    said.textContent = errors[field.name] || "";
    if (field.type === "radio") continue; // the error belongs to the group
    if (errors[field.name]) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  const wrong = [...form.elements].find((field) => errors[field.name]);
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
