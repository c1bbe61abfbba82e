// Tells the page around the frame how high this one is. Nothing else is told.
if (parent !== window) {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ type: "huice:height", height }, "*");
  }).observe(document.documentElement);
}
