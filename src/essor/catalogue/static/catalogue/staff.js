/* What the screens of the catalogue gain when scripts run: all boxes ticked at once, places that follow a drag. */

/* The list is replaced at each letter of a search: listen above it. */
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  for (const box of event.target.closest("form").querySelectorAll("input[name=record]")) {
    box.checked = event.target.checked;
  }
});

function showTickAll() {
  for (const box of document.querySelectorAll("[data-tick-all][hidden]")) box.hidden = false;
}

const results = document.getElementById("listing-results");
if (results) new MutationObserver(showTickAll).observe(results, { childList: true, subtree: true });
showTickAll();

/* A row that was dragged is saved at once: the numbers beside the rows say the new order. */
const rows = document.querySelector("[data-basket-order] tbody");

function renumber() {
  const places = [...rows.querySelectorAll("[data-place]")];
  const first = Math.min(...[...rows.querySelectorAll("[data-was]")].map((was) => Number(was.value)));
  places.forEach((place, index) => {
    const was = place.closest("td").querySelector("[data-was]");
    if (place.value === was.value) place.value = String(first + index);
    was.value = String(first + index);
  });
}

if (rows) new MutationObserver(renumber).observe(rows, { childList: true });

/* A file is dropped on its field. */
for (const zone of document.querySelectorAll("[data-drop-zone]")) {
  const field = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector(".drop__chosen");
  zone.querySelector(".drop__invitation").hidden = false;
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("drop--ready");
    });
  }
  zone.addEventListener("dragleave", () => zone.classList.remove("drop--ready"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("drop--ready");
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", () => {
    chosen.textContent = field.files[0]?.name ?? "";
  });
}

/* A part of a page that renews itself while something is at work; at its end the whole page tells more. */
const RENEWED_EVERY_MS = 2000;

async function renew(part) {
  const answer = await fetch(part.dataset.renew, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return window.setTimeout(renew, 5 * RENEWED_EVERY_MS, part);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (!fresh?.dataset.renew) return location.reload();
  keepFocus(part, fresh);
  return window.setTimeout(renew, RENEWED_EVERY_MS, fresh);
}

function keepFocus(part, fresh) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceWith(fresh);
  if (focused) fresh.querySelector(focused.matches("a") ? "a" : "button")?.focus();
}

for (const part of document.querySelectorAll("[data-renew]")) {
  window.setTimeout(renew, RENEWED_EVERY_MS, part);
}

/* What a search finds, while its criteria are being written. */
const QUIET_MS = 400;

for (const form of document.querySelectorAll("form[data-preview]")) {
  let waiting = 0;
  let asking = null;

  const show = async () => {
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      signal: asking.signal,
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("search-found");
    const shown = document.getElementById("search-found");
    /* The count is a live region: it must stay in place to be heard. */
    const count = shown.querySelector(".found__count");
    const counted = fresh.querySelector(".found__count");
    count.textContent = counted.textContent.trim();
    counted.remove();
    for (const part of [...shown.children]) if (part !== count) part.remove();
    shown.append(...fresh.children);
  };

  form.querySelector("[data-preview-button]").hidden = true;
  form.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(show, QUIET_MS);
  });
}
