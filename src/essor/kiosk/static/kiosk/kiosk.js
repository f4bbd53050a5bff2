/* A kiosk is a list of links that already scrolls: this adds buttons, keys, the wheel and the time.
   It looks for nothing outside itself, so that it works in a shadow tree too. */

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const FADE_MS = 200;
const REST_MS = 150;
const WHEEL_MS = 250;

class EssorCovers extends HTMLElement {
  connectedCallback() {
    const list = this.querySelector("[data-window]");
    if (!list || this.window) return;
    this.window = list;
    this.display = this.dataset.display;
    this.items = [...list.querySelectorAll("li")];
    this.isVertical = this.display === "vertical";
    this.isSingle = this.display === "single";
    this.isFlow = this.display === "cover-flow";
    list.addEventListener("keydown", (event) => this.onKey(event));
    this.bar = this.querySelector("[data-bar]");
    if (this.bar) this.scrolls();
  }

  scrolls() {
    const watch = (name, act, options) => this.window.addEventListener(name, act.bind(this), options);
    watch("scroll", this.onScroll, { passive: true });
    if (!this.isVertical) watch("wheel", this.onWheel, { passive: false });
    if (this.isFlow) {
      watch("focusin", this.onFocus);
      watch("click", this.onClick);
    }
    for (const button of this.bar.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    }
    new ResizeObserver(() => this.show()).observe(this.window);
    this.show();
    this.offerPlay();
  }

  /* Where the window stands, and how far it goes. */

  get scrolled() {
    return this.isVertical ? this.window.scrollTop : this.window.scrollLeft;
  }

  get length() {
    return this.isVertical ? this.window.clientHeight : this.window.clientWidth;
  }

  get farthest() {
    return (this.isVertical ? this.window.scrollHeight : this.window.scrollWidth) - this.length;
  }

  get isAtStart() {
    return this.scrolled <= 1;
  }

  get isAtEnd() {
    return this.scrolled >= this.farthest - 1;
  }

  /* Where the window stands when it shows an item: at its start, or around its middle. */
  spot(item) {
    const [start, size] = this.isVertical ? [item.offsetTop, item.offsetHeight] : [item.offsetLeft, item.offsetWidth];
    const spare = this.isFlow ? (this.length - size) / 2 : this.items[0][this.isVertical ? "offsetTop" : "offsetLeft"];
    return Math.max(0, Math.min(start - spare, this.farthest));
  }

  get pitch() {
    const [first, second] = this.items;
    return second ? (this.isVertical ? second.offsetTop - first.offsetTop : second.offsetLeft - first.offsetLeft) : this.length;
  }

  /* The item that it shows, or is on its way to. */
  get place() {
    return this.goal ?? Math.max(0, Math.min(Math.round(this.scrolled / this.pitch), this.items.length - 1));
  }

  go(place) {
    this.goal = Math.max(0, Math.min(place, this.items.length - 1));
    const jump = (behavior) => this.window.scrollTo({ [this.isVertical ? "top" : "left"]: this.spot(this.items[this.goal ?? place]), behavior });
    if (!this.isSingle || STILL.matches) return jump("auto");
    this.window.animate({ opacity: [1, 0, 1] }, FADE_MS);
    setTimeout(() => jump("instant"), FADE_MS / 2);
  }

  /* A step is what the window shows whole. */
  step(direction) {
    const shown = this.isSingle || this.isFlow ? 1 : Math.max(1, Math.floor(this.length / this.pitch));
    this.go(this.place + direction * shown);
  }

  /* The arrows follow the way the covers stand; beyond the last one they are the page's again. */
  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const held = this.items.findIndex((item) => item.contains(event.target));
    const from = held < 0 ? this.place : held;
    const to = { Home: 0, End: this.items.length - 1, ...this.arrows(from) }[event.key];
    if (!(to in this.items)) return;
    event.preventDefault();
    if (held >= 0) this.items[to].querySelector("a").focus({ preventScroll: Boolean(this.bar) });
    if (this.bar) this.go(to);
  }

  arrows(from) {
    const along = { ArrowLeft: from - 1, ArrowRight: from + 1 };
    if (this.isVertical) return { ArrowUp: from - 1, ArrowDown: from + 1 };
    if (this.bar) return along;
    const columns = this.items.filter((item) => item.offsetTop === this.items[0].offsetTop).length;
    return { ...along, ArrowUp: from - columns, ArrowDown: from + columns };
  }

  /* A vertical wheel moves the covers until their end, then the page again. */
  onWheel(event) {
    if (event.shiftKey || event.ctrlKey || Math.abs(event.deltaX) >= Math.abs(event.deltaY)) return;
    if (event.deltaY > 0 ? this.isAtEnd : this.isAtStart) return;
    event.preventDefault();
    if (!this.isSingle && !this.isFlow) {
      this.window.scrollBy({ left: event.deltaY, behavior: "instant" });
    } else if (!(event.timeStamp - this.turnedAt < WHEEL_MS)) {
      this.turnedAt = event.timeStamp;
      this.step(Math.sign(event.deltaY));
    }
  }

  /* In a cover flow, the cover that has the focus comes to the middle; so does one that is pointed at,
     whose title could not be read yet. */

  onFocus(event) {
    if (event.target.matches(":focus-visible")) this.go(this.items.findIndex((item) => item.contains(event.target)));
  }

  onClick(event) {
    const at = this.items.findIndex((item) => item.contains(event.target));
    if (at < 0 || at === this.place || !event.detail || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(at);
  }

  onScroll() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST_MS);
    this.show();
  }

  rest() {
    this.goal = undefined;
    this.show();
  }

  show() {
    const [previous, next] = this.bar.querySelectorAll("[data-step]");
    previous.ariaDisabled = String(this.isAtStart);
    next.ariaDisabled = String(this.isAtEnd);
    this.toggleAttribute("data-whole", this.farthest <= 1);
    const said = this.bar.querySelector("[data-place]");
    const place = String(this.place + 1);
    if (said && said.textContent !== place) said.textContent = place;
    if (this.isFlow) this.turnCovers();
    if (this.isAtEnd) this.pause();
  }

  turnCovers() {
    this.items.forEach((item, at) => {
      const away = at - this.scrolled / this.pitch;
      item.style.setProperty("--away", away.toFixed(3));
      item.style.zIndex = String(this.items.length - Math.round(Math.abs(away)));
      item.toggleAttribute("data-here", Math.abs(away) < 0.5);
    });
  }

  /* It moves by itself only with a button to stop it, and never for who asked for less motion. */

  offerPlay() {
    const button = this.bar.querySelector("[data-play]");
    if (!button) return;
    button.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    this.window.addEventListener("pointerleave", () => this.timer && this.wait());
    STILL.addEventListener("change", () => this.pause());
    if (!this.isAtEnd) this.wait();
  }

  play() {
    if (this.isAtEnd) this.go(0);
    this.wait();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.tellPlaying();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = STILL.matches ? undefined : setTimeout(() => this.onTime(), Number(this.dataset.autoplayS) * 1000);
    this.tellPlaying();
  }

  onTime() {
    if (!document.hidden && !this.window.matches(":hover, :focus-within")) this.go(this.place + 1);
    this.wait();
  }

  /* What is told aloud keeps quiet while it moves by itself. */
  tellPlaying() {
    this.toggleAttribute("data-playing", Boolean(this.timer));
    this.querySelector("[role=status]")?.setAttribute("aria-live", this.timer ? "off" : "polite");
  }
}

if (!customElements.get("essor-covers")) customElements.define("essor-covers", EssorCovers);
