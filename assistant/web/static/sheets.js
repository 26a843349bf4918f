// A spreadsheet of topics: sent, ranked with a bar, then a table whose rows can be found, corrected and saved.
// Loaded when somebody comes to it.
const AT_ONCE = 50; // rows that are shown first, and with each wish for more
const TYPING = 150; // milliseconds after the last letter
const page = window.askTheDocuments;
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const element = byId("many-topics");
const input = element.querySelector("input");
const button = byId("rank-sheet");
const progress = element.querySelector(".many-progress");
const outcome = element.querySelector(".many-outcome");

const conclude = (html) => {
  outcome.innerHTML = html; // written and escaped by the server
  const live = outcome.querySelector("[data-live]");
  page.say(live ? live.dataset.live : outcome);
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

// The table: the least sure rows first

const show = ({ csv, rows: sent }, name) => {
  const table = outcome.querySelector(".sheet-table");
  const likely = Number(table.dataset.likely);
  const part = (which) => outcome.querySelector(`template[data-part="${which}"]`);
  const chosen = {}; // by row: the numbers that a person chose
  const rows = sent.map(([number, topic, found]) => ({ number, topic, found, sureness: found[0]?.[1] ?? 0, text: topic.toLocaleLowerCase() }))
    .sort((one, other) => one.sureness - other.sureness || one.number - other.number);
  const numbersOf = ({ number, found }) => chosen[number] ?? found.map(([objective]) => objective);
  const [find, wish] = [outcome.querySelector("[data-find]"), outcome.querySelector("[data-show]")];
  let many = AT_ONCE;

  const isWished = (row) => {
    if (!row.text.includes(find.value.trim().toLocaleLowerCase())) return false;
    if (wish.value === "unsure") return row.sureness < likely && !(row.number in chosen);
    if (wish.value === "by-hand") return row.number in chosen;
    return !wish.value || numbersOf(row).includes(Number(wish.value));
  };

  const badgeOf = (row, objective) => {
    const badge = part("badges").content.querySelector(`[data-objective="${objective}"]`).cloneNode(true);
    const found = row.found.find(([number]) => number === objective);
    badge.querySelector(".objective-basis").textContent = found?.[2] ?? part("badges").dataset.byHand;
    return badge;
  };

  const choiceOf = (row, place) => {
    const choice = part("choice").content.firstElementChild.cloneNode(true);
    const select = choice.querySelector("select");
    select.ariaLabel = select.dataset.label.replace("{place}", place + 1).replace("{row}", row.number);
    select.value = numbersOf(row)[place] ?? "";
    return choice;
  };

  const fill = (list, row) => {
    const numbers = numbersOf(row);
    list.replaceChildren(...(numbers.length ? numbers.map((each) => badgeOf(row, each)) : [part("none").content.cloneNode(true)]));
  };

  const edit = (list, row, control) => {
    const words = control.textContent;
    [control.textContent, control.dataset.done] = [control.dataset.done, words];
    if (list.querySelector("select")) fill(list, row);
    else {
      list.replaceChildren(...[0, 1, 2].map((place) => choiceOf(row, place)));
      list.querySelector("select").focus();
    }
  };

  const written = (row) => {
    const line = part("row").content.firstElementChild.cloneNode(true);
    const [number, topic] = line.children;
    number.textContent = row.number;
    topic.textContent = row.topic;
    const list = line.querySelector("ul");
    fill(list, row);
    const control = line.querySelector("[data-correct]");
    control.ariaLabel = `${control.textContent} (${number.textContent})`;
    control.addEventListener("click", () => { edit(list, row, control); control.removeAttribute("aria-label"); });
    list.addEventListener("change", () => {
      const picked = [...list.querySelectorAll("select")].map(({ value }) => Number(value)).filter(Boolean);
      const numbers = [...new Set(picked)];
      if (String(numbers) === String(row.found.map(([objective]) => objective))) delete chosen[row.number];
      else chosen[row.number] = numbers;
    });
    return line;
  };

  const list = () => {
    const wished = rows.filter(isWished);
    table.tBodies[0].replaceChildren(...wished.slice(0, many).map(written));
    outcome.querySelector("[data-more]").hidden = wished.length <= many;
    const counted = outcome.querySelector("[data-counted]");
    counted.textContent = page.counted(counted, wished.length);
  };
  const anew = () => { many = AT_ONCE; list(); };

  let typed = 0;
  find.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(anew, TYPING); });
  wish.addEventListener("change", anew);
  outcome.querySelector("[data-more] button").addEventListener("click", () => {
    const first = many;
    many += AT_ONCE;
    list();
    table.tBodies[0].rows[first]?.querySelector("button").focus();
  });
  for (const each of outcome.querySelectorAll("[data-save]")) {
    each.addEventListener("click", async () => {
      const fault = outcome.querySelector("[data-fault]");
      const { save: kind } = each.dataset;
      fault.hidden = true;
      try {
        const headers = { "Content-Type": "application/json" };
        const response = await fetch(`export/sheet?kind=${kind}`, { method: "POST", headers, body: JSON.stringify({ csv, chosen }) });
        if (!response.ok) throw new Error(String(response.status));
        page.download(`${name.replace(/\.[^.]*$/, "")}-objectives.${kind}`, await response.blob());
      } catch {
        fault.hidden = false;
        page.say(fault.textContent);
      }
    });
  }
  list();
};

// The way to the server and back

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
  if (last.rows) show(last, name);
  return undefined;
};

let stopping = null;
byId("stop-sheet").addEventListener("click", () => {
  stopping?.abort();
  button.focus(); // the other one has gone
});

const send = async (file) => {
  const { signal } = stopping = new AbortController();
  let response;
  try {
    response = await fetch(`classify.csv?lang=${root.lang}`, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file, signal });
  } catch {
    return signal.aborted ? undefined : concludeWith("away");
  }
  try {
    await read(response, file.name);
  } catch {
    if (!signal.aborted) concludeWith("fault");
  }
  return undefined;
};

export const rank = async () => {
  const file = input.files[0];
  if (button.getAttribute("aria-disabled") === "true") return;
  outcome.replaceChildren();
  if (!file) return concludeWith("none");
  if (file.size > Number(input.dataset.most)) return concludeWith("too_large");
  button.setAttribute("aria-disabled", "true");
  step({});
  progress.hidden = false;
  page.say(progress.dataset.waiting);
  await send(file);
  progress.hidden = true;
  button.removeAttribute("aria-disabled");
};
