// Questions that the page around the chat puts into its field: by a link #frage=… or an element with data-quartierslotse-frage.
const LINKS = "[data-quartierslotse-frage], a[href^='#frage=']";

export function questions(ask) {
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest?.(LINKS);
    if (!pressed) return;
    event.preventDefault();
    ask(pressed.dataset.quartierslotseFrage ?? inAddress(pressed.hash));
  });
  const look = () => {
    const text = inAddress(location.hash);
    if (!text) return;
    history.replaceState(history.state, "", location.pathname + location.search); // asked once, not with every reload
    ask(text);
  };
  addEventListener("hashchange", look);
  look();
}

function inAddress(hash) {
  if (!hash.startsWith("#frage=")) return "";
  try {
    return decodeURIComponent(hash.slice(7).replace(/\+/g, " ")).slice(0, 2000);
  } catch {
    return "";
  }
}
