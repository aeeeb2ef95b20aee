/* Parts of a page that come as one piece of HTML, escaped where it was made (layouts/as_html.py), are put in their place. */
(function () {
  "use strict";
  const shown = new WeakMap();
  function fill() {
    document.querySelectorAll("[data-html]").forEach(function (part) {
      if (shown.get(part) === part.dataset.html) return;
      shown.set(part, part.dataset.html);
      part.innerHTML = part.dataset.html;
    });
  }
  new MutationObserver(fill).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-html"] });
})();
