/* Figures: drawn when in sight of the reader's system switch, in the colours of the page. */
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
function spec(name, width, dark) {
  const { data, layout } = DATA.figures[name];
  const meta = layout.meta || {};
  const fitted = width < 560 ? merge(layout, meta.narrow) : { ...layout };
  const other = width < 560 ? "wide" : "narrow";
  const traces = data.filter((t) => !(t.meta && t.meta.only === other));
  // The stamp of a small figure is small.
  const small = width < 560 && { size: 26 };
  fitted.annotations = (fitted.annotations || []).map((a) => (a.name === "stamp" ? { ...a, font: { ...a.font, ...small } } : a));
  const full = { ...fitted, template: DATA.template, width, autosize: false };
  return { data: recolour(structuredClone(traces), dark), layout: recolour(structuredClone(full), dark) };
}
async function draw(div, width) {
  const dark = root.dataset.theme === "dark" && !div.dataset.printing;
  const made = spec(div.dataset.figure, Math.floor(width || div.clientWidth), dark);
  await Plotly.react(div, made.data, made.layout, CONFIG);
  if (!div.dataset.bound) {
    div.dataset.bound = "1";
    div.on("plotly_click", (event) => {
      const point = event.points.find((p) => p.customdata && p.customdata[0]);
      if (point) openBehind(point.customdata[0], point.customdata[1]);
    });
  }
  div.dataset.drawn = "1";
}
const plots = [...document.querySelectorAll(".plot[data-figure]")];
function drawAll() {
  plots.filter((div) => div.offsetParent !== null).forEach((div) => draw(div));
}
listeners.push(drawAll);
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth !== lastWidth) { lastWidth = innerWidth; drawAll(); }
});
addEventListener("beforeprint", () => {
  plots.filter((d) => d.offsetParent !== null).forEach((d) => { d.dataset.printing = "1"; draw(d, 680); });
});
addEventListener("afterprint", () => {
  plots.forEach((d) => { delete d.dataset.printing; });
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
document.querySelectorAll("button[data-svg]").forEach((button) => {
  button.addEventListener("click", () => saveFigure(button.dataset.svg));
});
