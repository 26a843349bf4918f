// Puts a button into any page; it opens a panel with the compact assistant, a frame from where this file came from.
// Nothing else is loaded before it is opened. Made without markup in strings and without style elements, so that strict
// content security policies and Trusted Types let it be; its style is out of the host page's reach, and the reverse.
(() => {
  "use strict";
  const NAME = "document-assistant";
  // By language; the server fills them in.
  const LABELS = __LABELS__;
  // Milliseconds after which a server that doesn't answer is away.
  const TO_LOAD = 12000;
  // Milliseconds that a frame, once loaded, has to report: pages of errors load too, and never do.
  const TO_REPORT = 1500;
  const script = document.currentScript || [...document.scripts].find((each) => /\/embed\.js([?#]|$)/.test(each.src));
  if (!script || !window.customElements || !Element.prototype.attachShadow) return;
  const server = new URL(".", script.src);
  // Where one service holds several meetings, each has its own address below the service's.
  const below = (meeting) => meeting ? new URL(`${server.pathname.replace(/\/m\/[^/]+\/$/, "/")}m/${encodeURIComponent(meeting)}/`, server) : server;

  // Important, since a host page's own rules for the element would win else. Pixels, since the root size is the host's.
  const LIGHT = "--paper:#f6f6f3;--sheet:#fff;--quiet:#efefea;--ink:#1a1f24;--rule:#d8d8d0;--edge:#777e85;--focus:#0b4f8a;--gap:#fff;";
  const DARK = "--paper:#12171c;--sheet:#1a2026;--quiet:#222a32;--ink:#e9edf0;--rule:#343e47;--edge:#84909a;--focus:#b5d9ff;--gap:#12171c;";
  const STYLE = `
:host { all: initial !important; display: block !important; position: fixed !important; inset: auto 0 0 auto !important;
  z-index: 2147483647 !important; color-scheme: light dark !important; }
:host([data-inline]) { position: relative !important; z-index: auto !important; }
:host([data-inline]) .panel { position: static; width: 100%; height: min(560px, var(--room)); border-radius: 8px; border-width: 1px; box-shadow: none; animation: none; }
:host([data-inline]) :is(.open, .close) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.widget { ${LIGHT} --room: 100vh; color: var(--ink); text-align: start;
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "Noto Sans SC", sans-serif; }
@supports (height: 1dvh) { .widget { --room: 100dvh; } }
.widget[data-theme=dark] { ${DARK} }
button { appearance: none; font: inherit; cursor: pointer; margin: 0; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 2px var(--gap); }
.open, .panel { position: fixed; inset-inline: auto; bottom: calc(16px + var(--lift, 0px)); }
.left>* { left: 16px; }
.right>* { right: 16px; }
.open { min-height: 48px; max-width: calc(100vw - 32px); padding: 8px 24px; border: 1px solid; border-radius: 24px;
  background: #0b4f8a; color: #fff; font-weight: 600; line-height: 1.25; box-shadow: 0 2px 10px rgb(0 0 0 / .25); }
.open:hover { text-decoration: underline; }
.panel { display: flex; flex-direction: column; width: min(416px, calc(100vw - 32px));
  height: min(640px, calc(var(--room) - 32px)); overflow: hidden; background: var(--paper);
  border: 1px solid var(--edge); border-radius: 8px; box-shadow: 0 8px 32px rgb(0 0 0 / .28); }
.panel:focus-visible { outline-offset: -3px; }
.head { display: flex; align-items: center; justify-content: space-between; gap: 8px; flex: none;
  background: var(--sheet); border-bottom: 1px solid var(--rule); padding: 6px; padding-inline-start: 16px; font-weight: 650; }
.close { flex: none; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 4px; background: none; color: inherit;
  font-size: 26px; line-height: 1; }
.close:hover, .again:hover { background: var(--quiet); }
.close:focus-visible { outline-offset: -3px; box-shadow: none; }
.said { padding: 16px; overflow: auto; overflow-wrap: break-word; }
p { margin: 0 0 8px; }
.again { min-height: 44px; padding: 8px 16px; border: 1px solid var(--edge); border-radius: 4px; background: var(--sheet);
  color: inherit; font-weight: 600; }
iframe { flex: 1; width: 100%; min-height: 0; border: 0; display: block; background: var(--paper); }
iframe:not(.ready) { position: absolute; visibility: hidden; }
@media (max-width: 480px) {
  .panel { left: 0; right: 0; bottom: var(--lift, 0px); width: 100%; height: min(640px, calc(var(--room) * .85));
    border-width: 1px 0 0; border-radius: 12px 12px 0 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: arrive 140ms ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(8px); } }
}
@media (forced-colors: active) { .open, .panel, .again { border: 2px solid; } }
@media print { :host { display: none !important; } }`;

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const languageOf = (wished) => {
    for (const tag of [wished, document.documentElement.lang, ...navigator.languages]) {
      const code = (tag || "").toLowerCase().split(/[-_]/)[0];
      if (Object.hasOwn(LABELS, code)) return code;
    }
    return "en";
  };

  const dress = (root) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // A browser before 2023.
      root.append(make("style", {}, STYLE));
    }
  };

  // The luminance of an element's background, from 0 to 1; nothing where one sees through it.
  const luminance = (element) => {
    const found = /^(rgb|color)\((?:srgb )?([\d.]+),? ([\d.]+),? ([\d.]+)\)$/.exec(getComputedStyle(element).backgroundColor);
    if (!found) return undefined;
    const [red, green, blue] = found.slice(2).map((part) => {
      const share = found[1] === "rgb" ? part / 255 : Number(part);
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  // As light or dark as the page behind, whatever the device is set to.
  const themeOf = (wished) => {
    if (["light", "dark"].includes(wished)) return wished;
    const ground = luminance(document.body) ?? luminance(document.documentElement);
    if (ground !== undefined) return ground < 0.18 ? "dark" : "light";
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const isDark = scheme.includes("dark") && (!scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
    return isDark ? "dark" : "light";
  };

  // A colour of the host's choice, with the one of black and white that is better read on it.
  const paint = (button, colour) => {
    if (!colour || !CSS.supports("color", colour)) return;
    for (const each of [colour, `color-mix(in srgb, ${colour}, ${colour})`]) {
      button.style.backgroundColor = each;
      const ground = luminance(button);
      if (ground === undefined) continue;
      button.style.color = ground > 0.179 ? "#000" : "#fff";
      return;
    }
    button.style.backgroundColor = "";
  };

  class Widget extends HTMLElement {
    connectedCallback() {
      if (!this.root) this.build();
      window.addEventListener("message", this.hear);
      window.visualViewport?.addEventListener("resize", this.fit);
      if (("open" in this.dataset || this.isInline) && !this.frame) this.show();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.hear);
      window.visualViewport?.removeEventListener("resize", this.fit);
      clearTimeout(this.timer);
    }

    // Whether it stands in the host page's text, without a button.
    get isInline() { return "inline" in this.dataset; }

    build() {
      const { dataset } = this;
      this.language = languageOf(dataset.lang);
      const labels = this.labels = LABELS[this.language];
      const isArabic = this.language === "ar";
      const side = { left: "left", right: "right", start: isArabic ? "right" : "left" }[dataset.position] || (isArabic ? "left" : "right");
      const name = dataset.label || labels.title;
      this.root = this.attachShadow({ mode: "open" });
      dress(this.root);
      this.button = make("button", { type: "button", class: "open", "aria-haspopup": "dialog", "aria-expanded": "false" }, dataset.label || labels.open);
      const close = make("button", { type: "button", class: "close", "aria-label": labels.close }, make("span", { "aria-hidden": "true" }, "×"));
      this.status = make("div", { role: "status" });
      this.again = make("button", { type: "button", class: "again", hidden: "" }, labels.again);
      this.said = make("div", { class: "said" }, this.status, this.again);
      this.panel = make("section", { class: "panel", role: this.isInline ? "region" : "dialog", "aria-label": name, tabindex: "-1", hidden: "" },
        make("div", { class: "head" }, make("span", {}, name), close), this.said);
      this.theme = themeOf(dataset.theme);
      this.root.append(make("div", { class: `widget ${side}`, lang: this.language, dir: isArabic ? "rtl" : "ltr", "data-theme": this.theme }, this.button, this.panel));
      paint(this.button, dataset.colour || dataset.color);

      this.button.addEventListener("click", () => { this.show(); this.enter(); });
      close.addEventListener("click", () => this.close());
      this.again.addEventListener("click", () => { this.load(); this.panel.focus({ preventScroll: true }); });
      this.panel.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing || this.isInline) return;
        // It is the panel's, and not the host page's as well.
        event.stopPropagation();
        this.close();
      });
    }

    show() {
      this.panel.hidden = false;
      this.button.hidden = true;
      this.button.setAttribute("aria-expanded", "true");
      if (!this.frame) this.load();
    }

    // Focus moves in, and the host page stays where it is.
    enter() {
      this.panel.focus({ preventScroll: true });
      if (!this.isReady) return;
      this.frame.focus({ preventScroll: true });
      this.frame.contentWindow.postMessage(`${NAME}:focus`, server.origin);
    }

    close() {
      if (this.isInline) return;
      this.panel.hidden = true;
      this.button.hidden = false;
      this.button.setAttribute("aria-expanded", "false");
      this.button.focus({ preventScroll: true });
    }

    load() {
      const { meeting, objective, question } = this.dataset;
      const page = new URL("embed", below(meeting));
      const asked = { lang: this.language, objective, theme: this.theme, q: question };
      for (const [key, value] of Object.entries(asked)) if (value) page.searchParams.set(key, value);
      this.frame?.remove();
      this.isReady = false;
      this.again.hidden = true;
      this.said.hidden = false;
      this.status.replaceChildren(make("p", {}, this.labels.loading));
      this.frame = make("iframe", { title: this.panel.getAttribute("aria-label"), src: page.href });
      this.frame.addEventListener("load", () => this.wait(TO_REPORT));
      this.panel.append(this.frame);
      this.wait(TO_LOAD);
    }

    wait(milliseconds) {
      clearTimeout(this.timer);
      if (!this.isReady) this.timer = setTimeout(() => this.miss(), milliseconds);
    }

    miss() {
      this.status.replaceChildren(make("p", {}, this.labels.away));
      this.again.hidden = false;
    }

    hear = (event) => {
      if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== server.origin) return;
      if (event.data === `${NAME}:close`) this.close();
      if (event.data !== `${NAME}:ready`) return;
      clearTimeout(this.timer);
      this.isReady = true;
      this.said.hidden = true;
      this.frame.className = "ready";
      // Whoever went elsewhere meanwhile stays there.
      if (!this.panel.hidden && this.root.activeElement === this.panel) this.enter();
    };

    // Above a phone's keyboard, which covers the page without making it smaller.
    fit = () => {
      const { height, offsetTop, scale } = window.visualViewport;
      const lift = scale > 1.01 ? 0 : window.innerHeight - height - offsetTop;
      this.panel.style.setProperty("--lift", `${Math.max(0, lift)}px`);
      if (lift > 1) this.panel.style.setProperty("--room", `${height}px`);
      else this.panel.style.removeProperty("--room");
    };
  }

  if (!customElements.get(NAME)) customElements.define(NAME, Widget);
  const place = () => {
    const isInline = "inline" in script.dataset;
    // Loaded twice.
    if (!isInline && document.querySelector(`${NAME}:not([data-inline])`)) return;
    const element = document.createElement(NAME);
    Object.assign(element.dataset, script.dataset);
    if (isInline) script.after(element);
    else document.body.append(element);
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
