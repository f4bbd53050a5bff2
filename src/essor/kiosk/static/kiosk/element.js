/* <essor-kiosk src="https://portal/kiosques/name/" theme="sombre">: a kiosk in the page of another site,
   without a frame. It shows what the frame shows, in a shadow tree that styles neither enter nor leave;
   until then, and when that fails, the words inside the element stand. */

const THEMES = { clair: "light", sombre: "dark" };
const HERE = import.meta.url;

/* Sizes in rem would follow the root of the host page: here they follow the reader's own size of text. */
const sheetFor = (size) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("STYLESHEET".replace(/([\d.]+)rem\b/g, (_, count) => `${count * size}px`));
  return sheet;
};

/* A kiosk is shown if its portal is the one of this script, or another whose script the page includes. */
const isTrusted = (origin) =>
  [HERE, ...[...document.scripts].map((script) => script.src)].some((address) => address.startsWith(origin + new URL(HERE).pathname));

/* The portal escapes its texts; should it ever fail to, nothing of them may run in another site. */
const disarm = (element, address) => {
  for (const { name, value } of [...element.attributes]) {
    if (/^(href|src)$/.test(name)) {
      const whole = new URL(value, address);
      if (/^https?:$/.test(whole.protocol)) element.setAttribute(name, whole);
      else element.removeAttribute(name);
    } else if (/^(on|style|srcset|xlink|form|action)/.test(name)) element.removeAttribute(name);
  }
  if (element.hasAttribute("href")) element.setAttribute("target", "_top");
};

/* As in a frame (count.js), but the portal learns the name of the site from the browser alone. */
const count = (root, address) => {
  const tell = (what) => fetch(address, { method: "POST", body: `${new URLSearchParams(what)}`, credentials: "omit", keepalive: true }).catch(() => {});
  const tellOfClick = (event) => {
    const record = event.target.closest("a")?.pathname.match(/\/catalogue\/(\d+)\/$/);
    if (record && event.button < 2 && !event.defaultPrevented) tell({ quoi: "clic", notice: record[1] });
  };
  const seen = new IntersectionObserver(([{ isIntersecting, intersectionRatio, intersectionRect }]) => {
    if (!isIntersecting || (intersectionRatio < 0.5 && intersectionRect.height < 200)) return;
    seen.disconnect();
    tell({ quoi: "vu" });
  }, { threshold: [0.01, 0.1, 0.25, 0.5] });
  seen.observe(root);
  root.addEventListener("click", tellOfClick);
  root.addEventListener("auxclick", tellOfClick);
};

class EssorKiosk extends HTMLElement {
  static observedAttributes = ["src", "theme"];

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
  }

  attributeChangedCallback(name, _, value) {
    if (name === "src") this.show(value).catch(() => {});
    else this.paint();
  }

  async show(src) {
    const address = new URL(src, document.baseURI);
    if (!isTrusted(address.origin)) return;
    address.pathname = address.pathname.replace(/\/?$/, "/cadre");
    const answer = await fetch(address, { credentials: "omit" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && src === this.getAttribute("src")) this.fill(page, address);
  }

  fill(page, address) {
    const content = page.querySelector("main");
    for (const element of content.querySelectorAll("h1, script, style, link, iframe, object, embed, form, set, animate")) element.remove();
    for (const element of content.querySelectorAll("*")) disarm(element, address);
    const root = document.createElement("div");
    root.className = "root";
    root.lang = page.documentElement.lang;
    root.append(...content.childNodes);
    this.ownTheme = page.documentElement.dataset.theme;
    this.shadowRoot.adoptedStyleSheets = [sheetFor(16)];
    this.shadowRoot.replaceChildren(root);
    const size = parseFloat(getComputedStyle(root).fontSize);
    if (size && size !== 16) this.shadowRoot.adoptedStyleSheets = [sheetFor(size)];
    this.paint();
    const counted = content.dataset.kioskCount;
    if (counted) count(root, new URL(counted, address));
  }

  paint() {
    const root = this.shadowRoot.querySelector(".root");
    if (root) root.dataset.theme = THEMES[this.getAttribute("theme")] ?? this.ownTheme;
  }
}

customElements.get("essor-kiosk") ?? customElements.define("essor-kiosk", EssorKiosk);
