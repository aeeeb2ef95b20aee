/* The search in the header: a field and its list (WAI-ARIA combobox), narrowed here over a small index of names. "/" or Ctrl+K goes to it. */
(function () {
  "use strict";
  const MOST = 8;
  const OLD = 300000; // thousandths of a second after which the index is asked for again: teams may have been loaded meanwhile
  const KINDS = ["Measures", "Teams", "Services", "Domains", "Pages"];
  const GLASS = '<svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true"><circle cx="6.2" cy="6.2" r="4.7" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M9.8 9.8 14 14" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/></svg>';
  let index = [];
  let asked = 0; // when the index came
  let failed = false;
  let shown = []; // what is listed, in order
  let at = -1; // which of it is picked
  let field, list, told, from;

  function part(name, attributes, text) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach((pair) => made.setAttribute(pair[0], pair[1]));
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function build(place) {
    const form = part("form", { role: "search", class: "finder" });
    form.innerHTML = GLASS;
    field = part("input", {
      id: "find-q", type: "text", role: "combobox", "aria-label": "Search", placeholder: "Find a measure, team or page", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "find-list", "aria-keyshortcuts": "/ Control+K", enterkeyhint: "go", maxlength: "60",
    });
    list = part("div", { id: "find-list", role: "listbox", "aria-label": "Found", hidden: "" });
    told = part("p", { id: "find-told", class: "vh", role: "status" });
    form.append(field, part("kbd", { "aria-hidden": "true" }, "/"), list, told);
    form.addEventListener("submit", (event) => { event.preventDefault(); if (shown.length) follow(Math.max(at, 0)); });
    field.addEventListener("focus", () => { fetchIndex(); field.select(); });
    field.addEventListener("input", () => narrow(true));
    field.addEventListener("keydown", keys);
    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) follow(Number(option.dataset.at));
    });
    place.append(form);
  }

  function fetchIndex() {
    if (Date.now() - asked < OLD) return;
    asked = Date.now();
    fetch("/search.json")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then((found) => { index = found.map((one) => ({ ...one, name: plain(one.title), all: plain(one.title + " " + one.under + " " + one.words) })); failed = false; if (field.value) narrow(true); })
      .catch(() => { asked = 0; failed = true; if (field.value) narrow(true); });
  }

  const plain = (text) => text.toLowerCase().replace(/[’']/g, "").replace(/[-–_/]/g, " ");

  /* How well one entry answers: 0 its title begins so, 1 a word of it does, 2 all words are in its title, 3 in what else it answers to. */
  function rank(one, typed, terms) {
    if (!terms.every((term) => (" " + one.all).includes(" " + term) || (term.length > 2 && one.all.includes(term)))) return -1;
    if (one.name.startsWith(typed)) return 0;
    if ((" " + one.name).includes(" " + typed)) return 1;
    if (terms.every((term) => (" " + one.name).includes(" " + term))) return 2;
    return terms.every((term) => (" " + one.all).includes(" " + term)) ? 3 : 4;
  }

  function narrow(open) {
    const typed = plain(field.value).trim().replace(/\s+/g, " ");
    if (!typed) return close();
    const terms = typed.split(" ");
    const ranked = index.map((one, n) => ({ one, n, rank: rank(one, typed, terms) })).filter((hit) => hit.rank >= 0);
    ranked.sort((a, b) => a.rank - b.rank || KINDS.indexOf(a.one.kind) - KINDS.indexOf(b.one.kind) || a.n - b.n);
    const first = ranked.slice(0, MOST).map((hit) => hit.one);
    const kinds = [...new Set(first.map((one) => one.kind))];
    shown = kinds.flatMap((kind) => first.filter((one) => one.kind === kind));
    const query = field.value.trim();
    if (index.length) shown.push({ kind: "", title: "Search every definition for “" + query + "”", under: "", at: "/catalogue?q=" + encodeURIComponent(query), keep: "period service team" });
    at = shown.length ? 0 : -1;
    draw(ranked.length, query);
    if (open) show();
    mark();
  }

  function draw(many, query) {
    list.replaceChildren();
    const none = failed ? "The search could not be reached. Try again in a moment." : index.length ? "Nothing is called “" + query + "”" : "Looking";
    if (!many) list.append(part("p", { class: "find-none", role: "presentation" }, none));
    let group = null;
    shown.forEach(function (one, n) {
      if (!group || group.dataset.kind !== one.kind) {
        group = part("div", { role: "group", "data-kind": one.kind, "aria-label": one.kind || "Definitions" });
        if (one.kind) group.append(part("div", { class: "find-kind", "aria-hidden": "true" }, one.kind));
        list.append(group);
      }
      const option = part("div", { role: "option", id: "find-" + n, "data-at": n, "aria-selected": "false" });
      option.append(part("span", {}, one.title));
      if (one.under) option.append(part("small", {}, one.under));
      group.append(option);
    });
    const more = many > MOST ? "The first " + MOST + " of " + many + ". Type more to narrow them." : "";
    if (more) list.append(part("p", { class: "find-none", role: "presentation" }, more));
    told.textContent = !many ? none : more || (many === 1 ? "1 found" : many + " found");
  }

  function mark() {
    list.querySelectorAll("[role=option]").forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const picked = at >= 0 && document.getElementById("find-" + at);
    if (!picked || list.hidden) return field.removeAttribute("aria-activedescendant");
    field.setAttribute("aria-activedescendant", picked.id);
    picked.scrollIntoView({ block: "nearest" });
  }

  function show() {
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  function close() {
    if (!list) return;
    list.hidden = true;
    at = -1;
    shown = [];
    told.textContent = "";
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function keys(event) {
    if (event.isComposing) return;
    const last = shown.length - 1;
    const moves = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1 };
    if (event.key in moves) {
      event.preventDefault();
      if (list.hidden) return narrow(true);
      at = moves[event.key];
      mark();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!list.hidden) close();
      else if (field.value) field.value = "";
      else if (from && from.isConnected) from.focus();
      else field.blur();
    }
  }

  /* Where something is, with the filters of this address that go with it. */
  function address(one) {
    const place = new URL(one.at, location.origin);
    const here = new URLSearchParams(location.search);
    one.keep.split(" ").forEach((name) => { if (here.get(name) && !place.searchParams.has(name)) place.searchParams.set(name, here.get(name)); });
    return place.pathname + place.search;
  }

  function follow(n) {
    const to = address(shown[n]);
    close();
    field.value = "";
    field.blur();
    if (to === location.pathname + location.search) return window.scrollTo(0, 0);
    history.pushState(null, "", to);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  document.addEventListener("keydown", function (event) {
    if (!field || !field.isConnected) return;
    const typing = event.target.closest && event.target.closest("input,textarea,select,[contenteditable=true],dialog[open]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const k = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!slash && !k) return;
    event.preventDefault();
    if (document.activeElement !== field) from = document.activeElement;
    field.focus();
  });

  /* The page is drawn by another script, more than once: the field is put in its place whenever that is empty. And on a phone the bar
     of pages is scrolled to the one shown. */
  let bar = "";
  new MutationObserver(function () {
    const place = document.getElementById("find");
    if (place && !place.firstChild) build(place);
    const here = document.querySelector(".nav a[aria-current]");
    const now = here ? here.textContent : "";
    if (now === bar) return;
    bar = now;
    const row = here && here.closest(".wrap");
    if (row && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
