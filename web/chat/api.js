// The public contract as a few functions. The token is kept for this tab only and travels in a header, never in an address.
const KEPT = "quartierslotse";
const BASE = "/api/v1/conversations";

export class Refusal extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

export function forget() {
  sessionStorage.removeItem(KEPT);
}

export async function open(language) {
  const opened = await call(null, "POST", "", { channel: "web", language });
  const conversation = { id: opened.conversation, token: opened.token, language };
  keep(conversation);
  return { conversation, greeting: opened.greeting };
}

export function keep(conversation) {
  sessionStorage.setItem(KEPT, JSON.stringify(conversation));
}

export async function call(conversation, method, path, body, signal) {
  const response = await send(conversation, method, path, body, signal);
  return response.status === 204 ? null : response.json();
}

export async function send(conversation, method, path, body, signal) {
  const headers = conversation ? { Authorization: `Bearer ${conversation.token}` } : {};
  if (body) headers["Content-Type"] = "application/json";
  const address = conversation ? `${BASE}/${conversation.id}${path}` : BASE;
  const response = await fetch(address, { method, headers, body: body && JSON.stringify(body), signal });
  if (!response.ok) {
    const refusal = await response.json().catch(() => ({}));
    throw new Refusal(response.status, refusal.message, refusal.field);
  }
  return response;
}

// Reads the stream and calls `on.event`, `on.typing` and `on.open`; returns when the connection ends.
export async function listen(conversation, after, on, signal) {
  const response = await send(conversation, "GET", `/stream?after=${after}`, null, signal);
  on.open();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) deliver(part, on);
  }
}

function deliver(part, on) {
  const fields = Object.fromEntries(part.split("\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  }));
  if (!fields.data) return;
  const data = JSON.parse(fields.data);
  if (fields.event === "typing") on.typing(data.typing);
  else on.event(data);
}
