// The page's places and addresses, the choice of objectives, the ranking of a topic, a spreadsheet, the coverage table.
"use strict";
window.whichObjective = (() => {
  const SOON = 300; // milliseconds under which nobody is told to wait
  const byId = (id) => document.getElementById(id);
  const say = (text) => window.askTheDocuments.say(text);

  // Places. An address is a fragment: #ask, #objective, #many, #coverage, #coverage/7/background-note.

  const views = [...document.querySelectorAll("[data-view]")];
  const PLACE_OF = { ask: "ask", "ask-column": "ask" };
  for (const { id, dataset } of views) for (const each of [id, ...dataset.addresses.split(" ").filter(Boolean)]) PLACE_OF[each] = dataset.view;
  const TABS = [...document.querySelectorAll("[data-panel]")].map((panel) => panel.dataset.panel);
  const isPlace = (name) => Object.hasOwn(PLACE_OF, name);
  const root = document.documentElement;
  const scrolled = {}; // how far down each place was left
  let isLink = false; // whether a link of the page, and not the browser's back, brought the address about

  const address = () => location.hash.slice(1).split("/");

  const mark = () => {
    for (const link of document.querySelectorAll(".places a")) {
      if (link.dataset.place === root.dataset.place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    for (const view of views) view.hidden = view.dataset.view !== root.dataset.place;
    const tab = TABS.includes(address()[0]) ? address()[0] : TABS.find((name) => name === root.dataset.tab) ?? TABS[0];
    root.dataset.tab = tab;
    for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== tab;
    for (const link of document.querySelectorAll("a[data-tab]")) {
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.querySelector(".skip-link").href = root.dataset.place === "ask" ? "#ask-column" : `#view-${root.dataset.place}`;
    const link = document.querySelector(".places [aria-current]");
    const product = document.querySelector(".product-name");
    if (link && product) {
      const title = window.theDocuments?.title() || link.textContent;
      document.title = root.dataset.place === "ask" ? product.textContent : `${title} · ${product.textContent}`;
    }
  };

  const bringUp = (heading) => {
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  };

  const arrive = () => {
    const [name] = address();
    const place = name === "" ? "ask" : PLACE_OF[name];
    if (!place) return; // an anchor of something else
    const before = root.dataset.place;
    root.dataset.place = place;
    mark();
    if (place === "documents") { // which knows by itself where to go
      isLink = false;
      window.theDocuments.arrive();
      return;
    }
    const heading = byId(`${name}-title`);
    if (name === "coverage" || name === "many") {
      if (name === "coverage") openCoverage();
      else {
        sheets().catch(() => {}); // tried again when it is needed
        if (isLink && heading) bringUp(heading);
      }
    } else if (isLink && before !== place) scrollTo(0, 0);
    if (!isLink && before && before !== place) requestAnimationFrame(() => scrollTo(0, scrolled[place] ?? 0));
    isLink = false;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const fragment = link && isPlain && !("share" in link.dataset) && !("part" in link.dataset) && !("ask" in link.dataset) && askTheDocuments.fragmentOf(link);
    if (!fragment || !isPlace(fragment.slice(1).split("/")[0])) return;
    event.preventDefault();
    if (link.matches(".turn .cited")) {
      theDocuments.openSheet(link, fragment);
      return;
    }
    scrolled[root.dataset.place] = scrollY;
    isLink = true;
    theDocuments.follow(link, fragment);
    if (fragment === location.hash) arrive(); // the browser tells of no change
    else location.hash = fragment;
  }, { capture: true });
  addEventListener("hashchange", arrive);
  root.dataset.place = PLACE_OF[address()[0]] ?? "ask";

  // The choice of objectives

  const boxes = byId("filter");
  let wished = []; // by the address, before there are boxes
  let wishedDocuments = []; // likewise, by id
  let lacking = []; // chosen documents whose boxes, among many, are on their way
  const ticked = (name) => [...boxes.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value);
  const documents = () => (boxes.querySelector("input") ? [...ticked("document"), ...lacking] : wishedDocuments);
  const chosen = () => (boxes.querySelector("input") ? ticked("objective").map(Number) : wished);

  const count = () => {
    const counter = boxes.querySelector("[data-chosen]");
    const many = boxes.querySelectorAll("input:checked").length + lacking.length;
    if (counter) counter.textContent = askTheDocuments.counted(counter, many);
    const clear = boxes.querySelector("[data-clear]");
    if (clear) clear.hidden = many === 0;
  };

  const choose = (numbers = wished, ids = wishedDocuments) => {
    wished = numbers;
    wishedDocuments = ids;
    for (const box of boxes.querySelectorAll("[type=checkbox]")) {
      box.checked = box.name === "document" ? ids.includes(box.value) : numbers.includes(Number(box.value));
    }
    if (!boxes.querySelector("input")) return;
    const list = boxes.querySelector("[data-paged]:has(form)");
    lacking = list ? ids.filter((id) => !ticked("document").includes(id)) : [];
    if (lacking.length) {
      const query = new URLSearchParams([["lang", root.lang], ...lacking.map((id) => ["document", id])]);
      theDocuments.turnPage(list, "parts/documents", query).then(() => { lacking = []; count(); }, () => {});
    }
    count();
  };

  boxes.addEventListener("change", count);
  boxes.addEventListener("click", (event) => {
    if (!event.target.closest("[data-clear]")) return;
    choose([], []);
    boxes.querySelector("summary").focus(); // the button has gone
  });

  // A topic

  let timer = 0;
  let ranked = ""; // the topic that waits for its ranking
  const KEPT = "kept-topic";
  const waited = askTheDocuments.patience(() => fail("away"));

  const show = (state) => {
    const pending = byId("topic-pending");
    for (const part of pending.children) part.hidden = part.dataset.when !== state;
    pending.hidden = !state;
    if (state) say(pending.querySelector(`[data-when="${state}"]`));
  };

  const topicField = () => byId("topic-text");

  const rank = async () => {
    const topic = topicField().value.trim();
    byId("topic-empty").hidden = Boolean(topic);
    if (!topic) {
      say(byId("topic-empty").textContent);
      topicField().focus();
      return;
    }
    ranked = topic;
    const isReady = !document.querySelector(".getting-ready");
    clearTimeout(timer);
    timer = setTimeout(() => show(isReady ? "looking" : "waiting"), isReady ? SOON : 0);
    waited.begin();
    try {
      const body = JSON.stringify({ topic, lang: root.lang });
      const response = await fetch("topic", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      const html = await response.text();
      if (ranked !== topic) return;
      const seconds = askTheDocuments.waitOf(response);
      if (response.ok) showRanking(html);
      else if (seconds) {
        askTheDocuments.inSeconds(byId("topic-too_many"), seconds);
        fail("too_many");
      } else fail("fault");
    } catch {
      if (ranked === topic) fail("away");
    }
  };

  const keepTopic = () => askTheDocuments.store("tab", KEPT, topicField()?.value.trim() || ranked);

  const fail = (state) => {
    if (!ranked) return;
    if (state === "away") keepTopic();
    ranked = "";
    clearTimeout(timer);
    waited.end();
    show(state);
  };

  const showRanking = (html) => {
    ranked = "";
    clearTimeout(timer);
    waited.end();
    show("");
    byId("ranking").innerHTML = html; // written and escaped by the server
    const result = byId("ranking").querySelector("[data-live]");
    if (result) say(result.dataset.live);
  };

  byId("topic-form").addEventListener("submit", (event) => {
    event.preventDefault();
    rank();
  });

  // A spreadsheet, whose script comes when somebody does

  const sheets = () => import(new URL(byId("many-topics").dataset.script, askTheDocuments.home).href);
  byId("rank-sheet").addEventListener("click", async () => {
    try { (await sheets()).rank(); } catch { byId("many-topics").querySelector(".many-outcome").append(byId("export-fault").content.cloneNode(true)); }
  });

  // The coverage table

  const table = byId("coverage-table");
  let isWanted = false; // whether the passages of the address are on their way

  const cellKey = () => address().slice(1).map(decodeURIComponent);

  const showCell = () => {
    const section = byId("cell").querySelector("[data-cell]");
    if (!section) return;
    const [number, document_ = ""] = cellKey();
    const isIt = address()[0] === "coverage" && section.dataset.cell === `${number}/${document_}`;
    section.hidden = !isIt;
    if (isIt && isWanted) {
      isWanted = false;
      bringUp(section.querySelector("h3"));
    }
  };

  const part = async (query) => (await fetch(`parts/coverage?lang=${root.lang}${query}`)).text();

  const openCoverage = async () => {
    const isArrival = isLink;
    try {
      if (!table.querySelector("table")) {
        table.innerHTML = await part(""); // written and escaped by the server
        if (!table.querySelector("table")) { // the documents are being opened
          setTimeout(() => { if (address()[0] === "coverage") openCoverage(); }, 1000);
          return;
        }
      }
      const [number, document_ = ""] = cellKey();
      if (number === undefined) {
        if (isArrival) bringUp(byId("coverage-title"));
      } else {
        isWanted = true;
        if (byId("cell").querySelector("[data-cell]")?.dataset.cell !== `${number}/${document_}`) {
          byId("cell").innerHTML = await part(`&objective=${encodeURIComponent(number)}&document=${encodeURIComponent(document_)}`);
        }
      }
    } catch {
      table.append(byId("export-fault").content.cloneNode(true));
    }
    showCell();
  };

  const start = () => {
    const kept = askTheDocuments.taken("tab", KEPT);
    if (kept) topicField().value = kept;
    mark();
    if (address()[0] === "coverage") openCoverage();
  };

  document.addEventListener("leaving", keepTopic);

  return { isPlace, chosen, documents, choose, rank, start };
})();
