// "Near me": the position that the reader shares goes into the address of the search, and nowhere else.

const DECIMALS = 4;

function setField(form, name, value) {
  let field = form.querySelector(`input[name="${name}"]`);
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    form.append(field);
  }
  field.value = value;
}

function offer(form) {
  const place = form.querySelector("[data-near-me]");
  const button = place.querySelector("button");
  const status = place.querySelector("[role=status]");
  const typed = form.querySelector('input[name="pres"]');
  // What is typed counts: a position that was shared before is forgotten.
  typed.addEventListener("input", () => {
    for (const kept of form.querySelectorAll("[data-near-me-kept]")) kept.remove();
  });
  place.hidden = false;
  button.addEventListener("click", () => {
    status.textContent = place.dataset.waiting;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        typed.value = "";
        setField(form, "lat", coords.latitude.toFixed(DECIMALS));
        setField(form, "lon", coords.longitude.toFixed(DECIMALS));
        form.requestSubmit();
      },
      () => {
        status.textContent = place.dataset.refused;
        typed.focus();
      },
      { maximumAge: 60_000, timeout: 20_000 },
    );
  });
}

if ("geolocation" in navigator) {
  for (const form of document.querySelectorAll("[data-near-me-form]")) offer(form);
}
