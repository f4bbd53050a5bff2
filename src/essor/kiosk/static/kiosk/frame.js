/* Tells the page around the frame how high the kiosk is, now and whenever that changes. A height is
   no secret: it is told to any site, which listens if it has included the script for that. */

const secret = () => location.hash.match(/[?&]secret=(\w+)/)?.[1];

const tell = () => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ essorKioskHeight: height }, "*");
  if (secret()) parent.postMessage({ message: "height", value: height, secret: secret() }, "*");
};

/* WordPress shuts what oEmbed gave it in a frame that may not lead the page elsewhere, and names it by a
   secret in its address: it follows the links that such a frame tells it. */
const tellOfLink = (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!secret() || !link || !isPlain || event.defaultPrevented) return;
  event.preventDefault();
  parent.postMessage({ message: "link", value: link.href, secret: secret() }, "*");
};

if (parent !== window) {
  new ResizeObserver(tell).observe(document.body);
  addEventListener("load", tell);
  addEventListener("hashchange", tell);
  addEventListener("click", tellOfLink);
  addEventListener("message", ({ data, source }) => {
    if (source === parent && data === "essorKioskHeight") tell();
  });
}
