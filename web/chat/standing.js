// How a conversation stands between machine and human, event by event: the same as gateway/pages/standing.py.
export function fresh() {
  return { state: "bot", waiting: "", cancel: "", callback: "", over: false };
}

export function data(event) {
  return event.answer?.data || {};
}

// Takes up the next event; returns the line that tells of a new state, "" where nothing changed for the citizen.
export function take(standing, event, texts) {
  if (event.type === "message") {
    hear(standing, event, texts);
    return "";
  }
  const before = standing.state;
  standing.state = event.state;
  standing.over = ["bot", "closed"].includes(event.state) && (standing.over || before === "advisor");
  standing.waiting = event.state === "queued" ? place(event, texts.chat.states) : "";
  if (event.state === "advisor") standing.callback = "";
  return line(before, standing, texts.chat.states);
}

function hear(standing, event, texts) {
  const step = data(event).step;
  if (step === "queued") {
    const cancel = (event.buttons || []).find((button) => button.title === texts.handoff.buttons.cancel_handoff);
    standing.cancel = cancel?.payload || standing.cancel;
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
  if (wait == null) return words.queued_place.replace("{position}", position);
  const number = Math.max(1, Math.ceil(wait / 60));
  const minutes = number === 1 ? words.minute : words.minutes.replace("{number}", number);
  return words.queued_wait.replace("{position}", position).replace("{minutes}", minutes);
}
