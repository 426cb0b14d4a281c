// How the chat stands on the page: as a part of it, or as a window that a button opens. It never opens by itself.
import { isEscape, make } from "./dom.js";
import { likePage } from "./likepage.js";
import { fill } from "./texts.js";

const TOLD_MS = 20_000;
const PHONE = "(max-width: 40em), (max-height: 30em)";

export function doors(chat) {
  return chat.isPage ? inPage(chat) : inWindow(chat);
}

function inPage(chat) {
  const escape = (event) => isEscape(event) && chat.view.closeMenu();
  const body = make("section", { class: "body", "aria-labelledby": "ql-title", onkeydown: escape });
  const ql = make("div", { class: "ql ql--page", lang: "de" }, body);
  chat.root.append(ql);
  const dress = dresser(chat, ql);
  dress();
  const unreachable = (is) => { chat.fallback.hidden = !is; };
  return { body, dress, open() {}, close() {}, update: () => chat.seen(), unreachable, erased: () => chat.erase() };
}

function inWindow(chat) {
  const phone = matchMedia(PHONE);
  const count = make("span", { class: "door__count", hidden: true });
  const label = make("span", {});
  const door = make("button", { type: "button", class: "door main", "aria-haspopup": "dialog", onclick: open }, label, count);
  const news = make("p", { class: "unseen", role: "status" });
  const body = make("div", { class: "body" });
  const help = make("div", { class: "help", hidden: true });
  const dialog = make("dialog", { class: "window", "aria-labelledby": "ql-title" }, help, body);
  const ql = make("div", { class: "ql", lang: "de" }, door, news, dialog);
  chat.root.append(ql);
  const dress = dresser(chat, ql);
  const dressHelp = likePage(help, chat.root.host);
  dress();

  function open() {
    if (dialog.open) return;
    show();
    if (phone.matches) body.querySelector("#ql-title").focus();
    else chat.view.field.focus();
    chat.view.show.catchUp();
    chat.opened();
    update();
  }

  // On a phone the window fills the screen: what lies behind must not take the focus.
  function show() {
    door.hidden = true;
    if (phone.matches) dialog.showModal();
    else dialog.show();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  dialog.addEventListener("close", () => {
    door.hidden = false;
    door.focus();
  });
  dialog.addEventListener("cancel", (event) => {
    if (chat.view.closeMenu()) event.preventDefault();
  });
  dialog.addEventListener("keydown", (event) => {
    if (!isEscape(event) || phone.matches) return;
    event.preventDefault();
    if (!chat.view.closeMenu()) close();
  });
  phone.addEventListener("change", () => {
    if (!dialog.open) return;
    const held = chat.root.activeElement;
    dialog.removeAttribute("open");
    dialog.close();
    show();
    held?.focus();
  });

  function update() {
    if (dialog.open) chat.seen();
    const words = chat.texts.chat;
    const unread = chat.unread();
    const told = unread === 1 ? words.unread_one : fill(words.unread_many, { count: unread });
    label.textContent = words.open;
    count.hidden = !unread;
    count.textContent = unread;
    door.setAttribute("aria-label", unread ? `${words.open}, ${told}` : words.open);
    news.textContent = unread && !dialog.open ? told : "";
    news.classList.remove("unseen--told");
  }

  // While the server is away, the page's own ways to a human stand at the top of the window.
  function unreachable(is) {
    if (is) {
      help.append(chat.fallback);
      dressHelp();
    }
    help.hidden = chat.fallback.hidden = !is;
  }

  async function erased() {
    await chat.erase();
    if (chat.record.conversation) return;
    close();
    news.textContent = chat.texts.chat.erased;
    news.classList.add("unseen--told");
    setTimeout(update, TOLD_MS);
  }
  return { body, dress, open, close, update, unreachable, erased };
}

function dresser(chat, ql) {
  return () => {
    ql.style.setProperty("--size", chat.record.size || 1);
    ql.toggleAttribute("data-contrast", Boolean(chat.record.contrast));
  };
}
