// Keeps a draft two seconds after the last change; without scripts the buttons do it. What cannot reach the server is
// kept on the device meanwhile and goes when the network is back. One request at a time: on a slow line a second would
// overtake the first.
import { attended } from "./typing.js";

const PAUSE_MS = 2000, REFUSED = 422, CHANGED_ELSEWHERE = 409;

export default async function autosave(form) {
  const status = form.querySelector("[data-autosave-status]"), basis = form.querySelector('[name="was"]');
  let timer, last = serial(served()), is_refused = false, going = null;
  function served() {  // on a slow line somebody may have typed before this was here
    const plain = form.cloneNode(true);
    plain.reset();
    return plain;
  }
  function serial(from = form) {
    return new URLSearchParams([...new FormData(from)].filter(([name, value]) => typeof value === "string" && name !== "was")).toString();
  }
  function save() {
    clearTimeout(timer);
    going = (going ?? Promise.resolve()).then(send);
    return going;
  }
  async function send() {
    const now = serial();
    if (now === last) return kept.forget();
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
      body: `${now}&save=auto&was=${encodeURIComponent(basis.value)}`,
      redirect: "manual",
    }).catch(() => null);
    is_refused = answer?.status === REFUSED || answer?.status === CHANGED_ELSEWHERE;
    if (answer?.status === 204) {
      last = now;
      basis.value = answer.headers.get("X-Was") ?? basis.value;
      kept.forget();
      const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      status.textContent = `${form.dataset.saved} ${at}`;
    } else if (is_refused) {
      kept.forget();
      status.textContent = answer.status === REFUSED ? form.dataset.failed : form.dataset.elsewhere;
    } else {
      await kept.keep();
      status.textContent = !navigator.onLine ? form.dataset.offline : answer?.status === 401 ? form.dataset.signedOut : form.dataset.away;
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  });
  const kept = await attended(form, status, () => { clearTimeout(timer); return going; });
  if (serial() !== last) save();
  addEventListener("online", save);
  addEventListener("beforeunload", (event) => {
    if (!kept.isLeaving() && serial() !== last && !is_refused) event.preventDefault();
  });
}
