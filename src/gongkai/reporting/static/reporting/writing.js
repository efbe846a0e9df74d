// The editor of a report: inserting a figure by choosing it, jumping to a passage, and what stands beside the parts
// made anew after each autosave. Without this script the page saves and inserts by its buttons.
(() => {
  const note = document.getElementById("autosave");
  const form = document.querySelector("form.form[data-guard]");
  if (!note || !form) return;

  // Places are counted in characters, where a script counts some of them double.
  const place = (text, characters) => [...text].slice(0, characters).join("").length;

  function put(area, start, end, words) {
    area.focus();
    area.setRangeText(words, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Choosing a figure: the key stands behind the last dot of what was chosen.
  function choose(box) {
    const area = document.getElementById(box.dataset.for);
    const input = box.querySelector("input");
    const known = [...document.getElementById("figures").options].map((one) => one.value);
    let from = null;

    function insert() {
      const typed = input.value.trim();
      const near = typed ? known.filter((one) => one.includes(typed)) : [];
      const found = known.includes(typed) ? typed : near.length === 1 ? near[0] : "";
      input.setAttribute("aria-invalid", found ? "false" : "true");
      if (!found) { input.focus(); return; }
      const braces = from !== null && /[{｛]{2}$/.test(area.value.slice(0, from)) ? 2 : 0;
      const at = from === null ? area.selectionEnd : from;
      put(area, at - braces, at, `{{${found.split(" · ").pop()}}}`);
      input.value = "";
      from = null;
    }

    area.addEventListener("input", (event) => {
      if (event.isComposing || !/[{｛]{2}$/.test(area.value.slice(0, area.selectionEnd))) return;
      if (event.inputType !== "insertText" && event.inputType !== "insertCompositionText") return;
      from = area.selectionEnd;
      input.focus();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); insert(); }
      if (event.key === "Escape") { from = null; input.value = ""; area.focus(); }
    });
    box.querySelector("button").addEventListener("click", insert);
  }
  document.querySelectorAll(".pick").forEach(choose);

  // A remark leads to its passage, or binds the figure in the place of the typed number.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-jump]");
    if (!button) return;
    const area = button.closest(".writing").querySelector("textarea");
    const start = place(area.value, Number(button.dataset.jump));
    const end = place(area.value, Number(button.dataset.end));
    area.focus();
    area.setSelectionRange(start, end);
    const line = parseFloat(getComputedStyle(area).lineHeight) || 24;
    area.scrollTop = Math.max(area.value.slice(0, start).split("\n").length - 3, 0) * line;
    if (!button.dataset.bind) return;
    const typed = area.value.slice(start, end);
    // The text may have changed since the remark was made.
    if (typed !== button.dataset.passage) return;
    put(area, start, end, typed.replace(/^[\d.,，]+/, `{{${button.dataset.bind}}}`));
  });

  // What stands beside, once everything typed is saved. What the reader is in keeps its place.
  let asked = 0;
  form.addEventListener("kept", async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(note.dataset.beside);
      if (!answer.ok || mine !== asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      fresh.querySelectorAll("[data-part]").forEach((box) => {
        const old = document.getElementById(box.id);
        if (old && !old.contains(document.activeElement)) old.replaceWith(box);
      });
    } catch {
      // The next autosave asks again.
    }
  });
})();
