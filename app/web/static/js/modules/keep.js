// A form that is sent as a whole and has no draft on the server: what was typed stays on the device until it is sent.
import { attended } from "./typing.js";

const PAUSE_MS = 1000;

export default async function keep(form) {
  const status = form.querySelector("[data-autosave-status]");
  const kept = await attended(form, status);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(kept.keep, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("beforeunload", (event) => {
    if (!kept.isLeaving() && kept.isChanged()) event.preventDefault();
  });
}
