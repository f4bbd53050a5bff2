/* What a form that counts what it would hold gains when scripts run: it counts again while one chooses or writes. */

const QUIET_MS = 400;

for (const panel of document.querySelectorAll("[data-recount-address]")) {
  const form = panel.closest("form");
  const said = panel.querySelector("[data-recount]");
  let waiting = 0;
  let asking = null;
  let last = asked();

  function asked() {
    return new URLSearchParams(new FormData(form)).toString();
  }

  async function show() {
    if (asked() === last) return;
    last = asked();
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(panel.dataset.recountAddress, {
      method: "POST",
      body: new URLSearchParams(last),
      signal: asking.signal,
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-recount]");
    /* A live region is heard again when it changes: only when it says something else. */
    if (fresh && fresh.textContent !== said.textContent) said.replaceChildren(...fresh.childNodes);
  }

  function wait() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(show, QUIET_MS);
  }

  panel.querySelector("[data-recount-button]").hidden = true;
  form.addEventListener("input", wait);
  form.addEventListener("change", wait);
}
