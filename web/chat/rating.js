// After a talk with a human: one rating, offered once per conversation.
import * as api from "./api.js";
import { finish, hide, mark, once } from "./panels.js";

export function rating(chat, panel, lost) {
  const skip = panel.querySelector("[data-skip]");
  skip.hidden = false;
  skip.addEventListener("click", () => {
    settle(chat);
    hide(chat, panel);
  });
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    once(event.submitter, () => send(chat, panel, lost));
  });
  return () => {
    if (chat.standing.over && !chat.conversation?.rated) panel.hidden = false;
    else if (!panel.hidden) clear(chat, panel);
  };
}

async function send(chat, panel, lost) {
  const texts = chat.texts.chat.rating;
  const [chosen, comment] = [panel.elements.rating.value, panel.elements.comment.value.trim()];
  if (mark(panel, "rating", chosen ? {} : { rating: texts.none })) return;
  try {
    await api.call(chat.conversation, "POST", "/feedback", { rating: Number(chosen), ...(comment && { comment }) });
  } catch (problem) {
    if (problem.status === 401 || problem.status === 404) return lost();
    mark(panel, "rating", { comment: (problem instanceof api.Refusal && problem.message) || texts.failed });
    return;
  }
  settle(chat);
  panel.reset();
  finish(chat, panel, texts.thanks);
}

function settle(chat) {
  chat.conversation.rated = true;
  api.keep(chat.conversation);
}

function clear(chat, panel) {
  hide(chat, panel);
  panel.reset();
  mark(panel, "rating", {});
}
