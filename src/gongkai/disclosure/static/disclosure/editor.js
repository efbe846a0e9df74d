// Uploads pictures that are pasted, dropped or chosen, and tells the form what is typed in the rich text, so that it is
// saved as one types (workbench/autosave.js).
(() => {
  const note = document.getElementById("autosave");
  const form = document.querySelector("form.form[data-guard]");
  if (!note || !form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const say = (text) => { note.textContent = text; };

  async function upload(file) {
    const body = new FormData();
    body.append("picture", file);
    const answer = await fetch(note.dataset.pictures, {
      method: "POST", headers: { "X-CSRFToken": token }, body,
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    return said.url;
  }

  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    if (!editor) return;
    editor.on("update", () => form.dispatchEvent(new Event("changed")));
    const insert = (url) => editor.chain().focus().insertContent(
      `<figure><img src="${url}" alt=""><figcaption></figcaption></figure>`).run();

    const take = (list, stop) => {
      const pictures = [...list].filter((file) => file.type.startsWith("image/"));
      if (!pictures.length) return;
      stop();
      for (const file of pictures) {
        upload(file).then(insert).catch((error) => say(`${note.dataset.lost}：${error.message}`));
      }
    };
    const area = editor.view.dom;
    const label = form.querySelector(`label[for="${textarea.id}"]`);
    area.setAttribute("aria-label", label ? label.firstChild.textContent.trim() : textarea.name);
    area.setAttribute("aria-multiline", "true");
    area.addEventListener("paste", (e) => take(e.clipboardData.files, () => e.preventDefault()), true);
    area.addEventListener("drop", (e) => take(e.dataTransfer.files, () => e.preventDefault()), true);

    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = "image/png,image/jpeg,image/gif,image/webp";
    chooser.hidden = true;
    chooser.addEventListener("change", () => take(chooser.files, () => {}));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet button--small";
    button.textContent = note.dataset.choose;
    button.addEventListener("click", () => chooser.click());
    textarea.closest(".field").append(chooser, button);
  });
})();
