/* Suggestions under a search field: a combobox whose list leads to records, authors and subjects.
   Without script, or without an answer, the field is that of an ordinary form.
   Pattern: ARIA Authoring Practices, editable combobox with list autocomplete. */

const WAIT_MS = 150;
const SHORTEST = 2;

class Suggest extends HTMLElement {
  #field;
  #list;
  #status;
  #timer = 0;
  #request;
  #addresses = [];
  #place = -1;

  connectedCallback() {
    if (this.#list) return;
    this.#field = this.querySelector("input");
    this.#list = document.createElement("ul");
    this.#list.className = "suggest__list";
    this.#list.id = `${this.#field.id}-suggestions`;
    this.#list.setAttribute("role", "listbox");
    this.#list.hidden = true;
    this.#list.setAttribute("aria-label", this.closest("form").getAttribute("aria-label"));
    this.#status = document.createElement("span");
    this.#status.className = "visually-hidden";
    this.#status.setAttribute("role", "status");
    this.append(this.#list, this.#status);
    this.#makeCombobox();
    this.#listen();
  }

  #makeCombobox() {
    this.#field.setAttribute("role", "combobox");
    this.#field.autocomplete = "off";
    this.#field.setAttribute("aria-autocomplete", "list");
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.setAttribute("aria-controls", this.#list.id);
  }

  #listen() {
    this.#field.addEventListener("input", () => this.#askSoon());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("blur", () => this.#close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); /* keep the focus */
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#go([...this.#list.children].indexOf(option));
    });
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const text = this.#field.value.trim();
    if (text.length < SHORTEST) {
      this.#close();
      return;
    }
    this.#timer = setTimeout(() => this.#ask(text), WAIT_MS);
  }

  async #ask(text) {
    this.#request = new AbortController();
    const { signal } = this.#request;
    try {
      const response = await fetch(`${this.dataset.address}?q=${encodeURIComponent(text)}`, { signal });
      if (!response.ok) throw new Error(response.statusText);
      const [, texts, kinds, addresses] = await response.json();
      if (document.activeElement === this.#field) this.#show(texts, kinds, addresses);
    } catch {
      if (!signal.aborted) this.#close(); /* no suggestion is no loss: the form still asks */
    }
  }

  #show(texts, kinds, addresses) {
    this.#addresses = addresses;
    this.#list.replaceChildren(
      ...texts.map((text, place) => {
        const option = document.createElement("li");
        option.className = "suggest__option";
        option.setAttribute("role", "option");
        option.id = `${this.#list.id}-${place}`;
        option.setAttribute("aria-selected", "false");
        option.append(part("suggest__text", text), " ", part("suggest__kind", kinds[place]));
        return option;
      }),
    );
    this.#place = -1;
    this.#field.removeAttribute("aria-activedescendant");
    this.#open(texts.length > 0);
    const { one, many, none } = this.dataset;
    this.#status.textContent = [none, one][texts.length] ?? many.replace("{count}", texts.length);
  }

  #open(isOpen) {
    this.#list.hidden = !isOpen;
    this.#field.setAttribute("aria-expanded", String(isOpen));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#open(false);
    this.#place = -1;
    this.#field.removeAttribute("aria-activedescendant");
    this.#status.textContent = "";
  }

  #key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOpen = !this.#list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen) this.#choose(event.key === "ArrowDown" ? 1 : -1);
      else this.#askSoon();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter" && isOpen && this.#place >= 0) {
      event.preventDefault();
      this.#go(this.#place);
    }
  }

  /* Past either end is the field itself, where what was typed still stands. */
  #choose(step) {
    const options = [...this.#list.children];
    const places = options.length + 1;
    this.#place = ((this.#place + 1 + step + places) % places) - 1;
    options.forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === this.#place));
    });
    const chosen = options[this.#place];
    if (!chosen) {
      this.#field.removeAttribute("aria-activedescendant");
      return;
    }
    this.#field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  #go(place) {
    const address = new URL(this.#addresses[place], location.href);
    if (address.origin === location.origin) location.assign(address);
  }
}

function part(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

customElements.define("essor-suggest", Suggest);
