// Nothing that was typed stays on the device: on signing out everything goes, after sending what was sent.
import { forget } from "./typing.js";

export default function forgetting(element) {
  if (element.matches("form")) element.addEventListener("submit", () => forget());
  else forget(element.dataset.forget);
}
