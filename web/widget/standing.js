// How a conversation stands between machine and human, event by event: the same as gateway/pages/standing.py.
import { fill } from "./texts.js";

export function fresh() {
  return { state: "bot", waiting: "", cancel: "", callback: "", over: false };
}

export function data(event) {
  return event.answer?.data || {};
}

// Takes up the next event; returns the line that tells of a new state, "" where nothing changed for the citizen.
export function take(standing, event, texts) {
  if (event.type === "message") {
    hear(standing, event);
    return "";
  }
  const before = standing.state;
  standing.state = event.state;
  standing.over = ["bot", "closed"].includes(event.state) && (standing.over || before === "advisor");
  standing.waiting = event.state === "queued" ? place(event, texts.chat.states) : "";
  if (event.state === "advisor") standing.callback = "";
  return line(before, standing, texts.chat.states);
}

// The first button of the message about the queue gives the place up (gateway/handoff/arranging.py).
function hear(standing, event) {
  const step = data(event).step;
  if (step === "queued") {
    standing.cancel = event.buttons?.[0]?.payload || standing.cancel;
  } else if (step === "contact") {
    standing.callback = "asked";
  } else if (step === "offer") {
    standing.callback ||= "offered";
  } else if (step === "taken") {
    standing.callback = "";
  }
}

function line(before, { state, waiting }, words) {
  if (before === state) return "";
  if (state === "queued") return waiting;
  return before === "queued" && state !== "advisor" ? words.waited : words[state];
}

function place({ position, wait_s: wait }, words) {
  if (position == null) return words.queued;
  if (wait == null) return fill(words.queued_place, { position });
  const number = Math.max(1, Math.ceil(wait / 60));
  const minutes = number === 1 ? words.minute : fill(words.minutes, { number });
  return fill(words.queued_wait, { position, minutes });
}
