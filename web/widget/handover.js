// The page of a link from a messenger: the conversation goes on in the chat of this page. Without this script it goes on as a form.
import { keep } from "./kept.js";

const form = document.querySelector("[data-handover]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return form.submit(); // the page says what is wrong
  const { conversation, token, language } = await answer.json();
  keep({ conversation: { id: conversation, token }, language });
  location.assign("/#chat");
});
