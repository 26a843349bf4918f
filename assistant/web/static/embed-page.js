// The compact page: asks, shows what comes of it, and speaks with the loader that framed it.
"use strict";
(() => {
  const NAME = "document-assistant";
  const SOON = 300; // milliseconds under which nobody is told to wait
  const PATIENCE = 30000; // milliseconds after which an answer isn't waited for
  const KEPT = 10; // earlier questions that a new one is understood with
  const MOST = 30; // answers kept in the page
  const byId = (id) => document.getElementById(id);
  const [form, box, button, conversation, pending] = ["ask", "question", "send", "conversation", "waiting"].map(byId);
  const isTouch = matchMedia("(pointer: coarse)").matches;
  let history = []; // only here; the server keeps nothing
  const wished = form.dataset.objectives.split(",").filter(Boolean);
  const COPIED = 2500; // milliseconds for which a button says so
  let number = 0;
  let isBusy = false;
  let isHeld = false; // too many questions

  byId("pending").hidden = false; // what is around it is hidden instead

  const tell = (what) => { if (parent !== window) parent.postMessage(`${NAME}:${what}`, "*"); };

  const say = (text) => {
    byId("live").textContent = "";
    setTimeout(() => { byId("live").textContent = text; }, 50);
  };

  const show = (state, html = "") => {
    for (const part of pending.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    byId("outcome").innerHTML = html;
    byId("intro").hidden = true;
    pending.hidden = false;
    pending.scrollIntoView({ block: "start" });
  };

  const allow = () => { button.setAttribute("aria-disabled", String(isBusy || isHeld)); };

  const counted = (element, n) => {
    const forms = JSON.parse(element.dataset.forms);
    const category = new Intl.PluralRules(document.documentElement.lang).select(n);
    return (forms[category] || forms.other).replace("{n}", n);
  };

  // What the search is narrowed to: boxes, once the documents are open; until then what the host page wished.

  const boxes = [...form.querySelectorAll("[type=checkbox]")];
  const ticked = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
  const chosen = () => (boxes.length ? ticked("objective") : wished).map(Number);
  const count = () => {
    const counter = form.querySelector("[data-chosen]");
    if (!counter) return;
    const many = boxes.filter((box) => box.checked).length;
    counter.textContent = counted(counter, many);
    form.querySelector("[data-clear]").hidden = many === 0;
  };
  const searchAll = () => {
    for (const box of boxes) box.checked = false;
    wished.length = 0;
    byId("narrowed")?.remove();
    count();
  };
  for (const box of boxes) box.checked = box.name === "objective" && wished.includes(box.value);
  count();
  form.addEventListener("change", () => { byId("narrowed")?.remove(); count(); });

  const hold = (seconds) => {
    isHeld = true;
    byId("too_many").querySelector("p").textContent = counted(byId("too_many"), seconds);
    show("too_many");
    say(byId("too_many").textContent);
    setTimeout(() => { isHeld = false; pending.hidden = true; allow(); }, seconds * 1000);
  };

  const fail = (state) => {
    show(state);
    say(byId(state).parentElement.textContent);
  };

  const arrive = (question, html) => {
    pending.hidden = true;
    byId("intro").hidden = true;
    conversation.insertAdjacentHTML("beforeend", html);
    while (conversation.children.length > MOST) conversation.firstElementChild.remove();
    const turn = conversation.lastElementChild;
    if (turn.dataset.status !== "unclear") history = [...history, question].slice(-KEPT);
    if (box.value.trim() === question) box.value = "";
    say(turn.dataset.live);
    turn.scrollIntoView({ block: "start" });
    if (!isTouch) return;
    const heading = turn.querySelector("h2"); // else the keyboard on the screen would cover the answer
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };

  const seconds = (response) => Math.min(Math.max(Number(response.headers.get("Retry-After")) || 0, 0), 3600);
  const pause = (length) => new Promise((resolve) => { setTimeout(resolve, length); });

  const send = async (question, body) => {
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    for (;;) {
      const response = await fetch("embed/turn", { ...request, signal: AbortSignal.timeout(PATIENCE) });
      if (response.status === 200) return arrive(question, await response.text());
      if (response.status === 429) return hold(Math.ceil(seconds(response)) || 10);
      if (![202, 503, 504].includes(response.status)) return fail("fault");
      const wait = seconds(response);
      const isNew = !byId("outcome").innerHTML;
      const isOurs = (response.headers.get("Content-Type") || "").startsWith("text/html");
      show(wait || !isOurs ? "waiting" : "", isOurs ? await response.text() : "");
      if (isNew || !wait) say(byId("outcome").textContent);
      if (!wait && isOurs) return undefined;
      await pause((wait || 2) * 1000);
    }
  };

  const ask = async (text, { alone = false } = {}) => {
    const question = text.trim();
    if (!question || isBusy) return;
    if (isHeld) { say(byId("too_many").textContent); return; }
    if (!box.value.trim()) box.value = question; // it stays until it is answered
    isBusy = true;
    allow();
    byId("question-pending").textContent = question;
    byId("outcome").innerHTML = "";
    const timer = setTimeout(() => {
      show("looking");
      say(pending.querySelector(".waiting:not([hidden])").textContent);
    }, SOON);
    const earlier = alone ? [] : history.filter((each) => each !== question);
    try {
      const { lang } = document.documentElement;
      number += 1;
      const narrowed = { objectives: chosen(), documents: ticked("document") };
      await send(question, JSON.stringify({ question, history: earlier, ...narrowed, lang, number }))
        .finally(() => clearTimeout(timer));
    } catch {
      fail("away");
    }
    isBusy = false;
    allow();
  };

  // Copied by hand: a frame of another site's page would have to be allowed the browser's own way.
  const copy = (control) => {
    const area = document.createElement("textarea");
    area.value = `${control.dataset.copy}\n${new URL(control.dataset.link, document.baseURI)}`;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    control.focus({ preventScroll: true });
    const words = form.dataset[isCopied ? "copied" : "notCopied"];
    const label = control.dataset.label ??= control.textContent;
    control.textContent = words;
    say(words);
    setTimeout(() => { control.textContent = label; }, COPIED);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(box.value);
  });
  box.addEventListener("keydown", (event) => {
    // While an input method composes a word, Enter accepts the word and asks nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    ask(box.value);
  });
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-copy]");
    if (control) copy(control);
    if (event.target.closest("[data-clear]")) {
      searchAll();
      byId("filter-fold").querySelector("summary").focus(); // the button has gone
    }
    if (!event.target.closest("#filter-fold")) byId("filter-fold")?.removeAttribute("open");
    const pressed = event.target.closest("[data-ask], [data-all]");
    if (pressed) event.preventDefault(); // a link asks the full page only where no script runs
    if (!pressed || isBusy) return;
    if ("all" in pressed.dataset) searchAll();
    if (!isTouch) box.focus({ preventScroll: true });
    if (pressed.dataset.ask) ask(pressed.dataset.ask, { alone: "alone" in pressed.dataset });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (byId("filter-fold")?.open) {
      byId("filter-fold").open = false;
      byId("filter-fold").querySelector("summary").focus();
    } else tell("close");
  });
  window.addEventListener("message", (event) => {
    if (event.source !== parent || event.data !== `${NAME}:focus`) return;
    (isTouch ? byId("title") : box).focus({ preventScroll: true });
  });

  if (form.dataset.question) ask(form.dataset.question);
  tell("ready");
})();
