/* The catalogue, narrowed while one types: a measure stays while every word typed is somewhere in it. Without this the form does the same. */
(function () {
  "use strict";
  const PAUSE = 200; // thousandths of a second without a key: narrowed at every key, a slow machine would lose letters
  let waiting = 0;

  function narrow() {
    const field = document.getElementById("catalogue-q");
    if (!field) return;
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(".catalogue tbody tr")];
    rows.forEach(function (row) {
      const entry = row.querySelector("[data-find]");
      const words = entry ? entry.dataset.find : "";
      const hide = !asked.every((word) => words.includes(word));
      if (row.hidden !== hide) row.hidden = hide;
    });
    document.querySelectorAll(".catalogue .blk").forEach(function (part) {
      const own = [...part.querySelectorAll("tbody tr")];
      const hide = own.length > 0 && own.every((row) => row.hidden);
      if (part.hidden !== hide) part.hidden = hide;
    });
    return { typed: asked.length > 0, left: rows.filter((row) => !row.hidden).length };
  }

  function later(what) {
    clearTimeout(waiting);
    waiting = setTimeout(what, PAUSE);
  }

  function tell() {
    const found = narrow();
    if (found) say(!found.typed ? "" : found.left === 1 ? "1 measure" : found.left + " measures");
  }

  function say(words) {
    const told = document.getElementById("catalogue-found");
    if (told && told.textContent !== words) told.textContent = words;
  }

  /* The page drawn for what was asked says itself how many it found. */
  function again() {
    const found = narrow();
    if (found && !found.typed) say("");
  }

  document.addEventListener("input", function (event) {
    if (event.target.id === "catalogue-q") later(tell);
  });

  /* A page drawn anew keeps its rows and fills them with others: what an earlier search hid must not stay hidden, however late a word comes. */
  const watched = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-find"] };
  new MutationObserver(function () {
    if (document.getElementById("catalogue-q")) later(again);
  }).observe(document.documentElement, watched);
})();
