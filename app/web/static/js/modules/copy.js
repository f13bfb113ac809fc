// A button that copies the command below it, shown only where scripts may.
export default function copying(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.closest(".xray-command").querySelector("pre").textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}
