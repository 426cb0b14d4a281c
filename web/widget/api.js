// The public contract as a few functions. The token travels in a header, never in an address; no cookies.
export class Refusal extends Error {
  constructor(status, message, field) {
    super(message);
    this.status = status;
    this.field = field;
  }

  // The conversation was erased, or its token is not valid any more.
  get isGone() {
    return this.status === 401 || this.status === 404;
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
    const refusal = await response.json().catch(() => ({}));
    throw new Refusal(response.status, refusal.message, refusal.field);
  }

  async function call(...request) {
    const response = await send(...request);
    return response.status === 204 ? null : response.json();
  }

  return {
    origin: origin.replace(/\/+$/, ""),
    send,
    call,
    open: (language) => call(null, "POST", "/conversations", { channel: "web", language }),
    status: () => call(null, "GET", "/status"),
  };
}
