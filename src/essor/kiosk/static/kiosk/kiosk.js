/* A kiosk is a list of links that already scrolls: this adds buttons, keys, the wheel and the time.
   It looks for nothing outside itself, so that it works in a shadow tree too. */

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const FADE_MS = 180;
const REST_MS = 150;
const WHEEL_MS = 250;
const ACROSS = { at: "scrollLeft", room: "clientWidth", whole: "scrollWidth", start: "offsetLeft", to: "left" };
const DOWN = { at: "scrollTop", room: "clientHeight", whole: "scrollHeight", start: "offsetTop", to: "top" };

class EssorCovers extends HTMLElement {
  connectedCallback() {
    if (this.window) return;
    this.window = this.querySelector("[data-window]");
    this.bar = this.querySelector("[data-bar]");
    this.items = [...this.querySelectorAll("li")];
    this.axis = this.dataset.display === "vertical" ? DOWN : ACROSS;
    this.isSingle = this.dataset.display === "single";
    this.isFlow = this.dataset.display === "cover-flow";
    this.window.addEventListener("keydown", (event) => this.onKey(event));
    if (this.bar) this.scrolls();
  }

  scrolls() {
    const watch = (name, act) => this.window.addEventListener(name, act.bind(this), { passive: false });
    watch("scroll", this.onScroll);
    if (this.axis === ACROSS) watch("wheel", this.onWheel);
    if (this.isFlow) watch("focusin", this.onFocus);
    if (this.isFlow) watch("click", this.onClick);
    this.steps = [...this.bar.querySelectorAll("[data-step]")];
    for (const button of this.steps) {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    }
    new ResizeObserver(() => this.show()).observe(this.window);
    this.show();
    this.offerPlay();
  }

  /* Where the window stands, in pixels, and in covers. */

  get scrolled() {
    return this.window[this.axis.at];
  }

  get farthest() {
    return this.window[this.axis.whole] - this.window[this.axis.room];
  }

  /* Where it stands for each cover. */
  get starts() {
    const starts = this.items.map((item) => item[this.axis.start]);
    return starts.map((start) => start - starts[0]);
  }

  get pitch() {
    return this.starts[1] || this.window[this.axis.room];
  }

  get isAtEnd() {
    return this.scrolled >= this.farthest - 1;
  }

  /* The cover that it shows first, or in the middle, or is on its way to. */
  get place() {
    return this.goal ?? this.starts.findLastIndex((start) => start <= this.scrolled + this.pitch / 2);
  }

  go(place) {
    const last = this.starts.findIndex((start) => start >= this.farthest - 1);
    this.goal = Math.max(0, Math.min(place, last < 0 ? this.items.length - 1 : last));
    clearTimeout(this.resting);
    const there = this.starts[this.goal];
    const jump = (behavior) => this.window.scrollTo({ [this.axis.to]: there, behavior });
    if (!this.isSingle || STILL.matches) return jump("auto");
    this.window.animate({ opacity: [1, 0, 1] }, FADE_MS);
    setTimeout(jump, FADE_MS / 2, "instant");
  }

  /* A step is what the window shows whole. */
  step(direction) {
    const shown = this.isFlow ? 1 : Math.floor(this.window[this.axis.room] / this.pitch) || 1;
    this.go(this.place + direction * shown);
  }

  /* The arrows follow the way the covers stand; beyond the last one they are the page's again. */
  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const held = this.itemOf(event);
    const to = this.reached(held < 0 ? this.place : held)[event.key];
    if (!(to in this.items)) return;
    event.preventDefault();
    if (held >= 0) this.items[to].querySelector("a").focus({ preventScroll: Boolean(this.bar) });
    if (this.bar) this.go(to);
  }

  reached(from) {
    const ends = { Home: 0, End: this.items.length - 1 };
    if (this.axis === DOWN) return { ...ends, ArrowUp: from - 1, ArrowDown: from + 1 };
    const along = { ...ends, ArrowLeft: from - 1, ArrowRight: from + 1 };
    if (this.bar) return along;
    const columns = this.items.filter((item) => item.offsetTop === this.items[0].offsetTop).length;
    return { ...along, ArrowUp: from - columns, ArrowDown: from + columns };
  }

  itemOf(event) {
    return this.items.findIndex((item) => item.contains(event.target));
  }

  /* A vertical wheel moves the covers until their end, then the page again. */
  onWheel(event) {
    if (event.shiftKey || event.ctrlKey || Math.abs(event.deltaX) >= Math.abs(event.deltaY)) return;
    if (event.deltaY > 0 ? this.isAtEnd : this.scrolled <= 1) return;
    event.preventDefault();
    if (!this.isSingle && !this.isFlow) {
      this.window.scrollBy({ left: event.deltaY, behavior: "instant" });
    } else if (!(event.timeStamp - this.turnedAt < WHEEL_MS)) {
      this.turnedAt = event.timeStamp;
      this.step(Math.sign(event.deltaY));
    }
  }

  /* In a cover flow, the cover that has the focus comes to the middle; so does one that is pointed at
     while its title cannot be read yet. */

  onFocus(event) {
    if (event.target.matches(":focus-visible") && event.target !== this.window) this.go(this.itemOf(event));
  }

  onClick(event) {
    const at = this.itemOf(event);
    if (at < 0 || at === this.place || !event.detail || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(at);
  }

  onScroll() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.goal = undefined;
      this.show();
    }, REST_MS);
    this.show();
  }

  show() {
    const [previous, next] = this.steps;
    previous.ariaDisabled = String(this.scrolled <= 1);
    next.ariaDisabled = String(this.isAtEnd);
    this.toggleAttribute("data-whole", this.farthest <= 1);
    const said = this.bar.querySelector("[data-place]");
    if (said && said.textContent !== String(this.place + 1)) said.textContent = this.place + 1;
    if (this.isFlow) this.turnCovers();
    if (this.isAtEnd) this.pause();
  }

  turnCovers() {
    this.items.forEach((item, at) => {
      const away = at - this.scrolled / this.pitch;
      item.style.setProperty("--away", away.toFixed(3));
      item.style.zIndex = this.items.length - Math.round(Math.abs(away));
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
    this.timer = STILL.matches ? undefined : setTimeout(() => this.onTime(), this.dataset.autoplayS * 1000);
    this.tellPlaying();
  }

  onTime() {
    this.wait();
    if (!document.hidden && !this.window.matches(":hover, :focus-within")) this.go(this.place + 1);
  }

  /* What is told aloud keeps quiet while it moves by itself. */
  tellPlaying() {
    this.toggleAttribute("data-playing", Boolean(this.timer));
    const said = this.bar.querySelector("[role=status]");
    if (said) said.ariaLive = this.timer ? "off" : "polite";
  }
}

if (!customElements.get("essor-covers")) customElements.define("essor-covers", EssorCovers);
