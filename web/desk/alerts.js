// Sound and browser notification for a new entry of the queue: off until the advisor switches them on, in this browser.
const KEY = "beratungsplatz.";
const on = (name) => localStorage.getItem(KEY + name) === "on";
const SHOWN_MS = 10_000;
let audio = null;

export function watch(live) {
  const panel = document.querySelector("[data-alerts]");
  if (panel) offer(panel);
  return () => {
    if (live) showBriefly(live);
    if (on("sound")) beep();
    if (on("notify") && "Notification" in window && Notification.permission === "granted") new Notification(live.dataset.queued);
  };
}

function showBriefly(live) {
  live.textContent = live.dataset.queued;
  setTimeout(() => { if (live.textContent === live.dataset.queued) live.textContent = ""; }, SHOWN_MS);
}

function offer(panel) {
  panel.hidden = false;
  for (const button of panel.querySelectorAll("[data-alert]")) {
    show(button);
    button.addEventListener("click", async () => {
      const name = button.dataset.alert;
      const wanted = !on(name) && (name !== "notify" || (await allowed(panel)));
      localStorage.setItem(KEY + name, wanted ? "on" : "off");
      if (wanted && name === "sound") beep();
      show(button);
    });
  }
}

function show(button) {
  const state = button.querySelector("[data-on]");
  const pressed = on(button.dataset.alert);
  button.setAttribute("aria-pressed", String(pressed));
  state.textContent = pressed ? state.dataset.on : state.dataset.off;
}

async function allowed(panel) {
  const granted = "Notification" in window && (await Notification.requestPermission()) === "granted";
  const told = panel.querySelector("[data-denied]");
  told.textContent = granted ? "" : told.dataset.denied;
  return granted;
}

// Two short tones, made here: no file to load.
function beep() {
  audio ??= new AudioContext();
  audio.resume();
  for (const [number, tone] of [660, 880].entries()) {
    const wave = audio.createOscillator();
    const volume = audio.createGain();
    const begins = audio.currentTime + number * 0.18;
    wave.frequency.value = tone;
    volume.gain.setValueAtTime(0.15, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.16);
    wave.connect(volume).connect(audio.destination);
    wave.start(begins);
    wave.stop(begins + 0.17);
  }
}
