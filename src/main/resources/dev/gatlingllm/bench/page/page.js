document.querySelector("button").onclick = function () {
  var root = document.documentElement;
  var chosen = root.dataset.theme;
  var dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
};
