// Messages on their way: one after the other, each with its client_id, so that a repeated one is never a second message.
import { Refusal } from "./api.js";

const PATIENCE_MS = 15_000; // a network that swallows an answer says nothing
const RETRY_MS = [1000, 3000, 8000, 15_000];

// Told to `chat`: sent(item, seq), waits(item, problem), refused(item, problem), lose(). Its ready() opens a conversation where there
// is none.
export function outbox(chat) {
  let running = false;
  let resting = false; // the service asked for patience
  let tries = 0;
  let timer;
  const queue = () => chat.record.outbox || [];

  function drop() {
    chat.record.outbox = queue().slice(1);
    chat.keep();
  }

  async function deliver(item) {
    const limit = AbortSignal.timeout(PATIENCE_MS);
    const conversation = await chat.ready(limit);
    const content = item.topic == null ? item.content : { payload: await chat.topicPayload(item.topic, limit) };
    const body = { client_id: item.client_id, ...content };
    const { seq } = await chat.api.call(conversation, "POST", "/messages", body, limit);
    return seq;
  }

  // A refusal concerns the message; anything else is the way there, and is tried again.
  function failed(item, problem) {
    if (problem.isGone) {
      chat.lose();
      return true;
    }
    if (problem instanceof Refusal && !problem.isPassing) {
      drop();
      chat.refused(item, problem);
      return true;
    }
    chat.waits(item, problem);
    resting = problem.waitMs > 0;
    timer = setTimeout(again, problem.waitMs || RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
    tries += 1;
    return false;
  }

  function again() {
    resting = false;
    flush();
  }

  async function flush() {
    if (running || resting) return;
    clearTimeout(timer);
    running = true;
    try {
      for (let item = queue()[0]; item; item = queue()[0]) {
        try {
          const seq = await deliver(item);
          if (queue()[0] !== item) continue; // the conversation was ended meanwhile; this one belongs to the next
          drop();
          tries = 0;
          chat.sent(item, seq);
        } catch (problem) {
          if (queue()[0] === item && !failed(item, problem)) return;
        }
      }
    } finally {
      running = false;
    }
  }

  addEventListener("online", flush);
  return {
    flush,
    add(item) {
      chat.record.outbox = [...queue(), item];
      chat.keep();
      flush();
    },
  };
}
