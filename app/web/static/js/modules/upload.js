// Shows how far an upload is; the page that comes back takes the place of this one.
export default function upload(form) {
  const bar = form.querySelector("progress");
  form.addEventListener("submit", (event) => {
    const file = form.querySelector('input[type="file"]').files[0];
    if (!file) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    bar.hidden = false;
    bar.setAttribute("aria-label", file.name);
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) bar.value = step.loaded / step.total;
    });
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status === 422 && page.querySelector("main")) {
        document.querySelector("main").replaceWith(page.querySelector("main"));
        document.querySelector('[aria-invalid="true"]')?.focus();
        for (const again of document.querySelectorAll('[data-module="upload"]')) upload(again);
      } else if (request.status < 400) {
        location.assign(request.responseURL);
      } else failed();
    });
    request.addEventListener("error", failed);
    function failed() {
      bar.hidden = true;
      alertText(form, form.dataset.failed);
    }
    request.send(new FormData(form));
  });
}

function alertText(form, text) {
  const said = form.querySelector(".error-text") ?? form.insertBefore(document.createElement("p"), form.firstChild);
  said.className = "error-text";
  said.setAttribute("role", "alert");
  said.textContent = text;
}
