"""What people see, part by part: words and numbers, signs, tables, the trend chart, and the frame of a page. All figures are invented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from dash.development.base_component import Component

from kpi.model import Domain, Kpi
from kpi.targets import as_shown
from layouts import cards, charts, marks, shell, tables, words
from layouts.chart_axes import scale_of
from layouts.chart_lines import SHORT_HISTORY

STYLES = (Path(__file__).parents[2] / "layouts" / "assets" / "sightline.css").read_text(encoding="utf-8")
MAY = pd.Timestamp("2026-05-31")
THIN = words.THIN


def measure(key: str = "seen", **given: Any) -> Kpi:
    told = {
        "title": "Children seen in time", "domain": "protection", "measure": "percent", "better": "higher", "basis": "stock",
        "noun": "children with a plan open", "did": "seen in time", "method": "Stock method.", "needs": ("visit",),
        "sources": "Visits extract", "definition": "Of children with a plan open, those seen in time.\n\nThe last day counts.",
        "cases_of": lambda tables, periods: pd.DataFrame(),
    }  # fmt: skip
    return Kpi(key=key, **{**told, **given})


def judged(values: list[float | None], *, key: str = "seen", target: float | None = 80, **given: Any) -> pd.DataFrame:
    """One judged figure a month to May 2026, out of 100 cases; None is a month without a figure."""
    rows = []
    for period, value in zip(pd.date_range(end=MAY, periods=len(values), freq="ME"), values, strict=True):
        status = "no data" if value is None else "no target" if target is None else "met" if value >= target else "near"
        row = {
            "kpi": key, "period": period, "level": "authority", "unit_id": "", "unit": "All", "numerator": value,
            "denominator": None if value is None else 100, "value": value, "target": target,
            "amber": None, "target_by": pd.Timestamp("2026-07-31"), "status": status, "sustained": 0,
            "change": 1.0, "left_out": {}, "apart": {}, "note": "",
        }  # fmt: skip
        rows.append({**row, **given})
    return pd.DataFrame(rows)


def parts(component: Any) -> Iterator[Component]:
    """A component and everything inside it."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))


def text(component: Any) -> str:
    if isinstance(component, list | tuple):
        return "".join(text(one) for one in component)
    if isinstance(component, Component):
        return text(getattr(component, "children", None))
    return "" if component is None else str(component)


def all_of(component: Any, kind: str) -> list[Component]:
    return [part for part in parts(component) if type(part).__name__ == kind]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.pct(81.31), f"81.3{THIN}%"),
        (words.pct(84.95), f"85.0{THIN}%"),
        (words.pct(100), f"100.0{THIN}%"),
        (words.pct(float("nan")), "–"),
        (words.count(1234), "1,234"),
        (words.signed(2.4), "+2.4"),
        (words.signed(-0.8), "−0.8"),
        (words.signed(-0.04), "0.0"),
        (words.n_of_N(74, 91), "74 of 91"),
        (words.n_of_N(0, 0), "–"),
        (words.day(date(2026, 5, 31)), "31 May 2026"),
        (words.day(pd.NaT), "–"),
        (words.short_day(date(2026, 5, 9)), "9 May"),
        (words.moment(pd.Timestamp("2026-06-02 09:14")), "2 Jun 2026 at 09:14"),
        (words.month(MAY), "May 2026"),
        (words.short_month(pd.Timestamp("2025-09-30")), "Sep 2025"),
        (words.span(pd.Timestamp("2023-06-30"), MAY), "June 2023 to May 2026"),
        (words.span(MAY, MAY), "May 2026"),
        (words.figure(17.04, "mean"), "17.0"),
        (words.figure(None, "percent"), "–"),
        (words.base(74, 91, "percent"), "74 of 91"),
        (words.base(1020, 63, "mean"), "mean of 63"),
        (words.base(None, None, "percent"), ""),
        (words.target_words(85, "higher", "percent"), f"85{THIN}%"),
        (words.target_words(10, "lower", "percent"), f"10{THIN}% or less"),
        (words.target_words(22.5, "lower", "percent"), f"22.5{THIN}% or less"),
        (words.target_words(100, "higher", "percent"), f"100{THIN}%"),
        (words.target_words(16, "lower", "mean"), "16 or less"),
        (words.target_words(None, "higher", "percent"), "None set"),
        (words.by_words(date(2026, 7, 31)), "by 31 Jul 2026"),
        (words.better_or_worse(-0.8, "lower"), "better"),
        (words.better_or_worse(-0.8, "higher"), "worse"),
        (words.better_or_worse(0.04, "higher"), "no change"),
        (words.better_or_worse(1.2, None), "up"),
        (words.plural(1, "child", "children"), "1 child"),
        (words.plural(1234, "child", "children"), "1,234 children"),
        (words.spoken(4), "four"),
        (words.spoken(17), "17"),
        (words.reasons({"no start": 1, "visit first": 2, "none": 0}), "2 visit first, 1 no start"),
    ],
)
def test_words_and_numbers_read_as_people_write_them(said: str, expected: str) -> None:
    assert said == expected


def test_the_figure_that_is_printed_is_the_figure_that_is_judged() -> None:
    ratios = pd.Series([100 * n / N for N in range(1, 161) for n in range(N + 1)])
    assert [float(words.rounded(ratio)) for ratio in ratios] == pytest.approx(list(as_shown(ratios)), abs=1e-12)


@pytest.mark.parametrize("status", words.STATUS_WORDS)
def test_a_status_is_a_word_and_a_shape_never_a_colour_alone(status: str) -> None:
    mark = marks.status_mark(status)
    sign = all_of(mark, "I")[0]
    assert text(mark) == words.STATUS_WORDS[status]
    assert sign.to_plotly_json()["props"]["aria-hidden"] == "true"
    assert f".{sign.className.split()[1]}{{background:" in STYLES


def test_pictures_and_charts_use_the_colours_of_the_stylesheet() -> None:
    blocks = re.findall(r"(:root(?:\[data-theme=dark\]|:not\(\[data-theme\]\))?)\{(.*?)\}", STYLES, re.S)
    tokens = [(name, dict(re.findall(r"--([\w-]+):(#\w{6})", block))) for name, block in blocks]
    assert [name for name, _ in tokens] == [":root", ":root[data-theme=dark]", ":root:not([data-theme])"]
    light, chosen_dark, system_dark = (found for _, found in tokens)
    assert chosen_dark == system_dark
    assert marks.LIGHT.items() <= light.items()
    assert marks.DARK.items() <= system_dark.items()


def test_every_colour_of_a_chart_is_reinked_by_the_stylesheet() -> None:
    figure = json.dumps(charts.trend(judged([70.0, 81.0]), measure="percent", better="higher"))
    for colour in set(re.findall(r"#[0-9A-F]{6}", figure)):
        rgb = ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        assert f'rgb({rgb})"]' in STYLES, f"{colour} would keep its light colour in dark mode"


def test_a_sparkline_leaves_a_gap_and_says_what_it_shows() -> None:
    alt = marks.spark_alt("Seen", 4, "May 2026", words.pct(81.3), words.target_words(85, "higher", "percent"))
    image = marks.sparkline([70.0, None, 80.0, 81.3], [80, 80, 85, 85], alt)
    drawn = unquote(image.src)
    assert image.alt == "Seen: 4 months to May 2026, now 81.3 percent, target 85 percent"
    assert drawn.count("class='l'") == 1  # the first month stands alone, as a dot
    assert drawn.count("class='d'") == 1
    assert "prefers-color-scheme:dark" in drawn


def test_a_sparkline_that_ends_without_a_figure_has_no_last_point() -> None:
    assert "class='e'" not in unquote(marks.sparkline([70.0, 71.0, None], [None] * 3, "").src)


def test_dots_show_which_months_met_their_target() -> None:
    dots = marks.sustained_dots([False, True, True])
    assert [dot.className for dot in all_of(dots, "I")] == ["", "on", "on"]
    assert text(dots) == "2/3 months met"
    assert text(marks.sustained_dots(pd.NA)) == "–"


def test_the_trend_leaves_gaps_and_steps_its_target_on_to_its_date() -> None:
    frame = judged([70.0, 71.0, None, 82.0]).drop(index=1)
    frame.loc[frame["period"] == MAY, "target"] = 85.0
    target, line = charts.trend(frame, measure="percent", better="higher")["data"]
    assert line["y"] == [70.0, None, None, 82.0]
    assert line["connectgaps"] is False
    assert target["y"][-2:] == [85.0, 85.0]
    assert target["x"][-1] == "2026-07-31"


def test_months_with_too_short_a_history_are_hollow() -> None:
    frame = judged([70.0, 71.0, 72.0])
    frame.loc[0, "note"] = SHORT_HISTORY
    colours = charts.trend(frame, measure="percent", better="higher")["data"][1]["marker"]["color"]
    assert colours == [marks.LIGHT["surface"], marks.LIGHT["data"], marks.LIGHT["ink"]]


@pytest.mark.parametrize(
    ("values", "target", "kind"),
    [
        ([0.0, 0.0], 5, "percent"),
        ([100.0, 100.0], 95, "percent"),
        ([68.2, 81.3], 85, "percent"),
        ([16.1, 17.9], 16, "mean"),
        ([1234.0, 4321.0], None, "count"),
    ],
)
def test_the_axis_holds_every_figure_and_stays_honest(values: list[float], target: float | None, kind: Any) -> None:
    frame = judged(list(values), target=target)
    scale = scale_of(frame, kind)
    known = [*values, *([target] if target is not None else [])]
    assert scale.start <= min(known)
    assert scale.end >= max(known)
    assert 2 <= len(scale.ticks) <= 6
    if kind == "percent":
        assert 0 <= scale.start < scale.end <= 100
        assert scale.end - scale.start >= 10


def test_the_subtitle_says_when_the_axis_does_not_start_at_nought() -> None:
    high = charts.trend(judged([70.0, 81.0]), measure="percent", better="higher")
    low = charts.trend(judged([2.0, 9.0], target=5), measure="percent", better="lower")
    assert charts.axis_note(high, "percent").startswith("Axis starts at ")
    assert charts.axis_note(low, "percent") == ""


def test_a_trend_without_any_figure_is_still_a_chart_and_a_table() -> None:
    frame = judged([None, None])
    section = charts.chart(frame, ident="trend", heading="No figures yet", says="", measure="percent", better="higher")
    assert "No figures." in charts.trend_alt(frame, "Trend", measure="percent", better="higher")
    assert text(section).count("No data") == 2


def test_the_table_twin_says_what_the_chart_shows() -> None:
    frame = judged([70.0, None, 82.0])
    frame.at[2, "left_out"] = {"no plan start": 3}
    twin = charts.twin(frame, measure="percent", better="higher")
    rows = [[text(cell) for cell in row.children] for row in all_of(all_of(twin, "Tbody"), "Tr")]
    assert rows == [
        ["May 2026", f"82.0{THIN}%", "82 of 100", f"73.3 to 88.3{THIN}%", f"80{THIN}%", "Met", "3 no plan start"],
        ["Apr 2026", "–", "–", "–", f"80{THIN}%", "No data", "–"],
        ["Mar 2026", f"70.0{THIN}%", "70 of 100", f"60.4 to 78.1{THIN}%", f"80{THIN}%", "Near", "–"],
    ]


def test_the_end_labels_of_a_chart_never_touch() -> None:
    labels = charts.trend(judged([79.9, 80.1], target_by=pd.NaT), measure="percent", better="higher")["layout"]["annotations"]
    assert len(labels) == 2
    assert abs(labels[0]["yshift"] - labels[1]["yshift"]) >= 15


def test_the_scorecard_is_a_real_table_with_every_measure_in_it() -> None:
    kpis = [measure("seen"), measure("other", title="Not loaded yet")]
    domains = [Domain("protection", "Child protection", "Are children safe?"), Domain("quality", "Quality", "Is it good?")]
    card = tables.scorecard(judged([70.0, 79.0, 82.0]), period=MAY, kpis=kpis, domains=domains, href=lambda key: f"/kpi/{key}")
    first, second = (text(row) for row in all_of(all_of(card, "Tbody"), "Tr")[1:])
    assert [link.href for link in all_of(card, "A")] == ["/kpi/seen", "/kpi/other"]
    assert text(all_of(card, "Caption")) == "Scorecard, May 2026"
    assert all(head.scope for head in all_of(card, "Th"))
    assert "Quality" not in text(card)
    assert "82.0%82 of 100Met" in first
    assert first.endswith("1/3 months met")
    assert "–No dataNone set" in second
    assert "No figures yet" in second


def test_the_scorecard_says_better_or_worse_by_the_direction_of_the_measure() -> None:
    domains = [Domain("protection", "Child protection", "")]
    for better, meant in (("higher", "better"), ("lower", "worse"), (None, "up")):
        card = tables.scorecard(judged([80.0]), period=MAY, kpis=[measure(better=better)], domains=domains, href=str)
        assert f"+1.0{meant}" in text(card)


def test_teams_are_in_name_order_below_the_whole() -> None:
    frame = pd.concat(
        [judged([90.0], unit="Weir", unit_id="W"), judged([61.0], unit="brook", unit_id="B"), judged([75.0], unit="", unit_id="")]
    )
    whole = judged([81.0]).iloc[0].to_dict()
    table = tables.team_table(frame, measure(), caption="Teams", href=lambda unit: f"?team={unit}", whole=whole)
    names = [text(row.children[0]) for row in all_of(all_of(table, "Tbody"), "Tr")]
    assert names == ["All teams", "No team recorded", "brook", "Weir"]
    assert "61 of 100" in text(table)


def test_a_table_is_captioned_scrolls_in_its_own_region_and_never_shows_a_blank_cell() -> None:
    columns = [tables.Column("File", "file"), tables.Column("Rows", "rows", numeric=True)]
    table = tables.plain_table(columns, [{"file": "visits.csv", "rows": None}], "Latest loads")
    assert table.tabIndex == 0
    assert table.to_plotly_json()["props"]["aria-label"] == "Latest loads"
    assert text(all_of(table, "Caption")) == "Latest loads"
    assert text(all_of(table, "Td")) == "–"


@pytest.mark.parametrize(
    ("kinds", "stacked"), [("www", True), ("fww", True), ("wffw", True), ("wfff", False), ("wffff", True), ("ww", False)]
)
def test_a_table_is_stacked_on_a_phone_once_a_phone_has_no_room_for_it(kinds: str, stacked: bool) -> None:
    """Columns of figures are narrow, those of words are wide; what heads the rows counts once, and what a phone leaves out not at all."""
    columns = [tables.Column(f"{kind}{place}", kind, numeric=kind == "f") for place, kind in enumerate(kinds)]
    bar = tables.Column("Bar", "bar", wide_only=True)
    (table,) = all_of(tables.plain_table([*columns, bar], [{"w": "Harbour", "f": 8}], "Teams"), "Table")
    assert ("stack" in table.className.split()) is stacked


def test_a_grouped_table_heads_each_group_once() -> None:
    rows = [{"file": "a", "kind": "set aside"}, {"file": "b", "kind": "set aside"}, {"file": "c", "kind": "note"}]
    table = tables.plain_table([tables.Column("File", "file")], rows, "Problems", groups=lambda row: row["kind"])
    assert [text(head) for head in all_of(table, "Th") if head.scope == "rowgroup"] == ["set aside", "note"]


def test_a_long_list_is_stepped_through_and_a_short_one_is_not() -> None:
    assert tables.pager(1, 1, str) is None
    assert [link.href for link in all_of(tables.pager(2, 3, lambda n: f"?page={n}"), "A")] == ["?page=1", "?page=3"]


def test_an_empty_attention_list_says_so() -> None:
    assert "Nothing is short of its target" in text(cards.attention([]))
    listed = cards.attention([cards.Attention("not met", "Visits have slipped.", "61 of 88.")])
    assert text(all_of(listed, "Li")) == "Not met: Visits have slipped. 61 of 88."


def test_the_facts_of_a_kpi_without_cases_are_dashes_not_noughts() -> None:
    row = judged([None], target=None).iloc[0].to_dict() | {"status": "no cases", "change": None, "target_by": pd.NaT}
    strip = cards.kpi_facts(measure(), row)
    assert [text(fact) for fact in all_of(strip, "Dd")] == ["–children with a plan open", "No cases", "–", "–", "–"]


def test_the_definition_opens_with_its_first_paragraph_and_keeps_the_rest_one_click_away() -> None:
    aside = cards.definition(measure(), {"Clock": "10 working days"})
    assert text(all_of(aside, "P")[0]) == "Of children with a plan open, those seen in time."
    assert "The last day counts." in text(all_of(aside, "Details"))
    assert "seen" in text(all_of(aside, "Code"))


def test_what_was_left_out_is_counted_with_its_reasons() -> None:
    said = text(cards.left_out({"no plan start": 1, "visit before plan": 2}, "children", {"not seen yet, not yet due": 6}))
    assert said.startswith("Left out: 3 children2visit before plan1no plan start")
    assert "6 not seen yet, not yet due" in said
    assert "Nothing left out" in text(cards.left_out({}, "children"))


def test_bands_stay_in_their_own_order() -> None:
    listed = cards.counted({"1 to 5 days late": 5, "6 to 10 days late": 9, "more than 10 days late": 0})
    assert [text(line) for line in all_of(listed, "Li")] == ["51 to 5 days late", "96 to 10 days late"]


def test_filters_are_a_form_that_keeps_the_choice() -> None:
    options = [("2026-05", "May 2026"), ("2026-04", "April 2026")]
    form = shell.filters("/", [shell.Choice("period", "Period", options, "2026-04", clears=("page",))])
    assert (form.method, form.action) == ("GET", "/")
    assert [option.selected for option in all_of(form, "Option")] == [False, True]
    assert all_of(form, "Select")[0].to_plotly_json()["props"]["data-clears"] == "page"
    assert text(all_of(form, "Label")).startswith("Period")


def test_the_frame_marks_the_page_it_is_on_and_says_when_data_is_invented() -> None:
    page = shell.frame("x", nav=[("Briefing", "/"), ("Data", "/data")], here="/data", org="Invented Council", invented=True)
    current = [a for a in all_of(page, "A") if a.to_plotly_json()["props"].get("aria-current")]
    assert [a.href for a in current] == ["/data"]
    assert "All data on this site is invented" in text(page)
    assert next(parts(page.children)).href == "#main"
    real = shell.frame("x", nav=[], here="/", org="A council")
    assert "invented" not in text(real).lower()


def test_an_address_leaves_out_filters_that_are_not_set() -> None:
    assert shell.address("/kpi/caseload", {"period": "2026-05", "team": ""}) == "/kpi/caseload?period=2026-05"
    assert shell.link("Data", "/data").href == "/data"


def test_nothing_is_asked_of_another_machine() -> None:
    scripts = (Path(__file__).parents[2] / "layouts" / "assets" / "sightline.js").read_text(encoding="utf-8")
    outside = [found for found in re.findall(r"https?://[^\s\"')]+", STYLES + scripts + shell.INDEX) if "www.w3.org" not in found]
    assert outside == []
