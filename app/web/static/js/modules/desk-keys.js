// The inbox by keyboard: j and k walk the rows, enter opens, x ticks, a ticks all, / leads to the filters, ? explains.
// Keys typed into controls are left alone.
export default function deskKeys(button) {
  const rows = [...document.querySelectorAll("tr[data-row]")];
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]")).filter(Boolean);
  let at = -1;
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  const title = document.createElement("h2");
  title.textContent = button.dataset.title;
  title.id = "keys-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const list = document.createElement("dl");
  for (const line of button.dataset.help.split(/[；;]/)) {
    const [key, ...words] = line.trim().split(" ");
    const name = document.createElement("dt");
    name.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    const meaning = document.createElement("dd");
    meaning.textContent = words.join(" ");
    list.append(name, meaning);
  }
  const close = document.createElement("button");
  close.className = "button secondary";
  close.textContent = button.dataset.close;
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, close);
  document.body.append(dialog);
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());

  function mark(row) {
    if (at >= 0) rows[at].removeAttribute("aria-current");
    at = row;
    rows[at].setAttribute("aria-current", "true");
  }

  function go(step) {
    if (!rows.length) return;
    mark(Math.min(rows.length - 1, Math.max(0, at + step)));
    rows[at].querySelector("a").focus();
  }

  function tickAll() {
    const on = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = on;
  }

  rows.forEach((row, place) => row.addEventListener("focusin", () => mark(place)));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && at >= 0) rows[at].querySelector("input[type=checkbox]")?.click();
    else if (event.key === "a") tickAll();
    else if (event.key === "/") document.querySelector(".filters select, .filters input:not([type=hidden])")?.focus();
    else if (event.key === "?") dialog.showModal();
    else return;
    event.preventDefault();
  });
}
