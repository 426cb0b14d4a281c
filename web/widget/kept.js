// What stays on the device after the chat was opened: for this tab only, unless the person chose „Auf diesem Gerät merken“.
const KEY = "quartierslotse";
const PLACES = { tab: () => sessionStorage, device: () => localStorage };
const handled = new Set(); // messages that this tab has had in its hands
let unkept = {}; // where the browser keeps nothing, the page itself remembers
let place = "tab"; // the other one may hold the record of another tab

export function recall() {
  const ofTab = read("tab");
  const found = ofTab || read("device");
  if (found && !ofTab) place = "device";
  handle(found);
  return found || unkept;
}

export function keep(record) {
  if (isDisplaced(record)) record.remember = false;
  unkept = record;
  const wanted = record.remember ? "device" : "tab";
  if (wanted !== place) leave(record);
  place = wanted;
  write(place, JSON.stringify(place === "device" ? withOthers(record) : record));
}

export function forget(record) {
  unkept = {};
  leave(record);
  place = "tab";
}

// Tells when another tab has changed what the device remembers.
export function watch(changed) {
  addEventListener("storage", ({ key }) => (key ?? KEY) === KEY && changed());
}

// The device does not remember this conversation any more: another tab ended that, or remembers one of its own.
export function isDisplaced(record) {
  if (place !== "device") return false;
  const there = read("device");
  return !there || (Boolean(there.conversation) && there.conversation.id !== record.conversation?.id);
}

function leave(record) {
  if (!isDisplaced(record)) write(place, null);
}

// Two tabs may have the same conversation: the record also keeps the messages that the other one has not sent yet.
function withOthers(record) {
  handle(record);
  const there = read("device");
  if (there?.conversation?.id !== record.conversation?.id) return record;
  const others = (there?.outbox || []).filter((item) => !handled.has(item.client_id));
  return { ...record, outbox: [...(record.outbox || []), ...others] };
}

function handle(record) {
  record?.outbox?.forEach((item) => handled.add(item.client_id));
}

function read(name) {
  try {
    return JSON.parse(PLACES[name]().getItem(KEY));
  } catch {
    return null;
  }
}

function write(name, text) {
  try {
    if (text) PLACES[name]().setItem(KEY, text);
    else PLACES[name]().removeItem(KEY);
  } catch { /* the browser keeps nothing: see `unkept` */ }
}
