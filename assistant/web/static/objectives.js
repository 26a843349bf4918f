// The page's places and addresses, the choice of objectives, the ranking of a topic, a spreadsheet, the coverage table.
"use strict";
window.whichObjective = (() => {
  const SOON = 300; // milliseconds under which nobody is told to wait
  const byId = (id) => document.getElementById(id);
  const say = (text) => window.askTheDocuments.say(text);

  // Places. An address is a fragment: #ask, #objective, #many, #coverage, #coverage/7/background-note.

  const PLACE_OF = { ask: "ask", "ask-column": "ask", objective: "objective", "view-objective": "objective", many: "objective", coverage: "objective", documents: "documents", "view-documents": "documents" };
  const root = document.documentElement;
  const scrolled = {}; // how far down each place was left
  let isLink = false; // whether a link of the page, and not the browser's back, brought the address about

  const address = () => location.hash.slice(1).split("/");

  const mark = () => {
    for (const link of document.querySelectorAll(".places a")) {
      if (link.dataset.place === root.dataset.place) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const skip = document.querySelector(".skip-link");
    const target = { objective: "#view-objective", documents: "#view-documents" }[root.dataset.place] ?? "#ask-column";
    if (skip) skip.href = target;
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
      if (name === "coverage" && address().length > 1) openCell();
      else if (isLink && heading) bringUp(heading);
      if (name === "coverage") showCell();
    } else if (isLink && before !== place) scrollTo(0, 0);
    if (!isLink && before && before !== place) requestAnimationFrame(() => scrollTo(0, scrolled[place] ?? 0));
    isLink = false;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    scrolled[root.dataset.place] = scrollY;
    isLink = true;
    if (link.getAttribute("href") === location.hash) arrive(); // the browser tells of no change
  }, { capture: true });
  addEventListener("hashchange", arrive);
  root.dataset.place = PLACE_OF[address()[0]] ?? "ask";

  const places = () => {
    window.askTheDocuments.preferences();
    mark();
  };

  // The choice of objectives

  let boxes = null; // the element that holds them
  let wished = []; // by the address, before there are boxes
  let wishedDocuments = []; // likewise, by id
  const ticked = (name) => [...(boxes?.querySelectorAll(`input[name="${name}"]:checked`) ?? [])].map((box) => box.value);
  const documents = () => (boxes?.querySelector("input") ? ticked("document") : wishedDocuments);
  const chosen = () => (boxes?.querySelector("input") ? ticked("objective").map(Number) : wished);

  const count = () => {
    const counter = boxes.querySelector("[data-chosen]");
    const many = boxes.querySelectorAll("input:checked").length;
    if (counter) counter.textContent = askTheDocuments.counted(counter, many);
    const clear = boxes.querySelector("[data-clear]");
    if (clear) clear.hidden = many === 0;
  };

  const choose = (numbers, ids = []) => {
    wished = numbers;
    wishedDocuments = ids;
    for (const box of boxes?.querySelectorAll("input") ?? []) {
      box.checked = box.name === "document" ? ids.includes(box.value) : numbers.includes(Number(box.value));
    }
    if (boxes?.querySelector("input")) count();
  };

  const filter = (element, watch) => {
    boxes = element;
    watch("value", () => choose(wished, wishedDocuments));
    element.addEventListener("change", count);
    element.addEventListener("click", (event) => {
      if (!event.target.closest("[data-clear]")) return;
      choose([]);
      element.querySelector("summary").focus(); // the button has gone
    });
  };

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

  const rank = (topic) => {
    if (!topic.trim()) return;
    ranked = topic;
    const isReady = !document.querySelector(".getting-ready");
    clearTimeout(timer);
    timer = setTimeout(() => show(isReady ? "looking" : "waiting"), isReady ? SOON : 0);
    waited.begin();
  };

  const topicField = () => document.querySelector("#topic textarea");
  const keepTopic = () => askTheDocuments.store("tab", KEPT, topicField()?.value.trim() || ranked);

  const fail = (state) => {
    if (!ranked) return;
    if (state === "away") keepTopic();
    ranked = "";
    clearTimeout(timer);
    waited.end();
    show(state);
  };

  const ranking = (element, watch) => {
    watch("value", () => {
      ranked = "";
      clearTimeout(timer);
      waited.end();
      show("");
      const result = element.querySelector("[data-live]");
      if (result) say(result.dataset.live);
    });
  };

  const topicBox = () => {
    const textarea = topicField();
    if (!textarea) { requestAnimationFrame(topicBox); return; } // Gradio sets the box up later
    textarea.dir = "auto";
    const kept = askTheDocuments.taken("tab", KEPT);
    if (kept) askTheDocuments.fill(textarea, kept);
  };

  // A spreadsheet

  let saved = ""; // the address of the result, which lives in this tab only

  const many = (element) => {
    const input = element.querySelector("input");
    const button = element.querySelector("button");
    const progress = element.querySelector(".many-progress");
    const outcome = element.querySelector(".many-outcome");

    const conclude = (html) => {
      outcome.innerHTML = html; // written and escaped by the server
      const live = outcome.querySelector("[data-live]");
      say(live ? live.dataset.live : outcome.querySelector(".problem"));
    };
    const concludeWith = (name) => conclude(element.querySelector(`template[data-when="${name}"]`).innerHTML);

    const step = ({ done, total }) => {
      const bar = progress.querySelector("progress");
      if (total === undefined) bar.removeAttribute("value");
      else { bar.max = total; bar.value = done; }
      progress.querySelector("p").textContent = total === undefined
        ? progress.dataset.waiting
        : progress.dataset.progress.replace("{done}", done).replace("{total}", total);
    };

    const offer = (base64, name) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      URL.revokeObjectURL(saved);
      saved = URL.createObjectURL(new Blob([bytes], { type: "text/csv" }));
      const link = outcome.querySelector("[data-save]");
      link.href = saved;
      link.download = `${name.replace(/\.[^.]*$/, "")}-objectives.csv`;
    };

    const read = async (response, name) => {
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      let last = null;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        for (const line of lines) {
          last = JSON.parse(line);
          if (!last.html) step(last);
        }
      }
      if (!last?.html) return concludeWith("fault");
      conclude(last.html);
      if (last.csv !== undefined) offer(last.csv, name);
    };

    const send = async (file) => {
      let response;
      try {
        response = await fetch(`classify.csv?lang=${root.lang}`, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file });
      } catch {
        return concludeWith("away");
      }
      try {
        await read(response, file.name);
      } catch {
        concludeWith("fault");
      }
    };

    button.addEventListener("click", async () => {
      const file = input.files[0];
      if (button.getAttribute("aria-disabled") === "true") return;
      outcome.replaceChildren();
      if (!file) return concludeWith("none");
      if (file.size > Number(input.dataset.most)) return concludeWith("too_large");
      button.setAttribute("aria-disabled", "true");
      step({});
      progress.hidden = false;
      say(progress.dataset.waiting);
      await send(file);
      progress.hidden = true;
      button.removeAttribute("aria-disabled");
    });
  };

  // The coverage table

  let ask = null; // asks the server for a cell's passages
  let table = null;
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

  const openCell = () => {
    const [number, document_ = ""] = cellKey();
    isWanted = true;
    if (!table?.querySelector("table")) return; // the documents are being opened
    if (byId("cell").querySelector("[data-cell]")?.dataset.cell === `${number}/${document_}`) showCell();
    else ask("click", { objective: number, document: document_ });
  };

  const coverage = (element, trigger, watch) => {
    ask = trigger;
    table = element;
    const start = () => {
      if (!element.querySelector("table") || address()[0] !== "coverage") return;
      if (address().length > 1) openCell();
      else bringUp(byId("coverage-title"));
    };
    watch("value", start);
    start();
  };

  const cell = (watch) => watch("value", showCell);

  document.addEventListener("away", () => fail("away"));
  document.addEventListener("leaving", keepTopic);
  document.addEventListener("refused", ({ detail: seconds }) => {
    askTheDocuments.inSeconds(byId("topic-too_many"), seconds);
    fail("too_many");
  });

  return { places, filter, chosen, documents, choose, rank, fail, ranking, topicBox, many, coverage, cell };
})();
