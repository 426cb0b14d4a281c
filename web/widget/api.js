// The public contract as a few functions. The token travels in a header, never in an address; no cookies.
export class Refusal extends Error {
  constructor(response, { error, message, field }) {
    super(message);
    Object.assign(this, { status: response.status, error, field });
    this.waitMs = 1000 * (Number(response.headers.get("Retry-After")) || 0);
  }

  // The conversation was erased, or its token is not valid any more: said by the service, not by something on the way to it.
  get isGone() {
    return this.error === "unauthorized" || this.error === "not_found";
  }

  // It is not about what was asked, but about this moment or the way there: the same may be asked again.
  get isPassing() {
    return !this.error || this.status === 429 || this.status >= 500;
  }
}

export function server(origin) {
  const base = `${origin.replace(/\/+$/, "")}/api/v1`;

  async function send(conversation, method, path, body, signal) {
    const headers = conversation ? { Authorization: `Bearer ${conversation.token}` } : {};
    if (body) headers["Content-Type"] = "application/json";
    const address = conversation ? `${base}/conversations/${conversation.id}${path}` : base + path;
    const response = await fetch(address, { method, headers, body: body && JSON.stringify(body), signal, credentials: "omit" });
    if (response.ok) return response;
    throw new Refusal(response, (await response.json().catch(() => null)) || {});
  }

  async function call(...request) {
    const response = await send(...request);
    return response.status === 204 ? null : response.json();
  }

  return {
    origin: origin.replace(/\/+$/, ""),
    send,
    call,
    open: (language, signal) => call(null, "POST", "/conversations", { channel: "web", language }, signal),
    status: () => call(null, "GET", "/status"),
  };
}
