// A paper opens beside the form without a new page: what is typed stays, and closing leads back to where one was.
export default function beside(link) {
  const view = document.getElementById("paper-view");
  link.addEventListener("click", (event) => {
    if (!view || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const shown = document.createElement(link.dataset.kind);
    shown.src = link.dataset.kind === "iframe" ? `${link.dataset.src}#navpanes=0&view=FitH` : link.dataset.src;
    shown[link.dataset.kind === "img" ? "alt" : "title"] = link.dataset.name;
    const heading = view.querySelector("h2");
    heading.textContent = link.dataset.name;
    view.querySelector(".paper-box").replaceChildren(shown);
    view.hidden = false;
    document.getElementById("doing").scrollIntoView();
    heading.focus({ preventScroll: true });
    view.querySelector("a").onclick = (closing) => {
      closing.preventDefault();
      view.hidden = true;
      view.querySelector(".paper-box").replaceChildren();
      link.focus();
    };
  });
}
