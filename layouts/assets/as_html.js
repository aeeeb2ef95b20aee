/* Parts of a page that come as one piece of HTML, escaped where it was made (layouts/as_html.py), are put in their place.
   What is put there is remembered, so that it goes when the part shows something else: nothing of an earlier page stays. */
(function () {
  "use strict";
  const DONE = "shown"; // what the attribute says from then on: the text itself would be there twice
  const put = new WeakMap(); // each part -> the nodes put into it

  function clear(part) {
    (put.get(part) || []).forEach((node) => node.remove());
    put.delete(part);
  }

  function fill(part) {
    const said = part.getAttribute("data-html");
    if (said === DONE) return;
    clear(part);
    if (said === null) return;
    const made = document.createElement("template");
    made.innerHTML = said;
    put.set(part, [...made.content.childNodes]);
    part.append(made.content);
    part.setAttribute("data-html", DONE);
  }

  function look(changes) {
    changes.forEach((change) => change.type === "attributes" && fill(change.target));
    document.querySelectorAll('[data-html]:not([data-html="' + DONE + '"])').forEach(fill);
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-html"] });
})();
