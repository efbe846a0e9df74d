// The rich texts of a form, however many: pictures that are pasted, dropped or chosen are stored first, also those within
// what was copied from Word or a page; each text bears its label. What is typed is saved by workbench/autosave.js, which
// waits for pictures under way.
(() => {
  const note = document.getElementById("autosave");
  const form = document.querySelector("form.form[data-guard]");
  if (!note || !form) return;
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const OURS = /^(https?:\/\/[^/]+)?\/workbench\/files\/[0-9a-f-]{36}\/$/;
  const say = (text) => { note.textContent = text; };
  const lost = (why) => say(why ? `${note.dataset.lost}：${why}` : note.dataset.lost);

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

  // The form is not left before this is done.
  function underWay(work) {
    say(note.dataset.uploading);
    form.dispatchEvent(new CustomEvent("pending", { detail: work }));
  }

  function picture(kind, bytes) {
    return new File([bytes], `picture.${kind === "jpeg" ? "jpg" : kind}`, { type: `image/${kind}` });
  }

  function fromData(address) {
    const found = /^data:image\/(png|jpeg|gif|webp);base64,(.*)$/s.exec(address);
    return found && picture(found[1], Uint8Array.from(atob(found[2]), (sign) => sign.charCodeAt(0)));
  }

  // Word names its pictures by places on the writer's disk, and puts their bytes into the RTF of the same copy.
  function fromRtf(rtf) {
    return [...rtf.matchAll(/\{\\pict[^{}]*?\\(png|jpeg)blip(?:[^{}]|\{[^{}]*\})*?[\s}]((?:[\da-f]{2}\s*){16,})\}/gi)].map(
      ([, kind, hex]) => picture(kind.toLowerCase(),
        Uint8Array.from(hex.replace(/\s/g, "").match(/../g), (pair) => parseInt(pair, 16))));
  }

  // The copied text with its pictures stored; one that cannot be had is left out, and that is said.
  async function stored(copied, rtf) {
    const foreign = [...copied.images].filter((image) => !OURS.test(image.getAttribute("src") || ""));
    const fileless = foreign.filter((image) => !/^data:/.test(image.getAttribute("src") || ""));
    const bytes = fromRtf(rtf);
    let why = null;
    for (const image of foreign) {
      const at = fileless.indexOf(image);
      // Only where both speak of as many is it certain which is which.
      const file = at < 0 ? fromData(image.src) : bytes.length === fileless.length ? bytes[at] : null;
      const figure = copied.createElement("figure");
      try {
        if (!file) throw new Error("");
        const kept = copied.createElement("img");
        kept.setAttribute("src", await upload(file));
        kept.setAttribute("alt", image.getAttribute("alt") || "");
        figure.append(kept, copied.createElement("figcaption"));
        image.replaceWith(figure);
      } catch (error) {
        why = error.message;
        image.remove();
      }
    }
    return { html: copied.body.innerHTML, why };
  }

  document.addEventListener("prose-editor:ready", (event) => {
    const { editor, textarea } = event.detail;
    if (!editor) return;
    const insert = (url) => editor.chain().focus().insertContent(
      `<figure><img src="${url}" alt=""><figcaption></figcaption></figure>`).run();

    const take = (list, stop) => {
      const pictures = [...list].filter((file) => file.type.startsWith("image/"));
      if (!pictures.length) return;
      stop();
      for (const file of pictures) {
        underWay(upload(file).then(insert).then(() => say("")).catch((error) => lost(error.message)));
      }
    };

    const paste = (data, stop) => {
      const copied = new DOMParser().parseFromString(data.getData("text/html"), "text/html");
      // Word and Excel put a picture of the copied words beside them: the words count.
      if (!copied.body.textContent.trim() && data.files.length) {
        take(data.files, stop);
        return;
      }
      if (![...copied.images].some((image) => !OURS.test(image.getAttribute("src") || ""))) return;
      stop();
      underWay(stored(copied, data.getData("text/rtf")).then(({ html, why }) => {
        say("");
        editor.view.pasteHTML(html);
        if (why !== null) lost(why);
      }));
    };
    const area = editor.view.dom;
    const label = form.querySelector(`label[for="${textarea.id}"]`);
    const name = label ? label.firstChild.textContent.trim() : textarea.name;
    area.setAttribute("aria-label", name);
    area.setAttribute("aria-multiline", "true");
    area.addEventListener("paste", (e) => paste(e.clipboardData, () => e.preventDefault()), true);
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
    button.setAttribute("aria-label", `${note.dataset.choose}：${name}`);
    button.addEventListener("click", () => { chooser.value = ""; chooser.click(); });
    textarea.closest(".field").append(chooser, button);
  });
})();
