/* Figures of the system that the reader chose, in the colours of the page. */
const CONFIG = { displayModeBar: false, responsive: false, displaylogo: false, showTips: false };
const HEX = /#[0-9A-F]{6}\b|rgba\([\d.,]+\)/g;
function recolour(value, dark) {
  if (!dark) return value;
  if (typeof value === "string") return value.replace(HEX, (c) => DATA.dark[c] || c);
  if (Array.isArray(value)) return value.map((v) => recolour(v, dark));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolour(v, dark)]));
  }
  return value;
}
function merge(base, extra) {
  const out = { ...base };
  for (const [key, value] of Object.entries(extra || {})) {
    out[key] = value && typeof value === "object" && !Array.isArray(value) ? merge(out[key] || {}, value) : value;
  }
  return out;
}
function spec(name, width, dark, paper) {
  const { data, layout } = DATA.figures[name];
  const meta = layout.meta || {};
  const fitted = width < 560 ? merge(layout, meta.narrow) : { ...layout };
  const other = width < 560 ? "wide" : "narrow";
  const traces = data.filter((t) => !(t.meta && t.meta.only === other));
  // The stamp of a small figure is small.
  const small = width < 560 && { size: 26 };
  fitted.annotations = (fitted.annotations || []).map((a) => (a.name === "stamp" ? { ...a, font: { ...a.font, ...small } } : a));
  const full = { ...(paper ? merge(fitted, meta.paper) : fitted), template: DATA.template, width, autosize: false };
  const drawn = traces.map((t) => (t.type === "heatmap" ? spelled(t, full) : t));
  return { data: recolour(structuredClone(drawn), dark), layout: recolour(structuredClone(full), dark) };
}
/* A map of days holds codes; the numbers in its cells and what the pointer says are made of them. */
const cellWords = ({ names, days, who }, code, row, column) => `${who[row][1]}, ${days[column]}: ${names[code]}`;
const listWords = ([, , n, highest]) => (n ? `${n} recorded episode${n === 1 ? "" : "s"}, ${highest}` : "no recorded episode");
function spelled(trace, { width, height, margin }) {
  const { meta, z } = trace;
  const across = (width - margin.l - margin.r) / meta.days.length, down = (height - margin.t - margin.b) / z.length;
  // A number that is larger than its cell lies on that of the next: there are colours alone.
  const room = across >= 8 && down >= 9;
  const text = z.map((row) => row.map((v) => (room && v >= 1 && v <= 5 ? String(v) : "")));
  const hovertext = z.map((row, i) => row.map((v, j) => (v === null ? "" : `<b>${cellWords(meta, v, i, j)}</b><br>${listWords(meta.who[i])}`)));
  return { ...trace, text, hovertext };
}
function openCell(point) {
  const { meta, z } = point.data;
  const [row, column] = point.pointIndex;
  openBehind(meta.who[row][0], cellWords(meta, z[row][column], row, column));
}
async function unpackFigure(div) {
  if (DATA.figures[div.dataset.figure]) return true;
  try {
    await unpack(div.dataset.base);
  } catch {
    div.replaceChildren(unreadable());
  }
  return Boolean(DATA.figures[div.dataset.figure]);
}
async function draw(div, width) {
  if (!(await unpackFigure(div))) return;
  const dark = root.dataset.theme === "dark" && !div.dataset.printing;
  const wide = Math.floor(width || div.clientWidth);
  const asked = [div.dataset.figure, wide, dark, div.dataset.printing].join();
  if (div.dataset.drawn === asked) return;
  div.dataset.drawn = asked;
  const made = spec(div.dataset.figure, wide, dark, div.dataset.printing);
  await Plotly.react(div, made.data, made.layout, CONFIG);
  // Plotly takes out links to other files; those of the rows are set again.
  const pages = Object.values(DATA.subjectPages || {});
  div.querySelectorAll(".ytick a").forEach((a) => a.setAttribute("href", `${pages[0]}${a.textContent}`));
  if (!div.dataset.bound) {
    div.dataset.bound = "1";
    div.on("plotly_click", (event) => {
      const cell = event.points.find((p) => p.data.type === "heatmap");
      if (cell) return openCell(cell);
      const point = event.points.find((p) => p.customdata && p.customdata[0]);
      if (point) openBehind(point.customdata[0], point.customdata[1]);
      const subject = event.points.map((p) => p.customdata && p.customdata[2]).find(Boolean);
      if (subject) location.href = `${pages[0]}#${subject}`;
    });
  }
}
const plots = () => [...document.querySelectorAll(".plot[data-figure]")];
const shown = () => plots().filter((div) => div.offsetParent !== null);
const rest = () => new Promise((go) => (window.requestIdleCallback ? requestIdleCallback(go, { timeout: 300 }) : setTimeout(go, 20)));
function away(div) {
  const { top, bottom } = div.getBoundingClientRect();
  return Math.max(top - innerHeight, -bottom, 0);
}
/* What is on the screen comes first; the others follow while the page rests, the nearest first. */
let latest = 0;
async function drawAll() {
  const mine = ++latest;
  const left = new Set(shown());
  const nearest = () => [...left].reduce((a, b) => (away(b) < away(a) ? b : a));
  while (left.size) {
    if (away(nearest()) > 0) await rest();
    if (mine !== latest) return;
    const next = nearest();
    left.delete(next);
    await draw(next);
  }
}
listeners.push(drawAll);
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== lastWidth) { lastWidth = innerWidth; drawAll(); }
});
addEventListener("beforeprint", () => {
  latest += 1;
  shown().forEach((d) => { d.dataset.printing = "1"; draw(d, 680); });
});
addEventListener("afterprint", () => {
  plots().forEach((d) => { delete d.dataset.printing; });
  drawAll();
});

/* The downloaded picture carries title and words, always in light colours. */
const escapeText = (s) => s.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
function wrapText(words, limit) {
  const lines = [""];
  for (const word of words.split(" ")) {
    if ((lines.at(-1) + word).length > limit) lines.push("");
    lines[lines.length - 1] += `${word} `;
  }
  return lines.map((line) => escapeText(line.trim())).join("<br>");
}
async function saveFigure(name) {
  const made = spec(name, 960, false);
  const meta = made.layout.meta;
  const words = wrapText(meta.words, 132);
  const below = 24 + 17 * words.split("<br>").length;
  const margin = made.layout.margin;
  const layout = {
    ...made.layout,
    title: { text: wrapText(meta.title, 100), x: 0.01, xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 14 }, font: { size: 16 } },
    height: made.layout.height + 48 + below,
    margin: { ...margin, t: margin.t + 48, b: margin.b + below },
  };
  // Annotations are placed in shares of the plot, so the words' corner is worked out from the margins.
  const plotHeight = layout.height - layout.margin.t - layout.margin.b;
  const plotWidth = layout.width - margin.l - margin.r;
  layout.annotations = [...(made.layout.annotations || []), {
    text: words, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom", align: "left", showarrow: false,
    x: -(margin.l - 10) / plotWidth, y: -(layout.margin.b - 10) / plotHeight, font: { size: 12 },
  }];
  const uri = await Plotly.toImage({ data: made.data, layout }, { format: "svg", width: 960, height: layout.height, imageDataOnly: true });
  save(`${DATA.file}-${name}.svg`, "image/svg+xml", uri);
}
bind((home) => home.querySelectorAll("button[data-svg]").forEach((button) => {
  button.addEventListener("click", () => saveFigure(button.dataset.svg));
}));

/* A figure with several tests and clocks: the reader picks one, words and numbers follow. */
function writeNumbers(home, name) {
  const rows = DATA.figures[name].data.flatMap((t) => ((t.meta && t.meta.rows) || []).map((r, i) => [...r, t.customdata[i]]));
  const names = ["Group", "Day", "Subjects", "Median", "Lower quartile", "Upper quartile"];
  const head = el("tr", {}, ...names.map((n, i) => el("th", { scope: "col", class: i ? "num" : "" }, n)));
  const body = rows.map(([group, day, count, ...rest]) => {
    const [key, label] = rest.pop();
    const who = key ? el("button", { class: "n", type: "button", "data-set": key, "data-label": label }, count) : count;
    const cells = [day, who, ...rest].map((c) => el("td", { class: "num" }, c));
    return el("tr", {}, el("th", { scope: "row" }, group), ...cells);
  });
  home.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
  binders.forEach((run) => run(home));
}
bind((home) => home.querySelectorAll("figure:has([data-pick])").forEach((figure) => {
  const picks = [...figure.querySelectorAll("[data-pick]")];
  const plot = figure.querySelector(".plot");
  const numbers = figure.querySelector("[data-numbers]");
  const show = async () => {
    const name = [plot.dataset.base, ...picks.map((p) => p.value)].join(".");
    if (!DATA.figures[name]) await unpack(plot.dataset.base).catch(() => plot.replaceChildren(unreadable()));
    const found = DATA.figures[name];
    if (plot.querySelector("[role=alert]")) return;
    figure.querySelector(".pick-none").hidden = Boolean(found);
    plot.hidden = !found;
    if (!found) return;
    const { title, words } = found.layout.meta;
    plot.dataset.figure = name;
    plot.setAttribute("aria-label", `${title}. ${words}`);
    plot.style.minHeight = `${found.layout.height}px`;
    figure.querySelector("h3").textContent = title;
    figure.querySelector("figcaption").textContent = words;
    figure.querySelector("button[data-svg]").dataset.svg = name;
    if (numbers && numbers.closest("details").open) writeNumbers(numbers, name);
    await draw(plot);
  };
  picks.forEach((pick) => pick.addEventListener("change", show));
  const details = figure.querySelector("details:has([data-numbers])");
  if (details) details.addEventListener("toggle", () => { if (details.open) show(); });
}));
