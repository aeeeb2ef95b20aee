"""What a test sees of a page as it is drawn: words that are cut off or too faint, parts that run over the edge, headings out of order.

Each is a script run in the page that answers with a list of what is wrong, empty when nothing is.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

# Words that are read but not shown, and what scrolls inside a region of its own, are no fault.
_SHARED = """
const clipped = (e) => getComputedStyle(e).clipPath === "inset(50%)";
const hidden = (e) =>
  !e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || e.closest(".vh, .skip, option, noscript") || clipped(e);
const name = (e) => (e.closest("[class]") || e).className.toString().slice(0, 40) + ": " + e.textContent.trim().slice(0, 50);
const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
const worded = () => [...document.querySelectorAll("body *")].filter((e) => own(e) && !e.matches("script, style") && !hidden(e));
"""

_OVER_THE_EDGE = """() => {
  const edge = document.documentElement.clientWidth + 1, out = [];
  for (const e of document.querySelectorAll("main *, footer *, header *")) {
    if (hidden(e) || e.closest(ALLOWED) || (e.closest("svg") && !e.matches("text"))) continue; // a picture cuts its shapes at its own edge
    const box = e.getBoundingClientRect();
    if (box.width && box.right > edge) out.push(Math.round(box.right) + " " + name(e));
  }
  return out;
}"""

_CUT_OFF = """() => worded().filter((e) => !e.closest("svg, select, button") && !e.closest(ALLOWED)).filter((e) => {
  const style = getComputedStyle(e), cut = style.overflowX !== "visible" && style.overflowX !== "auto";
  const cell = e.closest("td, th");
  return (cut && e.scrollWidth > e.clientWidth + 1) || (cell && cell.clientWidth && cell.scrollWidth > cell.clientWidth + 2);
}).map(name)"""

_TOO_FAINT = """() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (c) => {
    const part = c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(read(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255, 1]);
  };
  const out = [];
  for (const e of worded()) {
    if (e.closest("[aria-disabled]")) continue;
    const style = getComputedStyle(e), under = ground(e);
    const ink = over(read(e.closest("svg") ? style.fill : style.color), under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < LEAST) out.push(ratio.toFixed(2) + " " + name(e));
  }
  return out;
}"""

_OUT_OF_ORDER = """() => {
  const out = [], levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((e) => !hidden(e));
  const many = levels.filter((e) => e.tagName === "H1").length;
  if (many !== 1) out.push(many + " main headings");
  levels.forEach((e, i) => {
    if (i && Number(e.tagName[1]) > Number(levels[i - 1].tagName[1]) + 1) out.push("a level is skipped before " + name(e));
  });
  for (const landmark of ["main", "header.top", "footer"]) {
    const found = document.querySelectorAll(landmark).length;
    if (found !== 1) out.push(found + " of " + landmark);
  }
  if (document.querySelector("body a").getAttribute("href") !== "#main") out.push("the first link does not skip to the content");
  return out;
}"""

SCROLLS = ".scroll, .filters, .places, .nav, .nav-row, .plot"  # regions that may be scrolled sideways on a phone


def _seen(page: Page, script: str, **given: str) -> list[str]:
    told = "".join(f"const {key} = {value};" for key, value in given.items())
    found: Any = page.evaluate("() => {" + told + _SHARED + "return (" + script + ")(); }")
    return [str(one) for one in found]


def over_the_edge(page: Page, allowed: str = SCROLLS) -> list[str]:
    """Parts whose right edge lies beyond the window, with where it lies."""
    return _seen(page, _OVER_THE_EDGE, ALLOWED=repr(allowed))


def cut_off(page: Page, allowed: str = "[data-cut]") -> list[str]:
    """Words that do not fit the part, or the table cell, they stand in."""
    return _seen(page, _CUT_OFF, ALLOWED=repr(allowed))


def too_faint(page: Page, least: float = 4.5) -> list[str]:
    """Words whose contrast with what lies under them is less than asked for, worked out from their colours."""
    return _seen(page, _TOO_FAINT, LEAST=str(least))


def out_of_order(page: Page) -> list[str]:
    """Headings that skip a level, other than one main heading, landmarks that are not there once, no link to skip by."""
    return _seen(page, _OUT_OF_ORDER)
