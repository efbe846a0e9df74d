/* Suggestions under a search field: a combobox with a list box (WAI-ARIA 1.2). Without script the field is a field. */
(function () {
  "use strict";

  var WAIT = 120;

  function fit(input) {
    var form = input.form;
    var list = document.createElement("ul");
    var timer = 0;
    var asked = "";
    var at = -1;
    list.className = "suggestions";
    list.id = input.id + "-suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestLabel);
    list.hidden = true;
    form.appendChild(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function close() {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(next) {
      var options = list.children;
      if (!options.length) return;
      if (options[at]) options[at].setAttribute("aria-selected", "false");
      at = (next + options.length + 1) % (options.length + 1);
      /* After the last one comes the field itself. */
      if (at === options.length) {
        at = -1;
        input.removeAttribute("aria-activedescendant");
        return;
      }
      options[at].setAttribute("aria-selected", "true");
      options[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[at].id);
    }

    function show(rows) {
      list.textContent = "";
      at = -1;
      input.removeAttribute("aria-activedescendant");
      rows.forEach(function (row, n) {
        var option = document.createElement("li");
        option.id = list.id + "-" + n;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = row.url;
        option.dataset.kind = row.kind;
        option.textContent = row.label;
        list.appendChild(option);
      });
      list.hidden = !rows.length;
      input.setAttribute("aria-expanded", rows.length ? "true" : "false");
    }

    function ask() {
      var text = input.value.trim();
      if (text === asked && !list.hidden) return;
      asked = text;
      if (!text) {
        close();
        return;
      }
      fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text.slice(0, 60)))
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (said) {
          /* An answer that comes late is for what stood there before. */
          if (text === input.value.trim() && document.activeElement === input) show(said.suggestions);
        })
        .catch(close);
    }

    input.addEventListener("input", function (event) {
      clearTimeout(timer);
      /* While an input method composes, the text is not yet what is meant. */
      if (!event.isComposing) timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("compositionend", function () { timer = setTimeout(ask, WAIT); });
    input.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) ask();
        else mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? list.children.length - 1 : at - 1);
        event.preventDefault();
      } else if (event.key === "Escape" && !list.hidden) {
        close();
        event.preventDefault();
      } else if (event.key === "Enter" && !list.hidden && at >= 0) {
        location.href = list.children[at].dataset.url;
        event.preventDefault();
      }
    });
    input.addEventListener("blur", close);
    /* Before the field loses the focus. */
    list.addEventListener("mousedown", function (event) {
      var option = event.target.closest("[role='option']");
      event.preventDefault();
      if (option) location.href = option.dataset.url;
    });
  }

  document.querySelectorAll("input[data-suggest]").forEach(fit);
})();
