/* Files that would be refused are told before they are sent: a server or a proxy that stops reading keeps nothing of
   what was typed. The server decides all the same. */
(function () {
  "use strict";

  var field = document.querySelector("input[type=file][data-too-much]");
  if (!field || !field.form) return;

  var form = field.form, limits = field.dataset;
  var words = document.createElement("p");
  words.className = "field__error";
  words.id = field.id + "_too_much";
  words.setAttribute("role", "alert");
  field.parentNode.insertBefore(words, field);

  function tooMuch() {
    var inputs = form.querySelectorAll("input[type=file]");
    var files = Array.prototype.reduce.call(inputs, function (found, input) {
      return found.concat(Array.prototype.slice.call(input.files));
    }, []);
    var together = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    var large = files.some(function (file) { return file.size > Number(limits.largest); });
    return files.length > Number(limits.mostFiles) || large || together > Number(limits.together);
  }

  function tell() {
    var wrong = tooMuch();
    words.textContent = wrong ? limits.tooMuch : "";
    field.setAttribute("aria-invalid", wrong ? "true" : "false");
    return wrong;
  }

  form.addEventListener("change", function (event) {
    if (event.target.type === "file") tell();
  });

  form.addEventListener("submit", function (event) {
    if (!tell()) return;
    event.preventDefault();
    field.focus();
  });
})();
