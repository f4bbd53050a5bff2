/* A map of structures in the place of its drawing. The server gathers the points that stand close;
   this asks for what the screen shows, and draws it with Leaflet, which is loaded once a map comes
   near the screen. Every mark is a button with a text; the page tells the same in a list. */

const SNAP_PX = 256;
const MOST_ZOOM = 18;
const LABEL_ZOOMS = 15;
const DEGREES = 5;
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const BY_FINGER = matchMedia("(pointer: coarse)").matches;

let leaflet;

const loadLeaflet = ({ script, style }) => {
  leaflet ??= new Promise((resolve, reject) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
    const code = Object.assign(document.createElement("script"), { src: script });
    code.onload = () => resolve(window.L);
    code.onerror = reject;
    document.head.prepend(sheet);
    document.head.append(code);
  });
  return leaflet;
};

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/* Degrees as the server writes them: longitude first. */
const placed = ([longitude, latitude]) => [latitude, longitude];
const sides = ([west, south, east, north]) => [[south, west], [north, east]];

class EssorMap extends HTMLElement {
  connectedCallback() {
    if (this.watching) return;
    this.words = JSON.parse(this.dataset.words);
    this.numbers = new Intl.NumberFormat(document.documentElement.lang);
    this.watching = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.begin(),
      { rootMargin: "200px" },
    );
    this.watching.observe(this);
  }

  /* The drawing stays when anything is missing: it says the same. */
  async begin() {
    this.watching.disconnect();
    let needed;
    try {
      needed = await Promise.all([loadLeaflet(this.dataset), this.read(this.dataset.base)]);
    } catch {
      return;
    }
    this.show(...needed);
  }

  async read(address, signal) {
    const answer = await fetch(address, { signal, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  say(word, values = {}) {
    return Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, value),
      this.words[word],
    );
  }

  counted(count, one, many) {
    return this.say(count === 1 ? one : many, { count: this.numbers.format(count) });
  }

  /* The map itself */

  show(L, base) {
    this.L = L;
    this.room = element("div", { className: "essor-map__room" });
    this.room.setAttribute("role", "application");
    this.room.setAttribute("aria-label", this.say("map"));
    this.status = element("p", { className: "essor-map__status" });
    this.status.setAttribute("role", "status");
    this.hint = element("p", { className: "essor-map__hint", textContent: this.say(BY_FINGER ? "fingers" : "keys") });
    this.append(this.room, this.status, this.hint);
    this.dataset.shown = "";
    this.map = L.map(this.room, {
      attributionControl: false,
      zoomControl: false,
      maxZoom: MOST_ZOOM,
      minZoom: 3,
      zoomAnimation: !STILL,
      fadeAnimation: !STILL,
      markerZoomAnimation: !STILL,
      inertia: !STILL,
      dragging: !BY_FINGER,
      scrollWheelZoom: false,
    });
    this.wheelWithControl();
    this.room.addEventListener("keydown", ({ key }) => key === "Escape" && this.map.closePopup());
    this.drawBase(base);
    this.controls();
    this.marks = L.layerGroup().addTo(this.map);
    this.home = sides(this.dataset.bounds.split(",").map(Number));
    this.map.on("moveend", () => this.refresh());
    this.map.on("zoomend", () => this.showLabels());
    this.map.on("popupclose", () => this.popupClosed());
    this.goHome();
    if (!this.dataset.points) this.showGiven();
  }

  goHome() {
    this.map.fitBounds(this.home, { animate: false, padding: [8, 8], maxZoom: 16 });
    this.showLabels();
  }

  /* The wheel scrolls the page; with the key of the browser's own zoom, it zooms the map. */
  wheelWithControl() {
    const zoom = this.map.scrollWheelZoom;
    const choose = ({ ctrlKey, metaKey }) => (ctrlKey || metaKey ? zoom.enable() : zoom.disable());
    this.room.addEventListener("wheel", choose, { capture: true });
  }

  drawBase(base) {
    const { L, map } = this;
    if (this.dataset.tiles) L.tileLayer(this.dataset.tiles, { maxZoom: MOST_ZOOM }).addTo(map);
    L.geoJSON(base, {
      interactive: false,
      style: ({ properties }) => ({ className: `essor-map__outline essor-map__outline--${properties.part}`, weight: 1 }),
    }).addTo(map);
    this.labels = [];
    const named = base.features.filter(({ properties }) => properties.part !== "area");
    named.sort((one, other) => (one.properties.part === "inside" ? 0 : 1) - (other.properties.part === "inside" ? 0 : 1));
    for (const { properties } of named) {
      const text = element("span", { textContent: properties.name });
      const icon = L.divIcon({ html: text, className: `essor-map__label essor-map__label--from-${properties.zoom}`, iconSize: null });
      const label = L.marker(placed(properties.at), { icon, interactive: false, keyboard: false, pane: "tooltipPane" }).addTo(map);
      this.labels.push(label);
    }
    this.map.getPane("tooltipPane").setAttribute("aria-hidden", "true");
  }

  /* A name is shown from its own zoom on: the room says which ones have come. */
  showLabels() {
    const zoom = this.map.getZoom();
    for (let level = 6; level < LABEL_ZOOMS; level += 1) {
      this.room.classList.toggle(`essor-map__room--at-${level}`, zoom >= level);
    }
  }

  /* A name that a mark or another name would cover in part, or that an edge cuts, is not read: it goes. */
  clearLabels() {
    const room = this.room.getBoundingClientRect();
    const covering = [this.querySelector(".essor-map__bar"), ...this.marks.getLayers().map((mark) => mark.getElement())];
    const taken = covering.map((one) => one.getBoundingClientRect());
    // At the very first move, nothing is there yet.
    for (const label of this.labels.map((one) => one.getElement()).filter(Boolean)) {
      label.classList.remove("essor-map__label--covered");
      const name = label.getBoundingClientRect();
      if (!name.width) continue;
      const touches = (other) =>
        name.left < other.right && other.left < name.right && name.top < other.bottom && other.top < name.bottom;
      const isWhole = room.left <= name.left && name.right <= room.right && room.top <= name.top && name.bottom <= room.bottom;
      const isRead = isWhole && !taken.some(touches);
      label.classList.toggle("essor-map__label--covered", !isRead);
      if (isRead) taken.push(name);
    }
  }

  controls() {
    const { L, map } = this;
    const bar = L.control({ position: "topleft" });
    bar.onAdd = () => {
      const made = element("div", { className: "essor-map__bar" });
      const add = (word, sign, act) => {
        const button = element("button", { type: "button", className: `essor-map__key essor-map__key--${word}`, title: this.say(word) });
        button.append(element("span", { textContent: sign, ariaHidden: "true" }), element("span", { className: "visually-hidden", textContent: this.say(word) }));
        button.addEventListener("click", act);
        made.append(button);
      };
      const step = (across, down) => () => map.panBy([across * 160, down * 160], { animate: !STILL });
      add("closer", "+", () => map.zoomIn());
      add("farther", "−", () => map.zoomOut());
      add("north", "↑", step(0, -1));
      add("west", "←", step(-1, 0));
      add("east", "→", step(1, 0));
      add("south", "↓", step(0, 1));
      add("whole", "⤢", () => this.goHome());
      L.DomEvent.disableClickPropagation(made);
      return made;
    };
    bar.addTo(map);
  }

  /* What the screen shows */

  get box() {
    const { L, map } = this;
    const pixels = map.getPixelBounds();
    const from = pixels.min.divideBy(SNAP_PX).floor().multiplyBy(SNAP_PX);
    const to = pixels.max.divideBy(SNAP_PX).ceil().multiplyBy(SNAP_PX);
    const corners = L.latLngBounds(map.unproject(from), map.unproject(to));
    return [corners.getWest(), corners.getSouth(), corners.getEast(), corners.getNorth()]
      .map((degrees) => degrees.toFixed(DEGREES))
      .join(",");
  }

  address(start, parameters) {
    const address = new URL(start, location.href);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return address;
  }

  async refresh() {
    if (!this.dataset.points) {
      this.clearLabels();
      return;
    }
    this.asking?.abort();
    this.asking = new AbortController();
    let seen;
    try {
      const parameters = { bbox: this.box, z: this.map.getZoom() };
      seen = await this.read(this.address(this.dataset.points, parameters), this.asking.signal);
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = this.say("failed");
      return;
    }
    this.draw(seen);
  }

  draw({ clusters, places, communes, count }) {
    const hadFocus = this.marks.getLayers().some((mark) => mark.getElement()?.contains(document.activeElement));
    this.marks.clearLayers();
    for (const cluster of clusters) this.addCluster(cluster);
    for (const group of communes) this.addCommune(group);
    for (const place of places) this.addPlace(place);
    this.clearLabels();
    this.status.textContent = this.counted(count, "oneHere", "manyHere");
    this.dataset.count = count;
    if (hadFocus) this.room.focus({ preventScroll: true });
  }

  addMark(at, button, size) {
    const { L } = this;
    const icon = L.divIcon({ html: button, className: "essor-map__mark", iconSize: [size, size] });
    const mark = L.marker(placed(at), { icon, interactive: false, keyboard: false });
    L.DomEvent.disableClickPropagation(button);
    this.marks.addLayer(mark);
    return mark;
  }

  button(className, text, label, act) {
    const button = element("button", { type: "button", className, textContent: text, title: label });
    if (label !== text) button.ariaLabel = label;
    button.addEventListener("click", () => act(button));
    return button;
  }

  addCluster({ at, count, box, at_commune: unplaced = 0 }) {
    const [west, south, east, north] = box;
    const isOnePoint = west === east && south === north;
    const isLast = this.map.getZoom() >= MOST_ZOOM;
    const size = count < 10 ? "small" : count < 100 ? "middle" : "large";
    const where = unplaced ? ` ${this.counted(unplaced, "oneUnplaced", "manyUnplaced")}` : "";
    const act = isOnePoint && unplaced === count ? "closerTo" : isOnePoint || isLast ? "listOf" : "closerTo";
    const label = this.counted(count, "one", "many") + where + this.say(act);
    const kind = unplaced === count ? " essor-map__group--unplaced" : "";
    const button = this.button(
      `essor-map__group essor-map__group--${size}${kind}`,
      this.numbers.format(count),
      label,
      (pressed) => (act === "listOf" ? this.list(at, box, pressed) : this.closeTo(at, box)),
    );
    this.addMark(at, button, { small: 32, middle: 40, large: 48 }[size]);
  }

  closeTo(at, box) {
    const zoom = Math.min(MOST_ZOOM, Math.max(this.map.getBoundsZoom(sides(box)), this.map.getZoom() + 1));
    this.room.focus({ preventScroll: true });
    this.map.setView(placed(box[0] === box[2] ? at : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]), zoom, { animate: !STILL });
  }

  addCommune({ at, count, code, name }) {
    const label = `${this.counted(count, "oneAtCommune", "manyAtCommune")} ${name}`;
    const button = this.button("essor-map__group essor-map__group--small essor-map__group--unplaced", this.numbers.format(count), label, (pressed) => {
      const parameters = { commune: code };
      const link = this.link(this.address(this.dataset.directory, parameters), this.say("listCommune", { name }));
      this.popup(at, pressed, element("p", { textContent: label }), element("p", {}, link));
    });
    this.addMark(at, button, 32);
  }

  addPlace(place) {
    const button = this.button(`essor-map__place essor-map__place--${place.family}`, "", place.name, (pressed) =>
      this.popup(place.at, pressed, this.named(place)));
    this.addMark(place.at, button, 28);
  }

  link(address, text) {
    const link = element("a", { href: address, textContent: text });
    if (this.dataset.target) link.target = this.dataset.target;
    return link;
  }

  /* The name of a structure, a link to its page, what it is and where. */
  named({ siren, name, family, commune }) {
    const link = this.link(new URL(`${siren}/`, new URL(this.dataset.directory, location.href)), name || siren);
    const about = [this.words.families[family], commune].filter(Boolean).join(" · ");
    return element("p", { className: "essor-map__named" }, link, element("span", { className: "essor-map__about", textContent: about }));
  }

  async list(at, box, pressed) {
    const { count, places } = await this.read(this.address(this.dataset.list, { bbox: box.join(",") }));
    const rest = count - places.length;
    const more = rest > 0 ? [element("p", { textContent: this.counted(rest, "oneMore", "manyMore") })] : [];
    this.popup(at, pressed, element("div", { className: "essor-map__named-list" }, ...places.map((place) => this.named(place))), ...more);
  }

  popup(at, pressed, ...content) {
    const { L, map } = this;
    this.pressed = pressed;
    const room = element("div", { className: "essor-map__popup" }, ...content);
    L.popup({ autoPanPadding: [16, 16], maxWidth: 280, maxHeight: 260, closeButton: true })
      .setLatLng(placed(at))
      .setContent(room)
      .openOn(map);
    const close = this.room.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", this.say("close"));
    room.querySelector("a")?.focus({ preventScroll: true });
  }

  /* Focus goes back to the mark that opened it, or to the map when that is gone. */
  popupClosed() {
    const wasInside = this.room.contains(document.activeElement) || document.activeElement === document.body;
    if (!wasInside || !this.pressed) return;
    (this.pressed.isConnected ? this.pressed : this.room).focus({ preventScroll: true });
    this.pressed = undefined;
  }

  /* A small map has its few places in the page itself. */
  showGiven() {
    for (const item of this.querySelectorAll("[data-at]")) {
      const place = { at: item.dataset.at.split(",").map(Number), name: item.textContent.trim(), family: item.dataset.family };
      const button = this.button(`essor-map__place essor-map__place--${place.family}`, "", place.name, (pressed) =>
        this.popup(place.at, pressed, element("p", { textContent: place.name })));
      this.addMark(place.at, button, 28);
    }
    this.clearLabels();
  }
}

customElements.define("essor-map", EssorMap);
