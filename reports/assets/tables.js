/* Tables: sort by a column, filter by text, save as CSV. */
const plain = (cell) => (cell.dataset.sort ?? cell.textContent).trim();
function sortTable(table, index, header) {
  const down = header.getAttribute("aria-sort") === "ascending";
  table.querySelectorAll("thead th").forEach((th) => th.removeAttribute("aria-sort"));
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const body = table.tBodies[0];
  const compare = new Intl.Collator("en", { numeric: true }).compare;
  const rows = [...body.rows].map((row, i) => ({ row, i, key: plain(row.cells[index]) }));
  rows.sort((a, b) => {
    const x = Number(a.key), y = Number(b.key);
    if (!a.key !== !b.key) return a.key ? -1 : 1;
    const order = a.key && b.key && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : compare(a.key, b.key);
    return (down ? -order : order) || a.i - b.i;
  });
  body.append(...rows.map((r) => r.row));
}
bind((home) => home.querySelectorAll("table.sortable").forEach((table) => {
  [...table.tHead.rows[0].cells].forEach((header, index) => {
    const button = el("button", { class: "sort", type: "button" }, header.textContent);
    header.replaceChildren(button);
    button.addEventListener("click", () => sortTable(table, index, header));
  });
}));
bind((home) => home.querySelectorAll("input[data-filter]").forEach((input) => {
  const table = document.getElementById(input.dataset.filter);
  const count = document.getElementById(`${input.dataset.filter}-count`);
  const total = table.tBodies[0].rows.length;
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !wanted.every((w) => text.includes(w));
      if (!row.hidden) shown += 1;
    }
    count.textContent = shown === total ? `${total} rows` : `${shown} of ${total} rows`;
  });
}));

/* A spreadsheet must not run a cell as a formula; plain numbers stay numbers. */
function csvCell(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll("br").forEach((br) => br.replaceWith("; "));
  let value = copy.textContent.replace(/\s+/g, " ").trim();
  if (/^[=+\-@\t\r]/.test(value) && !/^[-+]?[\d.]+%?$/.test(value)) value = `'${value}`;
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
/* Cells that span rows or columns are written once and leave the other places blank. */
function csvRows(table) {
  const rows = [...table.rows].filter((row) => !row.hidden && !row.closest("tfoot"));
  const grid = rows.map(() => []);
  rows.forEach((row, r) => [...row.cells].forEach((cell) => {
    let c = 0;
    while (grid[r][c] !== undefined) c += 1;
    for (let i = 0; i < cell.rowSpan && r + i < rows.length; i += 1) {
      for (let j = 0; j < cell.colSpan; j += 1) grid[r + i][c + j] = "";
    }
    grid[r][c] = csvCell(cell);
  }));
  return grid;
}
function csvOf(table) {
  const rows = csvRows(table);
  const stamp = table.closest("[data-stamp]")?.dataset.stamp || DATA.stamp;
  if (stamp) rows.forEach((row, i) => row.unshift(i < table.tHead.rows.length ? "DATA_KIND" : stamp));
  const head = stamp ? [[`${stamp} DATA: not from patients, no clinical conclusion`]] : [];
  return [...head, ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
}
bind((home) => home.querySelectorAll("button[data-csv]").forEach((button) => {
  button.addEventListener("click", () => {
    const table = document.getElementById(button.dataset.csv);
    const inner = table.tagName === "TABLE" ? table : table.querySelector("table");
    save(`${DATA.file}${DATA.of || ""}-${button.dataset.csv}.csv`, "text/csv;charset=utf-8", `\ufeff${csvOf(inner)}`);
  });
}));
