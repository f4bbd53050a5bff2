/* What a reader gains when scripts run: a button that copies the permanent link, and Escape closes the menu. */

async function copied(link) {
  try {
    await navigator.clipboard.writeText(link.href);
    return true;
  } catch {
    return copiedFromSelection(link); /* no clipboard outside https, or refused */
  }
}

function copiedFromSelection(link) {
  const selection = document.getSelection();
  selection.selectAllChildren(link);
  const done = document.execCommand("copy");
  if (done) selection.removeAllRanges();
  return done;
}

for (const menu of document.querySelectorAll("[data-share]")) {
  const button = menu.querySelector("[data-share-copy]");
  const status = menu.querySelector("[data-share-status]");
  menu.querySelector("[data-share-copying]").hidden = false;

  button.addEventListener("click", async () => {
    status.textContent = "";
    const done = await copied(menu.querySelector("[data-share-address]"));
    status.textContent = done ? button.dataset.done : button.dataset.failed;
  });

  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  menu.addEventListener("toggle", () => {
    if (!menu.open) status.textContent = "";
  });
}
