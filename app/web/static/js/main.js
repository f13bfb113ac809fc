// Every enhancement is named by a data-module attribute and loaded only where a page uses it.
const known = new Set(["read-aloud", "focus", "autosave", "keep", "forget", "locate", "upload", "live", "copy", "print", "desk-keys", "beside", "say", "again", "menu"]);

if (sessionStorage.getItem("sent")) import("./modules/typing.js").then((module) => module.arrived());
for (const element of document.querySelectorAll("[data-module]")) {
  for (const name of element.dataset.module.split(" ")) {
    if (known.has(name)) import(`./modules/${name}.js`).then((module) => module.default(element));
  }
}
