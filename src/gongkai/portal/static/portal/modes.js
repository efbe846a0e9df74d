/* Loaded before the first paint, so that a remembered mode never flashes in. Works on plain files. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.setAttribute("data-script", "");
  try {
    if (localStorage.getItem("gongkai-elder") === "on") root.setAttribute("data-elder", "");
    if (localStorage.getItem("gongkai-contrast") === "high") root.setAttribute("data-contrast", "high");
  } catch (error) {
    /* Storage is switched off: the page stays in its normal mode. */
  }
})();
