/* Moving about without reloading: links, filters, titles and focus; and the choice between a chart and its table. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");
  let path = location.pathname;
  let arriving = false;
  let held = null; // the filter that was being used, to return to when the page is drawn again
  let chose = ""; // what was chosen in it, to be said once the page shows it

  function go(address) {
    history.pushState(null, "", address);
    window.dispatchEvent(new PopStateEvent("popstate"));
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-show]");
    if (button) return show(button);
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.hash && link.pathname === location.pathname && link.search === location.search) return;
    event.preventDefault();
    held = null;
    go(link.href);
    if (location.pathname === path) window.scrollTo(0, 0);
  });

  document.addEventListener("change", function (event) {
    const pick = event.target.closest(".filters select");
    if (!pick) return;
    const choices = new URLSearchParams(location.search);
    if (pick.value) choices.set(pick.name, pick.value);
    else choices.delete(pick.name);
    (pick.dataset.clears || "").split(" ").filter(Boolean).forEach((name) => choices.delete(name));
    const query = choices.toString();
    held = pick.name;
    chose = pick.selectedOptions[0].textContent;
    go(location.pathname + (query ? "?" + query : ""));
  });

  document.addEventListener("submit", function (event) {
    if (event.target.closest(".filters")) event.preventDefault();
  });

  window.addEventListener("popstate", function () {
    if (location.pathname === path) return;
    path = location.pathname;
    arriving = true;
  });

  function show(button) {
    const chart = button.closest(".chart");
    chart.classList.toggle("show-table", button.dataset.show === "table");
    chart.querySelectorAll("button[data-show]").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
    window.dispatchEvent(new Event("resize")); // a chart drawn while hidden has no width
  }

  /* Each time the page is drawn: name it, and on a new page start the reader at its heading. */
  let named = "";
  function drawn(changes) {
    const heading = document.querySelector("main h1");
    const words = heading ? heading.textContent.trim() : "";
    if (!words) return;
    if (held && document.activeElement === document.body) {
      const pick = document.querySelector('.filters select[name="' + held + '"]');
      if (pick) pick.focus();
    }
    const title = words + " – Sightline";
    if (document.title !== title) document.title = title;
    const main = heading.closest("main");
    const said = document.getElementById("said");
    if (chose && said && changes.some((change) => main.contains(change.target))) {
      said.textContent = words + ": " + chose;
      chose = "";
    }
    if (words === named) return;
    named = words;
    if (arriving) {
      arriving = false;
      const place = location.hash && document.getElementById(location.hash.slice(1));
      if (place) place.scrollIntoView();
      else window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    }
  }
  new MutationObserver(drawn).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
