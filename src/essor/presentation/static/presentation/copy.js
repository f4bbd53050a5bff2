/* A button that copies the field it names; without script the field itself is there to be copied. */

for (const button of document.querySelectorAll("[data-copy-from]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copyFrom);
    const status = button.parentElement.querySelector("[data-copy-status]");
    try {
      await navigator.clipboard.writeText(field.value);
      status.textContent = button.dataset.copyDone;
    } catch {
      field.select();
    }
  });
}
