// One chat: what it knows of its conversation, and what happens to it. How it looks is told by the other modules.
import { Refusal } from "./api.js";
import { doors } from "./doors.js";
import { download, focused } from "./dom.js";
import { follow } from "./follow.js";
import { build } from "./frame.js";
import { forget, isDisplaced, keep, recall, watch } from "./kept.js";
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
  questions((text) => chat.prepare(text));
  watch(() => isDisplaced(chat.record) && chat.keep());
  if (chat.isPage) chat.opened();
  if (chat.record.conversation) chat.resume();
  else chat.sendUnsent();
  return chat;
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

  fail(text, isOfField = false) {
    this.view.error.textContent = text;
    this.view.field.setAttribute("aria-invalid", String(isOfField));
  }

  // What the service says of a problem; a browser's own words for one are in English.
  failBy(problem, otherwise = this.texts.chat.failed) {
    this.fail((problem instanceof Refusal && problem.message) || otherwise);
  }

  // Sending: shown at once, on its way by itself.

  // The same button twice while its message waits is one press.
  press(title, content, topic) {
    if (this.record.outbox?.some((item) => item.shown === title)) return;
    this.pressed = true;
    this.send({ shown: title, content, topic });
  }

  submit() {
    const text = this.view.field.value;
    if (!text.trim()) {
      this.fail(this.texts.chat.empty, true);
      this.view.field.focus();
      return;
    }
    this.pressed = false;
    this.view.field.value = "";
    this.send({ shown: text, content: { text } });
  }

  send(message) {
    const item = { client_id: newId(), ...message };
    this.fail("");
    this.view.show.own(item);
    this.outbox.add(item);
  }

  // The conversation; opened with the first message, so that looking at the chat creates nothing.
  async ready(limit) {
    const { record } = this;
    if (record.conversation) return record.conversation;
    const opened = await this.api.open(record.language || "de", limit);
    const conversation = { id: opened.conversation, token: opened.token };
    if (this.record !== record) {
      this.api.call(conversation, "DELETE", "").catch(() => {});
      throw new Error("erased while it was opened");
    }
    record.conversation = conversation;
    this.keep();
    opened.greeting.forEach((event) => this.take(event, true));
    this.begin();
    return conversation;
  }

  async topicPayload(number, limit) {
    const known = this.events.length ? this.events : await this.known(limit);
    return known[0].buttons[number].payload;
  }

  async known(limit) {
    return (await this.api.call(this.record.conversation, "GET", "/events?after=0", null, limit)).events;
  }

  sent(item, seq) {
    this.view.show.settle(item.client_id, seq);
    this.door.unreachable(false);
  }

  waits(item, problem) {
    if (problem.status !== 429) this.door.unreachable(true);
    this.view.show.waits(item.client_id);
  }

  refused(item, problem) {
    this.view.show.drop(item.client_id);
    this.giveBack([item]);
    this.failBy(problem);
  }

  // What cannot be sent is not lost: it stands in the field again, before what was written since.
  giveBack(items) {
    this.view.field.value = [...items.map((item) => item.content?.text), this.view.field.value].filter(Boolean).join("\n");
  }

  get unsent() {
    return this.record.outbox || [];
  }

  showUnsent() {
    this.unsent.forEach((item) => this.view.show.own(item));
  }

  sendUnsent() {
    this.showUnsent();
    return this.outbox.flush();
  }

  // Following: every event once, in order.

  async resume() {
    const { record } = this;
    const isOurs = () => this.record === record; // not erased meanwhile
    let events = [];
    try {
      events = await this.known();
    } catch (problem) {
      if (isOurs() && problem.isGone) return this.lose();
    }
    if (!isOurs()) return undefined;
    this.view.show.quietly(() => events.forEach((event) => this.take(event)));
    this.begin();
    return this.sendUnsent();
  }

  begin() {
    this.stop = new AbortController();
    const request = (...wanted) => this.api.send(this.record.conversation, ...wanted);
    let isLost = false;
    follow(request, {
      seq: () => this.seq,
      event: (event) => this.take(event) && this.hear(event),
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
    if (event.seq <= this.seq) return false;
    this.seq = event.seq;
    this.events.push(event);
    const told = take(this.standing, event, this.texts);
    if (!isShown) this.view.show.event(event, told);
    this.view.update(event);
    this.door.update();
    return true;
  }

  // What is new, not what is shown again. Who is not understood twice running is offered Einfache Sprache, once, here or by the answer.
  hear(event) {
    const outcome = event.answer?.outcome;
    if (outcome) this.misses = outcome === "not_understood" ? this.misses + 1 : 0;
    const language = data(event).language;
    if (language && language !== (this.record.language || "de")) this.speak(language);
    if (this.misses < MISSES || this.isSimple || this.record.offered) return;
    this.record.offered = true;
    this.keep();
    if (!(event.buttons || []).some((button) => button.title === this.texts.chat.simple)) this.view.offerSimple();
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

  // A question of the page comes into the field, but not over a draft of the person.
  prepare(text) {
    this.door.open();
    const { field } = this.view;
    if (!field.value.trim() || field.value === this.prepared) field.value = this.prepared = text;
    field.focus();
  }

  // What somebody has typed in the form that the chat replaces.
  takeOver({ text, focus }) {
    if (text) this.view.field.value = text;
    if (focus) this.view.field.focus();
  }

  // Language, and what the menu changes.

  async changeLanguage() {
    const language = this.isSimple ? "de" : "de-simple";
    try {
      if (this.record.conversation) await this.api.call(this.record.conversation, "PATCH", "", { language });
      await this.speak(language);
    } catch (problem) {
      return problem.isGone ? this.lose() : this.failBy(problem);
    }
    return this.view.language.focus();
  }

  async speak(language) {
    await this.readTexts(language);
    this.record.language = language;
    this.keep();
    const draft = this.view.field.value;
    const held = this.door.body.contains(focused(this.root));
    this.standing = fresh();
    build(this);
    if (this.events.length) this.view.show.quietly(() => this.events.forEach((event) => this.showAgain(event)));
    this.showUnsent();
    this.view.field.value = draft;
    if (held) this.view.field.focus();
    this.door.update();
    this.opened();
    this.say(this.isSimple ? this.texts.chat.simple_on : this.texts.chat.simple_off);
  }

  showAgain(event) {
    this.view.show.event(event, take(this.standing, event, this.texts));
    this.view.update(event);
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
      this.failBy(problem);
    }
  }

  async print() {
    try {
      await print(await (await this.transcript()).text(), this.texts.service.name);
    } catch (problem) {
      this.failBy(problem);
    }
  }

  // The end.

  get hasBegun() {
    return Boolean(this.record.conversation || this.unsent.length);
  }

  async erase() {
    try {
      if (this.record.conversation) await this.api.call(this.record.conversation, "DELETE", "");
    } catch (problem) {
      if (!problem.isGone) return this.failBy(problem, this.texts.chat.not_erased);
    }
    this.end(this.texts.chat.erased);
    return undefined;
  }

  // The conversation is no more, or it is not ours.
  lose() {
    this.giveBack(this.unsent);
    this.end(this.texts.chat.ended);
  }

  // What the person set for reading stays as long as the window is open; the conversation goes.
  end(told) {
    this.stop?.abort();
    const { size, contrast, language } = this.record;
    forget(this.record);
    this.record = { size, contrast, language };
    this.empty();
    const held = focused(this.root);
    const { field } = this.view;
    build(this);
    this.view.field.value = field.value;
    if (held === field) this.view.field.focus();
    else if (held) this.view.log.focus({ preventScroll: true });
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
