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

/* Parts that belong to one grading system and basis carry data-system; one is shown at a time. */
document.querySelectorAll("select[data-switch]").forEach((select) => {
  const group = select.dataset.switch;
  const show = () => {
    document.querySelectorAll(`[data-group="${group}"]`).forEach((part) => {
      part.hidden = part.dataset.system !== select.value;
    });
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
