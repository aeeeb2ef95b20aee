"""What is said of the figures: a table of situations, and promises that hold of any series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.commentary import Comment, brief, comment, comment_many
from kpi.contribution import contribution
from kpi.model import REGISTER, Kpi
from tests.kpi.situations import NOISE, SITUATIONS
from tests.kpi.telling import CASELOAD, CONFERENCES, INVENTED, NEUTRAL, REFERRED, VISITS, Situation, history_of, months_of, told


@pytest.fixture(autouse=True, scope="module")
def _invented_measures() -> Iterator[None]:
    REGISTER.update({one.key: one for one in INVENTED})
    yield
    for one in INVENTED:
        del REGISTER[one.key]


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


@pytest.mark.parametrize("one", SITUATIONS, ids=lambda one: one.name)
def test_situation(one: Situation) -> None:
    said = told(one)
    assert one.point in plain(said.point)
    for words in one.says:
        assert words in plain(said.text)
    for words in one.never:
        assert words.lower() not in plain(said.text).lower()
    assert one.changed in said.changed
    well_said(said)


def test_the_table_is_long_enough() -> None:
    assert len(SITUATIONS) >= 40
    assert len({one.name for one in SITUATIONS}) == len(SITUATIONS)


CAUSES = re.compile(
    r"\b(because|due to|owing to|thanks to|as a result|result of|resulted|driven|drove|cause[ds]?|led to|leads to|reflects?|following|"
    r"therefore|hence|explained by|owes|since the inspection|after the)\b", re.IGNORECASE,
)  # fmt: skip
MOVEMENT = re.compile(
    r"\b(improv\w*|worsen\w*|ris(e|es|en|ing)|fall(s|en|ing)?|better|worse|trend\w*|increas\w*|decreas\w*|declin\w*|slip\w*|climb\w*|"
    r"recover\w*|deteriorat\w*|drift\w*|grow\w*|drop\w*)\b", re.IGNORECASE,
)  # fmt: skip


def well_said(said: Comment) -> None:
    """Promises of every comment: no cause, whole sentences, single spaces, and how many of how many beside every share."""
    for words in (said.point, said.fact, said.more, said.short, said.changed, said.text):
        assert not CAUSES.search(words), words
        assert "  " not in words, words
        assert words == words.strip()
        assert not re.search(r"\b(nan|None|NaT)\b", words), words
        for sentence in filter(None, re.split(r"(?<=\.) ", words)):
            assert re.fullmatch(r"[A-Z0-9].*\.", sentence), sentence
    assert said.text.startswith(f"{said.point} {said.fact}")
    if REGISTER[said.kpi].measure == "percent" and said.status not in ("no data", "no cases"):
        assert re.match(r"[\d,]+ of [\d,]+ ", said.counted)
        assert said.fact.startswith(said.counted)


def shown(value: float) -> Decimal:
    return Decimal(str(round(value, 9))).quantize(Decimal("0.1"), ROUND_HALF_UP)


@st.composite
def series(draw: st.DrawFn) -> list[tuple[float | None, float | None]]:
    """Months of any kind: steady or swinging, with no data, no cases and few cases among them."""
    size = draw(st.sampled_from([4, 20, 60, 400]))
    month = st.integers(0, size).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
    steady = st.integers(0, size).map(lambda top: (top, size))
    narrow = st.integers(size // 2, size // 2 + size // 10).map(lambda top: (top, size))
    kind = draw(st.sampled_from([month, steady, narrow]))
    gaps = st.sampled_from([(None, None), (0, 0)])
    months = draw(st.lists(st.one_of(kind, kind, kind, kind, kind, gaps), min_size=1, max_size=30))
    return [(None if top is None else float(top), None if total is None else float(total)) for top, total in months]


@settings(max_examples=150, deadline=None)
@given(
    series(),
    st.sampled_from([VISITS, REFERRED, CONFERENCES, CASELOAD, NEUTRAL]),
    st.sampled_from(["", "85", "20", "60 by 2026-01-31", "50 by 2026-12-31"]),
)
def test_whatever_the_series(months: list[tuple[float | None, float | None]], measure: Kpi, target: str) -> None:
    history = history_of(measure, months, "" if measure.better is None else target)
    said = comment(measure, history)
    well_said(said)
    last = history.iloc[-1]
    if last["signal"] == "common" or last["status"] in ("few cases", "no cases", "no data"):
        assert not MOVEMENT.search(said.text), said.text
    if last["status"] in ("few cases", "no cases", "no data"):
        assert "chance" not in said.text
        assert said.weight == 0
    top, total = months[-1]
    if not total or top is None or measure.measure != "percent":
        return
    counts, value = re.match(r"([\d,]+) of ([\d,]+) ", said.fact), re.search(r": (\d+\.\d)\u202f%", said.fact)
    assert counts is not None
    assert value is not None
    assert [float(one.replace(",", "")) for one in counts.groups()] == [top, total]
    assert Decimal(value[1]) == shown(100 * top / total)
    gap = re.search(r"(\d+\.\d) points? (?:short of|above)", said.point)
    if gap:
        assert Decimal(gap[1]) == abs(shown(100 * top / total) - Decimal(str(last["target"])))


@settings(max_examples=100, deadline=None)
@given(series())
def test_how_many_more_is_just_enough(months: list[tuple[float | None, float | None]]) -> None:
    for measure, target, way in ((VISITS, 85.0, 1), (REFERRED, 20.0, -1)):
        said = comment(measure, history_of(measure, months, f"{target:g}"))
        told_of = re.search(r"With (\w+|[\d,]+) (?:more|fewer) the target would have been met", said.more)
        if told_of:
            by = {**{w: n for n, w in enumerate("none one two three four five six seven eight nine".split())}}.get(told_of[1])
            count = by if by is not None else int(told_of[1].replace(",", ""))
            top, total = months[-1]
            assert top is not None
            assert total
            met = [way * float(shown(100 * (top + way * n) / total)) >= way * target for n in (count - 1, count)]
            assert met == [False, True]


def test_a_return_from_a_signal_is_not_called_chance_between_the_months() -> None:
    said = told(Situation("back", NOISE + "30/91 72/91", target="85"))
    assert "The figure is within what chance would explain." in said.more
    assert "difference" not in said.more
    assert "no longer beyond chance, as it was in April 2026" in said.changed


def test_what_changed_may_be_told_against_an_earlier_month() -> None:
    history = history_of(VISITS, months_of(NOISE + "70/91 74/91 74/91"), "80")
    assert comment(VISITS, history).changed == ""
    since = comment(VISITS, history, compared_with=pd.Timestamp("2026-03-31"))
    assert since.changed == "Children on a CP plan seen in time: the target is met, as it was not in March 2026."


def test_the_briefing_has_three_of_each_in_the_order_it_states() -> None:
    down, up = " 74/91 73/91 72/91 71/91 70/91 69/91 68/91 67/91", " 69/91 70/91 71/91 72/91 73/91 74/91 75/91 76/91"
    stated = {
        "concern, not met": (NOISE + down, "90"), "concern, near": (NOISE + down, "80"), "not met": (NOISE, "90"),
        "concern, met": (NOISE + down, "60"), "near": (NOISE, "80"), "short, but improving": (NOISE + up, "90"),
        "few cases": ("3/8*24", "85"), "no target": (NOISE, ""), "met": (NOISE + "73/91", "80"), "sustained": (NOISE, "60"),
        "improving, no target": (NOISE + up, ""), "improving, met": (NOISE + up, "83"), "improving, sustained": (NOISE + up, "60"),
    }  # fmt: skip
    said = {name: told(Situation(name, one, target=target)) for name, (one, target) in stated.items()}
    order = sorted(said, key=lambda name: -said[name].weight)
    assert order == list(stated)
    briefing = brief(said.values())
    assert briefing.worst == tuple(said[n] for n in ("concern, not met", "concern, near", "not met"))
    assert briefing.best == tuple(said[n] for n in ("improving, sustained", "improving, met", "improving, no target"))
    assert all(one.changed for one in briefing.changed)


def test_many_at_once_say_what_each_says_alone() -> None:
    parts = [
        history_of(measure, months_of(text), target).assign(level=level, unit_id=unit, unit=unit)
        for measure, target in ((VISITS, "85"), (REFERRED, "22"))
        for level, unit, text in (
            ("authority", "", NOISE + "50/91"), ("service", "S", NOISE + "50/91"),
            ("team", "A", "38/40*23 37/40 14/40"), ("team", "B", "31/51*23 31/51 36/51"),
        )
    ]  # fmt: skip
    figures = pd.concat(parts, ignore_index=True)
    many = comment_many(figures.sample(frac=1, random_state=1), belongs={"A": "S", "B": "S"})
    assert len(many) == 8
    for (kpi, level, unit), said in many.items():
        of_kpi = figures[figures["kpi"] == kpi]
        history = of_kpi[(of_kpi["level"] == level) & (of_kpi["unit_id"] == unit)]
        teams = of_kpi[of_kpi["level"] == "team"] if level != "team" else None
        assert said == comment(REGISTER[kpi], history, teams=teams)
    assert "Most of the change since April 2026" in many["cp_visits_in_time", "service", "S"].more


def test_an_empty_or_unordered_history_is_refused() -> None:
    history = history_of(VISITS, months_of(NOISE), "85")
    with pytest.raises(ValueError, match="no month to comment on"):
        comment(VISITS, history.head(0))
    with pytest.raises(ValueError, match="months in order"):
        comment(VISITS, history.iloc[::-1])


def test_figures_that_were_never_charted_claim_nothing_of_chance() -> None:
    history = history_of(VISITS, months_of(NOISE), "85")
    bare = history.drop(columns=["chart", "chart_reason", "caution", "mean", "lower", "upper", "rule", "signal", "assurance", "segment"])
    said = comment(VISITS, bare)
    assert "chance" not in said.text
    assert "real change" not in said.text
    well_said(said)


def counts() -> st.SearchStrategy[pd.DataFrame]:
    team = st.integers(0, 300).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))
    teams = st.dictionaries(st.sampled_from("ABCDEFGH"), team, min_size=1).filter(lambda held: any(total for _, total in held.values()))
    return teams.map(lambda held: pd.DataFrame([(u, *c) for u, c in held.items()], columns=["unit_id", "numerator", "denominator"]))


def whole(teams: pd.DataFrame) -> float:
    return float(100 * teams["numerator"].sum() / teams["denominator"].sum())


@given(counts(), counts())
@settings(deadline=None)
def test_the_teams_parts_add_up_to_the_change(then: pd.DataFrame, now: pd.DataFrame) -> None:
    parts = contribution(then, now)
    assert parts["total"].sum() == pytest.approx(whole(now) - whole(then), abs=1e-9)
    assert (parts["rate"] + parts["mix"]).tolist() == pytest.approx(parts["total"].tolist(), abs=1e-12)
    back = contribution(now, then)
    assert back["unit_id"].tolist() == parts["unit_id"].tolist() == sorted(parts["unit_id"])
    assert back["total"].tolist() == pytest.approx((-parts["total"]).tolist(), abs=1e-9)


def test_a_team_whose_figure_and_share_stand_still_has_no_part() -> None:
    then = pd.DataFrame({"unit_id": ["A", "B"], "numerator": [5, 8], "denominator": [10, 10]})
    now = pd.DataFrame({"unit_id": ["A", "B"], "numerator": [5, 4], "denominator": [10, 10]})
    assert contribution(then, now)["total"].tolist() == pytest.approx([0.0, -20.0])


def test_a_contribution_needs_cases_and_one_row_a_team() -> None:
    teams = pd.DataFrame({"unit_id": ["A"], "numerator": [1], "denominator": [2]})
    with pytest.raises(ValueError, match="without cases"):
        contribution(teams.assign(numerator=0, denominator=0), teams)
    with pytest.raises(ValueError, match="twice"):
        contribution(pd.concat([teams, teams]), teams)
