// How the chat looks, as a sheet of its own: the page around it can neither break it nor needs to allow styles for it.
// Themes: the custom properties --ql-… that a page sets on the element (docs/widget.md).
import { DARK, LIGHT } from "./kern.js";

// High contrast knows two colours only.
const high = (ink, paper) => `
  --accent: ${ink}; --on-accent: ${paper}; --ink: ${ink}; --quiet: ${ink}; --paper: ${paper}; --ground: ${paper}; --own: ${paper};
  --line: ${ink}; --edge: ${ink}; --alarm: ${ink}; --notice: ${paper}; --stroke: 0.14em;`;

const COLOURS = `
  .ql { ${LIGHT} color-scheme: light; }
  @media (prefers-color-scheme: dark) { .ql { ${DARK} color-scheme: dark; } }
  .ql {
    --accent: var(--ql-accent, var(--kern-color-action-default));
    --on-accent: var(--ql-on-accent, var(--kern-color-action-on-default));
    --ink: var(--kern-color-layout-text-default);
    --quiet: var(--kern-color-layout-text-muted);
    --paper: var(--kern-color-layout-background-default);
    --ground: var(--kern-color-layout-background-hued);
    --own: var(--kern-color-darkblue-050);
    --line: var(--kern-color-layout-border);
    --edge: var(--kern-color-form-input-border);
    --alarm: var(--kern-color-feedback-danger);
    --notice: var(--kern-color-feedback-warning-background);
    --stroke: 0.08em;
    --radius: var(--ql-radius, 0.5em);
  }
  @media (prefers-color-scheme: dark) {
    .ql {
      --accent: var(--ql-accent-dark, var(--kern-color-action-default));
      --on-accent: var(--ql-on-accent-dark, var(--kern-color-action-on-default));
      --own: var(--kern-color-lightblue-900);
    }
  }
  .ql[data-contrast] { ${high("black", "white")} }
  @media (prefers-contrast: more) { .ql { ${high("black", "white")} } }
  @media (prefers-color-scheme: dark) { .ql[data-contrast] { ${high("white", "black")} } }
  @media (prefers-color-scheme: dark) and (prefers-contrast: more) { .ql { ${high("white", "black")} } }
`;

const BASE = `
  :host { all: initial !important; display: block !important; font-size: medium !important; }
  :host([hidden]) { display: none !important; }
  .ql, .ql * { box-sizing: border-box; }
  .ql { font: calc(1.0625em * var(--size, 1))/1.5 var(--ql-font, system-ui, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif);
    color: var(--ink); text-align: left; overflow-wrap: anywhere; }
  [hidden] { display: none !important; }
  h2, p, ol, ul, fieldset, form { margin: 0; padding: 0; border: 0; min-width: 0; }
  ol, ul { list-style: none; }
  a { color: var(--accent); text-underline-offset: 0.2em; padding-block: 0.2em; display: inline-block; }
  a:hover { text-decoration-thickness: 0.16em; }
  :focus-visible { outline: 0.19em solid var(--ink); outline-offset: 0.13em; box-shadow: 0 0 0 0.13em var(--paper); }
  .chat__status:focus-visible, .head__title:focus-visible { outline: none; box-shadow: none; }
  button { font: inherit; color: var(--accent); background: var(--paper); border: max(var(--stroke), 1px) solid var(--accent);
    border-radius: var(--radius); min-height: 44px; padding: 0.4em 0.9em; text-align: left; cursor: pointer; }
  button:hover { background: var(--ground); text-decoration: underline; }
  button.main { color: var(--on-accent); background: var(--accent); font-weight: 600; }
  button.main:hover { text-decoration: underline; }
  button[aria-pressed="true"] { color: var(--on-accent); background: var(--accent); }
  button[aria-disabled="true"] { border-style: dashed; cursor: default; text-decoration: none; }
  button.quiet { padding: 0.2em 0.5em; font-size: 0.85em; border-color: transparent; background: none; text-decoration: underline; }
  button.quiet[aria-pressed="true"] { background: var(--accent); text-decoration: none; }
  button.icon { min-width: 44px; text-align: center; font-size: 1.25em; line-height: 1; padding: 0; }
`;

const WINDOW = `
  .door { position: fixed; right: max(1em, env(safe-area-inset-right)); bottom: max(1em, env(safe-area-inset-bottom));
    z-index: var(--ql-layer, 2147483000); border-radius: 2em; padding: 0.7em 1.3em; box-shadow: 0 0.2em 0.8em rgb(0 0 0 / 35%); }
  /* light around dark: one of them is seen on any page */
  .door:focus-visible { box-shadow: 0 0 0 0.45em var(--paper); }
  .door__count { margin-left: 0.6em; background: var(--paper); color: var(--ink); border-radius: 1em; padding: 0.1em 0.55em; }
  .unseen { position: fixed; bottom: 0; right: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .unseen--told { bottom: 5.5em; right: 1em; width: auto; height: auto; clip-path: none; padding: 0.5em 0.9em; white-space: normal;
    background: var(--paper); border: max(var(--stroke), 1px) solid var(--edge); border-radius: var(--radius);
    z-index: var(--ql-layer, 2147483000); }
  .window { position: fixed; inset: auto 1em 1em auto; margin: 0; padding: 0; width: min(27em, 100vw - 2em); max-width: none;
    height: min(44em, 100dvh - 2em); max-height: none; border: max(var(--stroke), 1px) solid var(--edge);
    border-radius: calc(1.5 * var(--radius));
    background: var(--paper); color: inherit; z-index: var(--ql-layer, 2147483000); box-shadow: 0 0.4em 2em rgb(0 0 0 / 30%);
    overflow: hidden auto; scroll-padding: 0.5em; } /* with large text or on a small screen not everything fits */
  .window[open] { display: flex; flex-direction: column; }
  .window .body { flex: 1; min-height: 0; display: flex; flex-direction: column; }
  .window .chat__log { flex: 1 1 12em; min-height: 8em; }
  .beside { padding-inline: 0.9em; }
  .window .beside { flex: none; max-height: max(12em, 40%); overflow-y: auto; scroll-padding: 0.5em; }
  .help { padding: 0.75em 0.9em; max-height: 30%; overflow: auto; flex: none;
    border-bottom: max(var(--stroke), 2px) solid var(--edge); }
  .ql--page .body { background: var(--paper); border: max(var(--stroke), 1px) solid var(--line); border-radius: var(--radius);
    overflow: clip; }
  .ql--page .chat__log { max-height: max(20em, 56vh); }
  @media (max-width: 40em), (max-height: 30em) {
    .window { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; }
    .window::backdrop { background: none; }
  }
  @media (max-height: 30em) {
    .window[open] { display: block; overflow-y: auto; }
    .window .body { display: block; }
    .menu { position: static; }
    .window .chat__log, .ql--page .chat__log { max-height: none; overflow: visible; }
  }
`;

const PARTS = `
  .head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4em 0.5em; padding: 0.6em 0.9em; background: var(--accent);
    color: var(--on-accent); }
  .head__who { flex: 1 1 8em; }
  .head__title { font-size: 1.05em; line-height: 1.25; font-weight: 700; }
  .head__now { font-size: 0.85em; line-height: 1.3; }
  .head button { background: var(--accent); color: var(--on-accent); border-color: var(--on-accent); }
  .head button:not(.icon) { padding-inline: 0.6em; }
  .head :focus-visible { outline-color: var(--on-accent); box-shadow: none; }
  .menu__place { position: relative; flex: none; z-index: 1; }
  .menu { position: absolute; inset: 0 0 auto; display: grid; gap: 0.5em; padding: 0.75em 0.9em; background: var(--ground);
    border-bottom: max(var(--stroke), 2px) solid var(--edge); box-shadow: 0 0.5em 0.8em rgb(0 0 0 / 25%); }
  .menu__sizes { display: flex; gap: 0.5em; }
  .menu__sizes button { min-width: 3.5em; text-align: center; }
  .told { padding: 0.5em 0.9em; font-size: 0.85em; background: var(--ground); border-bottom: max(var(--stroke), 1px) solid var(--line); }
  .told--talk .told__hours { display: none; }
  .told--talk:not(:has(.told__notice)) { display: none; }
  .told__notice { background: var(--notice); padding: 0.4em 0.6em; margin-bottom: 0.4em; font-weight: 600; }
  .chat__log { overflow-y: auto; overscroll-behavior: contain; padding: 0.9em; border-bottom: max(var(--stroke), 1px) solid var(--line);
    scroll-behavior: auto; scroll-padding: 0.5em; }
  .chat__log:focus-visible { outline-offset: -0.2em; box-shadow: none; }
  .chat__messages { display: grid; gap: 0.9em; grid-template-columns: minmax(0, 1fr); }
  .message { border-left: 0.3em solid var(--accent); background: var(--ground); border-radius: 0.25em; padding: 0.5em 0.8em; }
  .message--citizen { border-left: 0; border-right: 0.3em solid var(--quiet); background: var(--own); margin-left: 10%; }
  .message--advisor { border: max(0.12em, 2px) solid var(--accent); border-left: 0.8em double var(--accent); background: var(--paper); }
  .ql[data-contrast] .message { border: max(var(--stroke), 2px) solid var(--ink); border-left-width: 0.3em; }
  .message__who { color: var(--quiet); font-weight: 600; font-size: 0.85em; margin-bottom: 0.25em; }
  .message--advisor .message__who { color: var(--ink); border-bottom: max(var(--stroke), 1px) solid var(--accent); }
  .message__who time { font-weight: 400; }
  .message__text { white-space: pre-line; unicode-bidi: isolate; }
  .message__label { font-weight: 600; font-size: 0.88em; margin-top: 0.6em; }
  .message__sources { font-size: 0.88em; padding-left: 1.2em; list-style: disc; }
  .message__sources a { vertical-align: top; }
  .message__waits { font-size: 0.88em; font-weight: 600; margin-top: 0.25em; }
  .message__case { margin-top: 0.4em; }
  .message__choices, .message__tools, .panel__buttons, .chat__tools { display: flex; flex-wrap: wrap; gap: 0.5em; margin-top: 0.7em; }
  .message__tools { gap: 0.2em; margin: 0.5em 0 0 -0.4em; }
  .choice { border-radius: 1.4em; }
  .state { border-block: max(var(--stroke), 1px) solid var(--line); padding: 0.35em 0.8em; text-align: center; color: var(--quiet);
    font-size: 0.92em; }
  .plan { margin-top: 0.6em; padding: 0.1em 0.7em 0.6em; background: var(--paper); border: max(var(--stroke), 1px) solid var(--line);
    border-radius: 0.3em; }
  .plan__list li { padding-block: 0.25em; border-bottom: 1px dotted var(--line); }
  .plan summary { font-weight: 600; font-size: 0.88em; padding-block: 0.5em; cursor: pointer; color: var(--accent); }
  .plan__fact { display: block; font-size: 0.88em; font-weight: 400; }
  .plan__table { width: 100%; border-collapse: collapse; margin-top: 0.7em; font-size: 0.92em; }
  .plan__table caption { text-align: left; font-weight: 600; }
  .plan__table th { text-align: left; font-weight: 400; }
  .plan__table th, .plan__table td { padding: 0.25em 0; border-bottom: 1px solid var(--line); vertical-align: top; }
  .plan__table td { text-align: right; padding-left: 0.8em; white-space: nowrap; }
  .plan__sum th, .plan__sum td { font-weight: 600; }
  .plan__duty, .plan__more { font-size: 0.85em; color: var(--quiet); margin-top: 0.5em; }
  .chat__status { min-height: 1.5em; padding-inline: 0.9em; color: var(--quiet); font-size: 0.88em; flex: none; }
`;

const FORMS = `
  label { display: block; font-weight: 600; margin-bottom: 0.2em; }
  legend { font-weight: 600; padding: 0; margin-bottom: 0.4em; }
  textarea, input:not([type="radio"]) { display: block; width: 100%; min-height: 44px; padding: 0.45em 0.6em; font: inherit; color: inherit;
    background: var(--kern-color-form-input-background-inverted); border: max(var(--stroke), 1px) solid var(--edge);
    border-radius: var(--radius);
    resize: vertical; margin: 0; }
  [aria-invalid="true"] { border: 0.2em solid var(--alarm) !important; }
  input[type="radio"] { width: 1.25em; height: 1.25em; flex: none; margin: 0.15em 0 0; accent-color: var(--accent); }
  fieldset label { display: flex; align-items: flex-start; gap: 0.5em; font-weight: 400; min-height: 1.9em; padding-block: 0.2em; }
  .panel fieldset > label[for] { display: block; font-weight: 600; min-height: 0; padding: 0; margin-bottom: 0.2em; }
  .panel, .feedback { border: max(var(--stroke), 1px) solid var(--line); border-left: 0.3em solid var(--accent); border-radius: 0.35em;
    padding: 0.7em 0.9em; margin-block: 0.5em; background: var(--paper); }
  .panel input:not([type="radio"]), .panel textarea, .feedback textarea { margin-bottom: 0.8em; }
  .panel p, .feedback p { margin-bottom: 0.3em; }
  .panel__line { font-weight: 600; }
  .panel summary { font-weight: 600; color: var(--accent); padding-block: 0.5em; min-height: 44px; cursor: pointer; }
  .panel__scale { margin-bottom: 0.7em; }
  .feedback fieldset { margin-bottom: 0.7em; }
  .chat__hint { color: var(--quiet); font-size: 0.85em; }
  .chat__error { color: var(--alarm); font-weight: 600; }
  .chat__error:empty { display: none; }
  .chat__form { padding: 0.1em 0.9em 0; flex: none; }
  .chat__line { display: flex; flex-wrap: wrap; gap: 0.5em; align-items: flex-end; margin-bottom: 0.25em; }
  .chat__line textarea { flex: 1 1 9em; width: auto; min-width: 0; field-sizing: content; max-height: 9em; resize: none; }
  .chat__tools { padding: 0.5em 0.9em 0.6em; margin: 0; gap: 0.4em; flex: none; }
  .chat__tools button { font-size: 0.86em; padding-inline: 0.45em; }
`;

const WISHES = `
  @media (forced-colors: active) {
    .message, .panel, .door, .window, .head, button { border: 1px solid; }
    .message--advisor { border-left: 0.8em double; }
    button[aria-pressed="true"] { border-width: 4px; }
  }
  @media (prefers-reduced-motion: no-preference) { .door { transition: transform 120ms; } .door:hover { transform: translateY(-2px); } }
  @media print {
    .door, .window { display: none !important; }
    .chat__form, .chat__tools, .head button { display: none; }
    .ql--page .chat__log { max-height: none; overflow: visible; }
  }
`;

export function sheet() {
  const made = new CSSStyleSheet();
  made.replaceSync(BASE + COLOURS + WINDOW + PARTS + FORMS + WISHES);
  return made;
}
