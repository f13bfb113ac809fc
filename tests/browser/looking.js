// What a page can be asked about itself that axe does not answer, or answers slowly: each function gives a list of complaints.
(() => {
  const CLEAR = [0, 0, 0, 0];
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const colours = new Map();

  function colour(text) {
    const plain = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
    if (plain) return [+plain[1], +plain[2], +plain[3], plain[4] === undefined ? 1 : +plain[4]];
    if (!colours.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      colours.set(text, a ? [r, g, b, a / 255] : CLEAR);
    }
    return colours.get(text);
  }
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const part = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  function ratio(one, two) {
    const [a, b] = [light(one), light(two)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  function ground(element) {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const own = colour(getComputedStyle(at).backgroundColor);
      if (own[3] > 0) layers.push(own);
      if (own[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), colour(getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)"));
  }
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}${typeof e.className === "string" && e.className ? `.${e.className.split(" ").join(".")}` : ""} “${(e.textContent || "").trim().slice(0, 20)}”`;
  const isSeen = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && !e.closest(".unseen, [inert]");

  // Text against what is behind it: 4.5 to 1, 3 to 1 when it is large; borders of controls 3 to 1.
  function contrast() {
    const found = [];
    // In forced colours the browser puts the page's colour behind every text that does not say it needs none.
    const plate = matchMedia("(forced-colors: active)").matches ? colour(getComputedStyle(document.body).backgroundColor) : null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (node) =>
      node.data.trim() && !node.parentElement.closest("svg, script, option, :disabled") && isSeen(node.parentElement) ? 1 : 2);
    const done = new Set();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (done.has(element)) continue;
      done.add(element);
      const style = getComputedStyle(element);
      const size = parseFloat(style.fontSize);
      const behind = plate !== null && style.forcedColorAdjust !== "none" ? plate : ground(element);
      const least = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700) ? 3 : 4.5;
      const now = ratio(over(colour(style.color), behind), behind);
      if (now < least - 0.01) found.push(`text ${now.toFixed(2)}: ${name(element)}`);
    }
    for (const control of document.querySelectorAll("input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, .button")) {
      if (!isSeen(control) || control.matches(".quiet, :disabled")) continue;
      const behind = ground(control.parentElement);
      const edge = Math.max(
        parseFloat(getComputedStyle(control).borderTopWidth) ? ratio(over(colour(getComputedStyle(control).borderTopColor), behind), behind) : 1,
        ratio(ground(control), behind),
      );
      if (edge < 2.99) found.push(`edge ${edge.toFixed(2)}: ${name(control)}`);
    }
    return found;
  }

  const isScrolled = (e) => e.parentElement !== null && (getComputedStyle(e.parentElement).overflowX !== "visible" || isScrolled(e.parentElement));

  // Nothing makes the page wider than the window.
  function wide() {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const found = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1 && isSeen(e) && !isScrolled(e));
    return [`${document.documentElement.scrollWidth} > ${width}`, ...found.slice(-3).map(name)];
  }

  // Whatever is pressed measures at least so many pixels; a link within a sentence may be as high as its line.
  function small(selector, least) {
    const found = [];
    for (const element of document.querySelectorAll(selector)) {
      const target = element.matches("[type=radio], [type=checkbox]") ? element.closest(".choice") ?? element : element;
      const box = target.getBoundingClientRect();
      if (!box.width || !isSeen(element) || element.closest(".skip")) continue;
      if (getComputedStyle(target).display === "inline") continue;
      if (box.height < least - 0.5 || box.width < Math.min(least, 24) - 0.5) found.push(`${Math.round(box.width)}×${Math.round(box.height)}: ${name(element)}`);
    }
    return found;
  }

  // Everything the keyboard reaches shows that it is reached.
  function focus() {
    const found = [];
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
      if (element.disabled || !isSeen(element)) continue;
      element.focus({ focusVisible: true, preventScroll: true });
      const style = getComputedStyle(element);
      const shape = element.closest("svg") && element.querySelector("rect");
      if (shape && parseFloat(getComputedStyle(shape).strokeWidth) >= 3) continue; // within a picture the shape's edge is the ring
      if (document.activeElement !== element) found.push(`not reached: ${name(element)}`);
      else if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) found.push(`no ring: ${name(element)}`);
      else if (ratio(colour(style.outlineColor), ground(element.parentElement)) < 2.99) found.push(`faint ring: ${name(element)}`);
    }
    document.activeElement.blur();
    return found;
  }

  // The keyboard goes through the page as the eye does: down, and along a row, never back up.
  function order() {
    const found = [];
    let last = null;
    for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
      if (element.tabIndex > 0) found.push(`out of turn: ${name(element)}`);
      const box = element.getBoundingClientRect();
      if (element.disabled || !box.width || !isSeen(element) || element.closest(".skip, svg")) continue;
      if (last && box.bottom <= last.box.top + 2 && box.left < last.box.right - 2) found.push(`back up: ${name(last.element)} → ${name(element)}`);
      last = { element, box };
    }
    return found;
  }

  // Controls that sound the same lead to the same place: whoever hears a list of them can tell which is which.
  function alike() {
    const spoken = (e) => `${e.closest("fieldset.row")?.querySelector("legend")?.textContent ?? ""} ${e.labels?.length ? [...e.labels].map((one) => one.textContent).join(" ") : e.getAttribute("aria-label") || e.textContent}`.replace(/\s+/g, " ").trim();
    const led = new Map();
    for (const element of document.querySelectorAll("main :is(a[href], button, summary, input[type=file])")) {
      const said = `${element.tagName} ${spoken(element)}`;
      const place = element.matches("a") ? element.href : element.matches("button") ? `${element.formAction} ${element.name} ${element.value}` : led.size + Math.random();
      led.set(said, (led.get(said) ?? new Set()).add(place));
    }
    return [...led].filter(([, places]) => places.size > 1).map(([said, places]) => `${places.size} × ${said.slice(0, 80)}`);
  }

  // Words ten times as long as anybody meant: nothing may break out.
  function lengthen() {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT, (node) =>
      node.data.trim() && !node.parentElement.closest("svg, script, pre, textarea, .unseen") ? 1 : 2);
    const nodes = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
    for (const node of nodes) node.data += "非常长的名称".repeat(5) + "Donaudampfschifffahrtsgesellschaftskapitaensmuetze";
  }

  // How much the page moved while it was built up, in the browser's own measure (0.1 is called good), and what moved.
  function shifts() {
    return new Promise((resolve) => {
      const found = [];
      const take = (list) => {
        for (const entry of list.getEntries()) {
          if (!entry.hadRecentInput) found.push([entry.value, entry.sources.map((source) => source.node && source.node.nodeType === 1 ? name(source.node) : "text").join(", ")]);
        }
      };
      new PerformanceObserver(take).observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => setTimeout(() => resolve(found.filter(([value]) => value > 0.02).map(([value, what]) => `shift ${value.toFixed(4)}: ${what}`)), 30));
    });
  }

  // Bytes of the page and of every file it needs, as they were sent.
  function weight(most) {
    const total = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
      .filter((entry) => entry.entryType === "navigation" || /\/assets\//.test(entry.name))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0);
    return total > 0 && total < most ? [] : [`${total} bytes`];
  }

  function elder(size) {
    const root = document.documentElement;
    root.classList.toggle("elder", size !== null);
    if (size === null) delete root.dataset.size;
    else root.dataset.size = size;
  }

  function enlarge(percent) {
    document.documentElement.style.fontSize = percent === 100 ? "" : `${percent}%`;
  }

  window.looking = { weight, contrast, wide, small, focus, lengthen, shifts, order, alike, elder, enlarge };
})();
