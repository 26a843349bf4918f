// What the page needs beyond Gradio: it shows a question that waits, brings the new answer into view, tells screen
// readers, and keeps the stylesheet's light and dark with Gradio's.
"use strict";
window.askTheDocuments = (() => {
  const SOON = 300; // milliseconds under which nobody is told to wait
  const KEPT = "kept-question";
  const byId = (id) => document.getElementById(id);
  const box = () => document.querySelector("#question textarea");
  let asked = null; // the question that waits for its answer
  let timer = 0;

  const followTheme = () => {
    document.documentElement.dataset.theme = document.body.classList.contains("dark") ? "dark" : "light";
  };
  new MutationObserver(followTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  followTheme();

  const say = (text) => {
    byId("live").textContent = "";
    setTimeout(() => { byId("live").textContent = text; }, 50);
  };

  const fill = (textarea, text) => {
    textarea.value = text;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const showPending = (state) => {
    for (const part of byId("pending").querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    byId("pending").hidden = false;
    byId("pending").scrollIntoView({ block: "start" });
  };

  const ask = (question) => {
    if (!question.trim()) return;
    asked = question;
    byId("question-pending").textContent = question;
    const isReady = !document.querySelector(".getting-ready");
    clearTimeout(timer);
    timer = setTimeout(() => {
      showPending(isReady ? "looking" : "waiting");
      say(byId("pending").querySelector(".waiting:not([hidden])").textContent);
    }, isReady ? SOON : 0);
  };

  const settle = () => {
    clearTimeout(timer);
    byId("pending").hidden = true;
    const textarea = box();
    if (asked !== null && textarea.value.trim() === asked.trim()) fill(textarea, "");
    asked = null;
  };

  const bringUp = (turn) => {
    const hasRoom = matchMedia("(min-width: 62rem)").matches;
    if (hasRoom && turn.matches(":first-child")) scrollTo(0, 0); // the title stays in view with the first question
    else turn.scrollIntoView({ block: "start" });
  };

  const arrive = (element) => {
    const wasAsked = asked !== null;
    settle();
    const turn = element.querySelector(".turn.is-new");
    if (!turn) return;
    if (wasAsked) bringUp(turn);
    say(turn.dataset.live);
  };

  // A question that got no answer at all stays, with what to do.
  const fail = (state) => {
    if (asked === null) return;
    clearTimeout(timer);
    if (state === "away") sessionStorage.setItem(KEPT, asked);
    asked = null;
    showPending(state);
    say(byId(state).textContent);
  };

  // Gradio says nothing to the page when its server can't be reached; it loads the page anew once it is back. The
  // question is kept in this tab until then.
  const send = window.fetch;
  window.fetch = async (...request) => {
    try {
      return await send(...request);
    } catch (error) {
      if (error.name !== "AbortError") {
        fail("away");
        document.dispatchEvent(new Event("away"));
      }
      throw error;
    }
  };

  const restore = (textarea) => {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept) fill(textarea, kept);
  };

  const conversation = (element, trigger, watch) => {
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-ask]");
      if (!button || asked !== null) return;
      ask(button.dataset.ask);
      if ("all" in button.dataset) window.whichObjective.chooseAll();
      const objectives = window.whichObjective.chosen();
      trigger("click", { question: button.dataset.ask, alone: "alone" in button.dataset, objectives });
      box().focus({ preventScroll: true });
    });
    watch("value", () => arrive(element));
  };

  const readiness = (element, watch) => {
    let told = false;
    watch("value", () => {
      const section = element.querySelector("[data-live]");
      if (section && !told) say(section.dataset.live);
      if (!section && told && !element.querySelector(".problem")) say(byId("live").dataset.ready);
      told = Boolean(section);
    });
  };

  const searched = (element, watch) => {
    const unfold = () => {
      const fold = element.querySelector("details");
      if (fold) fold.open = matchMedia("(min-width: 62rem)").matches;
    };
    watch("value", unfold);
    unfold();
  };

  const belowBox = (element, trigger) => {
    element.addEventListener("click", (event) => {
      if (!event.target.closest("[data-new]")) return;
      trigger("click");
      box().focus({ preventScroll: true });
      scrollTo(0, 0);
    });
    const describe = () => {
      const textarea = box();
      if (!textarea) { requestAnimationFrame(describe); return; } // Gradio sets the box up later
      textarea.dir = "auto";
      textarea.setAttribute("aria-describedby", "question-hint");
      restore(textarea);
    };
    describe();
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      const isAsk = document.documentElement.dataset.place === "ask";
      (isAsk ? box() : document.querySelector("#topic textarea")).focus();
    }
    // While an input method composes a word, Enter accepts the word and asks nothing.
    if (event.key === "Enter" && event.isComposing) event.stopImmediatePropagation();
  }, { capture: true });

  return { ask, fail, say, conversation, readiness, searched, belowBox };
})();
