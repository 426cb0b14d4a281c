// Prints a conversation by itself, without the page around it: its text in a frame that is gone afterwards.
import { make } from "./dom.js";

const STYLE = "body { font: 12pt/1.5 system-ui, sans-serif; } pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }";

export async function print(text, title) {
  const frame = make("iframe", { title, "aria-hidden": "true", tabindex: -1 });
  Object.assign(frame.style, { position: "fixed", width: "0", height: "0", border: "0" });
  document.body.append(frame);
  const { contentDocument: page, contentWindow: view } = frame;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(STYLE);
  page.adoptedStyleSheets = [sheet];
  page.title = title;
  const said = page.createElement("pre");
  said.textContent = text;
  page.body.append(said);
  view.addEventListener("afterprint", () => frame.remove());
  view.print();
}
