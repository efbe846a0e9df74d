/* Loaded before the first paint, so that a remembered mode never flashes in. Works on plain files. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.setAttribute("data-script", "");
  /* What this browser cannot do has no button from the first paint on, so that nothing moves. */
  if (!navigator.share) root.setAttribute("data-no-share", "");
  if (!navigator.clipboard) root.setAttribute("data-no-copy", "");
  if (!("speechSynthesis" in window)) root.setAttribute("data-no-voice", "");
  try {
    if (localStorage.getItem("gongkai-elder") === "on") root.setAttribute("data-elder", "");
    if (localStorage.getItem("gongkai-contrast") === "high") root.setAttribute("data-contrast", "high");
  } catch (error) {
    /* Storage is switched off: the page stays in its normal mode. */
  }
})();
