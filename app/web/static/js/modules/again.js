// A form that an error page holds to be sent again: once it has gone through, nothing of it stays on the device.
import { leaving } from "./typing.js";

export default function again(form) {
  form.addEventListener("submit", () => leaving(form));
}
