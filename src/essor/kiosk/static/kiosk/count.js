/* Counts that a kiosk was seen and which records were opened: the host name of the page around a frame, nothing of the visitor. */

const SHARES = [0.01, 0.1, 0.25, 0.5];
const ENOUGH_PX = 200; /* of a kiosk too tall for half of it to be seen at once */
const RECORD = /\/catalogue\/(\d+)\/$/;

const wantsNotToBeFollowed = navigator.globalPrivacyControl === true || navigator.doNotTrack === "1";

/* Where the kiosk stands: nothing in a page of the portal, the host in a frame, "?" when it does not say. */
function site() {
  if (window.parent === window) return "";
  try {
    return new URL(document.referrer).hostname;
  } catch {
    return "?";
  }
}

function tell(kiosk, what) {
  fetch(kiosk.dataset.kioskCount, {
    method: "POST",
    body: new URLSearchParams({ ...what, site: site() }).toString(),
    credentials: "omit",
    keepalive: true,
  }).catch(() => {});
}

function tellOfClick(kiosk, event) {
  /* A click that a display takes for itself, to bring a cover forward, opens nothing. */
  const link = event.button > 1 || event.defaultPrevented ? null : event.target.closest("a[href]");
  const record = link && new URL(link.href).pathname.match(RECORD);
  if (record) tell(kiosk, { quoi: "clic", notice: record[1] });
}

function count(kiosk) {
  const seen = new IntersectionObserver(
    (entries) => {
      const isSeen = entries.some((one) => one.isIntersecting && (one.intersectionRatio >= 0.5 || one.intersectionRect.height >= ENOUGH_PX));
      if (!isSeen) return;
      seen.disconnect();
      tell(kiosk, { quoi: "vu" });
    },
    { threshold: SHARES },
  );
  seen.observe(kiosk);
  kiosk.addEventListener("click", (event) => tellOfClick(kiosk, event));
  kiosk.addEventListener("auxclick", (event) => tellOfClick(kiosk, event));
}

if (!wantsNotToBeFollowed) {
  for (const kiosk of document.querySelectorAll("[data-kiosk-count]")) count(kiosk);
}
