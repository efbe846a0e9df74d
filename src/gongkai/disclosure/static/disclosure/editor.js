// Saves the draft as one types, keeps it through a lost connection, and uploads pasted pictures.
// Without this script the form saves by its button.
(() => {
  const note = document.getElementById("autosave");
  const form = document.querySelector("form.form[data-guard]");
  if (!note || !form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const version = form.querySelector("[name=version]");
  const DELAY = 1500;
  let timer = null;
  let running = null;
  let again = false;
  let typed = 0;
  let kept = 0;

  const say = (text) => { note.textContent = text; };
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });

  function save() {
    if (running) { again = true; return running; }
    running = send().finally(() => {
      running = null;
      if (again) { again = false; plan(); }
    });
    return running;
  }

  async function send() {
    const upTo = typed;
    try {
      const answer = await fetch(note.dataset.url, {
        method: "POST",
        headers: { "X-Autosave": "1", "X-CSRFToken": token },
        body: new FormData(form),
      });
      const said = await answer.json();
      if (answer.ok) {
        kept = upTo;
        if (kept === typed) form.dispatchEvent(new Event("kept"));
        version.value = said.version;
        say(`${note.dataset.saved} ${clock()}`);
      } else {
        say(`${note.dataset.failed}：${said.error}`);
      }
    } catch {
      say(note.dataset.failed);
      again = true;
    }
  }

  function plan() {
    clearTimeout(timer);
    timer = setTimeout(save, DELAY);
  }

  function change() {
    typed += 1;
    plan();
  }

  form.addEventListener("input", change);
  form.addEventListener("change", change);
  form.addEventListener("submit", () => clearTimeout(timer));

  // What was typed a moment ago is saved before another form or link of the page leads away; where it cannot be
  // saved, the page stays and says so.
  async function first(event, go) {
    if (kept === typed) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(timer);
    await running;
    if (kept !== typed) await save();
    if (kept === typed) go();
  }
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (target !== form) first(event, () => target.requestSubmit(submitter));
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href]");
    if (link && !link.target && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      first(event, () => { window.location.assign(link.href); });
    }
  });

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
    editor.on("update", change);
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
