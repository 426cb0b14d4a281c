// Follows a conversation until it ends: by stream, by long poll where streams do not come through, always from the last seen event on.
const RETRY_MS = [100, 1000, 2000, 5000, 10_000];
const FIRST_BYTE_MS = 8000;
const SILENCE_MS = 40_000; // the server's heartbeat comes every 15 s
const POLL_S = 25;
const POLLS_BEFORE_STREAM = 12;

// `on`: seq(), event(event), typing(is), connected(), lost(), gone(). Ends when `signal` aborts, or the conversation is gone.
export async function follow(request, on, signal) {
  const way = { barren: 0, polls: 0, tries: 0 };
  while (!signal.aborted) {
    try {
      const isPolling = way.barren >= 2;
      await (isPolling ? poll : stream)(request, on, way, signal);
    } catch (problem) {
      if (signal.aborted) return;
      if (problem.isGone) return on.gone();
    }
    if (signal.aborted) return;
    if (way.tries === 1) on.lost();
    await pause(RETRY_MS[Math.min(way.tries, RETRY_MS.length - 1)] * (0.8 + 0.4 * Math.random()), signal);
    way.tries += 1;
  }
}

async function stream(request, on, way, signal) {
  const cut = new AbortController();
  const stop = () => cut.abort();
  signal.addEventListener("abort", stop);
  let watch = setTimeout(() => { way.barren = 2; stop(); }, FIRST_BYTE_MS);
  const alive = () => { clearTimeout(watch); watch = setTimeout(stop, SILENCE_MS); };
  way.barren += 1; // taken back by the first event, or by a stream that lived
  try {
    const response = await request("GET", `/stream?after=${on.seq()}`, null, cut.signal);
    on.connected();
    await read(response, on, way, alive);
  } finally {
    clearTimeout(watch);
    signal.removeEventListener("abort", stop);
  }
}

async function read(response, on, way, alive) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const began = Date.now();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    if (Date.now() - began > SILENCE_MS) way.barren = way.tries = 0;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) deliver(part, on, way);
  }
}

function deliver(part, on, way) {
  const fields = Object.fromEntries(part.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  }));
  if (!fields.data) return;
  const data = JSON.parse(fields.data);
  if (fields.event === "typing") return on.typing(data.typing);
  way.barren = way.tries = 0;
  on.event(data);
}

// One long poll after the other; after a while the stream is tried once more.
async function poll(request, on, way, signal) {
  for (way.polls = 0; way.polls < POLLS_BEFORE_STREAM; way.polls += 1) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]);
    const answer = await (await request("GET", `/events?after=${on.seq()}&wait=${way.polls ? POLL_S : 0}`, null, limit)).json();
    on.connected();
    way.tries = 0;
    answer.events.forEach(on.event);
  }
  way.barren = 1;
}

function pause(ms, signal) {
  return new Promise((go) => {
    const timer = setTimeout(go, ms);
    const now = () => { clearTimeout(timer); go(); };
    signal.addEventListener("abort", now, { once: true });
    addEventListener("online", now, { once: true });
  });
}
