// The conversation as it grows: every event once, each in view from its beginning, and then what stands beside it.
import { message, stateLine } from "./messages.js";
import { take } from "./standing.js";

export function show(chat, event, press) {
  if (event.seq <= chat.seq) return;
  chat.seq = event.seq;
  const told = take(chat.standing, event, chat.texts);
  if (event.type === "message") showMessage(chat, event, press);
  else if (told) showState(chat, stateLine(event, told));
  chat.panels.forEach((update) => update(event));
}

function showMessage(chat, event, press) {
  chat.list.querySelectorAll(".message__choices").forEach((old) => {
    if (!old.contains(document.activeElement)) return old.remove();
    return old.querySelectorAll("button").forEach((button) => {
      if (button === document.activeElement) button.setAttribute("aria-disabled", "true");
      else button.remove();
    });
  });
  const shown = message(event, chat.texts, press);
  chat.list.append(shown);
  scrollTo(chat, shown);
}

// A line between the messages comes into view, but never pushes the beginning of the message above it out.
function showState(chat, line) {
  chat.list.append(line);
  const above = line.previousElementSibling;
  const most = above ? above.offsetTop - chat.list.offsetTop : 0;
  const wanted = line.offsetTop + line.offsetHeight - chat.list.offsetTop - chat.log.clientHeight;
  chat.log.scrollTop = Math.max(chat.log.scrollTop, Math.min(wanted, most));
}

// The newest message is read from its beginning, with the question above it where both fit.
function scrollTo(chat, shown) {
  const top = (item) => item.offsetTop - chat.list.offsetTop;
  const question = shown.previousElementSibling;
  const fits = question?.classList.contains("message--citizen") && top(shown) - top(question) < chat.log.clientHeight / 3;
  chat.log.scrollTop = top(fits ? question : shown);
}
