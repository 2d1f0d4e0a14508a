/* Who is behind a number: the subjects of its set, listed from data that travel with the page. */
const dialog = document.getElementById("behind");
function members(key) {
  const found = [];
  for (const [study, text] of Object.entries(DATA.sets[key] || {})) {
    for (const part of text.split(" ")) {
      const [subject, episode] = part.split(".");
      found.push({ study, subject, episode: episode || "" });
    }
  }
  return found;
}
function memberRow(member, columns) {
  const home = (DATA.subjectPages || {})[member.study];
  const name = `${DATA.manyStudies ? `${member.study} ` : ""}#${member.subject}`;
  const shown = home ? el("a", { href: `${home}#${member.subject}` }, name) : name;
  const about = ((DATA.people || {})[member.study] || {})[member.subject] || {};
  const row = el("tr", {}, el("th", { scope: "row" }, shown));
  const episode = member.episode || Object.keys(about.e || {})[0] || "";
  const facts = (about.e || {})[episode] || [];
  const cells = [member.episode || (about.e ? Object.keys(about.e).length || "none" : ""), ...facts];
  columns.forEach((_, i) => row.append(el("td", {}, String(cells[i] ?? ""))));
  return row;
}
function openBehind(key, label) {
  if (!dialog || !DATA.sets[key]) return;
  const list = members(key);
  const byEpisode = list.some((m) => m.episode);
  const columns = [byEpisode ? "Episode" : "Episodes", ...(DATA.people ? DATA.episodeFacts : [])];
  const body = el("tbody", {}, ...list.map((m) => memberRow(m, columns)));
  const head = el("tr", {}, ...["Subject", ...columns].map((c) => el("th", { scope: "col" }, c)));
  const table = el("table", { id: "behind-table" }, el("thead", {}, head), body);
  const word = byEpisode ? "episode" : "subject";
  document.getElementById("behind-count").textContent = `${list.length} ${word}${list.length === 1 ? "" : "s"}`;
  document.getElementById("behind-label").textContent = label || "";
  document.getElementById("behind-list").replaceChildren(table);
  dialog.showModal();
}
bind((home) => home.querySelectorAll("button.n[data-set]").forEach((button) => {
  button.setAttribute("aria-label", `${button.textContent}, ${button.dataset.label}: list who is behind it`);
  button.addEventListener("click", () => openBehind(button.dataset.set, button.dataset.label));
}));
if (dialog) {
  document.getElementById("behind-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
