// Saves the draft of the guarded form as one types, and keeps it through a lost connection. The line #autosave bears
// the address and the words. The form tells `kept`, with the answer, once everything typed is saved; it is told `pending`,
// with a promise, of what is still on its way into it.
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
  const pending = new Set();

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
        if (kept === typed) form.dispatchEvent(new CustomEvent("kept", { detail: said }));
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
  form.addEventListener("pending", ({ detail }) => {
    pending.add(detail);
    detail.finally(() => pending.delete(detail));
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!pending.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.allSettled([...pending]).then(() => form.requestSubmit(event.submitter));
  }, true);

  // What was typed a moment ago is saved before another form or link of the page leads away; where it cannot be
  // saved, the page stays and says so.
  async function first(event, go) {
    if (kept === typed && !pending.size) return;
    event.preventDefault();
    event.stopPropagation();
    await Promise.allSettled([...pending]);
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
})();
