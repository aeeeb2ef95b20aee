"""The trend with its signals, the funnel and the signs: what is drawn, what is named, and what is said in words. Invented figures."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest

from kpi.funnel import funnel
from kpi.model import Domain
from layouts import charts, funnel_chart, marks, signs, tables, words
from layouts.charts import Also, Comparator, Note
from tests.layouts.test_components import MAY, STYLES, all_of, judged, measure, text


def signalled(values: list[float | None], signals: list[str], *, rebase: int = 0, **given: Any) -> pd.DataFrame:
    """Judged months with an expected range of 60 to 104 round 80; from month `rebase` on, a range drawn anew."""
    frame = judged(values, **given)
    segment = [int(rebase > 0 and i >= rebase) for i in range(len(values))]
    return frame.assign(
        chart="xmr", mean=80.0, lower=60.0, upper=104.0, signal=signals, assurance="hit_and_miss", segment=segment, rule="",
        chart_reason="An XmR chart.", caution="",
    )  # fmt: skip


def named(figure: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [line for line in figure["data"] if line["name"] == name]


EVERYTHING = Also(
    [Note(pd.Timestamp("2026-03-10"), "A", "Visits due sooner", rebase=True)],
    [Comparator("Region", pd.Timestamp("2026-02-01"), pd.Timestamp("2026-04-30"), 83.9)],
    pd.DataFrame({"period": [pd.Timestamp("2026-04-30"), MAY], "value": [70.0, 82.0]}),
    (pd.Timestamp("2026-07-31"), 88.0),
)
SIX = signalled([70.0, 71.0, 72.0, 74.0, 76.0, 82.0], ["common", "concern", "common", "common", "common", "improvement"], rebase=3)


def test_the_expected_range_is_clipped_to_what_can_be_and_an_unreachable_limit_is_not_drawn() -> None:
    figure = charts.trend(SIX, measure="percent", better="higher")
    assert max(v for v in named(figure, "Expected range")[0]["y"] if v is not None) == 100
    assert {v for v in named(figure, "Limits")[0]["y"] if v is not None} == {60.0}
    said = " ".join(label["text"] for label in figure["layout"]["annotations"])
    assert "Lower limit" in said
    assert "Upper limit" not in said


def test_line_and_range_break_where_the_range_was_drawn_anew() -> None:
    figure = charts.trend(SIX, measure="percent", better="higher")
    assert [line["y"] for line in named(figure, "Figure")] == [[70.0, 71.0, 72.0], [74.0, 76.0, 82.0]]
    assert None in named(figure, "Mean")[0]["y"]


def test_signals_have_their_own_shapes() -> None:
    lines = named(charts.trend(SIX, measure="percent", better="higher"), "Figure")
    assert lines[0]["marker"]["symbol"] == ["circle", "diamond", "circle"]
    assert lines[1]["marker"]["symbol"] == ["circle", "circle", "triangle-up"]


def test_the_key_names_only_what_is_drawn() -> None:
    plain = charts.chart(judged([70.0, 81.0]), ident="t", heading="H", says="", measure="percent", better="higher")
    full = charts.chart(
        SIX, ident="t", heading="H", says="", measure="percent", better="higher", also=EVERYTHING, data_href="/export/x.csv"
    )
    keys = [text(next(p for p in all_of(section, "P") if p.className == "key")) for section in (plain, full)]
    assert keys[0] == "Figure as it stands nowTarget of the day"
    for said in ("Real improvement", "Real concern", "Within chance", "As first published", "Published figure", "Where the trend leads"):
        assert said in keys[1]
    assert "Range redrawn from here." in text(full)
    assert "An XmR chart." in text(full)
    assert [link.href for link in all_of(full, "A")] == ["/export/x.csv"]


def test_only_figures_that_changed_since_they_were_published_are_shown_again() -> None:
    drawn = named(charts.trend(SIX, measure="percent", better="higher", also=EVERYTHING), "As first published")
    assert drawn[0]["y"] == [70.0]


def test_the_trend_is_dotted_on_to_the_date_of_the_target() -> None:
    line = named(charts.trend(SIX, measure="percent", better="higher", also=EVERYTHING), "Trend")[0]
    assert (line["x"][-1], line["y"]) == ("2026-07-31", [82.0, 88.0])


def test_the_words_instead_of_the_chart_say_its_message_and_its_signal() -> None:
    said = charts.trend_alt(SIX, "Getting better", measure="percent", better="higher", also=EVERYTHING)
    assert said.startswith("Getting better, December 2025 to May 2026.")
    assert "Improving by more than chance would explain" in said
    assert f"Expected range 60.0{words.THIN}% to 100.0{words.THIN}%" in said


UNITS = pd.DataFrame({"unit_id": ["a", "b", "c"], "numerator": [90, 85, 40], "denominator": [100, 100, 100]})
NAMES = {"a": "Brook", "b": "Cedar", "c": "Harbour"}


def test_a_funnel_names_its_units_and_says_which_stand_outside() -> None:
    drawn = funnel_chart.funnel_chart(funnel(UNITS), names=NAMES, noun="children", better="higher", target=85)
    said = [label["text"] for label in drawn["layout"]["annotations"]]
    assert "<b>Harbour</b>" in said
    alt = funnel_chart.funnel_alt(funnel(UNITS), names=NAMES)
    assert f"Harbour, 40 of 100, is below the 99.8{words.THIN}% range" in alt


def test_a_funnel_without_cases_is_still_a_funnel() -> None:
    none = funnel(UNITS.assign(numerator=0, denominator=0))
    assert funnel_chart.funnel_alt(none, names=NAMES) == "Funnel: no cases this month."
    assert funnel_chart.funnel_chart(none, names=NAMES, noun="children", better="higher")["layout"]["yaxis"]["range"]


def test_every_colour_of_a_full_chart_and_a_funnel_is_reinked_by_the_stylesheet() -> None:
    drawn = [
        charts.trend(SIX, measure="percent", better="higher", also=EVERYTHING),
        funnel_chart.funnel_chart(funnel(UNITS), names=NAMES, noun="children", better="higher", target=85),
    ]
    for colour in set(re.findall(r"#[0-9A-F]{6}", json.dumps(drawn))):
        rgb = ", ".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        assert f'rgb({rgb})"]' in STYLES, f"{colour} would keep its light colour in dark mode"


@pytest.mark.parametrize(
    ("signal", "better", "up"), [("improvement", "higher", True), ("improvement", "lower", False), ("concern", "lower", True)]
)
def test_the_arrow_is_the_way_the_figure_moved(signal: str, better: Any, up: bool) -> None:
    assert signs.rises(signal, better) is up
    assert ("up" if up else "down") in all_of(signs.signal_mark(signal, up), "I")[0].className


def test_every_sign_has_its_words_and_its_shape() -> None:
    for signal, said in signs.VARIATION.items():
        mark = signs.signal_mark(signal, True)
        assert text(mark) == said
        assert f".{all_of(mark, 'I')[0].className.split()[1]}" in STYLES
        assert signs.drawing(signal).startswith("<svg")
    assert [text(signs.assurance_mark(a, "higher")) for a in signs.ASSURANCE] == list(signs.ASSURANCE.values())
    assert signs.assurance_mark("none", "higher") is None
    assert text(signs.signal_mark(None, True)) == "Too few months to tell"


def test_the_scorecard_can_be_grouped_and_narrowed_by_what_is_real() -> None:
    frame = pd.concat([SIX, judged([70.0], key="other")])
    kpis = [measure("other", title="Other"), measure("seen")]
    told: dict[str, Any] = {"period": MAY, "kpis": kpis, "domains": [Domain("protection", "Child protection", "")], "href": str}
    assert "ImprovingHit or miss" in text(tables.scorecard(frame, **told))
    grouped = tables.scorecard(frame, **told, order="real")
    assert [text(head) for head in all_of(grouped, "Th") if head.scope == "rowgroup"] == ["Improving", "Too little to tell"]
    assert "Other" not in text(tables.scorecard(frame, **told, only="improvement"))
    assert "No measure is marked worsening" in text(tables.scorecard(frame, **told, only="concern"))


def test_a_sparkline_shades_its_range_and_ends_in_its_sign() -> None:
    def drawn(signal: str) -> str:
        return marks._spark_svg([70.0, 81.3], [80, 80], 170, 40, [(60, 90), (60, 90)], signal)

    assert drawn("common").count("class='b'") == 1
    assert ["class='g'" in drawn("improvement"), "class='w'" in drawn("concern"), "class='e'" in drawn("common")] == [True] * 3
