// Says in the page that it is broken, if start.js did not run: a host may lack the page's folder, or
// send scripts of the wrong type. So this is part of index.html.
addEventListener("load", () => {
  const element = document.querySelector(".sketchpad");
  if (element.classList.contains("started")) return;
  const { text } = JSON.parse(document.querySelector(".settings").textContent).page;
  element.querySelector(".notice").textContent = text.no_page;
});
