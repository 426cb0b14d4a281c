// Makes the chat form live: no page loads, answers as they come. Without this file the form works by itself.
import * as api from "./api.js";
import * as contact from "./callback.js";
import { show } from "./log.js";
import { rating } from "./rating.js";
import { fresh } from "./standing.js";
import { waiting } from "./waiting.js";

const RETRY_MS = [1000, 2000, 5000, 10000];
const ALIVE_MS = 8000;
const section = document.querySelector("#chat");
if (section && !("formSession" in section.dataset)) start(section);

async function start(section) {
  const texts = await (await fetch("/web/shared/texts.de.json")).json();
  const part = (name) => section.querySelector(`[data-${name}]`);
  const chat = { texts, log: part("log"), list: part("messages"), status: part("status"), error: part("error"),
    form: part("form"), send: part("send"), tools: part("tools"), field: part("form").querySelector("textarea"),
    greeting: part("greeting"), conversation: api.kept(), seq: 0, busy: false, stop: null, standing: fresh(), pressed: false, alive: 0 };
  chat.panels = panels(chat, part);
  chat.form.noValidate = true;
  chat.form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(chat, event.submitter);
  });
  chat.field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit(chat, chat.send);
    }
  });
  chat.field.addEventListener("input", () => alive(chat));
  section.querySelectorAll("[data-tool=save]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    save(chat);
  }));
  if (chat.conversation) begin(chat);
}

// What stands beside the chat on the way to a human and back; each part is called with every event.
function panels(chat, part) {
  const lost = () => lose(chat);
  return [
    waiting(chat, part("waiting"), (payload) => press(chat, payload), () => contact.open(chat, part("callback"))),
    contact.callback(chat, part("callback"), lost),
    rating(chat, part("rating"), lost),
  ];
}

function press(chat, payload) {
  chat.pressed = true;
  return say(chat, () => ({ payload }));
}

async function submit(chat, pressed) {
  chat.pressed = Boolean(pressed?.name);
  if (pressed && pressed.dataset.tool === "erase") return erase(chat);
  if (pressed && pressed.dataset.tool === "language") return changeLanguage(chat, pressed);
  if (pressed && pressed.name === "topic") return say(chat, (greeting) => ({ payload: greeting[0].buttons[pressed.value].payload }));
  const text = chat.field.value;
  if (!text.trim()) return fail(chat, chat.texts.chat.empty);
  if (await say(chat, () => ({ text }))) chat.field.value = "";
}

// Sends a message; the conversation is opened with the first one, so that looking at the page stores nothing.
async function say(chat, content) {
  if (chat.busy) return false;
  busy(chat, true);
  try {
    let greeting = [];
    if (!chat.conversation) {
      const opened = await api.open("de");
      chat.conversation = opened.conversation;
      greeting = opened.greeting;
      begin(chat);
    }
    const body = { client_id: crypto.randomUUID(), ...content(greeting) };
    await api.call(chat.conversation, "POST", "/messages", body);
    chat.error.textContent = "";
    chat.log.scrollIntoView({ block: "nearest" });
    return true;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 404) end(chat);
    fail(chat, problem instanceof api.Refusal && problem.message ? problem.message : chat.texts.chat.failed);
    return false;
  } finally {
    busy(chat, false);
  }
}

// Follows the conversation until it ends; a broken connection is taken up again where it broke.
async function begin(chat) {
  chat.stop = new AbortController();
  const { signal } = chat.stop;
  chat.tools.hidden = false;
  if (chat.greeting?.contains(document.activeElement)) chat.log.focus();
  chat.greeting?.remove();
  let tries = 0;
  while (!signal.aborted) {
    try {
      await api.listen(chat.conversation, chat.seq, {
        open: () => {
          if (tries) chat.status.textContent = chat.texts.chat.connected;
          tries = 0;
        },
        event: (event) => show(chat, event, (payload) => press(chat, payload)),
        typing: (typing) => { chat.status.textContent = typing ? writer(chat) : ""; },
      }, signal);
    } catch (problem) {
      if (signal.aborted) return;
      if (problem.status === 401 || problem.status === 404) return lose(chat);
    }
    if (signal.aborted) return;
    if (tries === 1) chat.status.textContent = chat.texts.chat.lost;
    await new Promise((go) => setTimeout(go, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]));
    tries += 1;
  }
}

// While an advisor waits, writing is a sign of life; what is written stays here until it is sent.
function alive(chat) {
  if (chat.standing.state !== "advisor" || Date.now() - chat.alive < ALIVE_MS) return;
  chat.alive = Date.now();
  api.send(chat.conversation, "POST", "/typing").catch(() => {});
}

function writer(chat) {
  return chat.standing.state === "advisor" ? chat.texts.chat.advisor_typing : chat.texts.chat.typing;
}

async function save(chat) {
  const response = await api.send(chat.conversation, "GET", "/transcript");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = "gespraech.txt";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function erase(chat) {
  try {
    await api.call(chat.conversation, "DELETE", "");
  } catch (problem) {
    if (problem.status !== 404) return fail(chat, problem.message || chat.texts.chat.failed);
  }
  end(chat);
  chat.list.replaceChildren(...[chat.greeting].filter(Boolean));
  chat.status.textContent = chat.texts.chat.erased;
}

async function changeLanguage(chat, button) {
  const language = button.value;
  try {
    await api.call(chat.conversation, "PATCH", "", { language });
  } catch (problem) {
    return fail(chat, problem.message || chat.texts.chat.failed);
  }
  const simple = language === "de-simple";
  button.value = simple ? "de" : "de-simple";
  button.textContent = simple ? chat.texts.chat.standard : chat.texts.chat.simple;
  chat.status.textContent = simple ? chat.texts.chat.simple_on : chat.texts.chat.simple_off;
}

// The conversation is no more, or it is not ours.
function lose(chat) {
  end(chat);
  chat.status.textContent = chat.texts.chat.ended;
}

function end(chat) {
  chat.stop?.abort();
  api.forget();
  chat.conversation = null;
  chat.seq = 0;
  chat.standing = fresh();
  chat.panels.forEach((update) => update());
  chat.tools.hidden = true;
}

function busy(chat, is) {
  chat.busy = is;
  chat.send.setAttribute("aria-disabled", String(is));
}

function fail(chat, text) {
  chat.error.textContent = text;
}
