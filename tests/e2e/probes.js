/* Questions that the browser tests ask a page; one object, so that each is asked by its name. */
({
  plots() {
    return [...document.querySelectorAll(".plot")].filter((p) => p.offsetParent !== null);
  },

  /* Every figure in sight is drawn in the width that it has; a sentence may stand for one. */
  drawn() {
    return this.plots().every((p) => {
      const svg = p.querySelector(".main-svg");
      const wide = p.dataset.printing ? Math.min(680, p.clientWidth) : Math.floor(p.clientWidth);
      return p.querySelector("[role=alert]") || (svg && svg.clientWidth === wide);
    });
  },

  /* Every figure on the screen is drawn. */
  screenDrawn() {
    return this.plots().filter((p) => away(p) === 0).every((p) => p.querySelector(".main-svg, [role=alert]"));
  },

  /* Figures in sight without any bar, line or mark in them. */
  unfinished() {
    const marks = ".trace path, .trace .point, .barlayer .point, .scatterlayer .js-line, .heatmaplayer image";
    return this.plots().filter((p) => !p.querySelector(".main-svg") || !p.querySelector(marks))
      .map((p) => p.dataset.figure);
  },

  /* What makes the page scroll sideways; what scrolls in a frame of its own does not. */
  tooWide() {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((n) => n.getBoundingClientRect().right > innerWidth + 1)
      .filter((n) => !n.parentElement.closest(".scroll, .timeline, #heat, svg, nav"))
      .slice(0, 5).map((n) => n.outerHTML.slice(0, 160));
  },

  /* Labels of axes that begin or end outside their figure. */
  cutLabels() {
    return this.plots().flatMap((p) => {
      const box = p.getBoundingClientRect();
      return [...p.querySelectorAll(".ytick text, .xtick text")].filter((text) => {
        const { left, right, width } = text.getBoundingClientRect();
        return width && (left < box.left - 1 || right > box.right + 1);
      }).map((text) => `${p.dataset.figure}: ${text.textContent}`);
    });
  },

  /* Tables and figures that reach over the edge of the paper, or would scroll on it. */
  clipped(wide) {
    const shown = (what) => [...document.querySelectorAll(what)].filter((n) => n.checkVisibility());
    const over = shown("main table, main .main-svg, main svg, main .facts, main h3").filter((n) => {
      const box = n.getBoundingClientRect();
      return box.right > wide + 1.5 || box.left < -1.5;
    });
    const cut = shown("main .scroll, main .timeline, main #heat")
      .filter((n) => n.scrollHeight > n.clientHeight + 2);
    return [...over, ...cut].map((n) => [Math.round(n.getBoundingClientRect().right), n.outerHTML.slice(0, 120)]);
  },

  /* What asks for a click. Numbers and headings stay, as plain text. */
  interactive() {
    return [...document.querySelectorAll("button:not(.n):not(.sort), select, input, summary, nav, dialog")]
      .filter((n) => n.checkVisibility()).map((n) => n.outerHTML.slice(0, 120));
  },

  async unpackAll() {
    for (const part of document.querySelectorAll("[data-pack]")) await openPart(part);
    for (const name of Object.keys(DATA.packs || {})) await unpack(name);
  },

  /* How many rows the list of a set has, counted in the list itself. */
  rowsBehind(keys) {
    return Object.fromEntries(keys.map((key) => {
      openBehind(key, "");
      const rows = document.querySelectorAll("#behind-table tbody tr").length;
      const said = document.getElementById("behind-count").textContent.replace(/\D/g, "");
      dialog.close();
      return [key, Number(said) === rows ? rows : `${said} said, ${rows} listed`];
    }));
  },

  /* Every number and every point that can be clicked: how many it says, and how many are listed. */
  async drillDowns() {
    await this.unpackAll();
    const count = (text) => Number(text.replace(/\D/g, ""));
    const numbers = [...document.querySelectorAll("button.n[data-set]")].map((b) => (
      { kind: "number", says: count(b.textContent), key: b.dataset.set, what: b.dataset.label }));
    const points = Object.entries(DATA.figures || {}).flatMap(([name, f]) => f.data.flatMap((trace) => (
      (trace.customdata || []).map((c, i) => {
        if (!c || !c[0]) return null;
        const hover = String((trace.hovertext || trace.text || [])[i] ?? "");
        const found = hover.match(/(\d+) of \d+(?! to)/) || hover.match(/(\d+) seen in it/) || hover.match(/(\d+) subjects? with a value/);
        return { kind: trace.type, says: found ? Number(found[1]) : null, key: c[0], what: `${name}: ${c[1]}, ${hover}` };
      }))).filter(Boolean));
    const cells = Object.entries(DATA.figures || {}).flatMap(([name, f]) => (
      f.data.filter((t) => t.type === "heatmap").flatMap((t) => t.meta.who.map(([key, who, episodes]) => (
        { kind: "cells", says: episodes || 1, key, what: `${name}: ${who}` })))));
    const all = [...numbers, ...points, ...cells];
    const rows = this.rowsBehind([...new Set(all.map((x) => x.key))]);
    return all.map((x) => ({ ...x, rows: rows[x.key] }));
  },

  /* Where the first clickable point of a figure lies on the screen, and how many are behind it. */
  pointOf(id) {
    const plot = document.getElementById(id).querySelector(".plot");
    plot.scrollIntoView({ block: "center" });
    const { data, _fullLayout: layout } = plot;
    const t = data.findIndex((trace) => (trace.customdata || []).some((c) => c && c[0]));
    const i = data[t].customdata.findIndex((c) => c && c[0]);
    const axis = (letter) => layout[`${letter}axis${(data[t][`${letter}axis`] || letter).slice(1)}`];
    const before = data[t].type === "bar" ? data.slice(0, t).reduce((sum, x) => sum + x.x[i], 0) : 0;
    const x = data[t].type === "bar" ? before + data[t].x[i] / 2 : data[t].x[i];
    const box = plot.getBoundingClientRect(), across = axis("x"), up = axis("y");
    return {
      x: box.x + across._offset + across.d2p(x), y: box.y + up._offset + up.d2p(data[t].y[i]),
      count: members(data[t].customdata[i][0]).length,
    };
  },

  /* The middle of the first cell of a heat map that holds one of the codes, and what it is of. */
  cellOf(id, codes) {
    const plot = document.getElementById(id).querySelector(".plot");
    const trace = plot.data.find((t) => t.type === "heatmap");
    const row = trace.z.findIndex((cells) => cells.some((c) => codes.includes(c)));
    const column = trace.z[row].findIndex((c) => codes.includes(c));
    const { xaxis: across, yaxis: up } = plot._fullLayout;
    plot.scrollIntoView({ block: "start" });
    scrollBy(0, up._offset + up.d2p(row) - 400);
    const box = plot.getBoundingClientRect();
    return {
      x: box.x + across._offset + across.d2p(trace.x0 + column), y: box.y + up._offset + up.d2p(row),
      subject: trace.meta.who[row][1], count: trace.meta.who[row][2] || 1,
      words: trace.hovertext[row][column], day: trace.meta.days[column],
    };
  },

  /* Subjects that any list names, as study and number. */
  named() {
    const sets = Object.values(DATA.sets).flatMap((set) => Object.entries(set));
    return [...new Set(sets.flatMap(([study, text]) => text.split(" ").map((m) => `${study} ${m.split(".")[0]}`)))];
  },
})
