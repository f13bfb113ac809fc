// Reads the main text aloud, a sentence at a time: browsers break off long speeches, and a stop is heard at once.
// Where the device cannot, says what to do instead.
const LONGEST = 160;

export function sentences(text) {
  const found = [];
  for (const line of text.split(/\n+/)) {
    let said = "";
    for (const part of line.match(/[^。！？；!?;]+[。！？；!?;]*/g) ?? []) {
      if (said.length + part.length > LONGEST && said) found.push(said), said = "";
      said += part;
    }
    if (said.trim()) found.push(said.trim());
  }
  return found;
}

export default function readAloud(button) {
  const label = button.textContent;
  button.hidden = false;
  if (!("speechSynthesis" in window)) {
    const text = document.createElement("p");
    text.textContent = button.dataset.none;
    button.replaceWith(text);
    return;
  }
  let is_reading = false;
  const stop = () => {
    is_reading = false;
    speechSynthesis.cancel();
    button.textContent = label;
  };
  button.addEventListener("click", () => {
    if (is_reading) return stop();
    const left = sentences(document.querySelector("main").innerText);
    is_reading = left.length > 0;
    if (is_reading) button.textContent = button.dataset.stop;
    for (const [number, text] of left.entries()) {
      const speech = new SpeechSynthesisUtterance(text);
      speech.lang = document.documentElement.lang;
      speech.rate = 0.9;
      if (number === left.length - 1) speech.addEventListener("end", () => is_reading && stop());
      speechSynthesis.speak(speech);
    }
  });
  addEventListener("pagehide", stop);
}
