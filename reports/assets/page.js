"use strict";
/* Shared state: the data block of the page, colours, light and dark, the switch of grading system. */
const DATA = JSON.parse(document.getElementById("page-data").textContent);
const root = document.documentElement;
const el = (tag, attrs = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attrs)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

const remembered = {
  get() { try { return localStorage.getItem("crsight-theme"); } catch { return null; } },
  set(value) { try { localStorage.setItem("crsight-theme", value); } catch { /* a mailed file may not store */ } },
};
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = [];
function setTheme(theme) {
  root.dataset.theme = theme;
  const button = document.getElementById("theme");
  button.textContent = theme === "dark" ? "Light" : "Dark";
  button.setAttribute("aria-label", `Show the page in ${theme === "dark" ? "light" : "dark"} colours`);
  listeners.forEach((run) => run());
}
document.getElementById("theme").addEventListener("click", () => {
  const next = root.dataset.theme === "dark" ? "light" : "dark";
  remembered.set(next);
  setTheme(next);
});
system.addEventListener("change", () => { if (!remembered.get()) setTheme(system.matches ? "dark" : "light"); });
addEventListener("DOMContentLoaded", () => setTheme(remembered.get() || (system.matches ? "dark" : "light")));

/* What comes later, when a packed part is opened, is bound as the rest of the page was. */
const binders = [];
function bind(run) { binders.push(run); run(document); }
/* An old browser cannot inflate: the reader is told in the place where something is missing. */
const UNREADABLE = "This browser cannot unpack what belongs here: it is too old (it lacks DecompressionStream) or the file is damaged. A current Chrome, Edge, Firefox or Safari shows it.";
const unreadable = () => el("p", { class: "empty", role: "alert" }, UNREADABLE);
async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
/* Packs hold figures and parts of the page that not every reader opens. */
async function unpack(name) {
  const text = (DATA.packs || {})[name];
  if (!text) return {};
  const pack = await inflate(text);
  Object.assign(DATA.figures, pack.figures);
  return pack;
}
async function openPart(part) {
  const name = part.dataset.pack;
  if (!name) return;
  delete part.dataset.pack;
  part.setAttribute("aria-busy", "true");
  try {
    part.innerHTML = (await unpack(name)).html;
    binders.forEach((run) => run(part));
  } catch {
    part.replaceChildren(unreadable());
  }
  part.removeAttribute("aria-busy");
}

/* Parts that belong to one grading system and basis carry data-system; one is shown at a time. */
document.querySelectorAll("select[data-switch]").forEach((select) => {
  const group = select.dataset.switch;
  const show = async () => {
    const parts = [...document.querySelectorAll(`[data-group="${group}"]`)];
    const wanted = select.value;
    await Promise.all(parts.filter((part) => part.dataset.system === wanted).map(openPart));
    if (select.value !== wanted) return;
    parts.forEach((part) => { part.hidden = part.dataset.system !== wanted; });
    listeners.forEach((run) => run());
  };
  select.addEventListener("change", show);
});

/* Chapters of a hidden system keep their place: a link goes to the one that is shown. */
document.querySelectorAll(".toc a").forEach((link) => {
  link.addEventListener("click", (event) => {
    const parts = [...document.querySelectorAll(`[data-part="${link.hash.slice(1)}"]`)];
    const seen = parts.find((part) => part.offsetParent !== null);
    if (!seen) return;
    event.preventDefault();
    seen.scrollIntoView();
  });
});

function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
