// What the page does beyond what the server has written: it keeps the conversation, brings each new answer into view,
// tells screen readers, makes files of the conversation, keeps the visitor's language and colours, and lets Gradio in.
"use strict";
window.askTheDocuments = (() => {
  const SOON = 300; // milliseconds under which nobody is told to wait
  const KEPT = "kept-question";
  const CONVERSATION = "conversation";
  const MOST = 50; // questions that are kept
  const LONGEST = 2000; // characters of a question
  const LEANT_ON = 10; // earlier questions that a new one is understood with
  const PATIENCE = 40000; // milliseconds after which an answer isn't waited for; the service gives up sooner
  const TRIES = 5; // times that a question is asked again by itself
  const YEAR = 365 * 24 * 3600; // seconds
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const box = () => document.querySelector("#question textarea");
  const spoken = () => root.lang;

  // Gradio would put the browser's language in the place of the chosen one.
  const { lang, dir } = root;
  new MutationObserver(() => {
    if (root.lang !== lang) root.lang = lang;
    if (root.dir !== dir) root.dir = dir;
  }).observe(root, { attributes: true, attributeFilter: ["lang", "dir"] });

  // The server has an address for every place; here they are fragments of one, so that nothing is loaded anew.
  const home = new URL("./", document.baseURI);
  const opened = location.pathname.slice(home.pathname.length);
  if (opened) {
    const kept = new URL(location);
    kept.searchParams.delete("topic");
    history.replaceState(history.state, "", `${home.pathname}${kept.search}#${opened}`);
  }
  document.querySelector("base")?.remove();

  // Gives the fragment of this page that a link leads to; nothing for one that leads elsewhere.
  const fragmentOf = (link) => {
    if (link.target || link.origin !== home.origin || !link.pathname.startsWith(home.pathname)) return "";
    const below = link.pathname.slice(home.pathname.length);
    if (below === "") return link.search.includes("q=") ? "" : link.hash || "#ask";
    return window.whichObjective.isPlace(below.split("/")[0]) ? `#${below}` : "";
  };

  // A browser may refuse its stores, and then even to name them.
  // What is asked stays with its address, since one host may hold several meetings.
  const stores = { tab: () => sessionStorage, browser: () => localStorage };
  const named = (where, key) => where === "tab" ? home.pathname + key : key;
  const stored = (where, key) => { try { return stores[where]().getItem(named(where, key)); } catch { return null; } };
  const store = (where, key, value) => { try { stores[where]().setItem(named(where, key), value); } catch { /* then it isn't kept */ } };
  const taken = (where, key) => {
    const value = stored(where, key);
    try { stores[where]().removeItem(named(where, key)); } catch { /* nothing was kept */ }
    return value;
  };

  // Light and dark

  const wished = new URL(location).searchParams.get("__theme"); // Gradio's own way to ask for one
  const theme = () => stored("browser", "theme") ?? (["light", "dark"].includes(wished) ? wished : "auto");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const isDark = theme() === "dark" || (theme() === "auto" && dark.matches);
    root.dataset.theme = isDark ? "dark" : "light";
    if (document.body.classList.contains("dark") !== isDark) document.body.classList.toggle("dark", isDark);
  };
  new MutationObserver(follow).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  dark.addEventListener("change", follow);
  follow();

  const preferences = () => {
    byId("theme-choice").value = theme();
    byId("theme-choice").addEventListener("change", (event) => {
      store("browser", "theme", event.target.value);
      follow();
    });
    byId("language-choice").addEventListener("change", (event) => {
      keepWritten();
      document.cookie = `language=${event.target.value}; path=/; max-age=${YEAR}; SameSite=Lax`;
      const address = new URL(location);
      address.searchParams.delete("lang"); // the choice by hand wins
      if (address.href === location.href) location.reload();
      else location.replace(address); // with a fragment alone nothing would be loaded
    });
  };

  // Saying

  // Tells screen readers a text, or what an element says.
  const say = (what) => {
    byId("live").textContent = "";
    setTimeout(() => { byId("live").textContent = typeof what === "string" ? what : heard(what); }, 50);
  };

  // What the parts of a message say, as one text to be heard.
  const heard = (place) => [...place.querySelectorAll("h2, h3, p")]
    .map((part) => part.textContent.trim().replace(/([^.!?。؟！？])$/, "$1."))
    .join(" ");

  const fill = (textarea, text) => {
    textarea.value = text;
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // A question and its answer

  let asked = null; // what waits for its answer: { question, objectives, documents, alone }
  let timer = 0;
  let again = 0; // asks by itself once more what the service had no time for
  let conversation = []; // what was asked, with how it was answered
  let waiting = []; // what is asked again, one after another, when the page is loaded anew
  let press = null; // sends a question by Gradio, once it is there
  let served = document.querySelector("#turns > .turn"); // what the server has answered at this address

  const showPending = (state) => {
    for (const part of byId("pending").querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    byId("pending").hidden = false;
    if (!waiting.length) byId("pending").scrollIntoView({ block: "start" });
  };

  // What an element's forms say of a number, in the form that its language counts it with.
  const counted = (element, n) => {
    const forms = JSON.parse(element.dataset.forms);
    return (forms[new Intl.PluralRules(root.lang).select(n)] ?? forms.other).replace("{n}", n);
  };

  const inSeconds = (place, n) => { place.querySelector("p").textContent = counted(place, n); };

  // Gives up on what never comes. Documents that are being opened may take minutes; everything else takes moments.
  const patience = (giveUp) => {
    let late = 0;
    const begin = () => { clearTimeout(late); late = setTimeout(look, PATIENCE); };
    const look = () => { if (document.querySelector(".getting-ready")) begin(); else giveUp(); };
    return { begin, end: () => clearTimeout(late) };
  };
  const waited = patience(() => fail("away"));

  // One question at a time: while one waits, the next stays in its box.
  const allow = () => byId("ask-button")?.setAttribute("aria-disabled", String(Boolean(asked)));

  const begin = (turn) => {
    asked = turn;
    suggest.close();
    clearTimeout(again);
    again = 0;
    keep();
    allow();
    byId("question-pending").textContent = turn.question;
    const isReady = !document.querySelector(".getting-ready");
    clearTimeout(timer);
    timer = setTimeout(() => {
      showPending(isReady ? "looking" : "waiting");
      say(byId("pending").querySelector(".waiting:not([hidden])").textContent);
    }, isReady ? SOON : 0);
    waited.begin();
  };

  const leaning = ({ question, alone }) => {
    const clear = conversation.filter((turn) => turn.status !== "unclear" && turn.status !== "problem");
    return alone ? [] : clear.map((turn) => turn.question).filter((each) => each !== question);
  };

  const request = (turn) => JSON.stringify({
    question: turn.question,
    history: leaning(turn).slice(-LEANT_ON),
    objectives: turn.objectives,
    documents: turn.documents,
    lang: spoken(),
    number: conversation.length + 1,
  });

  // What is sent, shown and kept: as much as is read, without halves of characters.
  const readable = (text) => [...text.trim()].slice(0, LONGEST).join("").replace(/\p{Surrogate}/gu, "\ufffd").trim();

  const narrowed = () => ({ objectives: window.whichObjective.chosen(), documents: window.whichObjective.documents() });

  const ask = () => {
    const question = readable(box().value);
    if (asked) say(byId("pending").querySelector(".waiting:not([hidden])").textContent);
    else if (question) askBy({ question, ...narrowed(), alone: false });
    else {
      byId("question-empty").hidden = false;
      say(byId("question-empty").textContent);
      box().focus({ preventScroll: true });
    }
  };

  const askBy = (turn) => {
    begin(turn);
    if (press) press("click", { request: request(turn) });
    else send(request(turn));
  };

  // The way to the same answer while Gradio isn't there.
  const put = (html) => {
    const place = document.createElement("div");
    place.innerHTML = html; // written and escaped by the server
    arrive(place);
  };

  const send = async (body) => {
    const mine = asked;
    try {
      const response = await fetch("turn", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const html = await response.text();
      if (mine !== asked) return;
      const seconds = waitOf(response);
      if (response.ok) put(html);
      else if (seconds) refuse(response.status, seconds);
      else fail("fault");
    } catch {
      if (mine === asked) fail("away");
    }
  };

  // What was asked before this script was there.
  const goOn = (turn) => {
    begin(turn);
    window.early.then((html) => { if (html) put(html); else send(request(turn)); });
  };

  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, ""); // the rest may be written otherwise on its way

  const settle = () => {
    clearTimeout(timer);
    waited.end();
    byId("pending").hidden = true;
    const textarea = box();
    if (asked && textarea && textarea.value.trim() === asked.question.trim()) fill(textarea, "");
    const turn = asked;
    asked = null;
    allow();
    return turn;
  };

  // An answer that nobody waits for any more comes from a conversation that was closed, or was given up.
  const isExpected = (article) => asked && letters(article.querySelector("h2").textContent) === letters(asked.question);

  const bringUp = (turn) => {
    const hasRoom = matchMedia("(min-width: 62rem)").matches;
    if (hasRoom && turn.matches(":first-child")) scrollTo(0, 0); // the title stays in view with the first question
    else turn.scrollIntoView({ block: "start" });
  };

  const fold = () => {
    for (const turn of byId("turns").querySelectorAll(".turn.is-new")) {
      turn.classList.remove("is-new");
      for (const passages of turn.querySelectorAll(".passages")) passages.open = false;
      for (const again of turn.querySelectorAll(".problem")) again.closest(".turn").remove();
    }
  };

  const keep = () => {
    const unanswered = [...(asked ? [asked] : []), ...waiting];
    store("tab", CONVERSATION, JSON.stringify([...conversation, ...unanswered].slice(-MOST)));
  };

  const arrive = (element) => {
    const article = element.querySelector(".turn");
    if (!article || !isExpected(article)) return;
    const turn = settle();
    fold();
    const isEarlier = turn.isResumed && served;
    if (isEarlier) served.before(article); // the server has answered what was asked last
    else byId("turns").append(article);
    if (article.dataset.status !== "problem") {
      const { question, objectives, documents, alone } = turn;
      conversation.splice(isEarlier ? -1 : conversation.length, 0, { question, objectives, documents, alone, status: article.dataset.status });
    }
    keep();
    const next = waiting.shift();
    if (next) {
      askBy(next);
      return;
    }
    if (root.dataset.place === "ask" && !location.hash.startsWith("#documents")) bringUp(article);
    say(article.dataset.live);
  };

  // A question that got no answer at all stays, with what to do.
  const fail = (state) => {
    if (!asked || (state === "fault" && again)) return;
    clearTimeout(timer);
    waited.end();
    if (state === "away") store("tab", KEPT, asked.question);
    asked = null;
    waiting = [];
    keep();
    allow();
    showPending(state);
    say(byId("pending").querySelector("[data-when]:not([hidden])"));
  };

  // The service has too much to do, or this visitor asks too much. What is asked by the page itself waits its turn.
  const refuse = (status, seconds) => {
    if (!asked) return;
    const turn = { ...asked, tries: (asked.tries ?? 0) + 1 };
    if (turn.tries <= TRIES && (status === 503 || turn.isResumed)) {
      again = setTimeout(() => askBy(turn), seconds * 1000);
      return;
    }
    if (box() && !box().value.trim()) fill(box(), turn.question);
    inSeconds(byId("too_many"), seconds);
    fail("too_many");
  };

  const waitOf = (response) => Math.min(Math.ceil(Number(response.headers.get("Retry-After"))), 3600); // 0: waiting wouldn't help

  // Gradio says nothing to the page when its server can't be reached, or refuses.
  const fetched = window.fetch;
  window.fetch = async (...sent) => {
    const isCall = String(sent[0]?.url ?? sent[0]).includes("/gradio_api/run/");
    try {
      const response = await fetched(...sent);
      if (isCall && !response.ok && waitOf(response) > 0) refuse(response.status, waitOf(response));
      return response;
    } catch (error) {
      if (isCall && error.name !== "AbortError") fail("away");
      throw error;
    }
  };

  const keepWritten = () => {
    if (box()?.value.trim()) store("tab", KEPT, box().value);
    document.dispatchEvent(new Event("leaving"));
  };

  // What was asked in this tab before the page was loaded anew, then what the address asks.
  const resume = () => {
    const address = new URL(location);
    const question = readable(address.searchParams.get("q") ?? "");
    try { waiting = JSON.parse(stored("tab", CONVERSATION) ?? "[]"); } catch { waiting = []; }
    if (question) {
      const objectives = address.searchParams.getAll("objective").map(Number)
        .filter((number) => Number.isInteger(number) && number >= 1 && number <= 23);
      const documents = address.searchParams.getAll("document");
      address.searchParams.delete("q");
      address.searchParams.delete("document");
      address.searchParams.delete("objective");
      history.replaceState(history.state, "", address);
      window.whichObjective.choose(objectives, documents);
      const turn = { question, objectives, documents, alone: true };
      if (served && served.dataset.status !== "problem") conversation.push({ ...turn, status: served.dataset.status });
      else {
        served?.remove();
        served = null;
        waiting.push(turn);
      }
    }
    waiting = waiting.slice(-MOST).map((turn) => ({ ...turn, isResumed: true }));
    const first = waiting.shift();
    if (first && window.early) goOn(first);
    else if (first) askBy(first);
    keep();
  };

  // Gradio: its script comes last, and its box takes the place of the plain one when it is whole

  const newest = (element, trigger, watch) => {
    watch("value", () => arrive(element));
    setTimeout(() => { press = trigger; }, 0); // Gradio ties its events to the page after it has set up the parts
  };

  const isPhone = matchMedia("(pointer: coarse)").matches;

  const takeOver = () => {
    const [field, button] = ["gradio-question", "gradio-ask"].map(byId);
    const [plain, own] = [box(), field.querySelector("textarea")];
    const { selectionStart, selectionEnd, selectionDirection } = plain;
    const isFocused = document.activeElement === plain;
    own.dir = "auto";
    own.setAttribute("aria-describedby", "question-hint");
    field.querySelector("label span")?.remove(); // it would be called twice the same
    if (plain.value) fill(own, plain.value);
    byId("composer-row").remove();
    field.id = "question";
    button.id = "ask-button";
    byId("gradio-row").id = "composer-row";
    byId("question-label").htmlFor = own.id ||= "gradio-text";
    document.querySelector("gradio-app").classList.add("is-there");
    for (const main of document.querySelectorAll("gradio-app main")) { // the page has its own
      const plainMain = document.createElement("div");
      plainMain.className = main.className;
      plainMain.append(...main.childNodes);
      main.replaceWith(plainMain);
    }
    if (isFocused) {
      own.focus({ preventScroll: true });
      own.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
    }
    allow();
    root.dataset.gradio = "there";
  };

  // Nobody's word is broken off: a phone's keyboard would close, and what an input method composes would be lost.
  const isWhole = () => byId("gradio-question")?.querySelector("textarea") && byId("gradio-ask") && press;
  let isComposed = false;
  const takeOverWhenFree = () => {
    if (root.dataset.gradio || !isWhole()) return;
    if (!isComposed && !(isPhone && document.activeElement === box())) takeOver();
  };

  const letGradioIn = async () => {
    const { config, script, style } = await (await fetch(`gradio.json?lang=${spoken()}`)).json();
    window.__gradio_mode__ = "app";
    window.gradio_config = { ...config, root: home.href.replace(/\/$/, "") };
    window.gradio_api_info = { named_endpoints: {}, unnamed_endpoints: {} };
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = style;
    document.head.prepend(sheet); // ours comes last and wins
    const app = document.createElement("gradio-app");
    for (const [name, value] of [["control_page_title", "false"], ["embed", "false"], ["eager", "true"]]) app.setAttribute(name, value);
    byId("ask-form").append(app);
    const watching = setInterval(() => {
      takeOverWhenFree();
      if (root.dataset.gradio) clearInterval(watching);
    }, 100);
    await import(new URL(script, home).href);
    if (navigator.serviceWorker) keepAll().catch(() => {}); // not where the address has no certificate
  };

  // Suggestions while somebody types: a list below the box, chosen by arrow keys or by pointing

  const suggest = (() => {
    const TYPING = 150; // milliseconds after the last letter
    const list = byId("suggestions");
    let typed = 0;
    let current = -1;
    const options = () => [...list.children];

    const close = () => {
      clearTimeout(typed);
      list.hidden = true;
      current = -1;
      box()?.removeAttribute("aria-activedescendant");
    };

    const choose = (option) => {
      const { kind, text, address } = option.dataset;
      close();
      if (kind === "heading") {
        const link = Object.assign(document.createElement("a"), { href: address });
        byId("suggestions-links").replaceChildren(link);
        link.click();
      } else {
        fill(box(), text);
        close();
        ask();
      }
    };

    const mark = (at) => {
      current = at;
      for (const [i, option] of options().entries()) option.setAttribute("aria-selected", String(i === at));
      if (at < 0) box().removeAttribute("aria-activedescendant");
      else box().setAttribute("aria-activedescendant", options()[at].id);
    };

    const show = (found) => {
      list.replaceChildren(...found.map(({ kind, text, address }, i) => {
        const option = document.createElement("li");
        Object.assign(option, { id: `suggestion-${i}`, role: "option", dir: "auto", textContent: text });
        Object.assign(option.dataset, { kind, text, address: address ?? "" });
        const label = document.createElement("span");
        label.className = "quiet small";
        label.textContent = list.dataset[kind];
        option.append(label);
        return option;
      }));
      list.hidden = !found.length;
      mark(-1);
      if (found.length) say(counted(list, found.length));
    };

    const look = async () => {
      const words = box().value.trim();
      if (words.length < 2 || asked || byId("readiness").firstElementChild) return close();
      try {
        const response = await fetch(`api/suggest?${new URLSearchParams({ q: words, lang: spoken() })}`);
        const found = response.ok ? (await response.json()).suggestions : [];
        if (box().value.trim() === words && !asked) show(found);
      } catch { close(); }
      return undefined;
    };

    document.addEventListener("input", (event) => {
      if (event.target !== box()) return;
      byId("question-empty").hidden = true;
      clearTimeout(typed);
      if (event.isTrusted) typed = setTimeout(look, TYPING);
    });
    document.addEventListener("keydown", (event) => {
      if (list.hidden || event.target !== box() || event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark((current + 1 + step + options().length + 1) % (options().length + 1) - 1);
      else if (event.key === "Enter" && !event.shiftKey && current >= 0) choose(options()[current]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, { capture: true });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
    list.addEventListener("click", (event) => { if (event.target.closest("li")) choose(event.target.closest("li")); });
    document.addEventListener("focusout", (event) => { if (event.target === box()) close(); });
    return { close };
  })();

  // What a page waits for while the documents are being opened

  const LOOK = 500; // milliseconds between two looks
  const look = async () => {
    let parts;
    try {
      parts = await (await fetch(`parts?lang=${spoken()}`)).json();
    } catch {
      return setTimeout(look, 4 * LOOK);
    }
    if (byId("readiness").dataset.shown !== parts.readiness) {
      byId("readiness").innerHTML = parts.readiness; // written and escaped by the server
      byId("readiness").dataset.shown = parts.readiness;
      tellReadiness();
    }
    if (!parts.filter) return setTimeout(look, LOOK);
    for (const name of ["filter", "searched"]) byId(name).innerHTML = parts[name];
    window.whichObjective.choose();
    return unfoldSearched();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ask]");
    if (button) event.preventDefault();
    if (button && !asked) {
      if ("all" in button.dataset) window.whichObjective.choose([], []);
      askBy({ question: button.dataset.ask, ...narrowed(), alone: "alone" in button.dataset });
      box().focus({ preventScroll: true });
    }
    if (event.target.closest("[data-new]")) {
      settle();
      clearTimeout(again);
      conversation = [];
      waiting = [];
      keep();
      byId("turns").replaceChildren();
      byId("pending").hidden = true;
      box().focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    if (event.target.closest("[data-print]")) print();
    const helpful = event.target.closest("[data-helpful]");
    if (helpful) thank(helpful);
    const kind = event.target.closest("[data-export]");
    if (kind) save(kind);
  });

  const thank = (button) => {
    const row = button.closest(".feedback");
    fetch("feedback", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ question: row.dataset.about, helpful: button.dataset.helpful === "true" }),
    }).catch(() => {}); // nobody is kept waiting for it
    row.textContent = row.dataset.thanks;
    row.tabIndex = -1;
    row.focus({ preventScroll: true }); // the buttons have gone
    say(row.dataset.thanks);
  };

  // Paper and files

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("#turns :is(.passages, .around):not([open])")];
    for (const passages of folded) passages.open = true;
    const date = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { dateStyle: "long", numberingSystem: "latn" }).format(new Date());
    byId("printed").textContent = byId("printed").dataset.said.replace("{date}", date);
  });
  addEventListener("afterprint", () => { for (const passages of folded) passages.open = false; });

  const filed = async (kind) => {
    const turns = conversation.map(({ question, objectives, documents, alone }) => ({ question, objectives, documents, alone }));
    const page = home.href;
    const response = await fetch(`export/${kind}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ turns, lang: spoken(), page }),
    });
    if (!response.ok) throw new Error(String(response.status));
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? kind;
    return { name, blob: await response.blob() };
  };

  const download = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const save = async (button) => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    for (const fault of document.querySelectorAll(".export-fault")) fault.remove();
    try {
      const { name, blob } = await filed(button.dataset.export);
      download(name, blob);
    } catch {
      const fault = byId("export-fault").content.firstElementChild.cloneNode(true);
      fault.classList.add("export-fault");
      button.closest(".actions").after(fault);
      say(byId("export-fault").content.textContent);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  };

  // The parts around the conversation

  let isTold = false;
  const tellReadiness = () => {
    const section = byId("readiness").querySelector("[data-live]");
    if (section && !isTold) say(section.dataset.live);
    const isQuiet = !asked && !conversation.length; // an answer says more
    if (!section && isTold && isQuiet && !byId("readiness").querySelector(".problem")) say(byId("live").dataset.ready);
    isTold = Boolean(section);
  };

  const unfoldSearched = () => {
    const details = byId("searched").querySelector("details");
    if (details) details.open = matchMedia("(min-width: 62rem)").matches;
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      const isTopic = root.dataset.place === "objective";
      if (root.dataset.place === "documents") location.hash = "#ask";
      (isTopic ? document.querySelector("#topic textarea") : box()).focus();
    }
    if (event.key !== "Enter" || event.shiftKey || !event.target.matches?.("#question textarea, #topic textarea")) return;
    if (event.isComposing || event.keyCode === 229) { // an input method uses Enter itself
      event.stopImmediatePropagation();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.target.closest("#topic")) window.whichObjective.rank();
    else ask();
  }, { capture: true });

  const asksByButton = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    ask();
  };
  document.addEventListener("click", (event) => { if (event.target.closest("#ask-button")) asksByButton(event); }, { capture: true });
  byId("ask-form").addEventListener("submit", asksByButton);
  document.addEventListener("compositionstart", () => { isComposed = true; });
  document.addEventListener("compositionend", () => { isComposed = false; });

  // Without a network: the documents that were read here can still be read

  const MOST_KEPT = 12; // documents that are kept before they are opened
  const tellNetwork = async () => {
    const isKept = Boolean(navigator.serviceWorker?.controller); // then the page may have come from there
    const isThere = navigator.onLine && (!isKept || (await fetch("healthz").then(() => true, () => false)));
    byId("offline").hidden = isThere;
  };
  const keepAll = async () => {
    await navigator.serviceWorker.register("worker.js");
    const texts = [...document.querySelectorAll("#searched a[href^='documents/']")].slice(0, MOST_KEPT);
    const reader = texts.map((link) => `reader/${link.getAttribute("href").split("/")[1]}?lang=${spoken()}`);
    const files = performance.getEntriesByType("resource").map((each) => each.name);
    (await navigator.serviceWorker.ready).active.postMessage([...files, `reader?lang=${spoken()}`, ...reader]);
  };
  addEventListener("online", tellNetwork);
  addEventListener("offline", tellNetwork);

  const start = () => {
    tellNetwork();
    preferences();
    unfoldSearched();
    const kept = taken("tab", KEPT);
    if (kept) fill(box(), kept);
    allow();
    isTold = Boolean(byId("readiness").querySelector("[data-live]"));
    if (isTold) say(byId("readiness").querySelector("[data-live]").dataset.live);
    byId("readiness").dataset.shown = byId("readiness").innerHTML;
    if (!byId("filter").firstChild) setTimeout(look, LOOK);
    resume();
    if (document.readyState === "complete") letGradioIn();
    else addEventListener("load", () => letGradioIn(), { once: true });
  };

  return { home, fragmentOf, say, store, taken, counted, inSeconds, waitOf, patience, download, fail, newest, start };
})();
