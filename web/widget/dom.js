// Elements without markup in strings: text is always set as text, addresses only where they lead to a page, a phone or a mail.
const FOLLOWED = /^(https?:\/\/|mailto:|tel:)/i;

export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

export function button(text, press, attributes = {}) {
  return make("button", { type: "button", text, onclick: press, ...attributes });
}

export function link(title, url) {
  return url && FOLLOWED.test(url) ? make("a", { href: url, rel: "noreferrer", text: title }) : document.createTextNode(title);
}

// The element that has the focus, looked for inside the widget.
export function focused(root) {
  return root.activeElement;
}

// A press that ends something; while characters are composed it belongs to the input method.
export function isEscape(event) {
  return event.key === "Escape" && !event.isComposing;
}

export function download(blob, name) {
  const way = make("a", { href: URL.createObjectURL(blob), download: name });
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 10_000);
}
