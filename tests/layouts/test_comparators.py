"""What a council is held against on a KPI's page: published lines and neighbours, several months read together, and any day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

import loaders
from data import reference
from data.records import Remark
from data.store import Store
from data.tables import Tables
from data.viewer import Viewer
from kpi import REGISTER
from kpi.figures import HISTORY_SHORT, all_figures, cases_of
from kpi.funnel import funnel
from kpi.period import month_end
from layouts import comparators, neighbours, on_a_day, reading, summary, words
from layouts.charts import Also, trend, twin
from layouts.trend import read_over_section
from layouts.view import View
from tests.kpi.random_council import MONTHS, council
from tests.layouts.test_components import all_of, text

RE_REFERRALS, HEALTH = REGISTER["re_referrals"], REGISTER["cla_health_checks"]
VIEWER = Viewer("a test", "local", every_team=True, data_team=True)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


def view_of(store: Any, area: str | None = "Gloucestershire", path: str = "/kpi/re_referrals", **query: str) -> View:
    return View(store, VIEWER, "Invented Council", path, {"period": "2026-05", "key": path.rsplit("/", 1)[1], **query}, area)


# ---- which published figures
def test_everything_published_of_a_measure_is_offered_and_england_and_the_neighbours_median_are_on(store: Store) -> None:
    view = view_of(store)
    held = comparators.offers(view, RE_REFERRALS)
    assert [(offer.key, offer.name) for offer in held] == [
        ("england", "England"), ("region", "South West"), ("own", "Gloucestershire (published)"), ("median_2025", "Neighbours’ median"),
        ("mean_2025", "Neighbours’ mean"), ("median_2021", "2021 neighbours’ median"), ("mean_2021", "2021 neighbours’ mean"),
    ]  # fmt: skip
    assert [offer.key for offer in comparators.chosen(view, held)] == ["england", "median_2025"]
    assert [offer.key for offer in comparators.offers(view_of(store, None), RE_REFERRALS)] == ["england"]
    assert comparators.offers(view, REGISTER["cp_visits_in_time"]) == []


@pytest.mark.parametrize(("asked", "on"), [("none", []), ("own-mean_2021", ["own", "mean_2021"]), ("nonsense", [])])
def test_the_address_says_which_are_on(store: Store, asked: str, on: list[str]) -> None:
    view = view_of(store, compare=asked)
    assert [offer.key for offer in comparators.chosen(view, comparators.offers(view, RE_REFERRALS))] == on


def test_a_year_that_had_not_ended_is_not_compared_with(store: Store) -> None:
    before = comparators.offers(view_of(store, period="2025-02"), RE_REFERRALS)
    assert {offer.rows["year_to"].iloc[-1] for offer in before} == {pd.Timestamp("2024-03-31")}


def test_a_line_is_drawn_over_its_own_year_and_named_once_with_its_year(store: Store) -> None:
    drawn = comparators.lines(comparators.offers(view_of(store), RE_REFERRALS)[:1], "percent")
    assert [line.label for line in drawn if line.label] == ["England, 2024–25"]
    assert (drawn[-1].first, drawn[-1].last, drawn[-1].value) == (pd.Timestamp("2024-04-01"), pd.Timestamp("2025-03-31"), 22.6)
    workforce = comparators.lines(comparators.offers(view_of(store), REGISTER["caseload"])[:1], "mean")
    assert workforce[-1].label == "England, year to Sep 2025"


def test_whole_per_cents_are_not_given_a_decimal_they_do_not_have(store: Store) -> None:
    held = {offer.key: offer for offer in comparators.offers(view_of(store), HEALTH)}
    said = {key: comparators.lines([held[key]], "percent")[-1].said for key in ("england", "mean_2025")}
    assert said["england"] == f"{held['england'].rows['value'].iloc[-1]:.0f}{words.THIN}%"
    assert said["mean_2025"] == words.pct(held["mean_2025"].rows["value"].iloc[-1])


def test_every_line_has_a_pattern_of_its_own() -> None:
    assert len(set(comparators.DASHES.values())) == len(comparators.DASHES)


def test_the_difference_of_definition_and_the_fair_reading_are_said_beside_the_chart(store: Store) -> None:
    view = view_of(store, compare="own")
    shown = comparators.compared_with(view, RE_REFERRALS, comparators.offers(view, RE_REFERRALS), ": here they are 25.9 %")
    assert shown is not None
    assert "The Department counts the referrals of a whole year" in text(shown)
    assert "Compare a year with a year: here they are 25.9 %. Read 12 months together." in text(shown)
    link = next(a for a in all_of(shown, "A") if text(a) == "Read 12 months together")
    assert parse_qs(urlsplit(link.href).query) == {"period": ["2026-05"], "compare": ["own"], "reading": ["12"]}
    alone = view_of(store, None)
    without = comparators.compared_with(alone, RE_REFERRALS, comparators.offers(alone, RE_REFERRALS))
    assert "No area is set" in text(without)


def test_a_button_turns_one_line_on_or_off_and_leaves_the_rest_of_the_address(store: Store) -> None:
    view = view_of(store, reading="12")
    held = comparators.offers(view, RE_REFERRALS)
    shown = comparators.compared_with(view, RE_REFERRALS, held)
    buttons = {text(b): b.to_plotly_json()["props"] for b in all_of(shown, "Button")}
    assert [name for name, b in buttons.items() if b["aria-pressed"] == "true"] == ["England", "Neighbours’ median"]
    goes = {name: parse_qs(urlsplit(b["data-go"]).query) for name, b in buttons.items()}
    assert goes["South West"] == {"period": ["2026-05"], "reading": ["12"], "compare": ["england-region-median_2025"]}
    assert goes["England"]["compare"] == ["median_2025"]
    only = view_of(store, compare="median_2025")
    back = {text(b): b.to_plotly_json()["props"] for b in all_of(comparators.compared_with(only, RE_REFERRALS, held), "Button")}
    assert "compare" not in parse_qs(urlsplit(back["England"]["data-go"]).query)  # as usual: nothing to say
    assert parse_qs(urlsplit(back["Neighbours’ median"]["data-go"]).query)["compare"] == ["none"]


def test_loaded_figures_stand_on_the_page_in_the_place_of_those_that_came_with_sightline(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "new_year.csv"
    head = "indicator_code,indicator,area_type,area_code,area,period,value,unit,source"
    path.write_text(f"{head}\nRR,Re-referrals,national,E92000001,England,2026,23.4,percent,Published\n")
    found = loaders.read(path, as_at=None, today=pd.Timestamp("2026-11-01").date())
    assert not isinstance(found, str)
    store.load("local", found, by="a test")
    line = comparators.lines(comparators.offers(view_of(store), RE_REFERRALS)[:1], "percent")[-1]
    assert (line.label, line.value) == ("England, 2025–26", 23.4)
    assert comparators.newest_of_england(view_of(store))["re_referrals"]["value"] == 23.4


# ---- statistical neighbours
def test_neighbours_with_counts_are_a_funnel_round_england_in_name_order(store: Store) -> None:
    shown = neighbours.neighbours_section(view_of(store), RE_REFERRALS)
    names = [text(th) for th in all_of(shown, "Th") if th.to_plotly_json()["props"].get("scope") == "row"]
    assert names[0] == "England"
    assert names[1:] == sorted(names[1:])
    assert len(names) == 12
    assert "Gloucestershire is within the usual spread of its neighbours" in text(shown)
    assert "not a league table" in text(shown)
    assert "1,818 of 8,129" in text(shown)
    chart = next(graph for graph in all_of(shown, "Graph"))
    middle = next(line for line in chart.figure["data"] if line["name"] == "All")
    assert middle["y"] == [22.6, 22.6]


def test_the_newest_year_with_counts_is_drawn_and_said(store: Store) -> None:
    shown = neighbours.neighbours_section(view_of(store), REGISTER["icpc_in_15_days"])
    assert "the year to March 2024" in text(shown)
    assert "The counts of the year to March 2025 are not held." in text(shown)


def test_where_only_percentages_are_published_neighbours_are_a_strip_by_name(store: Store) -> None:
    shown = neighbours.neighbours_section(view_of(store), HEALTH)
    assert not list(all_of(shown, "Graph"))
    assert "chance cannot be told from difference" in text(shown)
    assert len(list(all_of(shown, "Img"))) == 12


def test_without_an_area_or_of_a_team_there_are_no_neighbours(store: Store) -> None:
    assert neighbours.neighbours_section(view_of(store, None), RE_REFERRALS) is None
    assert neighbours.neighbours_section(view_of(store, team="Harbour"), RE_REFERRALS) is None
    assert neighbours.neighbours_section(view_of(store, "Surrey"), RE_REFERRALS) is None


def test_a_funnel_may_be_drawn_round_another_middle() -> None:
    units = pd.DataFrame({"unit_id": list("abc"), "numerator": [10, 20, 300], "denominator": [100, 100, 600]})
    own, given = funnel(units), funnel(units, round_=20.0)
    assert own.centre.share == pytest.approx(330 / 800)
    assert given.centre.share == 0.2
    assert given.units["lower_95"].iloc[1] < 20 < given.units["upper_95"].iloc[1]
    same = funnel(units, round_=100 * own.centre.share)
    pd.testing.assert_frame_equal(own.units, same.units)


# ---- several months together, and any day: on a random invented council
class Held:
    """A store that holds one random council in memory."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.made = all_figures(tables, ["re_referrals", "referrals", "cp_visits_in_time", "cp_plans_over_2_years", "audits_inadequate"])

    def version(self, authority: str) -> tuple[int, int]:
        return (1, 1)

    def figures(self, viewer: Viewer, *, levels: Sequence[str], **_: object) -> pd.DataFrame:
        return self.made[self.made["level"].isin(levels)].reset_index(drop=True)

    def cases(self, viewer: Viewer, measure: Callable[[Tables], pd.DataFrame]) -> pd.DataFrame:
        return viewer.may_see(measure(self.tables)).reset_index(drop=True)

    def covered(self, authority: str) -> dict[str, pd.DatetimeIndex]:
        return dict(self.tables.covered)

    def teams(self, viewer: Viewer) -> pd.DataFrame:
        return self.tables.team

    def annotations(self, viewer: Viewer, kpi: str | None = None, *, history: bool = False) -> pd.DataFrame:
        return pd.DataFrame({"id": [], "on": pd.to_datetime([]), "label": [], "kind": [], "kpi": [], "rebase": [], "undone_at": []})

    def loads(self, authority: str) -> pd.DataFrame:
        return pd.DataFrame({"invented": [True], "withdrawn_at": [pd.NaT]})

    def targets(self, authority: str) -> pd.DataFrame:
        return reference.targets(authority)

    def comparators(self, authority: str) -> pd.DataFrame:
        return pd.DataFrame()


@pytest.fixture(scope="module")
def held() -> Held:
    return Held(council(7, children=60))


LAST_MONTH = MONTHS[-1]


def of(held: Held, key: str, **query: str) -> View:
    return view_of(held, None, f"/kpi/{key}", period=f"{LAST_MONTH:%Y-%m}", **query)


def test_twelve_months_together_are_the_cases_of_twelve_months(held: Held) -> None:
    view = of(held, "re_referrals", reading="12")
    assert reading.reading(view, RE_REFERRALS) == "12"
    read = reading.read_over(view, RE_REFERRALS, "12", "authority", ("",))
    now = read[read["period"] == LAST_MONTH].iloc[0]
    cases = cases_of(RE_REFERRALS, held.tables, MONTHS[-12:])
    counted = cases[cases["left_out"].isna()]
    assert (now["numerator"], now["denominator"]) == (counted["met"].astype(bool).sum(), len(counted))
    teams = reading.read_over(view, RE_REFERRALS, "12", "team")
    assert teams.loc[teams["period"] == LAST_MONTH, "denominator"].sum() == len(counted)


def test_readings_are_never_tested_for_chance(held: Held) -> None:
    read = reading.read_over(of(held, "re_referrals"), RE_REFERRALS, "3", "authority", ("",))
    assert set(read["chart"]) == {"line"}
    assert set(read["signal"]) == {""}
    assert read[["mean", "lower", "upper"]].isna().all(axis=None)
    shown = read_over_section(of(held, "re_referrals", reading="3"), RE_REFERRALS, read, "3")
    assert "not tested for chance" in text(shown)


def test_only_what_may_be_added_up_is_read_over_several_months(held: Held) -> None:
    stock = REGISTER["cp_visits_in_time"]
    assert reading.reading(of(held, stock.key, reading="12"), stock) == ""
    assert reading.reading(of(held, "re_referrals", reading="7"), RE_REFERRALS) == ""
    assert not reading.may_be_read_over(stock)


def test_a_count_of_several_months_is_not_judged_by_the_target_of_one(held: Held) -> None:
    read = reading.read_over(of(held, "referrals"), REGISTER["referrals"], "12", "authority")
    assert read["target"].isna().all()


@pytest.mark.parametrize(
    ("asked", "period", "said"),
    [
        ("3", "2026-05", "3 months to May 2026"),
        ("year", "2026-05", "April to May 2026"),
        ("year", "2026-02", "April 2025 to February 2026"),
    ],
)
def test_a_reading_says_which_months_it_is_of(asked: str, period: str, said: str) -> None:
    assert reading.window(asked, month_end(pd.Timestamp(period))) == said


@pytest.mark.parametrize("key", ["cp_visits_in_time", "cp_plans_over_2_years"])
def test_the_last_day_of_a_month_is_the_month(held: Held, key: str) -> None:
    month = held.made[(held.made["kpi"] == key) & (held.made["level"] == "authority") & (held.made["period"] == LAST_MONTH)].iloc[0]
    assert month["denominator"] > 0
    shown = on_a_day.on_a_day(of(held, key, day=f"{LAST_MONTH:%d/%m/%Y}"), REGISTER[key])
    assert words.n_of_N(month["numerator"], month["denominator"]) in text(shown)


def test_a_day_within_a_month_is_worked_out_for_that_day(held: Held) -> None:
    measure, day = REGISTER["cp_visits_in_time"], LAST_MONTH - pd.Timedelta(days=11)
    cases = cases_of(measure, held.tables, pd.DatetimeIndex([day]).as_unit("s"))
    counted = cases[cases["left_out"].isna()]
    shown = text(on_a_day.on_a_day(of(held, measure.key, day=f"{day:%Y-%m-%d}"), measure))
    assert f"On {words.day(day)}" in shown
    assert words.n_of_N(counted["met"].astype(bool).sum(), len(counted)) in shown


def test_a_day_nothing_speaks_for_has_no_figure(held: Held) -> None:
    shown = text(on_a_day.on_a_day(of(held, "cp_visits_in_time", day="14/05/2031"), REGISTER["cp_visits_in_time"]))
    assert "Nothing that is loaded speaks for May 2031" in shown
    assert "is not a day" in text(on_a_day.on_a_day(of(held, "cp_visits_in_time", day="soon"), REGISTER["cp_visits_in_time"]))


def test_only_measures_that_stand_between_two_extracts_are_read_on_any_day(held: Held) -> None:
    assert on_a_day.any_day(REGISTER["cp_visits_in_time"])
    assert not on_a_day.any_day(REGISTER["cin_visits_in_time"])
    assert not on_a_day.any_day(RE_REFERRALS)
    assert on_a_day.day_form(of(held, "re_referrals"), RE_REFERRALS) is None
    assert "month ends only" in text(on_a_day.day_form(of(held, "caseload"), REGISTER["caseload"]))


def test_the_whole_on_a_day_is_kept_from_those_who_see_some_teams_only(held: Held) -> None:
    view = of(held, "cp_visits_in_time", day=f"{LAST_MONTH:%d/%m/%Y}")
    some = View(view.store, Viewer("b", "local", teams=frozenset({"T1"})), view.org, view.path, view.query)
    assert "Only those who see every team" in text(on_a_day.on_a_day(some, REGISTER["cp_visits_in_time"]))


# ---- short histories, and how sure
def short_history() -> pd.DataFrame:
    periods = pd.date_range("2026-01-31", periods=5, freq="ME")
    frame = pd.DataFrame({"kpi": "x", "period": periods, "numerator": [1.0, 2, 3, 4, 5], "denominator": 50.0, "target": 5.0})
    return frame.assign(
        value=2 * frame["numerator"],
        status="not met",
        note=[HISTORY_SHORT] * 2 + ["", "", HISTORY_SHORT],
        left_out=[{}] * 5,
        target_by=None,
    )


def test_a_short_history_is_a_ring_and_its_word_and_never_not_met() -> None:
    dots = trend(short_history(), measure="percent", better="higher", also=Also())["data"][-1]["marker"]
    assert [fill == dots["color"][0] for fill in dots["color"]] == [True, True, False, False, True]
    told = text(twin(short_history(), measure="percent", better="higher"))
    assert told.count("History short") == 3
    assert told.count("Not met") == 2


def test_the_table_gives_the_range_so_few_cases_allow() -> None:
    told = text(twin(short_history(), measure="percent", better="higher"))
    assert f"1 of 500.4 to 10.5{words.THIN}%" in told  # Wilson, by hand: 1 of 50 lies between 0.35 and 10.50
    assert "Likely between" not in text(twin(short_history(), measure="mean", better="higher"))


# ---- comments that are handed out
def test_comments_on_services_and_teams_are_exported_with_their_unit(store: Store) -> None:
    may = pd.Timestamp("2026-05-31")
    for level, unit, said in (
        ("team", "Harbour", "Two posts empty."),
        ("authority", "", "Fewer came back."),
        ("service", "North", "New lead."),
    ):
        store.remark(VIEWER, Remark("re_referrals", level, unit, may, said))
    store.remark(VIEWER, Remark("re_referrals", "team", "Mill", pd.Timestamp("2026-04-30"), "Another month."))
    rows = summary._said(View(store, VIEWER, "", "/", {"period": "2026-05"}))
    assert rows[["unit", "comment"]].to_numpy().tolist() == [
        ["", "Fewer came back."],
        ["North", "New lead."],
        ["Harbour", "Two posts empty."],
    ]
    seen = View(store, Viewer("b", "local", teams=frozenset({"Mill"})), "", "/", {"period": "2026-05"})
    assert "Two posts empty." not in summary._said(seen)["comment"].tolist()
