// The menu of large type closes with Escape, and the focus goes back to its button.
export default function menu(element) {
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !element.open) return;
    element.open = false;
    element.querySelector("summary").focus();
  });
}
