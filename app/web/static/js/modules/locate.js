// Asks the browser where it is, rounds that to about a kilometre, and opens the list of halls from there.
export default function locate(element) {
  if (!("geolocation" in navigator)) return;
  const said = element.querySelector('[role="status"]');
  element.hidden = false;
  element.querySelector("button").addEventListener("click", () => {
    said.textContent = element.dataset.busy;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const here = new URL(location.href);
        here.searchParams.set("longitude", coords.longitude.toFixed(2));
        here.searchParams.set("latitude", coords.latitude.toFixed(2));
        location.assign(here);
      },
      () => { said.textContent = element.dataset.none; },
      { timeout: 10000, maximumAge: 600000 },
    );
  });
}
