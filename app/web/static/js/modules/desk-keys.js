// The inbox by keyboard: j and k walk the rows, enter opens, x ticks, ? explains. Keys typed into controls are left alone.
export default function deskKeys(button) {
  const rows = [...document.querySelectorAll("tr[data-row]")];
  let at = -1;
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  const title = document.createElement("h2");
  title.textContent = button.dataset.title;
  const list = document.createElement("ul");
  for (const line of button.dataset.help.split(/[；;]/)) {
    const entry = document.createElement("li");
    entry.textContent = line.trim();
    list.append(entry);
  }
  const close = document.createElement("button");
  close.className = "button secondary";
  close.textContent = button.dataset.close;
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, close);
  document.body.append(dialog);
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  function go(step) {
    if (!rows.length) return;
    if (at >= 0) rows[at].removeAttribute("aria-current");
    at = Math.min(rows.length - 1, Math.max(0, at + step));
    rows[at].setAttribute("aria-current", "true");
    rows[at].querySelector("a").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]")?.click();
    else if (event.key === "?") dialog.showModal();
    else return;
    event.preventDefault();
  });
}
