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
