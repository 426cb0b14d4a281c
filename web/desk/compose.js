// The box: a text waits five seconds before it goes out, so that it can be taken back. Ctrl+Enter sends at once.
const UNDO_MS = 5000;
const TYPING_EVERY_MS = 3000;

export function compose(form, complain) {
  const part = (name) => document.querySelector(`[data-undo${name}]`);
  const base = `/desk/conversations/${form.dataset.id}`;
  const box = { form, base, complain, pending: null, failed: null, typed: 0, bar: part(""), shown: part("-text"), status: part("-status") };
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.id !== "send") return;
    event.preventDefault();
    submit(box, UNDO_MS);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (field(box).value.trim()) submit(box, 0);
    else flush(box);
  });
  form.addEventListener("input", () => typing(box));
  part("-back").addEventListener("click", () => undo(box));
  part("-now").addEventListener("click", () => {
    flush(box);
    field(box).focus();
  });
  window.addEventListener("pagehide", () => flush(box));
  window.addEventListener("load", () => keepEarly(box));
}

// The element is replaced whenever something is put into it.
const field = (box) => box.form.querySelector("[data-text]");

// What was typed before the scripts were there is kept as a draft, too.
function keepEarly(box) {
  if (field(box).value !== field(box).defaultValue) field(box).dispatchEvent(new Event("input", { bubbles: true }));
}

function submit(box, wait) {
  const text = field(box).value;
  if (!text.trim()) {
    box.status.textContent = box.form.dataset.empty;
    field(box).focus();
    return;
  }
  flush(box);
  const id = box.failed?.text === text ? box.failed.id : uuid();
  box.failed = null;
  box.typed = 0;
  box.pending = { text, id, timer: setTimeout(() => flush(box), wait) };
  field(box).value = "";
  if (!wait) return flush(box);
  box.shown.textContent = text;
  box.bar.hidden = false;
  box.status.textContent = box.form.dataset.pending;
  field(box).focus();
}

// Sends what waits. The draft on the server goes when the message has arrived, not before.
async function flush(box) {
  const sending = take(box);
  if (!sending) return;
  const answer = await post(box, "messages", { client_id: sending.id, text: sending.text }).catch(() => null);
  if (answer?.ok) {
    box.status.textContent = box.form.dataset.sent;
    return;
  }
  restore(box, sending.text);
  box.failed = sending;
  box.status.textContent = box.form.dataset.failed;
  if (answer) box.complain(await answer.text());
}

function undo(box) {
  const taken = take(box);
  if (!taken) return;
  restore(box, taken.text);
  box.status.textContent = box.form.dataset.undone;
  field(box).focus();
}

function take(box) {
  const taken = box.pending;
  if (!taken) return null;
  clearTimeout(taken.timer);
  box.pending = null;
  if (box.bar.contains(document.activeElement)) field(box).focus();
  box.bar.hidden = true;
  return taken;
}

function restore(box, text) {
  const written = field(box).value;
  field(box).value = written.trim() ? `${text}\n\n${written}` : text;
  field(box).dispatchEvent(new Event("input", { bubbles: true }));
}

function typing(box) {
  const now = Date.now();
  if (now - box.typed < TYPING_EVERY_MS || !field(box).value.trim()) return;
  box.typed = now;
  post(box, "typing", {}).catch(() => null);
}

function post(box, what, fields) {
  const body = new URLSearchParams({ csrf: box.form.elements.csrf.value, ...fields });
  return fetch(`${box.base}/${what}`, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true });
}

// crypto.randomUUID exists only on https and localhost; a desk in a local network may be neither.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
