/* A strip of covers already scrolls and its covers are links: this adds buttons, keys and the wheel. */

class EssorStrip extends HTMLElement {
  connectedCallback() {
    this.window = this.querySelector("[data-strip-window]");
    this.buttons = this.querySelector("[data-strip-buttons]");
    if (!this.window || !this.buttons) return;
    for (const button of this.buttons.querySelectorAll("[data-strip-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.stripStep)));
    }
    this.window.addEventListener("keydown", (event) => this.onKey(event));
    this.window.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    this.window.addEventListener("scroll", () => this.showWhere(), { passive: true });
    new ResizeObserver(() => this.showWhere()).observe(this.window);
    this.showWhere();
  }

  get farthest() {
    return this.window.scrollWidth - this.window.clientWidth;
  }

  /* A step is what the window shows, less one cover to keep one's place. */
  step(direction) {
    const cover = this.querySelector(".strip__item").offsetWidth;
    this.window.scrollBy({ left: direction * Math.max(cover, this.window.clientWidth - cover) });
  }

  onKey(event) {
    const cover = this.querySelector(".strip__item").offsetWidth;
    const places = { ArrowRight: this.window.scrollLeft + cover, ArrowLeft: this.window.scrollLeft - cover, Home: 0, End: this.farthest };
    if (!(event.key in places) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.window.scrollTo({ left: places[event.key] });
  }

  /* A vertical wheel moves the strip until its end, then the page again. */
  onWheel(event) {
    if (event.shiftKey || Math.abs(event.deltaX) >= Math.abs(event.deltaY)) return;
    const place = this.window.scrollLeft;
    const isAtEnd = event.deltaY > 0 ? place >= this.farthest - 1 : place <= 0;
    if (isAtEnd) return;
    event.preventDefault();
    this.window.scrollBy({ left: event.deltaY, behavior: "instant" });
  }

  showWhere() {
    this.buttons.hidden = this.farthest <= 1;
    const [previous, next] = this.buttons.querySelectorAll("[data-strip-step]");
    previous.disabled = this.window.scrollLeft <= 1;
    next.disabled = this.window.scrollLeft >= this.farthest - 1;
  }
}

customElements.define("essor-strip", EssorStrip);
