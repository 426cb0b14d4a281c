// The custom element <quartierslotse-chat>. Its content is the fallback: seen without scripts, and again while the server is away.
import { server } from "./api.js";
import { start } from "./chat.js";
import { sheet } from "./styles.js";
import { loadTexts } from "./texts.js";

const HOME = new URL("../..", import.meta.url).origin;

class QuartierslotseChat extends HTMLElement {
  #running = false;

  connectedCallback() {
    if (this.#running || "formSession" in this.dataset || !isAble()) return; // a form session stays a form
    this.#running = true;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    const fallback = document.createElement("slot");
    root.append(fallback);
    this.#start(root, fallback).catch(() => root.replaceChildren(fallback));
  }

  async #start(root, fallback) {
    const api = server(this.getAttribute("server") || HOME);
    const isPage = this.getAttribute("mode") === "page";
    const texts = await loadTexts(api.origin, "de");
    const chat = await start({ root, fallback, api, isPage, texts, tellsNotice: this.getAttribute("notice") !== "off" });
    chat.takeOver(this.#replace());
    fallback.hidden = true;
  }

  // Takes away what the chat replaces for good (a form of ours); returns what somebody has typed there already.
  #replace() {
    const parts = [...this.querySelectorAll(":scope > [data-replaced]")];
    const field = parts.map((part) => part.querySelector("textarea[name=text]")).find(Boolean);
    const draft = { text: field?.value || "", focus: Boolean(field) && document.activeElement === field };
    parts.forEach((part) => part.remove());
    return draft;
  }
}

// What the chat cannot do without; a browser that lacks it keeps the fallback.
function isAble() {
  return AbortSignal.any && CSS.supports("color: oklch(0 0 0)") && CSS.supports("selector(:has(a))");
}

customElements.define("quartierslotse-chat", QuartierslotseChat);
