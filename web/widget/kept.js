// What stays on the device after the chat was opened: for this tab only, unless the person chose „Auf diesem Gerät merken“.
const KEY = "quartierslotse";
const PLACES = { tab: () => sessionStorage, device: () => localStorage };
let unkept = {}; // where the browser keeps nothing, the page itself remembers
let place = "tab"; // the other one may hold the record of another tab

export function recall() {
  const ofTab = read("tab");
  const found = ofTab || read("device");
  if (found && !ofTab) place = "device";
  return found || unkept;
}

export function keep(record) {
  unkept = record;
  const wanted = record.remember ? "device" : "tab";
  if (wanted !== place) write(place, null);
  place = wanted;
  write(place, JSON.stringify(record));
}

export function forget() {
  unkept = {};
  write(place, null);
  place = "tab";
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
