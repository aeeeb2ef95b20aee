/* Present: arrow keys, Home and End step through the measures, Escape leaves; each step is read out. */
(function () {
  "use strict";
  const STEPS = {
    ArrowRight: "next", ArrowDown: "next", PageDown: "next", ArrowLeft: "previous", ArrowUp: "previous", PageUp: "previous",
    Home: "first", End: "last", Escape: "leave",
  };

  document.addEventListener("keydown", function (event) {
    const step = STEPS[event.key];
    if (!step || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.shiftKey) return;
    if (!document.querySelector(".present") || event.target.closest("input, select, textarea, [role=listbox]")) return;
    const region = event.target.closest(".scroll"); // a chart wider than a phone is moved by the same keys
    if (region && region.scrollWidth > region.clientWidth && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const link = document.querySelector('.present [data-step="' + step + '"]');
    if (link) link.click();
  });

  document.addEventListener("click", function (event) {
    if (!event.target.closest("button[data-full]")) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });

  let last = "";
  new MutationObserver(function () {
    const present = document.querySelector(".present");
    const says = present ? present.dataset.said : "";
    if (says === last) return;
    const said = document.getElementById("said");
    if (last && says && said) said.textContent = says; // the first is read with its heading
    if (!says && document.fullscreenElement) document.exitFullscreen();
    last = says;
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-said"] });
})();
