/* The catalogue, narrowed while one types: a measure stays while every word typed is somewhere in it. Without this the form does the same. */
(function () {
  "use strict";
  function narrow() {
    const field = document.getElementById("catalogue-q");
    if (!field) return;
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(".catalogue tbody tr")];
    rows.forEach(function (row) {
      const entry = row.querySelector("[data-find]");
      const words = (row.textContent + " " + (entry ? entry.dataset.find : "")).toLowerCase();
      const hide = !asked.every((word) => words.includes(word));
      if (row.hidden !== hide) row.hidden = hide;
    });
    document.querySelectorAll(".catalogue section.blk, .catalogue .blk").forEach(function (part) {
      const own = [...part.querySelectorAll("tbody tr")];
      const hide = own.length > 0 && own.every((row) => row.hidden);
      if (part.hidden !== hide) part.hidden = hide;
    });
    const told = document.getElementById("catalogue-found");
    if (told && told.textContent && !asked.length) told.textContent = "";
    return rows.filter((row) => !row.hidden).length;
  }
  document.addEventListener("input", function (event) {
    if (event.target.id !== "catalogue-q") return;
    const found = narrow();
    if (!event.target.value.trim()) return;
    const told = document.getElementById("catalogue-found");
    if (told) told.textContent = found === 1 ? "1 measure" : found + " measures";
  });
  /* A page drawn anew keeps its rows and fills them with others: what an earlier search hid must not stay hidden, however late a word comes. */
  const watched = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-find", "value"] };
  new MutationObserver(narrow).observe(document.documentElement, watched);
})();
