/* One subject over study days: doses, episodes, daily grades, measurements, support and drugs, one
   lane each. Positions are days: ..., -1, 0 (day -1), 1 (day 1), ... without a gap. */
const GUIDES = DATA.guides || {};
const FIRST_SHOWN = DATA.firstShown || [];
/* Lanes of findings hold these drugs and devices level by level, so they get no second lane. */
const IN_LANE = {
  oxygen: "Oxygen and ventilation", "non-invasive ventilation": "Oxygen and ventilation",
  "invasive ventilation": "Oxygen and ventilation", vasopressor: "Vasopressor infusions", "intensive care": "Hospital and ICU",
};
const ofMinutes = (m) => m / 1440 + 1;
const short = (v) => String(Number(v.toPrecision(4)));
const valueWords = (p, i) => {
  const low = (p.sign ? p.sign[i] : "") + short(p.low[i]);
  return p.high && p.high[i] !== p.low[i] ? `${low} to ${short(p.high[i])}` : low;
};
const whenWords = (p, i) => when(p.at[i] * 60, p.days && p.days[i] ? "day" : "time");
const outWords = { H: "above normal", L: "below normal" };
const limitWords = (p) => (p.lln !== undefined && p.uln !== undefined ? `${short(p.lln)} to ${short(p.uln)}`
  : p.uln !== undefined ? `up to ${short(p.uln)}` : p.lln !== undefined ? `from ${short(p.lln)}` : "");

function acuteRange(data) {
  const ends = [
    ...data.doses.map((d) => place(d.day)), ...data.episodes.map((e) => place(e.end ?? e.seen ?? e.day) + 3),
    ...data.interventions.map((x) => Math.ceil(ofSeconds(x.end ?? x.start))),
  ];
  const grades = data.days.flatMap((d) => [...d.cells].map((c, i) => (c >= "1" && c <= "5" ? d.start + i : 1)));
  const begins = [1, ...data.episodes.map((e) => place(e.day)), ...data.interventions.map((x) => Math.floor(ofSeconds(x.start)))];
  return [Math.max(Math.min(...begins), -13), Math.max(...ends, ...grades, 14) + 1];
}
function wholeRange(data) {
  const [first, last] = acuteRange(data);
  const days = data.panels.flatMap((p) => [p.at[0], p.at.at(-1)]).map((m) => Math.floor(ofMinutes(m)));
  return [Math.min(first, ...days), Math.max(last, ...days, ...data.days.map((d) => d.start + d.cells.length - 1))];
}
const titled = (node, words) => { node.append(svgEl("title", {}, words)); return node; };

/* A measurement: its own scale, normal range as a band, what lies outside it filled. */
function scaleOf(p, height) {
  const guide = GUIDES[p.key] ? [GUIDES[p.key][0]] : [];
  const values = [...p.low, ...(p.high || []), ...guide, ...(p.log ? [] : [p.uln, p.lln].filter((v) => v !== undefined))];
  const f = p.log ? (v) => Math.log10(Math.max(v, 1e-9)) : (v) => v;
  const low = f(Math.min(...values.filter((v) => !p.log || v > 0))), high = f(Math.max(...values));
  const pad = (high - low || Math.abs(high) || 1) * .08;
  const y = (v) => height - 5 - ((f(v) - low + pad) / (high - low + 2 * pad)) * (height - 10);
  return { y: (v) => Math.min(Math.max(y(v), 1), height - 1), low: Math.min(...values), high: Math.max(...values) };
}
function panelLane(p) {
  const height = 66;
  return { label: p.name, sub: `${p.unit}${p.log ? ", log" : ""}`, height, fill: (g, top, axis) => {
    const scale = scaleOf(p, height), y = (v) => top + scale.y(v), seen = (i) => axis.holds(Math.floor(ofMinutes(p.at[i])));
    const x = (i) => axis.x(ofMinutes(p.at[i])) + (p.days && p.days[i] ? axis.unit / 2 : 0);
    g.append(svgEl("rect", { x: axis.x(axis.first), y: top + 2, width: axis.width, height: height - 4, class: "panel" }));
    if (p.uln !== undefined || p.lln !== undefined) {
      const a = p.uln === undefined ? top + 2 : y(p.uln), b = p.lln === undefined ? top + height - 2 : y(p.lln);
      g.append(titled(svgEl("rect", { x: axis.x(axis.first), y: a, width: axis.width, height: Math.max(b - a, 1), class: "normal" }), `normal: ${limitWords(p)} ${p.unit}`));
    }
    if (GUIDES[p.key]) g.append(titled(svgEl("line", { x1: axis.x(axis.first), x2: axis.x(axis.last + 1), y1: y(GUIDES[p.key][0]), y2: y(GUIDES[p.key][0]), class: "guide" }), GUIDES[p.key][1]));
    const shown = p.at.map((_, i) => i).filter(seen);
    // A line joins neighbours; over more than two days without a value it would be a guess.
    const path = shown.map((i, n) => `${n && p.at[i] - p.at[shown[n - 1]] <= 2880 ? "L" : "M"}${x(i).toFixed(1)} ${y(p.high ? p.high[i] : p.low[i]).toFixed(1)}`);
    if (path.length) g.append(svgEl("path", { d: path.join(""), class: "course" }));
    shown.forEach((i) => {
      const out = p.out && p.out[i], top2 = p.high ? p.high[i] : p.low[i];
      const words = `${p.name}, ${whenWords(p, i)}: ${valueWords(p, i)} ${p.unit}${out ? `, ${outWords[out]} (${limitWords(p)})` : ""}`;
      if (top2 !== p.low[i]) g.append(titled(svgEl("line", { x1: x(i), x2: x(i), y1: y(p.low[i]), y2: y(top2), class: "extremes" }), words));
      g.append(titled(svgEl("circle", { cx: x(i).toFixed(1), cy: y(top2).toFixed(1), r: shown.length > 60 ? 2 : 3, class: out ? "point out" : "point" }), words));
    });
    g.append(svgEl("text", { x: axis.x(axis.first) - 6, y: y(scale.high) + 7, class: "tick end" }, short(scale.high)));
    g.append(svgEl("text", { x: axis.x(axis.first) - 6, y: y(scale.low) + 1, class: "tick end" }, short(scale.low)));
  } };
}
function barLane(label, bars, kind) {
  return { label, height: 24, fill: (g, top, axis) => bars.forEach((bar) => {
    const from = ofSeconds(bar.start), to = Math.max(ofSeconds(bar.end ?? bar.start), from);
    const a = Math.max(axis.x(from), axis.x(axis.first)), b = Math.min(axis.x(to), axis.x(axis.last + 1));
    if (b < axis.x(axis.first) || a > axis.x(axis.last + 1)) return;
    g.append(titled(svgEl("rect", { x: a, y: top + 6, width: Math.max(5, b - a), height: 12, rx: 3, class: `support ${kind(bar)}` }), `${bar.words}, ${when(bar.start)} to ${when(bar.end)}`));
  }) };
}
function doseLane(data) {
  return { label: "Doses", height: 24, fill: (g, top, axis) => data.doses.filter((d) => axis.holds(place(d.day))).forEach((d) => {
    g.append(titled(svgEl("path", { d: `M${axis.x(place(d.day)) + axis.unit / 2} ${top + 18}l-6 -11h12z`, class: "dose" }), d.words));
  }) };
}
function episodeLane(data) {
  return { label: "CRS episodes", height: 24, fill: (g, top, axis) => data.episodes.forEach((e) => {
    const end = e.end ?? e.seen ?? e.day;
    const width = Math.max(axis.unit, (place(end) - place(e.day) + 1) * axis.unit);
    g.append(titled(svgEl("rect", { x: axis.x(place(e.day)), y: top + 4, width, height: 15, rx: 3, class: `episode ${e.grade === null ? "gx" : `g${e.grade}`}` }), e.words));
    if (!e.ended) g.append(svgEl("text", { x: axis.x(place(end) + 1) + 3, y: top + 16, class: "tick" }, "\u2192"));
  }) };
}
function gradeLane(d) {
  return { label: d.label, height: 22, fill: (g, top, axis) => [...d.cells].forEach((c, i) => {
    const position = d.start + i;
    if (c === "." || !axis.holds(position)) return;
    const gap = axis.unit > 6 ? 1 : 0;
    g.append(titled(svgEl("rect", { x: axis.x(position) + gap / 2, y: top + 3, width: axis.unit - gap, height: 15, rx: gap * 2, class: `cell ${gradeClass(c)}` }), `${d.label}, day ${dayAt(position)}: ${gradeWords(c)}`));
    if (c > "0" && c <= "5" && axis.unit >= 9) g.append(svgEl("text", { x: axis.x(position) + axis.unit / 2, y: top + 14, class: `tick mid in${c}` }, c));
  }) };
}
function lanesOf(data, on) {
  const lanes = [doseLane(data), episodeLane(data), ...data.days.map(gradeLane)];
  lanes.push(...data.panels.filter((p) => on.has(p.key)).map(panelLane));
  const named = [...new Set(data.support.map((s) => s.lane))];
  named.forEach((name) => lanes.push(barLane(name, data.support.filter((s) => s.lane === name), (s) => `l${s.level}`)));
  [...new Set(data.interventions.map((v) => v.kind))].filter((kind) => !named.includes(IN_LANE[kind])).forEach((kind) => {
    lanes.push(barLane(kind[0].toUpperCase() + kind.slice(1), data.interventions.filter((v) => v.kind === kind), (v) => (v.intent === "treatment" ? "" : "other")));
  });
  return lanes;
}
function axisOf([first, last], left, room) {
  const days = last - first + 1;
  const unit = Math.min(64, Math.max(days > 45 ? 3 : 13, room / days));
  return { first, last, unit, width: days * unit, x: (p) => left + (p - first) * unit, holds: (p) => p >= first && p <= last };
}
function dayMarks(svg, axis, height) {
  const { first, last, unit } = axis;
  const step = [1, 2, 7, 14, 28, 56].find((s) => s * unit >= 24) || 112;
  for (let p = first; p <= last; p += 1) {
    if (p !== 1 && (step < 7 ? (p - 1) % step : p % step)) continue;
    if (p !== 1 && Math.abs(p - 1) * unit < 20) continue;
    svg.append(svgEl("line", { x1: axis.x(p), x2: axis.x(p), y1: 18, y2: height, class: "grid" }));
    svg.append(svgEl("text", { x: axis.x(p) + Math.max(unit / 2, 4), y: 13, class: "tick mid" }, dayAt(p)));
  }
}
/* Labels lie over the lanes at the left edge and stay there while the days are scrolled. */
function labelColumn(lanes, left, height) {
  const labels = svgEl("g", { class: "labels" });
  labels.append(svgEl("rect", { x: 0, y: 0, width: left - 40, height, class: "under" }));
  let top = 20;
  lanes.forEach((l) => {
    const y = top + (l.sub ? l.height / 2 - 2 : 16);
    labels.append(svgEl("text", { x: 2, y, class: "lane" }, l.label));
    if (l.sub) labels.append(svgEl("text", { x: 2, y: y + 14, class: "tick" }, l.sub));
    top += l.height;
  });
  return labels;
}
function drawTimeline(home, data, on, range) {
  const narrow = home.clientWidth && home.clientWidth < 560;
  const left = narrow ? 172 : 206;
  const axis = axisOf(range, left, Math.max((home.clientWidth || 980) - left - 50, 300));
  const lanes = lanesOf(data, on);
  const height = 24 + lanes.reduce((sum, l) => sum + l.height, 0), width = left + axis.width + 24;
  const svg = svgEl("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Timeline over study days ${dayAt(range[0])} to ${dayAt(range[1])}: ${lanes.map((l) => l.label).join(", ")}. The values stand in the tables below.` });
  data.episodes.forEach((e) => {
    const end = place(e.end ?? e.seen ?? e.day);
    svg.append(svgEl("rect", { x: axis.x(place(e.day)), y: 18, width: (end - place(e.day) + 1) * axis.unit, height: height - 18, class: "shade" }));
  });
  dayMarks(svg, axis, height);
  let top = 20;
  lanes.forEach((l) => {
    const g = svgEl("g", { "data-lane": l.label });
    l.fill(g, top, axis);
    svg.append(g);
    top += l.height;
  });
  stamped(svg, width, height);
  const labels = labelColumn(lanes, left, height);
  svg.append(labels);
  home.replaceChildren(svg);
  home.onscroll = () => labels.setAttribute("transform", `translate(${home.scrollLeft} 0)`);
}

/* The timeline with its choices: which measurements, how many days. */
function timeline(data) {
  const home = el("div", { class: "timeline", tabindex: "0", role: "group", "aria-label": "Timeline" });
  const on = new Set(data.panels.map((p) => p.key).filter((key) => FIRST_SHOWN.includes(key)));
  const ranges = { acute: acuteRange(data), whole: wholeRange(data) };
  const days = el("select", {}, ...Object.entries({ acute: "Doses and CRS", whole: "All days with values" }).map(([key, words]) => el("option", { value: key }, `${words}: day ${dayAt(ranges[key][0])} to ${dayAt(ranges[key][1])}`)));
  const redraw = () => drawTimeline(home, data, on, ranges[days.value]);
  const toggles = data.panels.map((p) => {
    const button = el("button", { class: "btn toggle", type: "button", "aria-pressed": String(on.has(p.key)), "data-panel": p.key }, p.name);
    button.addEventListener("click", () => {
      if (!on.delete(p.key)) on.add(p.key);
      button.setAttribute("aria-pressed", String(on.has(p.key)));
      redraw();
    });
    return button;
  });
  days.addEventListener("change", redraw);
  const choices = el("p", { class: "switch wide" }, el("label", {}, "Days ", days), ...(toggles.length ? [el("span", { class: "small" }, "Measurements:"), ...toggles] : [el("span", { class: "small" }, "No vital sign or laboratory value of this subject was delivered.")]));
  const words = [
    "Shaded: CRS episodes.",
    ...(toggles.length ? ["Measurements: line through the values (of an hour the highest, a bar down to the lowest), green band: normal range as delivered, filled points lie outside it, dashed: limit of the grading rules."] : []),
    ...(data.support.length + data.interventions.length ? ["Light bars of a drug: premedication, prophylaxis or purpose not stated; darker support is a higher level."] : []),
  ].join(" ");
  redrawTimeline = redraw;
  return [choices, home, el("p", { class: "note" }, words)];
}
let redrawTimeline = () => {};
let lastTimelineWidth = innerWidth;
addEventListener("resize", () => { if (innerWidth !== lastTimelineWidth) { lastTimelineWidth = innerWidth; redrawTimeline(); } });
addEventListener("beforeprint", () => document.querySelectorAll("svg .labels").forEach((g) => g.removeAttribute("transform")));
