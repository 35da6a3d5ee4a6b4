// The review page's behaviour: the view in the address, highlighting, keys, corrections. The page reads without it.
"use strict";
(() => {
  const root = document.documentElement;
  const one = (id) => document.getElementById(id);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const SEVERE = ["error", "warning", "info"];
  root.classList.add("js");

  const toggles = { flagged: false, removed: false, details: false };
  let at = "";  // "s12": the sentence that is held
  const download = one("corrections");  // only where there is an English
  const sentences = all("[id^=s][data-d]");
  const rows = all(".row:not(.heads, .cut)");
  const isFlagged = (sentence) => SEVERE.some((name) => sentence.classList.contains(name));
  const isSettled = (sentence) => sentence.matches(".mine, .approved");  // here, or before the run that wrote the page
  const twins = (id) => [one("i" + id), one("s" + id)].filter(Boolean);
  const number = (element) => element.id.slice(1);
  for (const sentence of all(".s[id]")) sentence.style.order = number(sentence);  // pairs stay together in one column

  function read() {
    const words = location.hash.slice(1).split("&");
    for (const name of Object.keys(toggles)) toggles[name] = words.includes(name);
    at = words.find((word) => /^[sfmy]\d+$/.test(word)) || "";
  }

  function write() {
    const words = Object.keys(toggles).filter((name) => toggles[name]).concat(at || []);
    try { history.replaceState(null, "", words.length ? "#" + words.join("&") : location.pathname + location.search); }
    catch { /* an address that cannot be kept is no reason to stop */ }
  }

  function apply() {
    for (const [name, on] of Object.entries(toggles)) {
      root.classList.toggle(name, on);
      for (const button of all(`[data-toggle=${name}]`)) button.setAttribute("aria-pressed", on);
    }
    for (const cut of all("[data-x]")) cut.hidden = !toggles.removed;
    for (const row of rows) row.hidden = toggles.flagged && !row.classList.contains("fl");
    count();
  }

  function count() {
    const flagged = sentences.filter(isFlagged), settled = flagged.filter(isSettled).length;
    if (one("shown")) one("shown").textContent = `${flagged.length} of ${sentences.length} sentences flagged` + (settled ? `, ${settled} settled` : "");
    if (one("none")) one("none").hidden = !(toggles.flagged && !flagged.length);
  }

  // Highlighting: a sentence with its counterpart, a summary sentence with its evidence.
  function light(ids, name) {
    for (const lit of all("." + name)) lit.classList.remove(name);
    for (const id of ids) for (const element of twins(id)) element.classList.add(name);
  }

  function inspect(id) {
    const panel = one("inspector"), sentence = one("s" + id);
    panel.hidden = !sentence;
    if (!sentence) return;
    const line = document.createElement("div");
    const name = document.createElement("b");
    name.textContent = `Sentence ${id}`;
    line.append(name, ` · ${sentence.dataset.d}`);
    panel.replaceChildren(line);
    for (const badge of all(".b", sentence)) {
      const flag = document.createElement("div");
      const dot = document.createElement("span");
      dot.className = "dot " + SEVERE.find((severity) => badge.classList.contains(severity));
      dot.textContent = badge.textContent;
      flag.append(dot, " " + badge.title);
      panel.append(flag);
    }
    const isMine = sentence.classList.contains("mine");
    if (isMine) line.append(sentence.classList.contains("right") ? " · approved here" : " · corrected here");
    if (sentence.isContentEditable) line.append(" · Enter keeps what you write, Esc does not");
    else if (at === "s" + id && download) {
      line.append(button("Correct the English", "edit", id));
      if (isMine) line.append(button("Undo", "undo", id));
      else if (canApprove(sentence)) line.append(button("Approve", "approve", id));
    }
  }

  function button(label, action, id) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.dataset[action] = id;
    return made;
  }

  function show(id) { light(id ? [id] : [], "on"); inspect(id); }

  function hold(id, move = true) {
    at = id ? "s" + id : "";
    const sentence = one("s" + id);
    if (sentence && sentence.closest("[hidden]")) { toggles.flagged = false; apply(); }
    show(id);
    if (sentence && move) {
      for (const other of all(".s[tabindex]")) other.removeAttribute("tabindex");
      sentence.tabIndex = 0;
      sentence.focus({ preventScroll: true });
      sentence.scrollIntoView({ block: "nearest" });
    }
    write();
  }

  function go(target) {
    const element = one(target);
    if (!element) return;
    if (target[0] === "s") { hold(number(element)); return; }
    for (const item of all(".at")) item.classList.remove("at");
    if (target[0] === "f") element.classList.add("at");
    if (target[0] === "y") evidence(element);
    at = target;
    element.scrollIntoView({ block: "center" });
    write();
  }

  function evidence(line) {
    for (const other of all(".y.on")) other.classList.remove("on");
    line.classList.add("on");
    const ids = line.dataset.e.split(" ").filter(Boolean);
    light(ids, "ev");
    return ids;
  }

  function step(way, onlyFlagged) {
    const isWanted = (s) => (onlyFlagged ? isFlagged(s) && !isSettled(s) : !toggles.flagged || isFlagged(s));
    const seen = sentences.filter((s) => !s.closest("[hidden]") && isWanted(s));
    if (!seen.length) return;
    const order = sentences.indexOf(one(at));
    let next = way > 0 ? seen.find((s) => sentences.indexOf(s) > order) : seen.findLast((s) => sentences.indexOf(s) < order);
    if (order < 0) next = seen.find((s) => s.getBoundingClientRect().bottom > 0) || seen[0];
    if (next) hold(number(next));
  }

  function toggle(name) { toggles[name] = !toggles[name]; apply(); write(); }

  // Corrections: English by Italian, kept in this browser under the page's address, and downloaded as translate.corrections reads them.
  // To approve a sentence is to correct it to what it says.
  const shelf = "it2en corrections " + location.pathname;
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const other of all("del, .b, .hush", copy)) other.remove();
    return flat(copy.textContent);
  };
  const source = (sentence) => plain(one("i" + number(sentence)));
  const originals = new Map();  // of the sentences that were looked at: text and nodes as the page came
  let corrected = new Map(), isKept = true, alike = null;

  function original(sentence) {
    if (!originals.has(sentence)) originals.set(sentence, { text: plain(sentence), nodes: [...sentence.childNodes] });
    return originals.get(sentence);
  }

  // The sentences by their Italian, which is looked for when the first one is corrected: a long page opens without it.
  function byItalian() {
    if (!alike) {
      alike = new Map();
      for (const sentence of sentences) {
        const italian = source(sentence);
        alike.set(italian, [...(alike.get(italian) || []), sentence]);
      }
    }
    return alike;
  }

  // Reads what is kept, also by another tab. What the page itself has as approved is let go: a run has taken it up.
  function recall() {
    if (!download) return;
    try { if (isKept) corrected = new Map(JSON.parse(localStorage.getItem(shelf) || "[]")); }
    catch { isKept = false; }  // a browser may keep nothing for pages from disk
    const before = corrected.size;
    for (const [italian, wanted] of corrected) {
      const said = byItalian().get(italian);
      if (said?.every((sentence) => sentence.classList.contains("approved") && original(sentence).text === wanted)) corrected.delete(italian);
    }
    if (corrected.size < before) keep();
    restate();
  }

  function correct(sentence, text) {
    recall();
    const italian = source(sentence), wanted = flat(text);
    const isNothing = wanted === original(sentence).text && corrected.get(italian) !== wanted;  // to look at a sentence is not to approve it
    if (wanted && !isNothing) corrected.set(italian, wanted); else corrected.delete(italian);
    keep();
    restate();
  }

  // What was not translated cannot be right as it stands.
  function canApprove(sentence) {
    const { text } = original(sentence);
    return text && !text.startsWith("[untranslated]") && !isSettled(sentence);
  }

  function approve(sentence) {
    if (!download) return;
    recall();
    if (sentence.classList.contains("right")) corrected.delete(source(sentence));
    else if (canApprove(sentence)) corrected.set(source(sentence), original(sentence).text);
    keep();
    restate();
    hold(number(sentence));
  }

  function keep() {
    try { if (corrected.size) localStorage.setItem(shelf, JSON.stringify([...corrected])); else localStorage.removeItem(shelf); }
    catch { isKept = false; }
  }

  // Every sentence with the same Italian says the same, as in the next run.
  function restate() {
    const here = [...corrected].filter(([italian]) => byItalian().has(italian));
    for (const sentence of all(".s.mine")) say(sentence, "");
    for (const [italian, wanted] of here) for (const sentence of alike.get(italian)) say(sentence, wanted);
    offer(here);
    count();
  }

  function say(sentence, wanted) {
    if (sentence.isContentEditable) return;
    const { text, nodes } = original(sentence), isOther = Boolean(wanted) && wanted !== text;
    sentence.replaceChildren(...(isOther ? [wanted, ...nodes.filter((node) => node.className?.startsWith("b "))] : nodes));
    sentence.classList.toggle("mine", Boolean(wanted));
    sentence.classList.toggle("right", Boolean(wanted) && wanted === text);
  }

  function cell(text) {
    const escaped = text.replaceAll("\\", "\\\\");
    if (/^'*[=+\-@](?![\d.]+$)/.test(escaped)) return "'" + escaped;
    return escaped.startsWith('"') ? '"' + escaped.replaceAll('"', '""') + '"' : escaped;
  }

  function offer(here) {
    const rows = [["source", "target"], ...here].map((row) => row.map(cell).join("\t") + "\n");
    download.href = "data:text/tab-separated-values;charset=utf-8," + encodeURIComponent(rows.join(""));
    const approvals = here.filter(([italian, wanted]) => alike.get(italian).every((sentence) => original(sentence).text === wanted)).length;
    const counted = [[here.length - approvals, "correction"], [approvals, "approval"]].filter(([n]) => n);
    download.textContent = "Download " + counted.map(([n, what]) => `${n} ${what}${n === 1 ? "" : "s"}`).join(" and ");
    if (!isKept) download.textContent += ": this browser will not keep " + (here.length === 1 ? "it" : "them");
    download.hidden = !here.length;
  }

  function edit(sentence) {
    if (!download || sentence.isContentEditable) return;
    original(sentence);
    const before = plain(sentence);
    sentence.textContent = before;
    try { sentence.contentEditable = "plaintext-only"; }
    catch { sentence.contentEditable = "true"; }  // Firefox before 136
    sentence.setAttribute("role", "textbox");
    sentence.setAttribute("aria-label", `English of sentence ${number(sentence)}`);
    sentence.setAttribute("aria-describedby", "inspector");
    hold(number(sentence));
    getSelection().selectAllChildren(sentence);
    getSelection().collapseToEnd();
    const end = (text) => {
      sentence.removeEventListener("blur", leave);
      sentence.removeEventListener("keydown", key);
      for (const name of ["contenteditable", "role", "aria-label", "aria-describedby"]) sentence.removeAttribute(name);
      say(sentence, "");
      correct(sentence, text);
    };
    const leave = () => {
      if (document.activeElement === sentence) return;  // another window is looked at, not another place of the page
      end(sentence.innerText);
      if (at === sentence.id) inspect(number(sentence));
    };
    const key = (event) => {
      event.stopPropagation();
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      end(event.key === "Enter" ? sentence.innerText : before);
      hold(number(sentence));
    };
    sentence.addEventListener("blur", leave);
    sentence.addEventListener("keydown", key);
  }

  document.addEventListener("mouseover", (event) => {
    const sentence = event.target.closest(".s[id]");
    if (sentence) show(number(sentence));
  });
  document.addEventListener("mouseout", (event) => {
    if (event.target.closest(".s[id]") && !event.relatedTarget?.closest?.(".s[id]")) show(at[0] === "s" ? at.slice(1) : "");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) { event.preventDefault(); go(link.getAttribute("href").slice(1)); return; }
    const editing = event.target.closest("[data-edit]");
    if (editing) { edit(one("s" + editing.dataset.edit)); return; }
    const approving = event.target.closest("[data-approve]");
    if (approving) { approve(one("s" + approving.dataset.approve)); return; }
    const undoing = event.target.closest("[data-undo]");
    if (undoing) { correct(one("s" + undoing.dataset.undo), ""); hold(undoing.dataset.undo); return; }
    const button = event.target.closest("[data-toggle]");
    if (button) { toggle(button.dataset.toggle); return; }
    const line = event.target.closest(".y");
    if (line) { const ids = evidence(line); if (ids.length) one("s" + ids[0])?.scrollIntoView({ block: "center" }); return; }
    const sentence = event.target.closest(".s[id]");
    if (sentence && getSelection().isCollapsed) hold(number(sentence), false);
  });
  const keys = {
    j: () => step(1, false), k: () => step(-1, false), n: () => step(1, true), p: () => step(-1, true),
    e: () => { if (at[0] === "s" && one(at)) edit(one(at)); },
    a: () => { if (at[0] === "s" && one(at)) approve(one(at)); },
    f: () => toggle("flagged"), r: () => toggle("removed"), d: () => toggle("details"),
    "?": () => one("help").showModal(),
    Escape: () => { light([], "ev"); for (const lit of all(".y.on, .at")) lit.classList.remove("on", "at"); hold(""); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || one("help").open || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  one("ask")?.addEventListener("click", () => one("help").showModal());
  addEventListener("hashchange", () => { read(); apply(); if (at) go(at); });

  document.addEventListener("dblclick", (event) => { const sentence = event.target.closest("[lang=en] > .s[id]"); if (sentence) edit(sentence); });

  addEventListener("storage", (event) => { if (event.key === shelf) recall(); });

  recall();
  read();
  apply();
  if (at) go(at);
})();
