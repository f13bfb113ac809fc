// Says something once to whoever listens to the page: one live region that no enhancement replaces.
const region = document.createElement("p");
region.className = "unseen";
region.setAttribute("role", "status");
document.body.append(region);

export function say(text) {
  region.textContent = "";
  setTimeout(() => { region.textContent = text.replace(/\s+/g, " ").trim(); }, 100);
}

// What a page says after a redirect stands in it from the beginning, where screen readers do not notice it.
export default function saying(element) {
  element.removeAttribute("role");
  say(element.textContent);
}
