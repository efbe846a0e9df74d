/* While one describes what is wanted, published items that may be it are shown. Only the words typed are sent. */
(function () {
  "use strict";

  var place = document.querySelector("[data-published]");
  var fields = Array.prototype.slice.call(document.querySelectorAll("[data-wanted]"));
  var token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (!place || !fields.length || !token || !window.fetch) return;

  var waiting, asked = "", turn = 0;

  function text() {
    return fields.map(function (field) { return field.value.trim(); }).join(" ").trim().slice(0, 300);
  }

  function look() {
    var words = text();
    if (words === asked) return;
    asked = words;
    if (words.length < 2) {
      place.textContent = "";
      return;
    }
    var mine = turn += 1;
    fetch(place.dataset.published, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRFToken": token.value },
      body: new URLSearchParams({ text: words })
    }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      /* An answer that was overtaken by a later one is dropped. */
      if (mine === turn) place.innerHTML = html;
    }).catch(function () {
      asked = "";
    });
  }

  fields.forEach(function (field) {
    field.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(look, 700);
    });
  });

  /* Whom the count is for is read only when somebody says that this was it. */
  document.addEventListener("submit", function (event) {
    var agency = document.querySelector("select[name=agency]");
    var kept = event.target.querySelector("[data-agency]");
    if (agency && kept) kept.value = agency.value;
  });
})();
