/* What the public pages gain from a script. Every page is complete without it. */
(function () {
  "use strict";

  var root = document.documentElement;

  function remember(key, value) {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch (error) {
      /* Storage is switched off: the mode holds for this page. */
    }
  }

  function say(element, words) {
    var place = document.getElementById("spoken");
    if (place) place.textContent = words;
    if (element && element.dataset.done) {
      var label = element.querySelector("[data-label]") || element;
      var before = label.textContent;
      label.textContent = words;
      setTimeout(function () { label.textContent = before; }, 2000);
    }
  }

  /* Elder mode and high contrast. */
  function mode(button, attribute, value, key) {
    function show() {
      button.setAttribute("aria-pressed", root.hasAttribute(attribute) ? "true" : "false");
    }
    button.addEventListener("click", function () {
      if (root.hasAttribute(attribute)) {
        root.removeAttribute(attribute);
        remember(key, "");
      } else {
        root.setAttribute(attribute, value === "on" ? "" : value);
        remember(key, value);
      }
      show();
    });
    show();
  }

  document.querySelectorAll("[data-mode='elder']").forEach(function (button) {
    mode(button, "data-elder", "on", "gongkai-elder");
  });
  document.querySelectorAll("[data-mode='contrast']").forEach(function (button) {
    mode(button, "data-contrast", "high", "gongkai-contrast");
  });

  /* Language: the server reads this cookie for search and forms; no session is needed. Written pages have an address
     in each language, and whoever goes to one of them goes on in it. */
  function speak(language) {
    document.cookie = "gongkai_language=" + language.toLowerCase() + "; path=/; max-age=31536000; samesite=lax";
  }

  document.querySelectorAll("[data-language]").forEach(function (button) {
    button.addEventListener("click", function () {
      speak(button.dataset.language);
      location.reload();
    });
  });
  document.querySelectorAll("[data-edition]").forEach(function (link) {
    link.addEventListener("click", function () { speak(link.dataset.edition); });
  });
  if (/^\/en\//.test(location.pathname)) speak("en");

  /* Read the main text aloud, sentence by sentence: long texts in one piece are cut off by browsers, and a pause of
     theirs does not hold everywhere. Paused, the sentence that was begun is read again from its start. */
  document.querySelectorAll("[data-read]").forEach(function (button) {
    if (!("speechSynthesis" in window)) return;
    var stop = document.querySelector("[data-read-stop]");
    var first = button.textContent;
    var sentences = [], at = 0, turn = 0;

    function show(words) {
      button.textContent = words;
      if (stop) stop.hidden = words === first;
    }

    function hush() {
      turn += 1;
      speechSynthesis.cancel();
    }

    function end() {
      var focused = document.activeElement === stop;
      hush();
      sentences = [];
      at = 0;
      show(first);
      if (focused) button.focus();
    }

    function next(mine) {
      if (mine !== turn) return;
      if (at >= sentences.length) {
        end();
        return;
      }
      var speech = new SpeechSynthesisUtterance(sentences[at]);
      speech.lang = root.lang;
      speech.rate = 0.9;
      speech.onend = function () {
        if (mine !== turn) return;
        at += 1;
        next(mine);
      };
      speech.onerror = function () { if (mine === turn) end(); };
      speechSynthesis.speak(speech);
    }

    button.addEventListener("click", function () {
      if (button.textContent === button.dataset.pause) {
        hush();
        show(button.dataset.continue);
        return;
      }
      if (!sentences.length) {
        var places = Array.prototype.slice.call(document.querySelectorAll("h1, [data-readable]"));
        if (!document.querySelector("[data-readable]")) places = [document.getElementById("main")];
        var text = places.map(function (place) { return place.innerText; }).join("\n");
        sentences = (text.match(/[^。！？；\n]+[。！？；]?/g) || []).filter(function (part) { return part.trim(); });
      }
      show(button.dataset.pause);
      next(turn += 1);
    });
    if (stop) stop.addEventListener("click", end);
    window.addEventListener("pagehide", end);
  });

  /* Print, copy the address, share. */
  document.querySelectorAll("[data-act='print']").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
  document.querySelectorAll("[data-act='copy']").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.text || location.href.split("#")[0]).then(function () {
        say(button, button.dataset.done);
      });
    });
  });
  document.querySelectorAll("[data-act='share']").forEach(function (button) {
    if (!navigator.share) return;
    button.addEventListener("click", function () {
      navigator.share({ title: document.title, url: location.href }).catch(function () {
        /* The reader closed the sheet. */
      });
    });
  });

  /* The filter sheet closes with Escape. */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && location.hash === "#filters") location.hash = "#results";
  });

  /* Wide tables of a released text scroll in a frame that the keyboard reaches. */
  document.querySelectorAll(".document > table").forEach(function (table) {
    if (table.scrollWidth <= table.parentElement.clientWidth) return;
    var frame = document.createElement("div");
    frame.className = "scroll";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", table.caption ? table.caption.textContent : document.title);
    table.parentElement.insertBefore(frame, table);
    frame.appendChild(table);
  });

  /* A form that remembers what was typed, in this browser only. Fields marked data-private are never kept. */
  document.querySelectorAll("form[data-remember]").forEach(function (form) {
    var key = "gongkai-form-" + form.dataset.remember;
    var line = document.querySelector("[data-saved]");

    function keepable(field) {
      return field.name && !("private" in field.dataset) &&
        ["hidden", "password", "file", "submit"].indexOf(field.type) < 0;
    }

    try {
      var kept = JSON.parse(localStorage.getItem(key) || "{}");
      Array.prototype.forEach.call(form.elements, function (field) {
        if (!keepable(field) || !(field.name in kept) || form.hasAttribute("data-answered")) return;
        if (field.type === "checkbox" || field.type === "radio") {
          field.checked = kept[field.name].indexOf(field.value) >= 0;
        } else if (!field.value) {
          field.value = kept[field.name];
        }
      });
      if (line && Object.keys(kept).length) line.hidden = false;
    } catch (error) {
      remember(key, "");
    }

    var waiting;
    form.addEventListener("input", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () {
        var values = {};
        Array.prototype.forEach.call(form.elements, function (field) {
          if (!keepable(field)) return;
          if (field.type === "checkbox" || field.type === "radio") {
            values[field.name] = values[field.name] || [];
            if (field.checked) values[field.name].push(field.value);
          } else {
            values[field.name] = field.value;
          }
        });
        remember(key, JSON.stringify(values));
        if (line) line.hidden = false;
      }, 400);
    });
    form.addEventListener("submit", function () { clearTimeout(waiting); });

    document.querySelectorAll("[data-forget='" + form.dataset.remember + "']").forEach(function (button) {
      button.addEventListener("click", function () {
        remember(key, "");
        form.reset();
        if (line) line.hidden = true;
      });
    });
  });

  /* A receipt page names the form that is finished, so that its kept text goes. */
  document.querySelectorAll("[data-finished]").forEach(function (element) {
    remember("gongkai-form-" + element.dataset.finished, "");
  });

  /* Progress of a form in steps: done when every required field of the step is filled in. */
  document.querySelectorAll(".form-progress").forEach(function (progress) {
    var links = Array.prototype.slice.call(progress.querySelectorAll("a[href^='#']"));
    var steps = links.map(function (link) { return document.getElementById(link.hash.slice(1)); });

    function filled(step) {
      return Array.prototype.some.call(step.querySelectorAll("input, textarea"), function (field) {
        return field.type === "checkbox" ? field.checked : field.type !== "radio" && field.type !== "hidden" && field.value;
      });
    }

    function complete(step) {
      var required = step.querySelectorAll("[required]");
      if (!required.length) return filled(step);
      return Array.prototype.every.call(required, function (field) { return field.validity.valid; });
    }

    function refresh() {
      /* What is chosen beforehand does not make a later step done while an earlier one is not. */
      var so = true;
      steps.forEach(function (step, index) {
        var done = Boolean(step) && complete(step);
        links[index].parentElement.dataset.state = so && done ? "done" : "todo";
        so = so && done;
      });
    }

    document.addEventListener("input", refresh);
    refresh();

    if ("IntersectionObserver" in window) {
      var observer = new IntersectionObserver(function (entries) {
        entries.forEach(function (entry) {
          if (!entry.isIntersecting) return;
          links.forEach(function (link) { link.removeAttribute("aria-current"); });
          var current = links[steps.indexOf(entry.target)];
          if (current) current.setAttribute("aria-current", "step");
        });
      }, { rootMargin: "-20% 0px -70% 0px" });
      steps.forEach(function (step) { if (step) observer.observe(step); });
    }
  });

  /* After a refused submission the reader starts at the list of errors. */
  var summary = document.querySelector("form .error-summary");
  if (summary) summary.focus();
})();
