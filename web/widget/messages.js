// Events as elements: who speaks, when, what, on which sources it rests, and what can be done with it.
import { button, link, make } from "./dom.js";
import { plan } from "./funding.js";
import { data } from "./standing.js";
import { fill } from "./texts.js";

export function message(event, chat) {
  const { texts } = chat;
  const told = data(event);
  const sources = (event.answer?.sources || []).map((source) => [stand(source, texts), source.url]);
  const links = (told.links || []).map((one) => [one.title, one.url]);
  // While somebody waits, the ways out of it stand beside the chat.
  const offered = told.step === "queued" ? [] : event.buttons || [];
  const buttons = offered.map(({ title, payload }) => [title, () => chat.press(title, { payload })]);
  return make("li", { class: `message message--${event.from}`, id: `n${event.seq}` },
    who(event, texts),
    make("p", { class: "message__text", text: event.text }),
    told.case && caseNumber(told.case, texts),
    told.plans && plan(told, texts),
    ...linkList(texts.chat.sources, sources),
    ...linkList(texts.chat.links, links),
    buttons.length ? choices(texts.chat.choices, buttons) : null);
}

// The citizen's own words, at once; the server's event takes their place later.
export function own(item, texts) {
  const event = { from: "citizen", at: new Date().toISOString() };
  return make("li", { class: "message message--citizen message--pending", "data-client": item.client_id },
    who(event, texts), make("p", { class: "message__text", text: item.shown }));
}

// Before a conversation there is no event: the greeting is ours, and stores nothing.
export function greeting(chat) {
  const { texts } = chat;
  const topics = texts.bot.topics.map((topic, number) => [topic.title, () => chat.press(topic.title, null, number)]);
  return make("li", { class: "message message--bot" },
    make("p", { class: "message__who", text: texts.speakers.bot }),
    make("p", { class: "message__text", text: texts.bot.greeting }),
    make("p", {}, link(texts.pages.datenschutz.title, `${chat.api.origin}/datenschutz${chat.isSimple ? "?sprache=einfach" : ""}`)),
    choices(texts.chat.topics, topics));
}

// The line that tells who answers from now on.
export function stateLine(event, text) {
  return make("li", { class: "state", id: `n${event.seq}`, text });
}

// 2026 · Januar 2026 · 14. August 2026
export function inWords(day) {
  const [year, month, date] = day.split("-").map(Number);
  const shown = { year: "numeric", month: month && "long", day: date && "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, (month || 1) - 1, date || 1)).toLocaleDateString("de-DE", shown);
}

function who(event, texts) {
  const at = new Date(event.at);
  const shown = { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" };
  const time = make("time", { datetime: event.at, text: `${at.toLocaleString("de-DE", shown)} Uhr` });
  return make("p", { class: "message__who" }, `${texts.speakers[event.from]} `, time);
}

// The number under which the desk knows the matter.
function caseNumber(number, texts) {
  return make("p", { class: "message__case" }, `${texts.chat.case}: `, make("strong", { text: String(number).slice(0, 8) }));
}

export function stand(source, texts) {
  return `${source.title}, ${source.as_of ? fill(texts.chat.as_of, { as_of: inWords(source.as_of) }) : texts.chat.as_of_unknown}`;
}

function linkList(label, pairs) {
  if (!pairs.length) return [];
  const items = pairs.map((pair) => make("li", {}, link(...pair)));
  return [make("p", { class: "message__label", text: label }), make("ul", { class: "message__sources" }, ...items)];
}

function choices(label, pairs) {
  const buttons = pairs.map(([title, press]) => button(title, (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") !== "true") press();
  }, { class: "choice" }));
  return make("div", { class: "message__choices", role: "group", "aria-label": label }, ...buttons);
}
