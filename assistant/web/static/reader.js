// The place "Documents": the list, one document at a time, the arrival at a paragraph; links and citations to copy.
"use strict";
window.theDocuments = (() => {
  const SOON = 300; // milliseconds under which nobody is told to wait
  const AGAIN = 1000; // milliseconds until the next look, while the documents are being opened
  const COPIED = 2500; // milliseconds for which a button says so
  const LONGEST = 30000; // milliseconds after which nobody waits any longer
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const say = (text) => window.askTheDocuments.say(text);

  let view = null; // what the server wrote into the place
  let shown = null; // { id, marks } of the document that is in the place
  let isListed = false; // whether the list is in the place
  let current = ""; // the address whose content is, or is about to be, on the screen
  let isMoving = false; // whether the place is on its way to where it will stand
  let request = null;
  let retry = 0;
  let followed = null; // the link of the page, and not the browser's back, that brings the next address about
  let origin = null; // the link in an answer that led here
  const positions = new Map(); // by address: where in it one was
  const fromAnswers = new Set(); // addresses that a link outside this place led to

  const plain = (part) => {
    try { return decodeURIComponent(part); } catch { return part; }
  };
  const isHere = () => location.hash === "#documents" || location.hash.startsWith("#documents/");
  const address = () => {
    const [, id = "", anchor = "", marks = ""] = location.hash.slice(1).split("/").map(plain);
    return { id, anchor, marks };
  };
  const room = (name) => view.querySelector(`.${name}-room`);
  const template = (name) => view.querySelector(`template[data-when="${name}"]`).content.cloneNode(true);

  // Where one was

  const remember = () => {
    if (!view || isMoving || !current || root.dataset.place !== "documents") return;
    if (view.dataset.shows === "document" ? !shown : !isListed) return;
    const row = document.elementFromPoint(innerWidth / 2, 60)?.closest(".paragraph, .reader-heading");
    positions.set(current, { row: row?.id, top: row?.getBoundingClientRect().top, y: scrollY });
  };

  const goBackTo = ({ row, top, y }) => {
    const element = row && byId(row);
    if (element) scrollTo(0, scrollY + element.getBoundingClientRect().top - top);
    else scrollTo(0, y);
  };

  // In a long document what is far from the window is laid out only when it comes near, and then has another height.
  const go = (move) => {
    let left = view.querySelector(".is-long") ? 8 : 2; // frames
    isMoving = true;
    const step = () => {
      move();
      left -= 1;
      if (left > 0) requestAnimationFrame(step);
      else isMoving = false;
    };
    step();
  };

  let later = 0;
  const noted = (at) => { if (at === current && location.hash === at) remember(); };
  addEventListener("scroll", () => {
    const at = current;
    requestAnimationFrame(() => noted(at));
    clearTimeout(later);
    later = setTimeout(() => noted(at), 200); // what came near has its own height by now
  }, { passive: true });

  // Fetching

  const show = (name, what) => {
    room(name).replaceChildren(template(what));
    if (what !== "looking") scrollTo(0, 0);
    say(room(name));
  };

  const marksAsked = (marks) => (marks ? `&mark=${encodeURIComponent(marks)}` : "");

  // Gives what the server wrote, or nothing where something else is said instead.
  const fetched = async (path, name, again) => {
    request?.abort();
    const mine = request = new AbortController();
    clearTimeout(retry);
    const slow = setTimeout(() => show(name, "looking"), SOON);
    const late = setTimeout(() => mine.abort("late"), LONGEST);
    let response;
    let html;
    try {
      response = await fetch(path, { signal: mine.signal });
      html = await response.text();
    } catch {
      if (mine === request) show(name, "away");
      return null;
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
    }
    if (mine !== request) return null; // somebody went elsewhere meanwhile
    if (response.headers.get("X-Fragment") !== "reader") {
      show(name, "fault");
      return null;
    }
    if (response.status === 202 || response.status === 503) {
      wait(html, name, response.headers.has("Retry-After"), again);
      return null;
    }
    return { html, isFound: response.ok };
  };

  const wait = (html, name, isSoon, again) => {
    const place = room(name);
    if (place.firstElementChild?.outerHTML !== html) {
      place.innerHTML = html; // written and escaped by the server
      scrollTo(0, 0);
      say(place);
    }
    if (isSoon) retry = setTimeout(() => { if (isHere()) again(); }, AGAIN);
    else place.append(template("away").querySelector("[data-again]"));
  };

  // The list

  const markCurrent = (id) => {
    for (const link of view.querySelectorAll(".library-link[data-document]")) {
      if (link.dataset.document === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const list = async (id) => {
    if (!isListed) {
      const got = await fetched(`reader?lang=${encodeURIComponent(view.dataset.language)}`, "library", arrive);
      if (!got) return false;
      room("library").innerHTML = got.html; // written and escaped by the server
      isListed = true;
    }
    markCurrent(id);
    return true;
  };

  // Lists that come a page at a time: what a form or a link with `data-part` asks for takes the place of its list.

  const turnPage = async (list, part, query) => {
    for (const box of list.querySelectorAll("input:checked")) query.append("document", box.value);
    const response = await fetch(`${part}?${query}`);
    const read = document.createElement("template");
    read.innerHTML = await response.text(); // written and escaped by the server
    const fresh = response.ok && read.content.querySelector("[data-paged]");
    if (!fresh) return null;
    list.replaceWith(fresh);
    fresh.dispatchEvent(new Event("change", { bubbles: true }));
    return fresh;
  };

  const turn = async (event, from, query, instead) => {
    event.preventDefault();
    const fresh = await turnPage(from.closest("[data-paged]"), from.dataset.part, query).catch(() => null);
    if (!fresh) return location.assign(instead);
    const told = fresh.querySelector("[data-pages]");
    (from.matches("form") ? fresh.querySelector("[type=search]") : told)?.focus();
    say((told ?? fresh.querySelector("legend"))?.textContent ?? "");
    if (view.contains(fresh)) markCurrent(address().id);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-part]");
    const query = form && new URLSearchParams(new FormData(form));
    if (form) turn(event, form, query, `${form.action}?${query}`);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-part]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (link && isPlain) turn(event, link, new URL(link.href).searchParams, link.href);
  });

  // A document

  const title = () => (isHere() && address().id && view?.querySelector("#reader-title")?.textContent) || "";

  const entitle = () => {
    const product = document.querySelector(".product-name");
    if (title() && product) document.title = `${title()} · ${product.textContent}`;
  };

  const unmark = () => {
    for (const mark of view.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
    room("reader").normalize();
    shown.marks = "";
  };

  const leaveParagraph = () => {
    view.querySelector(".arrival")?.remove();
    view.querySelector(".is-arrival")?.classList.remove("is-arrival");
  };

  const putNote = (paragraph) => {
    const note = template("arrival").firstElementChild;
    note.dir = getComputedStyle(view).direction; // the interface's, inside a sheet of the document's
    if (!fromAnswers.has(current)) note.querySelector("[data-back]").remove();
    paragraph.before(note);
    return note;
  };

  const bringUp = (target, top) => {
    top.scrollIntoView({ block: "start" });
    const mark = target.querySelector("mark");
    if (mark && mark.getBoundingClientRect().bottom > innerHeight - 48) mark.scrollIntoView({ block: "center" });
  };

  const targetOf = ({ id, anchor, marks }) => {
    const named = anchor && byId(`${id}--${anchor}`);
    if (!marks || named?.querySelector("mark")) return named;
    return room("reader").querySelector("mark")?.closest(".paragraph, .reader-heading") ?? named;
  };

  // Goes to what the address names, or to where one was in it.
  const settle = (wanted, place) => {
    leaveParagraph();
    const target = targetOf(wanted);
    if (!target) {
      const heading = view.querySelector("#reader-title");
      if (!place) heading.focus({ preventScroll: true });
      return go(() => (place ? goBackTo(place) : scrollTo(0, 0)));
    }
    if (target.matches(".paragraph")) target.classList.add("is-arrival");
    const isMarked = wanted.marks && target.querySelector("mark");
    const note = isMarked ? putNote(target) : null;
    target.focus({ preventScroll: true });
    if (note) say(note.firstElementChild.textContent);
    return go(() => (place ? goBackTo(place) : bringUp(target, note ?? target)));
  };

  const open = async ({ id, marks }) => {
    if (shown?.id === id && shown.marks === marks) return true;
    if (shown?.id === id && !marks) {
      unmark();
      return true;
    }
    const path = `reader/${encodeURIComponent(id)}?lang=${encodeURIComponent(view.dataset.language)}`;
    const got = await fetched(path + marksAsked(marks), "reader", arrive);
    if (!got) {
      shown = null;
      return false;
    }
    room("reader").innerHTML = got.html; // written and escaped by the server
    shown = got.isFound ? { id, marks } : null;
    if (!got.isFound) {
      scrollTo(0, 0);
      say(room("reader"));
    }
    return got.isFound;
  };

  // Shows what the address names; called at each address of this place.
  const arrive = async () => {
    if (!view || !isHere()) return;
    const wanted = address();
    const place = followed ? null : positions.get(location.hash);
    if (followed && !view.contains(followed) && !followed.closest(".places")) {
      origin = followed;
      fromAnswers.add(location.hash);
    }
    followed = null;
    current = location.hash;
    isMoving = true;
    view.dataset.shows = wanted.id ? "document" : "list";
    const here = current;
    if (wanted.id ? await open(wanted) : await list("")) {
      if (here !== current) return;
      if (wanted.id) settle(wanted, place);
      else go(() => (place ? goBackTo(place) : scrollTo(0, 0)));
      entitle();
    } else if (here === current) isMoving = false;
    if (here !== current) return;
    if (wanted.id && shown) list(wanted.id);
  };

  const clearMark = () => {
    const paragraph = view.querySelector(".is-arrival");
    const { id, anchor } = address();
    unmark();
    view.querySelector(".arrival").remove();
    const hash = `#documents/${encodeURIComponent(id)}/${encodeURIComponent(anchor)}`;
    history.replaceState(history.state, "", hash);
    current = hash;
    paragraph.focus({ preventScroll: true });
  };

  // Copying

  const copyByHand = (text) => {
    const before = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    before?.focus({ preventScroll: true });
    return isCopied;
  };

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch { // not allowed, or an address without a certificate
      return copyByHand(text);
    }
  };

  const copy = async (text, control) => {
    const isCopied = await copied(text);
    if (!view) return;
    const { copied: done, linkCopied, notCopied } = view.dataset;
    const words = isCopied ? ("share" in control.dataset ? linkCopied : done) : notCopied;
    say(words);
    if (control.classList.contains("is-copied")) return;
    const label = document.createElement("span"); // still its name for whoever doesn't see it
    label.className = "visually-hidden";
    label.append(...control.childNodes);
    const note = document.createElement("span");
    note.className = "copied";
    note.setAttribute("aria-hidden", "true"); // said already
    note.textContent = words;
    control.append(label, note);
    control.classList.add("is-copied");
    setTimeout(() => {
      control.replaceChildren(...label.childNodes);
      control.classList.remove("is-copied");
    }, COPIED);
  };

  // The sheet beside an answer: the document at the words that it quotes, while the answer stays in view

  const sheet = byId("sheet");
  let cited = null; // the link that opened it

  const closeSheet = () => {
    if (sheet.hidden) return;
    sheet.hidden = true;
    root.classList.remove("has-sheet");
    if (cited?.isConnected) cited.focus({ preventScroll: true });
    cited = null;
  };

  const openSheet = async (link, fragment) => {
    const [, id, anchor = "", marks = ""] = fragment.slice(1).split("/").map(plain);
    const body = sheet.querySelector(".sheet-body");
    let html = "";
    try {
      const response = await fetch(`reader/${encodeURIComponent(id)}?lang=${encodeURIComponent(view.dataset.language)}${marksAsked(marks)}`);
      if (response.ok && response.headers.get("X-Fragment") === "reader") html = await response.text();
    } catch { /* said below */ }
    body.replaceChildren(html ? document.createRange().createContextualFragment(html) : template("away"));
    for (const part of body.querySelectorAll("[id]")) part.id = `sheet-${part.id}`; // the place may hold the same document
    for (const part of body.querySelectorAll("[aria-labelledby]")) part.setAttribute("aria-labelledby", `sheet-${part.getAttribute("aria-labelledby")}`);
    cited = link;
    sheet.querySelector(".sheet-open").href = link.href;
    sheet.hidden = false;
    root.classList.add("has-sheet");
    const target = byId(`sheet-${id}--${anchor}`);
    target?.classList.add("is-arrival");
    (target?.querySelector("mark") ?? target ?? body).scrollIntoView({ block: "center" });
    body.focus({ preventScroll: true });
    say(target?.querySelector("mark") ? template("arrival").querySelector("span").textContent : sheet.getAttribute("aria-label"));
  };

  sheet.addEventListener("click", (event) => {
    if (event.target.closest(".sheet-open") || event.target.closest(".sheet-close")) closeSheet();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeSheet(); });
  addEventListener("hashchange", closeSheet);

  // What a citation stands for, on pointing at it or focusing it: the sentence in its paragraph

  const hidePreview = () => { for (const each of document.querySelectorAll(".preview")) each.remove(); };
  const showPreview = (event) => {
    const link = event.target.closest?.(".quoted .cited");
    if (!link || (event.type === "focusin" && !link.matches(":focus-visible")) || link.closest(".citation").querySelector(".preview")) return;
    const words = link.closest(".turn").querySelector(".passage-card .document-words");
    if (!words) return;
    const preview = document.createElement("div");
    preview.className = "preview";
    preview.id = "preview";
    preview.role = "tooltip";
    preview.append(words.cloneNode(true));
    link.setAttribute("aria-describedby", "preview");
    link.closest(".citation").append(preview);
    link.closest(".citation").addEventListener("mouseleave", hidePreview, { once: true });
  };
  if (matchMedia("(hover: hover)").matches) {
    document.addEventListener("mouseover", showPreview);
    document.addEventListener("focusin", showPreview);
    document.addEventListener("focusout", hidePreview);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hidePreview(); });
  }

  // Events of the whole page, before anybody else sees them

  addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-share], [data-copy]");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (control && isPlain) {
      if ("share" in control.dataset) {
        event.preventDefault();
        event.stopImmediatePropagation();
        copy(control.href, control);
      } else {
        const { copy: words, link } = control.dataset;
        copy(link ? `${words}\n${new URL(link, askTheDocuments.home)}` : words, control);
      }
    }
  }, { capture: true });

  // Told of each link of the page before it leads anywhere.
  const follow = (link, fragment) => {
    hidePreview();
    remember();
    if (fragment !== location.hash || isHere()) followed = link.closest("#sheet") ? cited : link;
  };

  const backAtAnswer = () => {
    if (isHere()) return;
    current = "";
    const link = followed ? null : origin;
    followed = null;
    if (link?.isConnected) requestAnimationFrame(() => link.focus({ preventScroll: true }));
    origin = null;
  };
  addEventListener("hashchange", backAtAnswer);

  const press = (event) => {
    if (event.target.closest("[data-back]")) history.back();
    if (event.target.closest("[data-clear-mark]")) clearMark();
    if (event.target.closest("[data-again]")) arrive();
  };

  const start = () => {
    view = document.querySelector(".reader-view");
    isListed = Boolean(room("library").firstChild);
    const written = room("reader").querySelector(".reader");
    if (written) shown = { id: written.dataset.document, marks: address().marks };
    view.addEventListener("click", press);
    if (isHere()) arrive();
  };

  return { start, follow, openSheet, arrive, title, turnPage };
})();
for (const part of [window.askTheDocuments, window.whichObjective, window.theDocuments]) part.start();
