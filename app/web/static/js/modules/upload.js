// Hands a file in without leaving the page: looked at before it goes, sent with a bar, cancelled, tried again.
// The server's answer is the page it would have shown; the paper's own part of it takes the place of this one, is said
// aloud, and has the focus: nobody is sent back to the top of a long list.
import { say } from "./say.js";

const SIDE = 240;

export default function upload(form) {
  if (!form.querySelector('input[type="file"]')) return taken(form);
  const part = (name) => form.querySelector(`[data-upload="${name}"]`);
  const input = form.querySelector('input[type="file"]'), bar = form.querySelector("progress");
  const send = form.querySelector("button:not([type])"), cancel = part("cancel"), said = part("said");
  let request = null, is_lost = false;

  input.addEventListener("change", look);
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    if (request === null && fits()) start();
  });
  cancel.addEventListener("click", () => request?.abort());
  addEventListener("online", () => { if (is_lost && form.isConnected) start(); });

  function fits() {
    const file = input.files[0];
    const kind = file.name.split(".").pop().toLowerCase();
    const kinds = input.accept.split(",").map((name) => name.trim().slice(1));
    const wrong = !kinds.includes(kind) && !(kind === "jpeg" && kinds.includes("jpg")) ? form.dataset.wrongKind
      : file.size > Number(form.dataset.most) ? form.dataset.tooLarge
      : file.size === 0 ? form.dataset.empty : "";
    input.toggleAttribute("aria-invalid", false);
    if (wrong) input.setAttribute("aria-invalid", "true");
    tell(wrong, Boolean(wrong));
    return !wrong;
  }
  async function look() {
    const shown = part("look");
    shown.replaceChildren();
    is_lost = false;
    if (!input.files.length || !fits()) return;
    const file = input.files[0];
    const line = document.createElement("p");
    line.textContent = `${file.name} · ${Math.ceil(file.size / 1024).toLocaleString(document.documentElement.lang)} KB`;
    shown.append(line);
    if (!file.type.startsWith("image/")) return;
    const image = await createImageBitmap(file).catch(() => null);
    if (image === null || input.files[0] !== file) return;
    const canvas = document.createElement("canvas"), scale = Math.min(1, SIDE / Math.max(image.width, image.height));
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    shown.append(canvas);
  }
  function start() {
    is_lost = false;
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    bar.setAttribute("aria-label", input.files[0].name);
    bar.value = quarter = 0;
    busy(true);
    tell(form.dataset.sending);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) tell_share(step.loaded / step.total);
    });
    request.addEventListener("load", () => arrived(request));
    request.addEventListener("error", () => stopped(form.dataset.failed, true));
    request.addEventListener("abort", () => stopped(form.dataset.cancelled));
    request.send(new FormData(form));
  }
  function arrived({ status, responseText, responseURL }) {
    const page = new DOMParser().parseFromString(responseText, "text/html");
    const found = page.getElementById(part_of(form).id);
    if (status >= 500 || status === 429 || (status >= 400 && !found)) return stopped(page.querySelector("main .lead")?.textContent ?? form.dataset.failed, true);
    if (!found) return location.assign(responseURL);
    const fresh = renewed(form, page, status);
    (fresh.querySelector('[aria-invalid="true"]') ?? fresh.querySelector("a, summary"))?.focus();
    if (status < 400) say(`${form.dataset.done} ${fresh.querySelector("h2").textContent}`);
  }
  function stopped(text, may_retry = false) {
    request = null;
    is_lost = may_retry && !navigator.onLine;
    busy(false);
    tell(text, may_retry);
    if (may_retry) send.textContent = form.dataset.again;
  }
  function busy(is) {
    bar.hidden = cancel.hidden = !is;
    send.disabled = is;
  }
  let quarter = 0;
  function tell_share(share) {
    bar.value = share;
    const now = Math.floor(share * 4);
    if (now > quarter && now < 4) say(`${now * 25}%`);
    quarter = now;
  }
  function tell(text, is_wrong = false) {
    said.textContent = text;
    said.classList.toggle("error-text", is_wrong);
  }
}

// A paper taken back out: the same part of the page is renewed, and its file can be chosen at once.
function taken(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return form.submit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById(part_of(form).id)) return location.assign(answer.url);
    const fresh = renewed(form, page, answer.status);
    fresh.querySelector('input[type="file"]')?.focus();
    say(`${form.dataset.done} ${fresh.querySelector("h2").textContent}`);
  });
}

const part_of = (form) => form.closest("[id]");

function renewed(form, page, status) {
  const mine = part_of(form), fresh = page.getElementById(mine.id);
  mine.replaceWith(fresh);
  for (const again of fresh.querySelectorAll('[data-module~="upload"]')) upload(again);
  document.querySelector(".error-summary")?.remove();
  const errors = status === 422 ? page.querySelector(".error-summary") : null;
  if (errors) document.querySelector("main").prepend(errors);
  return fresh;
}
