// The menu: how the chat looks, what stays on the device, and what can be done with the conversation.
import { button, make } from "./dom.js";

const SIZES = [0.9, 1, 1.15, 1.3, 1.5, 1.75];

export function menu(chat) {
  const words = chat.texts.chat.menu;
  const panel = make("div", { id: "ql-menu", class: "menu", role: "group", "aria-label": words.title, hidden: true });
  const opener = button(words.title, () => show(panel.hidden), { "aria-expanded": "false", "aria-controls": "ql-menu" });

  // Another tab may have changed what the device remembers.
  function show(is) {
    toggles.forEach((one) => one.setAttribute("aria-pressed", String(Boolean(chat.record[one.name]))));
    panel.hidden = !is;
    opener.setAttribute("aria-expanded", String(is));
  }

  function close() {
    if (panel.hidden) return false;
    show(false);
    opener.focus();
    return true;
  }

  function resize(step) {
    const at = SIZES.indexOf(chat.record.size || 1) + step;
    if (SIZES[at]) chat.set({ size: SIZES[at] });
    chat.say(words.size.replace("{percent}", Math.round((chat.record.size || 1) * 100)));
  }

  const toggle = (name, text) => button(text, (event) => {
    chat.set({ [name]: !chat.record[name] });
    event.currentTarget.setAttribute("aria-pressed", String(Boolean(chat.record[name])));
  }, { name });
  const toggles = [toggle("contrast", words.contrast), toggle("remember", words.remember)];
  const withConversation = (act) => () => {
    if (!chat.record.conversation) return chat.say(words.nothing_yet);
    return act();
  };
  // Whoever goes on to something else does not need the menu any more; it would lie over it.
  panel.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (next && !panel.contains(next) && next !== opener) show(false);
  });
  panel.append(
    make("div", { class: "menu__sizes", role: "group", "aria-label": words.sizes },
      button("A−", () => resize(-1), { "aria-label": `A−, ${words.smaller}` }),
      button("A+", () => resize(1), { "aria-label": `A+, ${words.larger}` })),
    ...toggles,
    make("p", { class: "chat__hint", text: words.remember_hint }),
    button(chat.texts.chat.save, withConversation(() => chat.save())),
    button(words.print, withConversation(() => chat.print())),
    button(words.again, () => {
      show(false);
      chat.view.ask(opener, () => chat.erase());
    }));
  return { panel, opener, close };
}
