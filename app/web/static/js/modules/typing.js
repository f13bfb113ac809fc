// What somebody typed and no server has yet: kept on the device, sealed with a key that only the same account is given.
// Only controls that differ from what the server sent are kept, so that nothing newer is overwritten.
const PREFIX = "typing:", KEPT_MS = 7 * 24 * 3600 * 1000;

export function forget(start = "") {
  for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX + start)) localStorage.removeItem(name);
}

const place_of = (form) => PREFIX + new URL(form.getAttribute("action"), location.href).pathname;

// Which form is on its way. Where it ends decides whether what was typed may be forgotten: on any page but an error's.
export function leaving(form) {
  sessionStorage.setItem("sent", place_of(form));
}

export function arrived() {
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  const is_still_here = document.querySelector("[data-unsent]") || [...document.querySelectorAll("form[data-typing-key]")].some((form) => place_of(form) === sent);
  if (sent && !is_still_here) localStorage.removeItem(sent);
}

export function keeper(form) {
  const place = place_of(form);
  const secret = form.dataset.typingKey && crypto.subtle
    ? crypto.subtle.importKey("raw", Uint8Array.from(form.dataset.typingKey.match(/../g), (hex) => parseInt(hex, 16)), "AES-GCM", false, ["encrypt", "decrypt"])
    : null;

  function changed() {
    const found = {};
    for (const control of form.elements) {
      if (!control.name || control.type === "hidden" || control.type === "file" || control.tagName === "BUTTON") continue;
      if (control.type === "radio" || control.type === "checkbox") {
        if (control.checked !== control.defaultChecked) found[`${control.name}=${control.value}`] = control.checked;
      } else if (control.tagName === "SELECT") {
        const was = [...control.options].find((option) => option.defaultSelected)?.value ?? control.options[0]?.value;
        if (control.value !== was) found[control.name] = control.value;
      } else if (control.value !== control.defaultValue) found[control.name] = control.value;
    }
    return found;
  }
  async function keep() {
    if (secret === null) return false;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify({ at: Date.now(), typed: changed() }));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await secret, text));
    try {
      localStorage.setItem(place, btoa(String.fromCharCode(...iv, ...sealed)));
      return true;
    } catch {
      return false;
    }
  }
  async function restore() {
    const kept = localStorage.getItem(place);
    if (kept === null || secret === null) return false;
    let found;
    try {
      const bytes = Uint8Array.from(atob(kept), (sign) => sign.charCodeAt(0));
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes.slice(0, 12) }, await secret, bytes.slice(12));
      found = JSON.parse(new TextDecoder().decode(text));
    } catch {
      localStorage.removeItem(place);
      return false;
    }
    localStorage.removeItem(place);
    return Date.now() - found.at < KEPT_MS && put(found.typed);
  }
  function put(typed) {
    let is_any = false;
    for (const control of form.elements) {
      const pair = `${control.name}=${control.value}`;
      if (control.type === "radio" || control.type === "checkbox") {
        if (pair in typed && control.checked !== typed[pair]) is_any = true, control.checked = typed[pair];
      } else if (control.name in typed && control.value !== typed[control.name]) is_any = true, control.value = typed[control.name];
    }
    return is_any;
  }
  return { keep, restore, forget: () => localStorage.removeItem(place), isChanged: () => Object.keys(changed()).length > 0 };
}

// The parts that every such form has: the note that something came back, and what is said while there is no network.
// `settled` is awaited before the form leaves: what is under way arrives first, and what was typed is kept until it is
// known to have arrived.
const LONGEST_WAIT_MS = 3000;

export async function attended(form, status, settled = () => null) {
  const mine = keeper(form);
  let is_leaving = false, is_waiting = false;
  if (await mine.restore()) {
    const note = document.createElement("div");
    note.className = "banner banner-warn";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = form.dataset.restored;
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "button secondary small-button";
    discard.textContent = form.dataset.discard;
    discard.addEventListener("click", () => { form.reset(); mine.forget(); note.remove(); form.dispatchEvent(new Event("input")); });
    note.append(text, discard);
    form.before(note);
  }
  const said = () => { status.textContent = navigator.onLine ? form.dataset.online : form.dataset.offline; };
  addEventListener("offline", () => { said(); mine.keep(); });
  addEventListener("online", said);
  if (!navigator.onLine) said();
  form.addEventListener("submit", async (event) => {
    if (is_leaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) {
      mine.keep();
      status.textContent = form.dataset.unsent;
      return;
    }
    if (is_waiting) return;
    is_waiting = true;
    const ready = Promise.all([mine.isChanged() ? mine.keep() : null, settled()]);
    await Promise.race([ready, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))]);
    is_leaving = true;
    is_waiting = false;
    leaving(form);
    setTimeout(() => form.requestSubmit(event.submitter)); // never within the event that was just stopped
  });
  addEventListener("pageshow", (event) => { if (event.persisted) is_leaving = false; });
  return { ...mine, isLeaving: () => is_leaving };
}
