// Events as elements, the same markup as the server's template. Texts are set as text, never as markup.
import { data } from "./standing.js";

const SHOWN = /^(https?:\/\/|mailto:|tel:|\/)/;

export function message(event, texts, press) {
  const item = element("li", `message message--${event.from}`);
  item.id = `n${event.seq}`;
  const who = element("p", "message__who", `${texts.speakers[event.from]} `);
  const time = element("time", "", clock(event.at));
  time.dateTime = event.at;
  who.append(time);
  item.append(who, element("p", "message__text", event.text));
  const answer = event.answer || {};
  item.append(...caseNumber(data(event), texts));
  item.append(...links(texts.chat.sources, (answer.sources || []).map((source) => [stand(source, texts), source.url])));
  item.append(...links(texts.chat.links, (data(event).links || []).map((link) => [link.title, link.url])));
  // While somebody waits, the ways out of it stand beside the chat.
  if (event.buttons && event.buttons.length && data(event).step !== "queued") item.append(choices(event.buttons, texts, press));
  return item;
}

// The line that tells who answers from now on.
export function stateLine(event, text) {
  const item = element("li", "state", text);
  item.id = `n${event.seq}`;
  return item;
}

// The number under which the desk knows the matter, where the answer names one.
function caseNumber(told, texts) {
  if (!told.case) return [];
  const line = element("p", "message__case", `${texts.chat.case}: `);
  line.append(element("strong", "", String(told.case).slice(0, 8)));
  return [line];
}

function stand(source, texts) {
  const asOf = source.as_of ? texts.chat.as_of.replace("{as_of}", inWords(source.as_of)) : texts.chat.as_of_unknown;
  return `${source.title}, ${asOf}`;
}

// 2026 · Januar 2026 · 14. August 2026
function inWords(asOf) {
  const [year, month, day] = asOf.split("-").map(Number);
  const shown = { year: "numeric", month: month && "long", day: day && "numeric", timeZone: "UTC" };
  return new Date(Date.UTC(year, (month || 1) - 1, day || 1)).toLocaleDateString("de-DE", shown);
}

function links(label, pairs) {
  if (!pairs.length) return [];
  const list = element("ul", "message__sources");
  for (const [title, url] of pairs) {
    const item = element("li");
    if (url && SHOWN.test(url)) {
      const link = element("a", "", title);
      link.href = url;
      link.rel = "noreferrer";
      item.append(link);
    } else {
      item.textContent = title;
    }
    list.append(item);
  }
  return [element("p", "message__label", label), list];
}

function choices(buttons, texts, press) {
  const group = element("div", "message__choices");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", texts.chat.choices);
  for (const button of buttons) {
    const choice = element("button", "", button.title);
    choice.type = "button";
    choice.addEventListener("click", () => {
      if (choice.getAttribute("aria-disabled") !== "true") press(button.payload);
    });
    group.append(choice);
  }
  return group;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function clock(at) {
  const [date, time] = at.split("T");
  const [year, month, day] = date.split("-");
  return `${day}.${month}.${year}, ${time.slice(0, 5)} Uhr`;
}
