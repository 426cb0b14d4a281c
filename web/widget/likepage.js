// The colours of the page around the chat, for what is the page's own in our window: its links have been made for them.
const CHANGES = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"];
const CLEAR = "rgba(0, 0, 0, 0)";

// Returns what dresses the element anew; by itself it follows the wishes of the system.
export function likePage(element, host) {
  const colours = (one) => getComputedStyle(one);

  function dress() {
    const first = host.parentElement || document.body;
    let ground = first;
    while (ground && colours(ground).backgroundColor === CLEAR) ground = ground.parentElement;
    element.style.colorScheme = colours(document.documentElement).colorScheme;
    element.style.backgroundColor = ground ? colours(ground).backgroundColor : "Canvas";
    element.style.color = colours(first).color;
  }

  CHANGES.forEach((wish) => matchMedia(wish).addEventListener("change", dress));
  return dress;
}
