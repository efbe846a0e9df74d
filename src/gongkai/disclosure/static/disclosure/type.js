// Before the draft is saved with another information type: which fields with something written in them that type does
// not show. The form itself keeps them in the draft.
(() => {
  const note = document.getElementById("autosave");
  const choice = document.querySelector("select[name=variety]");
  if (!note || !choice) return;
  const shared = JSON.parse(choice.dataset.types);
  const shown = choice.form.querySelector("[name=shown_variety]").value;
  const said = document.createElement("p");
  said.className = "consequence";
  said.setAttribute("role", "status");
  choice.closest(".field").append(said);

  const written = (field) => {
    if (field.type === "checkbox") return field.name === "more_drops" && field.checked;
    return field.value.replace(/<(?!img)[^>]*>/g, "").trim() !== "";
  };
  const label = (field) => {
    const own = field.closest(".field").querySelector(".field__label");
    return own.firstChild.textContent.trim();
  };

  function tell() {
    const stays = shared[choice.value] || [];
    const fields = [...choice.form.querySelectorAll("[name^=more_]")].filter(
      (field) => !stays.includes(field.name.slice("more_".length)) && written(field));
    const labels = [...new Set(fields.map(label))];
    const other = choice.value !== shown && labels.length;
    said.textContent = other ? note.dataset.unshown.replace("{fields}", labels.join("、")) : "";
    said.hidden = !other;
  }
  choice.addEventListener("change", tell);
  tell();
})();
