// What can be done with an answer: copy it, rate it, and say that a sentence of it does not hold any more.
import { Refusal } from "./api.js";
import { button, isEscape, make } from "./dom.js";
import { stand } from "./messages.js";
import { field, mark, once } from "./panels.js";

const RATED = ["answer", "list", "funding", "out_of_scope"];

export function canBeRated(event) {
  return event.from === "bot" && RATED.includes(event.answer?.outcome);
}

export function feedback(event, chat) {
  const words = chat.texts.chat.feedback;
  const prefix = `feedback-${event.seq}`;
  const row = make("div", { class: "message__tools", role: "group", "aria-label": words.title });
  const thumb = (rating, title) => button(title, (pressed) => once(pressed.currentTarget, () => rate(rating)),
    { class: "quiet", "aria-pressed": "false", "data-rating": rating });
  const outdated = button(words.outdated, () => toggle(sentencesForm()), { class: "quiet", "aria-expanded": "false" });
  row.append(thumb("up", words.up), thumb("down", words.down), outdated);
  if (navigator.clipboard) row.append(button(words.copy, copy, { class: "quiet" }));
  const box = make("div", { class: "message__feedback", "aria-live": "off" }, row); // part of the log, but no news
  let form = null;

  function toggle(next) {
    form?.remove();
    form = form?.dataset.kind === next.dataset.kind ? null : next;
    if (form) box.append(form);
    outdated.setAttribute("aria-expanded", String(form?.dataset.kind === "outdated"));
    form?.querySelector("input, textarea").focus();
  }

  function opener(kind) {
    return kind === "outdated" ? outdated : row.querySelector(`[data-rating=${kind}]`);
  }

  // The thumb of an open form closes it: what was said with it stays said.
  async function rate(rating) {
    if (form?.dataset.kind === rating) {
      toggle(form);
      return;
    }
    if (!(await send({ rating }))) return;
    row.querySelectorAll("[data-rating]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.rating === rating)));
    chat.say(words.thanks);
    toggle(commentForm(rating));
  }

  function commentForm(rating) {
    return shown(rating, field(prefix, "comment", words.comment, comment(words.comment_hint)),
      (given) => (given.comment ? { rating, comment: given.comment } : null));
  }

  function sentencesForm() {
    const choices = sentences(event.text).map((sentence) => make("label", {},
      make("input", { type: "radio", name: "sentence", value: sentence, "aria-describedby": `${prefix}-error` }), ` ${sentence}`));
    const group = make("fieldset", {}, make("legend", { text: words.which }),
      make("p", { id: `${prefix}-error`, class: "chat__error" }), ...choices);
    return shown("outdated", [group, ...field(prefix, "comment", words.instead, comment(words.comment_hint))],
      (given) => (given.sentence ? { rating: "outdated", sentence: given.sentence, comment: given.comment } : null));
  }

  // `body`: what to send for the given fields; nothing where something is still missing.
  function shown(kind, parts, body) {
    const press = make("button", { class: "main", text: words.send });
    const made = make("form", { class: "feedback", novalidate: true, "data-kind": kind, "aria-label": words.title }, ...parts, press);
    made.addEventListener("submit", (submitted) => {
      submitted.preventDefault();
      once(press, async () => {
        const given = { comment: made.elements.comment.value.trim(), sentence: made.elements.sentence?.value };
        const content = body(given);
        const wanted = kind === "outdated" ? { sentence: words.no_sentence } : { comment: words.no_comment };
        if (mark(made, prefix, content ? {} : wanted)) return;
        if (!(await send(content))) return;
        toggle(made);
        chat.say(words.thanks);
        opener(kind).focus();
      });
    });
    made.addEventListener("keydown", (pressed) => {
      if (!isEscape(pressed)) return;
      pressed.preventDefault();
      pressed.stopPropagation(); // the window stays
      toggle(made);
      opener(kind).focus();
    });
    return made;
  }

  async function send(content) {
    try {
      await chat.api.call(chat.record.conversation, "POST", "/feedback", { seq: event.seq, ...content });
      return true;
    } catch (problem) {
      if (problem.isGone) chat.lose();
      else chat.fail((problem instanceof Refusal && problem.message) || words.failed);
      return false;
    }
  }

  async function copy() {
    const sources = (event.answer.sources || []).map((source) => `${stand(source, chat.texts)} ${source.url || ""}`.trim());
    const text = [event.text, ...sources].join("\n");
    await navigator.clipboard.writeText(text).then(() => chat.say(words.copied), () => chat.fail(words.no_copy));
  }
  return box;
}

function comment(hint) {
  return { kind: "textarea", rows: 2, maxlength: 2000, autocomplete: "off", hint };
}

// The sentences as they stand in the text; a point after a number or a short word ends none.
export function sentences(text) {
  return text.split(/\n|(?<=[\p{L}\p{N})“]{3}[.!?])\s+(?=[\p{Lu}„\d])/u).map((one) => one.trim()).filter(Boolean);
}
