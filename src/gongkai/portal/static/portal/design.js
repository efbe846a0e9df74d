/* The living page of the design system: what the pointer and the keyboard bring about is shown at rest. Every rule of
   the page's own style sheets for :hover and :focus-visible is repeated for what is marked data-shown="hover" or
   "focus", so that a sample has exactly the look of the state. */
(function () {
  "use strict";

  var STATES = [[/:hover/g, '[data-shown="hover"]'], [/:focus-visible/g, '[data-shown="focus"]']];

  function repeat(rules, sheet) {
    Array.prototype.slice.call(rules).forEach(function (rule) {
      STATES.forEach(function (state) {
        if (rule.selectorText && state[0].test(rule.selectorText)) {
          state[0].lastIndex = 0;
          sheet.insertRule(
            rule.selectorText.replace(state[0], state[1]) + "{" + rule.style.cssText + "}",
            sheet.cssRules.length
          );
        }
        state[0].lastIndex = 0;
      });
    });
  }

  var own = document.querySelector('link[href*="design"]').sheet;
  Array.prototype.forEach.call(document.styleSheets, function (sheet) {
    if (sheet !== own) repeat(sheet.cssRules, own);
  });
  document.querySelectorAll('[data-shown="open"] details, details[data-shown="open"]').forEach(function (one) {
    one.open = true;
  });
})();
