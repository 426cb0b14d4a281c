// What stays on the device after the chat was opened: for this tab only, unless the person chose „Auf diesem Gerät merken“.
const KEY = "quartierslotse";
const PLACES = { tab: () => sessionStorage, device: () => localStorage };
let unkept = {}; // where the browser keeps nothing, the page itself remembers

export function recall() {
  return read("tab") || read("device") || unkept;
}

export function keep(record) {
  unkept = record;
  const place = record.remember ? "device" : "tab";
  write(place, JSON.stringify(record));
  write(place === "tab" ? "device" : "tab", null);
}

export function forget() {
  unkept = {};
  write("tab", null);
  write("device", null);
}

function read(place) {
  try {
    return JSON.parse(PLACES[place]().getItem(KEY));
  } catch {
    return null;
  }
}

function write(place, text) {
  try {
    if (text) PLACES[place]().setItem(KEY, text);
    else PLACES[place]().removeItem(KEY);
  } catch { /* the browser keeps nothing: see `unkept` */ }
}
