"""What a test sees of a page as it is drawn: words cut off or too faint, parts over the edge or to be scrolled sideways, a focus that does
not show, headings out of order, and what axe-core finds.

Each is a script run in the page that answers with a list of what is wrong, empty when nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

# Words that are read but not shown, and what scrolls inside a region of its own, are no fault.
_SHARED = """
const clipped = (e) => [e, e.closest("thead")].some((one) => one && getComputedStyle(one).clipPath === "inset(50%)");
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

_COLOURS = """
const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const colours = new Map(), grounds = new Map();
const read = (colour) => {
  if (!colours.has(colour)) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    colours.set(colour, [r, g, b, a / 255]);
  }
  return colours.get(colour);
};
const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
const light = (c) => {
  const part = c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
};
const ground = (e) => {
  if (!e) return [255, 255, 255, 1];
  if (!grounds.has(e)) grounds.set(e, over(read(getComputedStyle(e).backgroundColor), ground(e.parentElement)));
  return grounds.get(e);
};
const ratio = (ink, under) => {
  const [a, b] = [light(over(read(ink), under)), light(under)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
"""

_TOO_FAINT = """() => {
  const out = [];
  for (const e of worded()) {
    if (e.closest("[aria-disabled]")) continue;
    const style = getComputedStyle(e), found = ratio(e.closest("svg") ? style.fill : style.color, ground(e));
    if (found < LEAST) out.push(found.toFixed(2) + " " + name(e));
  }
  return out;
}"""

# What is focused by script after a key was pressed is drawn as what a key has led to.
_UNSEEN_FOCUS = """() => {
  const places = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]', out = [];
  for (const e of [...document.querySelectorAll(places)].filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }))) {
    e.focus({ preventScroll: true });
    if (document.activeElement !== e) { out.push("takes no focus: " + name(e)); continue; }
    const shows = (at) => {
      const style = getComputedStyle(at), drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return drawn && ratio(style.outlineColor, ground(parseFloat(style.outlineOffset) < 0 ? at : at.parentElement)) >= 3;
    };
    if (![e, e.parentElement, e.parentElement.parentElement].some(shows)) out.push("no focus is seen: " + name(e));
  }
  return out;
}"""

_SIDEWAYS = """() => [...document.querySelectorAll("main *")]
  .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(e).overflowX))
  .filter((e) => !hidden(e) && !e.querySelector(".plot, .graph")).map((e) => e.scrollWidth + " in " + e.clientWidth + " " + name(e))"""

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

# A row or a list item is taken out when every part of it has the tag, class, attributes and colours of two parts that stay.
_TWO_OF_EACH = """() => {
  const kept = new Map();
  const named = (e) => e.localName + "." + e.className + [...e.attributes].map((a) => a.name + (a.value.trim() ? "" : "!")).sort();
  const kind = (e) => {
    const style = getComputedStyle(e);
    return [named(e), named(e.parentElement), style.color, style.backgroundColor, own(e)].join();
  };
  for (const e of document.querySelectorAll("main :is(tbody > tr, li):not(:first-child)")) {
    const kinds = new Set([e, ...e.querySelectorAll("*")].map(kind));
    if ([...kinds].every((one) => kept.get(one) > 1)) e.remove();
    else if (!e.querySelector("tr, li")) kinds.forEach((one) => kept.set(one, (kept.get(one) || 0) + 1));
  }
  return [];
}"""

_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"], iframes: false, preload: false, ...OPTIONS });
  return found.violations.map((one) => one.id + ": " + one.help + ": " + one.nodes.map((node) => node.html.slice(0, 160)).join(" ; "));
}"""
_COLOUR_RULES = '["color-contrast", "link-in-text-block"]'
_TARGETS = '"target-size": { enabled: true }'  # of WCAG 2.2, which axe leaves out unless asked
# The page is one and the same: a phone changes where things are and no colour, the dark changes colours alone.
LOOKED_FOR: Mapping[str, str] = MappingProxyType(
    {
        "light": f"{{ rules: {{ {_TARGETS} }} }}",
        "phone": f'{{ rules: {{ {_TARGETS}, "color-contrast": {{ enabled: false }}, "link-in-text-block": {{ enabled: false }} }} }}',
        "dark": f'{{ runOnly: {{ type: "rule", values: {_COLOUR_RULES} }} }}',
    }
)

SCROLLS = ".scroll, .filters, .places, .nav, .nav-row, .plot"  # regions that may be scrolled sideways on a phone


def _seen(page: Page, script: str, **given: str) -> list[str]:
    told = "".join(f"const {key} = {value};" for key, value in given.items())
    found: Any = page.evaluate("() => {" + told + _SHARED + _COLOURS + "return (" + script + ")(); }")
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


def sideways(page: Page) -> list[str]:
    """Parts that must be scrolled sideways to be read; a chart's own drawing may be, its table twin may not."""
    return _seen(page, _SIDEWAYS)


def unseen_focus(page: Page) -> list[str]:
    """What can be reached by key and then shows it by no outline of two pixels or more, 3:1 or more against what it is drawn on."""
    page.keyboard.press("Tab")
    return _seen(page, _UNSEEN_FOCUS)


def keep_two_of_each(page: Page) -> None:
    """Take out rows and list items made exactly as two that stay, so that axe does not look at each of a thousand cells anew."""
    _seen(page, _TWO_OF_EACH)


def barriers(page: Page, appearance: str) -> list[str]:
    """What axe-core finds on a page that is shown in one of LOOKED_FOR."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    return _seen(page, _AXE, OPTIONS=LOOKED_FOR[appearance])
