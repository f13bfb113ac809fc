// Keeps a draft two seconds after the last change; without scripts the buttons do it. What cannot reach the server is
// kept on the device meanwhile and goes when the network is back.
import { attended } from "./typing.js";

const PAUSE_MS = 2000;

export default async function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer, last = serial(), is_refused = false;
  function serial() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  }
  async function save() {
    clearTimeout(timer);
    const now = serial();
    if (now === last) return kept.forget();
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
      body: `${now}&save=auto`,
      redirect: "manual",
    }).catch(() => null);
    is_refused = answer?.status === 422;
    if (answer?.status === 204) {
      last = now;
      kept.forget();
      const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      status.textContent = `${form.dataset.saved} ${at}`;
    } else if (is_refused) {
      kept.forget();
      status.textContent = form.dataset.failed;
    } else {
      await kept.keep();
      status.textContent = navigator.onLine ? form.dataset.failed : form.dataset.offline;
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  const kept = await attended(form, status);
  if (serial() !== last) save();
  addEventListener("online", save);
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("beforeunload", (event) => {
    if (!kept.isLeaving() && serial() !== last && !is_refused) event.preventDefault();
  });
}
