// Gradio's loading screen goes on counting seconds after it is gone, at every frame for as long as
// the page is open (Gradio 6.31): the next time its counter asks for a frame, it gets none.

const nextFrame = window.requestAnimationFrame;
window.requestAnimationFrame = (callback) => {
  if (!/performance\.now\(\).*1e3/.test(callback)) return nextFrame(callback);
  window.requestAnimationFrame = nextFrame;
};
