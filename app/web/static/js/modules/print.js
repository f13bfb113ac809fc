// A print button, shown only where scripts run.
export default function printing(button) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
