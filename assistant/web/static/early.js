// Before anything is painted: the colours that were chosen here. Until the page's script is there, this asks: the first
// question of a tab is answered in the page, for half the bytes of a page anew; the page's script then goes on with it.
{
  const stored = (store, key) => { try { return window[store].getItem(key); } catch { return null; } };
  const theme = stored("localStorage", "theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  const isFirst = (stored("sessionStorage", "conversation") ?? "[]") === "[]" && !location.search.includes("q=");
  addEventListener("keydown", (event) => {
    const { target } = event;
    if (window.theDocuments || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !target.matches("textarea")) return;
    event.preventDefault();
    if (target.value.trim()) target.form.requestSubmit();
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    if (window.theDocuments || form.id !== "ask-form" || !isFirst || window.early) return;
    const question = form.q.value.trim();
    event.preventDefault();
    if (!question) return;
    const sent = new FormData(form);
    sent.set("q", question);
    const byId = (id) => document.getElementById(id);
    const body = { question, lang: document.documentElement.lang, objectives: sent.getAll("objective").map(Number), documents: sent.getAll("document"), number: 1 };
    byId("question-pending").textContent = question;
    byId("pending").hidden = false;
    history.replaceState(null, "", `?${new URLSearchParams(sent)}`);
    window.early = fetch("turn", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })
      .then((response) => (response.ok ? response.text() : ""), () => "");
    window.early.then((html) => {
      if (window.theDocuments) return;
      if (!html) { form.submit(); return; }
      byId("pending").hidden = true;
      byId("turns").innerHTML = html;
      byId("turns").firstElementChild.scrollIntoView();
      byId("live").textContent = byId("turns").firstElementChild.dataset.live;
      form.q.value = "";
    });
  });
}
