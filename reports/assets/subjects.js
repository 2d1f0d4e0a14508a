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
  const height = 26 + rows.length * 15;
  const svg = svgEl("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Daily grade of each subject" });
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
  home.replaceChildren(stamped(svg, width, Math.min(height, 400)));
}

/* Tables of a subject: sorted, and saved as CSV, as those of the other pages are. */
function listTable(id, title, columns, rows, none) {
  if (!rows.length) return [el("h3", {}, title), el("p", { class: "small" }, none)];
  const head = el("tr", {}, ...columns.map((c) => el("th", { scope: "col" }, c)));
  const body = rows.map((r) => el("tr", {}, ...r.map((c) => {
    if (c && c.grade !== undefined) return el("td", {}, c.grade === null ? el("span", { class: "small" }, "not available") : el("span", { class: `grade g${c.grade}` }, String(c.grade)));
    return el("td", { class: String(c ?? "").length > 60 ? "words" : "" }, el("bdi", {}, String(c ?? "")));
  })));
  const table = el("table", { id, class: rows.length > 1 ? "sortable" : "" }, el("thead", {}, head), el("tbody", {}, ...body));
  const save = el("p", { class: "tools" }, el("button", { class: "btn", type: "button", "data-csv": id }, "Download CSV"));
  return [el("h3", {}, title), el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title }, table), save];
}
function measured(data) {
  return data.panels.flatMap((p) => p.at.map((_, i) => [
    p.name, whenWords(p, i), valueWords(p, i), p.unit, limitWords(p), p.out ? outWords[p.out[i]] || "" : "",
  ]));
}
/* Thousands of values are written out when they are asked for. */
function measuredDetails(data) {
  const rows = measured(data);
  if (!rows.length) return [];
  const home = el("div");
  const details = el("details", {}, el("summary", {}, `All ${rows.length} values of vital signs (extremes of each hour) and laboratory tests`), home);
  details.addEventListener("toggle", () => {
    if (!details.open || home.childElementCount) return;
    home.append(...listTable("measured", "Measurements", ["Measurement", "When", "Value", "Unit", "Normal", "Against normal"], rows, ""));
    binders.forEach((run) => run(home));
  });
  return [details, ...data.without.map((w) => el("p", { class: "small" }, `${w.test}: ${w.n} result${w.n === 1 ? "" : "s"} not drawn (${w.why}).`))];
}
function subjectParts(data) {
  const decided = data.evidence.map((v) => [v.episode, v.system, v.criterion, v.source, v.value, when(v.start), when(v.end)]);
  const given = data.interventions.map((v) => [v.episode || "outside", v.kind, v.drug, v.n, when(v.start, v.precision), when(v.end), v.intent]);
  return [
    ...data.episodes.map((e) => el("p", {}, e.words)),
    ...timeline(data),
    ...measuredDetails(data),
    ...listTable("accounts", "Grades and why", ["Episode", "System", "Grade", "Account"],
      data.accounts.map((a) => [a.episode, a.system, { grade: a.grade }, a.account]), "No CRS episode, so no grade."),
    ...listTable("evidence", "Source rows that decided", ["Episode", "System", "Criterion", "Source row", "Value", "From", "To"], decided, "None."),
    ...listTable("given", "Drugs and support", ["Episode", "Class", "Drug or device", "Rows", "Start", "End", "Why given"], given, "None recorded."),
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
  const data = await inflate(text).catch(() => null);
  if (!data) {
    home.replaceChildren(unreadable());
    return;
  }
  DATA.of = `-${wanted}`;
  document.getElementById("choose").value = wanted;
  home.replaceChildren(el("h2", { tabindex: "-1" }, `Subject #${wanted}`), el("p", { class: "sub" }, el("bdi", {}, data.who)), ...subjectParts(data));
  redrawTimeline();
  binders.forEach((run) => run(home));
  home.scrollIntoView({ block: "start" });
  home.querySelector("h2").focus({ preventScroll: true });
}
document.getElementById("choose").addEventListener("change", (event) => { location.hash = event.target.value; });
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  document.getElementById(id).addEventListener("click", () => {
    const numbers = DATA.heat.map((row) => String(row[0]));
    const at = numbers.indexOf(location.hash.slice(1));
    location.hash = numbers[at < 0 ? 0 : (at + step + numbers.length) % numbers.length];
  });
}
addEventListener("hashchange", openSubject);
drawOverview();
openSubject();
