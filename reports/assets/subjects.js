/* Subject pages, drawn on demand: each subject's data is inflated when it is opened. */
const SVG = "http://www.w3.org/2000/svg";
const svgEl = (tag, attrs, text) => {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attrs)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
};
/* Study days have no 0: positions run ..., -1, 0 (day -1), 1 (day 1), ... without a gap. */
const place = (day) => (day > 0 ? day : day + 1);
const dayAt = (position) => (position > 0 ? position : position - 1);
const ofSeconds = (s) => s / 86400 + 1;
function when(s, precision) {
  if (s === null || s === undefined) return "";
  const day = dayAt(Math.floor(s / 86400) + 1);
  if ((precision && precision !== "time") || s % 86400 === 0) return `day ${day}`;
  const minutes = Math.floor((((s % 86400) + 86400) % 86400) / 60);
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  return `day ${day}, ${clock}`;
}
function stamped(svg, width, height) {
  if (DATA.stamp) svg.append(svgEl("text", { x: width / 2, y: height / 2 + 10, class: "stamp", "aria-hidden": "true" }, DATA.stamp));
  return svg;
}
const gradeClass = (c) => (c >= "0" && c <= "5" ? `g${c}` : c === "o" ? "gx" : "");
const gradeWords = (c) => (c === "0" ? "no CRS" : c >= "1" && c <= "5" ? `grade ${c}`
  : c === "o" ? "observed, grade not available" : "not observed");

/* Overview: a row per subject, a cell per study day. */
function overviewRow([subject, start, cells], first, last, unit) {
  const row = svgEl("g", { class: "heat-row", "data-subject": subject });
  [...cells].forEach((c, i) => {
    const position = start + i;
    if (position < first || position > last || c === ".") return;
    const cell = svgEl("rect", { class: `cell ${gradeClass(c)}`, x: (position - first) * unit, width: unit - 1, height: 12, rx: 2 });
    cell.append(svgEl("title", {}, `#${subject}, day ${dayAt(position)}: ${gradeWords(c)}`));
    row.append(cell);
  });
  return row;
}
function drawOverview() {
  const home = document.getElementById("heat");
  const rows = DATA.heat;
  const first = Math.max(Math.min(...rows.map((r) => r[1])), -3);
  const last = Math.min(Math.max(...rows.map((r) => r[1] + r[2].length - 1)), first + 89);
  const days = last - first + 1;
  const unit = Math.floor(Math.max(13, Math.min(26, (home.clientWidth - 90) / days)));
  const width = 56 + days * unit;
  const svg = svgEl("svg", { width, height: 26 + rows.length * 15, role: "group", "aria-label": "Daily grade of each subject" });
  for (let p = first; p <= last; p += 1) {
    if (p === 1 || p % 7 === 0) svg.append(svgEl("text", { x: 56 + (p - first) * unit + unit / 2, y: 12, class: "tick mid" }, dayAt(p)));
  }
  rows.forEach((r, i) => {
    const link = svgEl("a", { href: `#${r[0]}`, transform: `translate(0 ${20 + i * 15})` });
    link.append(svgEl("text", { x: 46, y: 10, class: "tick end" }, `#${r[0]}`));
    const group = overviewRow(r, first, last, unit);
    group.setAttribute("transform", "translate(56 0)");
    link.append(group);
    svg.append(link);
  });
  home.replaceChildren(stamped(svg, width, Math.min(26 + rows.length * 15, 400)));
}

/* One subject: doses, episodes, daily grades per system, drugs and support, over study days. */
function span(data) {
  const ends = [
    ...data.doses.map((d) => place(d.day)), ...data.episodes.map((e) => place(e.end ?? e.seen ?? e.day)),
    ...data.interventions.map((x) => ofSeconds(x.end ?? x.start)),
  ];
  const grades = data.days.flatMap((d) => [...d.cells].map((c, i) => (c >= "1" && c <= "5" ? d.start + i : 1)));
  const begins = [1, ...data.episodes.map((e) => place(e.day)), ...data.interventions.map((x) => Math.floor(ofSeconds(x.start)))];
  return [Math.max(Math.min(...begins), -13), Math.max(...ends, ...grades, 14) + 1];
}
function timeline(data) {
  const [first, last] = span(data);
  const left = 190, row = 24, lanes = [];
  const unit = Math.max(13, Math.min(34, 760 / (last - first + 1)));
  const x = (position) => left + (position - first) * unit;
  const lane = (label, fill) => { lanes.push({ label, fill }); };
  lane("Doses", (g, y) => data.doses.forEach((d) => {
    const mark = svgEl("path", { d: `M${x(place(d.day)) + unit / 2} ${y + 17}l-6 -11h12z`, class: "dose" });
    mark.append(svgEl("title", {}, d.words));
    g.append(mark);
  }));
  lane("CRS episodes", (g, y) => data.episodes.forEach((e) => {
    const end = e.end ?? e.seen ?? e.day;
    const bar = svgEl("rect", { x: x(place(e.day)), y: y + 4, width: Math.max(unit, (place(end) - place(e.day) + 1) * unit), height: 14, rx: 3, class: `episode ${e.grade === null ? "gx" : `g${e.grade}`}` });
    bar.append(svgEl("title", {}, e.words));
    g.append(bar);
    if (!e.ended) g.append(svgEl("text", { x: x(place(end) + 1) + 3, y: y + 16, class: "tick" }, "\u2192"));
  }));
  data.days.forEach((d) => lane(d.label, (g, y) => [...d.cells].forEach((c, i) => {
    const position = d.start + i;
    if (c === "." || position < first || position > last) return;
    const cell = svgEl("rect", { x: x(position) + .5, y: y + 4, width: unit - 1, height: 14, rx: 2, class: `cell ${gradeClass(c)}` });
    cell.append(svgEl("title", {}, `day ${dayAt(position)}: ${gradeWords(c)}`));
    g.append(cell);
    if (c > "0" && c <= "5") g.append(svgEl("text", { x: x(position) + unit / 2, y: y + 15, class: `tick mid in${c}` }, c));
  })));
  [...new Set(data.interventions.map((v) => v.kind))].forEach((kind) => lane(kind, (g, y) => {
    data.interventions.filter((v) => v.kind === kind).forEach((v) => {
      const from = ofSeconds(v.start), to = Math.max(ofSeconds(v.end ?? v.start), from);
      const bar = svgEl("rect", { x: x(from), y: y + 6, width: Math.max(5, (to - from) * unit), height: 10, rx: 3, class: "support" });
      bar.append(svgEl("title", {}, v.words));
      g.append(bar);
    });
  }));
  const height = 26 + lanes.length * row;
  const svg = svgEl("svg", { width: x(last + 1) + 20, height, role: "img", "aria-label": "Timeline over study days" });
  const step = last - first > 40 ? 7 : last - first > 20 ? 2 : 1;
  for (let p = first; p <= last; p += 1) {
    if (p !== 1 && (step === 7 ? p % 7 : (p - 1) % step)) continue;
    svg.append(svgEl("line", { x1: x(p), x2: x(p), y1: 18, y2: height, class: "grid" }));
    svg.append(svgEl("text", { x: x(p) + unit / 2, y: 13, class: "tick mid" }, dayAt(p)));
  }
  lanes.forEach((l, i) => {
    const y = 20 + i * row;
    svg.append(svgEl("text", { x: left - 10, y: y + 16, class: "lane end" }, l.label));
    const g = svgEl("g", {});
    l.fill(g, y);
    svg.append(g);
  });
  return el("div", { class: "timeline", tabindex: "0" }, stamped(svg, x(last + 1) + 20, height));
}
function listTable(id, title, columns, rows, none) {
  if (!rows.length) return [el("h3", {}, title), el("p", { class: "small" }, none)];
  const head = el("tr", {}, ...columns.map((c) => el("th", { scope: "col" }, c)));
  const body = rows.map((r) => el("tr", {}, ...r.map((c) => {
    if (c && c.grade !== undefined) return el("td", {}, c.grade === null ? el("span", { class: "small" }, c.reason || "not available") : el("span", { class: `grade g${c.grade}` }, String(c.grade)));
    return el("td", {}, String(c ?? ""));
  })));
  return [el("h3", {}, title), el("div", { class: "scroll", tabindex: "0" }, el("table", { id }, el("thead", {}, head), el("tbody", {}, ...body)))];
}
function subjectParts(data) {
  const decided = data.evidence.map((v) => [v.episode, v.system, v.criterion, v.source, v.value, when(v.start), when(v.end)]);
  const given = data.interventions.map((v) => [v.episode || "outside", v.kind, v.drug, v.n, when(v.start, v.precision), v.intent]);
  return [
    timeline(data),
    ...data.episodes.map((e) => el("p", {}, e.words)),
    ...listTable("accounts", "Grades and why", ["Episode", "System", "Grade", "Account"],
      data.accounts.map((a) => [a.episode, a.system, { grade: a.grade, reason: a.reason }, a.account]), "No CRS episode, so no grade."),
    ...listTable("evidence", "Source rows that decided", ["Episode", "System", "Criterion", "Source row", "Value", "From", "To"], decided, "None."),
    ...listTable("given", "Drugs and support", ["Episode", "Class", "Drug or device", "Rows", "Start", "Why given"], given, "None recorded."),
  ];
}
async function openSubject() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const home = document.getElementById("subject");
  const text = DATA.subjects[wanted];
  if (!text) {
    const words = wanted && /^\d+$/.test(wanted) ? `There is no subject #${wanted} in this study.` : "Choose a subject in the overview or the list.";
    home.replaceChildren(el("p", { class: "empty" }, words));
    return;
  }
  const data = await inflate(text);
  document.getElementById("choose").value = wanted;
  home.replaceChildren(el("h2", { tabindex: "-1" }, `Subject #${wanted}`), el("p", { class: "sub" }, data.who), ...subjectParts(data));
  home.scrollIntoView({ block: "start" });
}
document.getElementById("choose").addEventListener("change", (event) => { location.hash = event.target.value; });
addEventListener("hashchange", openSubject);
drawOverview();
openSubject();
