// Keeps a draft two seconds after the last change; without scripts the buttons do it.
export default function autosave(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer, last = serial();
  function serial() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  }
  async function save() {
    const now = serial();
    if (now === last) return;
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
      body: `${now}&save=auto`,
      redirect: "manual",
    }).catch(() => null);
    const kept = answer !== null && answer.status === 204;
    if (kept) last = now;
    const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    status.textContent = kept ? `${form.dataset.saved} ${at}` : form.dataset.failed;
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
