// A result of the funding finder as a compact plan: groups, amounts, deadlines, sum. Everything else stands on the finder's page.
import { make } from "./dom.js";
import { inWords } from "./messages.js";
import { fill } from "./texts.js";

const FOLDED = ["no_round", "open"];
const SHOWN = 4;

export function plan(told, texts) {
  const words = texts.chat.plan;
  const names = told.titles || {};
  const [best] = told.plans;
  const of = (group) => told.results.filter((found) => found.group === group && names[found.programme]);
  const title = (group) => `${words.groups[group]} (${of(group).length})`;
  const now = of("now").length ? [make("p", { class: "message__label", text: title("now") }), programmes(of("now"), names, words)] : [];
  const folded = FOLDED.filter((group) => of(group).length).map((group) => make("details", {},
    make("summary", { text: title(group) }), programmes(of(group), names, words)));
  return make("div", { class: "plan" }, ...now, best?.items.length ? sums(best, names, words) : null, ...folded,
    make("p", { class: "plan__duty", text: words.not_binding }));
}

function programmes(found, names, words) {
  const lines = found.slice(0, SHOWN).map((one) => make("li", {}, make("strong", { text: names[one.programme] }), ...facts(one, words)));
  const more = found.length > SHOWN ? make("li", { class: "plan__more", text: fill(words.more, { count: found.length - SHOWN }) }) : null;
  return make("ul", { class: "plan__list" }, ...lines, more);
}

// A date is the last day of a round that runs, the day on which the next one opens, or a deadline that nobody has confirmed yet.
function facts({ amount_eur: amount, next_date: day, next_kind: kind }, words) {
  const most = amount ? fill(words.up_to, { amount: euro(amount.max) }) : words.amount_open;
  const when = { last: words.by, opens: words.from, expected: words.expected }[kind];
  const said = [most, day && when && fill(when, { day: inWords(day) })];
  return said.filter(Boolean).map((text) => make("span", { class: "plan__fact", text }));
}

function sums(best, names, words) {
  const rows = best.items.map((item) => row(names[item.programme] || item.programme, item.eur,
    item.apply_by && fill(words.by, { day: inWords(item.apply_by) }), words));
  const totals = ["total", "third_party", "own_share", "gap"].map((key) => [key, best[`${key}_eur`]]);
  const summed = totals.filter(([key, eur]) => key === "total" || eur).map(([key, eur]) => row(words.sums[key], eur, "", words));
  summed.forEach((one) => one.classList.add("plan__sum"));
  return make("table", { class: "plan__table" }, make("caption", { text: words.title }), make("tbody", {}, ...rows, ...summed));
}

function row(title, eur, note, words) {
  return make("tr", {}, make("th", { scope: "row", text: title }, note ? make("span", { class: "plan__fact", text: note }) : null),
    make("td", { text: eur == null ? words.amount_open : euro(eur) }));
}

function euro(amount) {
  return `${amount.toLocaleString("de-DE")} €`;
}
