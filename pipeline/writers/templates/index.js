// The index's behaviour: search and sorting, kept in the address. The page reads without it.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (id) => document.getElementById(id);
  root.classList.add("js");

  const rows = Array.from(document.querySelectorAll("[data-row]"));
  const body = document.querySelector(".docs tbody");
  const heads = Array.from(document.querySelectorAll(".docs th"));
  const documents = body ? Array.from(body.rows) : [];  // worst first, as written
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const texts = new Map();
  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, fold(row.textContent + " " + (row.cells[0].title || "")));
    return texts.get(row);
  };
  let sort = "";  // "", "score" or "-score"

  function read() {
    const view = new URLSearchParams(location.hash.slice(1));
    one("q").value = view.get("q") || "";
    sort = heads.some((head) => head.dataset.key === (view.get("sort") || "").replace("-", "")) ? view.get("sort") : "";
  }

  function write() {
    const view = new URLSearchParams();
    if (one("q").value) view.set("q", one("q").value);
    if (sort) view.set("sort", sort);
    try { history.replaceState(null, "", view.size ? "#" + view : location.pathname + location.search); }
    catch { /* an address that cannot be kept is no reason to stop */ }
  }

  function search() {
    const words = fold(one("q").value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => textOf(row).includes(word));
      shown += !row.hidden;
    }
    one("shown").textContent = words.length ? `${shown} of ${rows.length} shown` : "";
    one("none").hidden = shown > 0 || !words.length;
    if (words.length) for (const details of document.querySelectorAll("details")) details.open = true;
  }

  function value(row, column) {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return cell.dataset.v === "" ? null : Number(cell.dataset.v);
    if (cell.classList.contains("n")) return Number(cell.textContent.replace(/\s/g, ""));
    return cell.textContent.trim() || null;
  }

  function order() {
    const key = sort.replace("-", ""), way = sort.startsWith("-") ? -1 : 1;
    const column = heads.findIndex((head) => head.dataset.key === key);
    for (const head of heads) head.removeAttribute("aria-sort");
    let sorted = documents;
    if (column >= 0) {
      heads[column].setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const collator = new Intl.Collator("it", { numeric: true });
      const compare = (a, b) => typeof a === "number" ? a - b : collator.compare(a, b);
      const keyed = documents.map((row) => [value(row, column), row]);
      keyed.sort(([a], [b]) => a === null || b === null ? (a === null) - (b === null) : way * compare(a, b));
      sorted = keyed.map(([, row]) => row);
    }
    body?.append(...sorted);
  }

  for (const head of heads) {  // first click up, second down, third worst first again
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const key = head.dataset.key;
      sort = sort === key ? "-" + key : sort === "-" + key ? "" : key;
      order();
      write();
    });
  }
  let waiting = 0;
  one("q").addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => { search(); write(); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== one("q")) { event.preventDefault(); one("q").focus(); }
  });
  addEventListener("hashchange", () => { read(); search(); order(); });
  read();
  search();
  if (sort) order();
})();
