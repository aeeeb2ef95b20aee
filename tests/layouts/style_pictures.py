"""Pictures of every part on the component page, reduced until another version of a font does not change them, and how two sets differ.

What is drawn (a sign, a meter, a sparkline, a chart) becomes a small grid of colours. A whole part, which is mostly words, becomes a
census: how much of it has which colour of the stylesheet, and how many of which sign are in it.

To keep new ones after a wanted change, look at /style in every appearance, then: `python -m tests.layouts.style_pictures`
"""

from __future__ import annotations

import base64
import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from data.store import Store
from layouts import build_app
from tests.browser import chromium_program, chromium_running, watched_page
from tests.layouts.held import KEEPER, fill
from tests.servers import served

KEPT = Path(__file__).with_suffix(".json")
APPEARANCES = {"light": ("", 1366), "dark": ("dark", 1366), "contrast": ("contrast", 1366), "phone": ("", 390)}
FAR = 4  # of 15 steps of red, green or blue: more than the edge of a shape that lies half a pixel elsewhere
TOKENS = ["ink", "accent", "met", "near", "not", "few", "data", "limit", "sunk", "line", "line-strong", "accent-soft"]
Pictures = dict[str, str]

# Signs are copied to a sheet of their own at whole pixels, so that where words put them does not matter.
_LAY_OUT = """async (withSigns) => {
  const page = document.querySelector(".style-page"), sheet = document.createElement("div"), told = new Map();
  let down = 8;
  sheet.id = "sheet";
  sheet.style.position = "relative";
  const part = (e) => e.closest(".style-grid > li, .style-part > * > *") || e;
  const label = (e) => (e.querySelector("span.small, h2, caption, dt") || e).textContent.slice(0, 60);
  const sign = (e) => (e.matches(".mk, .sg") ? e.className : e.className + ", " + (e.getAttribute("alt") || label(part(e))));
  for (const e of withSigns ? page.querySelectorAll(".mk, .sg, .dots, .meter, .spark") : []) {
    if (told.has(sign(e)) || !e.getBoundingClientRect().width) continue;
    const copy = e.cloneNode(true);
    Object.assign(copy.style, { position: "absolute", left: "8px", top: down + "px", margin: "0", maxWidth: "none" });
    copy.querySelectorAll(":scope > span").forEach((words) => words.remove());
    sheet.append(copy);
    sheet.style.height = (down += 56) + "px";
    told.set(sign(e), copy);
  }
  page.append(sheet);
  await Promise.all([...sheet.querySelectorAll("img")].map((image) => image.decode()));
  for (const e of page.querySelectorAll(".graph .nsewdrag, .bars-plot")) told.set("chart, " + label(e.closest("section")), e);
  for (const e of page.querySelectorAll(".style-part > *, .style-part > * > section")) {
    const name = "whole, " + label(e);
    told.set(told.has(name) ? name + ", again" : name, e);
  }
  return [...told].map(([name, e]) => {
    const box = e.getBoundingClientRect(), signs = {};
    for (const one of e.querySelectorAll(".mk, .sg")) signs[one.classList[1]] = (signs[one.classList[1]] || 0) + 1;
    return [name, Math.round(box.x + scrollX), Math.round(box.y + scrollY), Math.round(box.width), Math.round(box.height), signs];
  });
}"""
_REDUCE = """async ([picture, boxes, names]) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const style = getComputedStyle(document.documentElement), hex = (v) => Math.round(v / 17).toString(16), out = {};
  const tokens = names.map((name) => [1, 3, 5].map((at) => parseInt(style.getPropertyValue("--" + name).trim().slice(at, at + 2), 16)));
  const near = (c, data, at) => Math.abs(c[0] - data[at]) + Math.abs(c[1] - data[at + 1]) + Math.abs(c[2] - data[at + 2]) < 12;
  const census = (data, signs) => {
    const counts = tokens.map(() => 0);
    for (let at = 0; at < data.length; at += 4) {
      const found = tokens.findIndex((c) => near(c, data, at));
      if (found >= 0) counts[found] += 1;
    }
    const shares = names.map((name, i) => [name, Math.round((40000 * counts[i]) / data.length)]);
    return [...shares.filter(([, share]) => share), ...Object.entries(signs)].map((said) => said.join(" ")).join(", ");
  };
  const grid = (data, wide, high) => {
    const cells = (long, most) => Math.max(2, Math.min(most, Math.round(long / 2.7)));
    const across = cells(wide, wide > 300 ? 32 : 16), down = cells(high, 6);
    const sums = Array.from({ length: across * down }, () => [0, 0, 0, 0]);
    for (let at = 0; at < wide * high; at++) {
      const sum = sums[Math.floor((Math.floor(at / wide) * down) / high) * across + Math.floor(((at % wide) * across) / wide)];
      for (let c = 0; c < 3; c++) sum[c] += data[at * 4 + c];
      sum[3] += 1;
    }
    return across + "x" + down + " " + sums.map(([r, g, b, n]) => hex(r / n) + hex(g / n) + hex(b / n)).join("");
  };
  for (const [name, x, y, width, height, signs] of boxes) {
    const wide = Math.max(1, Math.min(width, image.width - x)), high = Math.max(1, Math.min(height, image.height - y));
    const { data } = context.getImageData(x, y, wide, high);
    out[name] = name.startsWith("whole, ") ? census(data, signs) : grid(data, wide, high);
  }
  return out;
}"""


def pictures(page: Page, appearance: str) -> Pictures:
    """Every part of the component page in one of APPEARANCES: its name, and its grid or census as text. The page is as it was after."""
    chosen, width = APPEARANCES[appearance]
    page.set_viewport_size({"width": width, "height": 768})
    page.locator("#appearance").select_option(chosen)
    page.wait_for_timeout(400)  # a chart is drawn anew for a new width a moment after it has it
    boxes: Any = page.evaluate(_LAY_OUT, appearance != "phone")
    picture = page.screenshot(full_page=True, animations="disabled", caret="hide", scale="css")
    found: Any = page.evaluate(_REDUCE, [base64.b64encode(picture).decode(), boxes, TOKENS])
    page.evaluate("document.getElementById('sheet').remove()")
    return {str(name): str(shown) for name, shown in found.items()}


def differences(kept: Pictures, found: Pictures) -> list[str]:
    """What is new, what is gone, and what looks otherwise than it was kept."""
    out = [f"gone: {name}" for name in kept if name not in found] + [f"new: {name}" for name in found if name not in kept]
    for name in [name for name in kept if name in found]:
        judge = _census_differs if name.startswith("whole, ") else _grid_differs
        out += [f"looks otherwise: {name}: {said}" for said in judge(kept[name], found[name])]
    return out


def _grid_differs(kept: str, found: str) -> list[str]:
    (size, cells), (now, others) = kept.split(), found.split()
    if size != now:
        return [f"{now} cells, was {size}"]
    far = [
        at for at in range(0, len(cells), 3) if any(abs(int(cells[at + c], 16) - int(others[at + c], 16)) > FAR for c in range(3))
    ]  # fmt: skip
    return [f"{len(far)} of {len(cells) // 3} cells"] if len(far) > max(1, 0.03 * len(cells) / 3) else []


def _census_differs(kept: str, found: str) -> list[str]:
    """A colour's ten-thousandths of the part: half of it or twice as much is another look, a few specks are not; signs are counted."""
    was, now = _census(kept), _census(found)
    named = [(one, was.get(one, 0), now.get(one, 0)) for one in sorted({*was, *now})]
    return [f"{one} {there}, was {before}" for one, before, there in named if _far(one, before, there)]


def _far(one: str, was: int, now: int) -> bool:
    return was != now if one not in TOKENS else abs(was - now) > max(25, 0.5 * max(was, now))


def _census(text: str) -> dict[str, int]:
    return {name: int(share) for name, share in (said.rsplit(" ", 1) for said in text.split(", ") if said)}


def kept_pictures() -> dict[str, Pictures]:
    """The pictures kept beside this file, by appearance."""
    kept: dict[str, Pictures] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def _draw_anew() -> None:
    program = chromium_program()
    assert program is not None, "Chromium was not found; install it with: apt-get install chromium"
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{(Path(folder) / 'held.sqlite').as_posix()}")
        fill(store)
        with (
            served(build_app(store, KEEPER, "Invented Council").server) as council,
            chromium_running(program) as browser,
            watched_page(browser, []) as page,
        ):
            page.goto(council + "/style")
            page.wait_for_selector(".graph .trace", state="attached")
            kept = {appearance: pictures(page, appearance) for appearance in APPEARANCES}
        store.close()
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _draw_anew()
