// Looks every ten seconds whether anything has happened, and takes over the block that has changed.
export default function live(block) {
  async function look() {
    if (document.visibilityState === "visible") {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-cache" }).catch(() => null);
      if (answer?.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector('[data-module="live"]');
        const isBusy = block.contains(document.activeElement) && document.activeElement !== document.body;
        if (fresh && fresh.dataset.version !== block.dataset.version && !isBusy) {
          block.replaceWith(fresh);
          block = fresh;
        }
      }
    }
    setTimeout(look, 10000);
  }
  setTimeout(look, 10000);
}
