// Reads the main text aloud; where the device cannot, says what to do instead.
export default function readAloud(button) {
  const label = button.textContent;
  button.hidden = false;
  if (!("speechSynthesis" in window)) {
    const text = document.createElement("p");
    text.textContent = button.dataset.none;
    button.replaceWith(text);
    return;
  }
  const stop = () => {
    speechSynthesis.cancel();
    button.textContent = label;
    button.setAttribute("aria-pressed", "false");
  };
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return stop();
    const speech = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
    speech.lang = document.documentElement.lang;
    speech.rate = 0.9;
    speech.addEventListener("end", stop);
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    speechSynthesis.speak(speech);
  });
  addEventListener("pagehide", stop);
}
