/* What a reader gains when scripts run: a folded article opens for its address, a video plays in place. */

function openForAddress() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch {
    return; /* no anchor of ours */
  }
  const target = document.getElementById(name);
  const folded = target?.closest("details:not([open])");
  if (!folded) return;
  folded.open = true;
  folded.scrollIntoView();
}

window.addEventListener("hashchange", openForAddress);
openForAddress();

/* Everything unfolds on paper, and folds again after. */
const unfoldedForPrint = new Set();

window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details.accordion__item:not([open])")) {
    folded.open = true;
    unfoldedForPrint.add(folded);
  }
});

window.addEventListener("afterprint", () => {
  for (const folded of unfoldedForPrint) folded.open = false;
  unfoldedForPrint.clear();
});

for (const video of document.querySelectorAll("[data-video]")) {
  const start = video.querySelector("[data-video-start]");
  if (!start) continue;
  start.hidden = false;
  start.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.className = "video__frame";
    frame.src = video.dataset.video;
    frame.title = video.dataset.videoTitle;
    frame.allow = "autoplay; fullscreen; picture-in-picture";
    frame.allowFullscreen = true;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    video.querySelector(".video__picture")?.remove();
    video.prepend(frame);
    start.remove();
    frame.focus();
  });
}
