// Takes over the block of the page that has changed. The server says when (a stream that carries only a version);
// where no stream comes through, the page looks every ten seconds. A hidden page rests.
import { say } from "./say.js";

const LOOK_MS = 10000, STREAM_AGAIN_MS = 60000;

export default function live(block) {
  let source = null, timer = null, is_over = false;

  async function look(version) {
    if (String(version) === block.dataset.version) return;
    const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" }, cache: "no-cache" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector('[data-module~="live"]');
    if (!fresh || fresh.dataset.version === block.dataset.version) return;
    if (block.contains(document.activeElement)) {
      document.activeElement.addEventListener("blur", () => setTimeout(look, 0, version), { once: true });
      return;
    }
    block.replaceWith(fresh);
    block = fresh;
    say(block.dataset.updated);
  }
  function poll() {
    rest();
    timer = setTimeout(async () => {
      await look(null);
      if (document.visibilityState === "visible" && timer) poll();
    }, LOOK_MS);
  }
  function follow() {
    rest();
    if (is_over || document.visibilityState !== "visible") return;
    if (!("EventSource" in window)) return poll();
    source = new EventSource(block.dataset.live);
    source.addEventListener("at", (event) => look(JSON.parse(event.data).version));
    source.addEventListener("over", () => { is_over = true; rest(); });
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      poll();
      setTimeout(follow, STREAM_AGAIN_MS);
    });
  }
  function rest() {
    source?.close();
    clearTimeout(timer);
    source = timer = null;
  }
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
  follow();
}
