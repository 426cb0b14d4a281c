// One chat: what it knows of its conversation, and what happens to it. How it looks is told by the other modules.
import { Refusal } from "./api.js";
import { doors } from "./doors.js";
import { download, focused } from "./dom.js";
import { follow } from "./follow.js";
import { build } from "./frame.js";
import { forget, keep, recall } from "./kept.js";
import { outbox } from "./outbox.js";
import { print } from "./print.js";
import { questions } from "./questions.js";
import { data, fresh, take } from "./standing.js";
import { loadTexts } from "./texts.js";

const ALIVE_MS = 8000;
const MISSES = 2;

export async function start(options) {
  const chat = new Chat(options);
  if (chat.record.language) await chat.readTexts(chat.record.language);
  chat.outbox = outbox(chat);
  chat.door = doors(chat);
  build(chat);
  chat.door.update();
  chat.view.field.value = options.draft.text;
  if (options.draft.focus) chat.view.field.focus();
  questions((text) => chat.prepare(text));
  if (chat.isPage) chat.opened();
  if (chat.record.conversation) chat.resume();
}

class Chat {
  constructor({ root, fallback, api, isPage, texts, tellsNotice }) {
    Object.assign(this, { root, fallback, api, isPage, texts, tellsNotice });
    this.record = recall();
    this.empty();
  }

  // A conversation that has not begun.
  empty() {
    Object.assign(this, { events: [], seq: 0, standing: fresh(), pressed: false, alive: 0, misses: 0, stop: null });
  }

  keep() {
    keep(this.record);
  }

  get isSimple() {
    return this.record.language === "de-simple";
  }

  say(text) {
    this.view.status.textContent = text;
  }

  fail(text) {
    this.view.error.textContent = text;
  }

  // Sending: shown at once, on its way by itself.

  press(title, content, topic) {
    if (!this.outbox.isEmpty()) return;
    this.pressed = true;
    this.send({ shown: title, content, topic });
  }

  submit() {
    const text = this.view.field.value;
    if (!text.trim()) return this.fail(this.texts.chat.empty);
    this.pressed = false;
    this.view.field.value = "";
    return this.send({ shown: text, content: { text } });
  }

  send(message) {
    const item = { client_id: newId(), ...message };
    this.fail("");
    this.view.show.own(item);
    this.outbox.add(item);
  }

  // The conversation; opened with the first message, so that looking at the chat creates nothing.
  async ready() {
    if (this.record.conversation) return this.record.conversation;
    const opened = await this.api.open(this.record.language || "de");
    this.record.conversation = { id: opened.conversation, token: opened.token };
    this.keep();
    opened.greeting.forEach((event) => this.take(event, true));
    this.begin();
    return this.record.conversation;
  }

  async topicPayload(number) {
    const known = this.events.length ? this.events : (await this.api.call(this.record.conversation, "GET", "/events?after=0")).events;
    return known[0].buttons[number].payload;
  }

  sent(item, seq) {
    this.view.show.settle(item.client_id, seq);
    this.door.unreachable(false);
  }

  waits(item) {
    this.door.unreachable(true);
    this.view.show.waits(item.client_id);
  }

  refused(item, problem) {
    this.view.show.drop(item.client_id);
    if (item.content?.text && !this.view.field.value) this.view.field.value = item.content.text;
    if (problem.isGone) this.lose();
    this.fail(problem.message || this.texts.chat.failed);
  }

  // Following: every event once, in order.

  async resume() {
    const pending = this.record.outbox || [];
    try {
      const known = await this.api.call(this.record.conversation, "GET", "/events?after=0");
      this.view.show.quietly(() => known.events.forEach((event) => this.take(event)));
    } catch (problem) {
      if (problem.isGone) return this.lose();
    }
    pending.filter((item) => this.record.outbox?.includes(item)).forEach((item) => this.view.show.own(item));
    this.begin();
    return this.outbox.flush();
  }

  begin() {
    this.stop = new AbortController();
    const request = (...wanted) => this.api.send(this.record.conversation, ...wanted);
    let isLost = false;
    follow(request, {
      seq: () => this.seq,
      event: (event) => this.take(event),
      typing: (is) => this.say(is ? this.writer() : ""),
      connected: () => {
        if (isLost) this.say(this.texts.chat.connected);
        isLost = false;
        this.door.unreachable(false);
        this.outbox.flush();
      },
      lost: () => {
        isLost = true;
        this.say(this.texts.chat.lost);
      },
      gone: () => this.lose(),
    }, this.stop.signal);
  }

  // `isShown`: the greeting stands there already.
  take(event, isShown = false) {
    if (event.seq <= this.seq) return;
    this.seq = event.seq;
    this.events.push(event);
    const told = take(this.standing, event, this.texts);
    if (!isShown) this.view.show.event(event, told);
    this.view.update(event);
    this.door.update();
    this.hear(event);
  }

  // Who is not understood twice is offered Einfache Sprache, once; not where the answer offers it itself.
  hear(event) {
    if (event.answer?.outcome === "not_understood") this.misses += 1;
    const language = data(event).language;
    if (language && language !== (this.record.language || "de")) this.speak(language);
    if (this.misses < MISSES || this.isSimple || this.record.offered) return;
    if ((event.buttons || []).some((button) => button.title === this.texts.chat.simple)) return;
    this.record.offered = true;
    this.keep();
    this.view.offerSimple();
  }

  writer() {
    return this.standing.state === "advisor" ? this.texts.chat.advisor_typing : this.texts.chat.typing;
  }

  // While an advisor waits, writing is a sign of life; what is written stays here until it is sent.
  writing() {
    if (this.standing.state !== "advisor" || Date.now() - this.alive < ALIVE_MS) return;
    this.alive = Date.now();
    this.api.send(this.record.conversation, "POST", "/typing").catch(() => {});
  }

  // The window.

  async opened() {
    this.seen();
    const status = await this.api.status().catch(() => null);
    if (status) this.view.tell(status);
  }

  seen() {
    if (this.record.read === this.seq || !this.record.conversation) return;
    this.record.read = this.seq;
    this.keep();
  }

  unread() {
    const said = (event) => event.type === "message" && event.from !== "citizen" && event.seq > (this.record.read || 0);
    return this.events.filter(said).length;
  }

  prepare(text) {
    this.door.open();
    this.view.field.value = text;
    this.view.field.focus();
  }

  // Language, and what the menu changes.

  async changeLanguage() {
    const language = this.isSimple ? "de" : "de-simple";
    try {
      if (this.record.conversation) await this.api.call(this.record.conversation, "PATCH", "", { language });
      await this.speak(language);
    } catch (problem) {
      if (problem.isGone) return this.lose();
      return this.fail(problem.message || this.texts.chat.failed);
    }
    return this.view.language.focus();
  }

  async speak(language) {
    await this.readTexts(language);
    this.record.language = language;
    this.keep();
    const draft = this.view.field.value;
    const held = focused(this.root) === this.view.field;
    this.standing = fresh();
    build(this);
    this.view.show.quietly(() => this.events.forEach((event) => {
      this.view.show.event(event, take(this.standing, event, this.texts));
      this.view.update(event);
    }));
    (this.record.outbox || []).forEach((item) => this.view.show.own(item));
    this.view.field.value = draft;
    if (held) this.view.field.focus();
    this.door.update();
    this.opened();
    this.say(this.isSimple ? this.texts.chat.simple_on : this.texts.chat.simple_off);
  }

  async readTexts(language) {
    this.texts = await loadTexts(this.api.origin, language);
  }

  set(changes) {
    Object.assign(this.record, changes);
    this.keep();
    this.door.dress();
  }

  async transcript() {
    return (await this.api.send(this.record.conversation, "GET", "/transcript")).blob();
  }

  async save() {
    try {
      download(await this.transcript(), "gespraech.txt");
    } catch (problem) {
      this.fail(problem.message || this.texts.chat.failed);
    }
  }

  async print() {
    try {
      await print(await (await this.transcript()).text(), this.texts.service.name);
    } catch (problem) {
      this.fail((problem instanceof Refusal && problem.message) || this.texts.chat.failed);
    }
  }

  // The end.

  async erase() {
    try {
      if (this.record.conversation) await this.api.call(this.record.conversation, "DELETE", "");
    } catch (problem) {
      if (!problem.isGone) return this.fail(problem.message || this.texts.chat.not_erased);
    }
    this.end(this.texts.chat.erased);
    return undefined;
  }

  // The conversation is no more, or it is not ours.
  lose() {
    this.end(this.texts.chat.ended);
  }

  // What the person set for reading stays as long as the window is open; the conversation goes.
  end(told) {
    this.stop?.abort();
    const { size, contrast, language } = this.record;
    forget();
    this.record = { size, contrast, language };
    this.empty();
    const held = focused(this.root) === this.view.field;
    const draft = this.view.field.value;
    build(this);
    this.view.field.value = draft;
    if (held) this.view.field.focus();
    else this.view.log.focus({ preventScroll: true });
    this.door.update();
    this.say(told);
  }
}

// Pages without HTTPS have no randomUUID.
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
