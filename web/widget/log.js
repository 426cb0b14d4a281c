// The conversation as it grows: every event once, each in view from its beginning.
import { focused, make } from "./dom.js";
import { canBeRated, feedback } from "./feedback.js";
import { greeting, message, own, stateLine } from "./messages.js";

const SETTLE_MS = 400;

export function showing(chat, log, list) {
  const pending = new Map();
  if (!chat.record.conversation) list.append(greeting(chat));

  function event(event, told) {
    if (event.type !== "message") return told ? showState(stateLine(event, told)) : undefined;
    clearChoices(chat, list);
    const made = message(event, chat);
    if (canBeRated(event)) made.append(feedback(event, chat));
    const waiting = event.from === "citizen" && matching(event);
    if (waiting) adopt(waiting, made);
    else list.append(made);
    return scrollTo(waiting ? waiting.node : made);
  }

  // Which of the own messages an event of the server is: known by its number, or the first one that says the same.
  function matching(event) {
    const items = [...pending.values()];
    return items.find((item) => item.seq === event.seq) || items.find((item) => !item.seq && item.text === event.text);
  }

  // The same element goes on: a new one would be announced a second time.
  function adopt(waiting, made) {
    pending.delete(waiting.node.dataset.client);
    waiting.node.className = made.className;
    waiting.node.id = made.id;
    waiting.node.querySelector("time").replaceWith(made.querySelector("time"));
    waiting.node.querySelector(".message__waits")?.remove();
  }

  function showOwn(item) {
    const node = own(item, chat.texts);
    pending.set(item.client_id, { node, text: item.shown });
    list.append(node);
    if (!flows()) log.scrollIntoView({ block: "nearest" });
    scrollTo(node);
  }

  // Taken by the server: its event comes, or has come before this answer.
  function settle(clientId, seq) {
    const waiting = pending.get(clientId);
    if (!waiting) return;
    waiting.seq = seq;
    waiting.node.querySelector(".message__waits")?.remove();
    if (list.querySelector(`#n${seq}`)) drop(clientId);
  }

  function waits(clientId) {
    const waiting = pending.get(clientId);
    if (!waiting || waiting.node.querySelector(".message__waits")) return;
    waiting.node.append(make("p", { class: "message__waits", text: chat.texts.chat.waits }));
    scrollTo(waiting.node);
  }

  function drop(clientId) {
    pending.get(clientId)?.node.remove();
    pending.delete(clientId);
  }

  // A conversation that is shown again is not read out again.
  function quietly(fill) {
    log.setAttribute("aria-live", "off");
    list.replaceChildren();
    pending.clear();
    fill();
    setTimeout(() => log.setAttribute("aria-live", "polite"), SETTLE_MS);
  }

  // A line between the messages comes into view, but never pushes the beginning of the message above it out.
  function showState(line) {
    list.append(line);
    const above = line.previousElementSibling;
    const most = above ? above.offsetTop - list.offsetTop : 0;
    const wanted = line.offsetTop + line.offsetHeight - list.offsetTop - log.clientHeight;
    log.scrollTop = Math.max(log.scrollTop, Math.min(wanted, most));
  }

  // The newest message is read from its beginning, with the question above it where both fit.
  function scrollTo(shown) {
    const top = (item) => item.offsetTop - list.offsetTop;
    const question = shown.previousElementSibling;
    const room = Math.min(log.clientHeight, innerHeight);
    const first = question?.classList.contains("message--citizen") && top(shown) - top(question) < room / 3 ? question : shown;
    if (!flows()) log.scrollTop = top(first);
    else if (focused(chat.root) && !chat.view.field.value) first.scrollIntoView();
  }

  // On a low screen the messages do not scroll by themselves: what lies around them does, but not away from somebody who is writing.
  function flows() {
    return getComputedStyle(log).overflowY === "visible";
  }

  // What came while the window was closed is read from its beginning on; a conversation that was taken up again, from its newest message.
  function catchUp() {
    const messages = [...list.querySelectorAll(".message[id]")];
    const news = messages.find((one) => Number(one.id.slice(1)) > (chat.record.read || 0));
    const wanted = news || (log.scrollTop ? null : messages.at(-1));
    if (wanted) scrollTo(wanted);
  }

  return { event, own: showOwn, settle, waits, drop, quietly, catchUp };
}

// Only the newest message offers its buttons; one that has the focus keeps it.
function clearChoices(chat, list) {
  const held = focused(chat.root);
  list.querySelectorAll(".message__choices").forEach((old) => {
    if (!old.contains(held)) return old.remove();
    return old.querySelectorAll("button").forEach((one) => {
      if (one === held) one.setAttribute("aria-disabled", "true");
      else one.remove();
    });
  });
}
