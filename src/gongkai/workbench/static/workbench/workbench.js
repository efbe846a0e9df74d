/* What the workbench gains from a script. Every page works without it. */
(function () {
  "use strict";

  /* A menu closes on Escape and when something else is clicked. */
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    if (location.hash === "#menu") location.hash = "#main";
  });

  /* The menu is narrowed by typing: what is folded away is found too; Enter opens the first, Escape shows all. */
  var find = document.querySelector(".nav__find");
  if (find) {
    var field = find.querySelector("input"), none = find.querySelector("[data-none]");
    var groups = Array.from(document.querySelectorAll(".nav__group"));
    var folds = Array.from(document.querySelectorAll(".nav__more"));
    var opened = folds.map(function (fold) { return fold.open; });
    var narrow = function () {
      var words = field.value.trim().toLowerCase(), found = 0;
      groups.forEach(function (group) {
        var label = group.querySelector(".nav__label");
        var whole = label && label.textContent.toLowerCase().includes(words), here = 0;
        group.querySelectorAll("li").forEach(function (entry) {
          entry.hidden = words && !whole && !entry.textContent.toLowerCase().includes(words);
          here += !entry.hidden;
        });
        group.hidden = !here;
        found += here;
      });
      folds.forEach(function (fold, at) { fold.open = words ? true : opened[at]; });
      none.textContent = found ? "" : none.dataset.none;
    };
    field.addEventListener("input", narrow);
    field.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && field.value) {
        event.stopPropagation();
        field.value = "";
        narrow();
      }
      if (event.key !== "Enter" || !field.value.trim()) return;
      var first = document.querySelector(".nav__group:not([hidden]) li:not([hidden]) a");
      if (first) location.assign(first.href);
    });
  }

  /* An act of a menu that cannot be undone says its consequence first. */
  document.addEventListener("submit", function (event) {
    var consequence = event.target.dataset.consequence;
    if (consequence && !window.confirm(consequence)) event.preventDefault();
  });

  /* One press sends once: a second press on a slow line would file the same thing twice. */
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) {
      event.preventDefault();
      return;
    }
    event.target.dataset.sent = "yes";
    var slow = event.submitter && event.submitter.dataset.wait;
    if (slow) waiting(event.target, event.submitter);
    setTimeout(function () { delete event.target.dataset.sent; }, slow ? 180000 : 8000);
  });

  /* What takes long says so, on the button and to those who hear the page. */
  function waiting(form, button) {
    var line = form.querySelector(".waiting"), label = button.textContent;
    button.textContent = button.dataset.busy;
    if (line) line.textContent = button.dataset.wait;
    /* Whoever comes back to the kept page finds it as it was. */
    window.addEventListener("pageshow", function () {
      button.textContent = label;
      if (line) line.textContent = "";
      delete form.dataset.sent;
    }, { once: true });
  }

  /* Typed text is not lost by leaving the page unasked. */
  document.querySelectorAll("form[data-guard]").forEach(function (form) {
    var typed = false;
    form.addEventListener("input", function () { typed = true; });
    form.addEventListener("submit", function () { typed = false; });
    form.addEventListener("kept", function () { typed = false; });
    window.addEventListener("beforeunload", function (event) {
      if (typed) event.preventDefault();
    });
  });

  /* A choice that must be explained unfolds the place for it. */
  document.querySelectorAll("select[data-needs]").forEach(function (select) {
    var more = select.closest("fieldset").querySelector("details");
    select.addEventListener("change", function () {
      if (select.dataset.needs.split(" ").includes(select.value)) more.open = true;
    });
  });

  /* After a refused submission the reader starts at the list of errors. */
  var summary = document.querySelector(".error-summary");
  if (summary) summary.focus();

  /* Rows chosen by their boxes: all of the page at once, and how many they are. */
  var all = document.querySelector("[data-choose-all]");
  var boxes = Array.from(document.querySelectorAll('input[name="row"][form="bulk"]'));
  var counted = document.querySelector("[data-chosen-count]");
  function count() {
    var chosen = boxes.filter(function (box) { return box.checked; }).length;
    if (counted) counted.textContent = chosen ? "（" + chosen + "）" : "";
    if (!all) return;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
  if (all) {
    all.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.checked; });
      count();
    });
  }
  boxes.forEach(function (box) { box.addEventListener("change", count); });
  count();
})();
