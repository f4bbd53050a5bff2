/* Makes the frames of kiosks as high as their content. Only the portal that serves this script is
   listened to, and only for the frame that speaks. */
{
  const home = new URL(document.currentScript.src).origin;

  const frames = () =>
    [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${home}/`));

  addEventListener("message", ({ data, origin, source }) => {
    const height = origin === home ? Math.ceil(data?.essorKioskHeight) : 0;
    if (!(height >= 50 && height <= 5000)) return;
    for (const frame of frames()) {
      if (frame.contentWindow === source) frame.style.height = `${height}px`;
    }
  });

  /* A frame may have said its height before anyone listened. */
  for (const frame of frames()) frame.contentWindow.postMessage("essorKioskHeight", "*");
}
