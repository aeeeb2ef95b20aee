"""A KPI broken down on its page, and what of a month may be handed to the public."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

from data.store import Store
from data.viewer import NotAllowed
from kpi import REGISTER
from kpi.breakdown import BREAKDOWNS
from kpi.disclosure import NOT_PUBLISHED, UNCOUNTED
from kpi.measures import NO_LIST
from layouts import PAGES, breakdowns, case_list, measure
from layouts.breakdown_links import grouped_cases, offered
from layouts.breakdowns import group_figures
from layouts.public_book import HIDDEN, public_book
from layouts.public_figures import public_figures
from tests.layouts.held import BRIDGE, KEEPER, MAY, fill, view
from tests.layouts.test_notes import said

KEY = "cp_visits_in_time"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(made)
    yield made
    made.close()


def groups(store: Store, by: str, viewer: Any = KEEPER) -> dict[str, tuple[float, float]]:
    cases = grouped_cases(store, viewer, REGISTER[KEY], MAY, [BREAKDOWNS[by]])
    rows = group_figures(REGISTER[KEY], cases, BREAKDOWNS[by], MAY, view(store).targets)
    return {row["unit_id"]: (row["numerator"], row["denominator"]) for row in rows.to_dict("records")}


def words(store: Store, by: str, key: str = KEY, **query: str) -> str:
    return said(breakdowns.draw(view(store, f"/kpi/{key}/by/{by}", **{**query, "key": key, "by": by})))


# ---- the page
def test_the_whole_comes_first_and_the_groups_add_up_to_it(store: Store) -> None:
    found = groups(store, "age")
    assert list(found) == ["", "under 1", "1 to 4", "5 to 9", "10 to 15", "not known"]
    whole = found.pop("")
    assert whole == (52.0, 60.0)
    assert tuple(map(sum, zip(*found.values(), strict=True))) == whole


def test_a_viewer_of_one_team_is_told_of_its_cases_only(store: Store) -> None:
    assert groups(store, "sex", BRIDGE)[""][1] == 24
    page = said(breakdowns.draw(view(store, viewer=BRIDGE, key=KEY, by="sex")))
    assert "All that you may see" in page


def test_a_small_group_has_its_numbers_and_no_colour(store: Store) -> None:
    row = words(store, "team", team="Mill").split("Mill")[-1]
    assert "of 12" in row
    assert "Few cases" in words(store, "worker", team="Mill")


def test_how_many_there_are_of_a_group_is_held_against_no_target(store: Store) -> None:
    count = REGISTER["section47_started"]
    cases = pd.DataFrame(
        {"period": [MAY] * 12, "team_id": "T", "left_out": None, "apart": None, "value": 1.0, "weight": 1.0, "by_sex": "Male"}
    )
    aim = pd.DataFrame({"kpi": [count.key], "since": pd.Timestamp("2020-01-01"), "green": 10.0, "amber": 12.0, "by": pd.NaT})
    rows = group_figures(count, cases, BREAKDOWNS["sex"], MAY, aim)
    assert set(rows["status"]) == {"no target"}
    assert list(rows["value"]) == [12.0, 12.0]


def test_the_kpis_page_leads_to_its_breakdowns(store: Store) -> None:
    assert [by.key for by in offered(view(store), REGISTER[KEY])] == [
        "age", "sex", "ethnicity", "disability", "unaccompanied", "service", "team", "worker", "category",
    ]  # fmt: skip
    assert "Broken down byAgeSexEthnic group" in said(measure.draw(view(store, f"/kpi/{KEY}", key=KEY)))


@pytest.mark.parametrize(("key", "by"), [(KEY, "star_sign"), ("no_such_kpi", "age")])
def test_what_there_is_not_is_said_in_words(key: str, by: str, store: Store) -> None:
    assert "There is no measure, or no way to break one down, of that name." in words(store, by, key)


def test_a_measure_with_no_cases_that_month_says_so(store: Store) -> None:
    assert "It has no cases that could be broken down so in May 2026." in words(store, "age", "re_referrals")


def test_the_address_names_the_measure_and_the_way() -> None:
    (found,) = [page.match("/kpi/re_referrals/by/age") for page in PAGES if page.match("/kpi/re_referrals/by/age")]
    assert found == {"key": "re_referrals", "by": "age"}
    assert [page.path for page in PAGES if page.match("/kpi/re_referrals")] == ["/kpi/<key>"]


# ---- what the council has only as figures
def test_where_a_list_would_be_it_is_said_that_there_are_only_figures(store: Store) -> None:
    assert NO_LIST in said(measure.draw(view(store, "/kpi/legal_spend", key="legal_spend")))
    assert NO_LIST in said(case_list.draw(view(store, "/cases/legal_spend", key="legal_spend")))
    assert NO_LIST in words(store, "sex", "legal_spend")


def test_its_page_has_no_word_of_cases_left_out(store: Store) -> None:
    page = said(measure.draw(view(store, "/kpi/legal_spend", key="legal_spend")))
    assert "left out" not in page
    assert "Every case could be used" not in page
    assert "5,062.5" in page


def test_a_hidden_figure_says_that_it_is_hidden(store: Store) -> None:
    page = said(measure.draw(view(store, "/kpi/attainment_gap", key="attainment_gap")))
    assert "No figure: hidden in the extract: c" in page
    services = said(measure.draw(view(store, "/kpi/children_missing_education", key="children_missing_education", service="North")))
    assert "No figure: hidden in the extract: <5" in services


# ---- fit to publish
def sheets(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    content = public_book(
        public_figures(view(store, period="2026-05")), "Invented Council", invented=True, produced_at=pd.Timestamp("2026-06-02")
    )
    book = load_workbook(BytesIO(content))
    return {sheet.title: [tuple(row) for row in sheet.iter_rows(min_row=4, values_only=True)] for sheet in book}


def test_no_count_of_one_to_four_is_in_the_book_and_every_hidden_cell_says_so(store: Store) -> None:
    found = sheets(store)
    assert list(found)[:3] == ["Read first", "Whole", "Services and teams"]
    some_hidden = 0
    for name, (heads, *rows) in found.items():
        if name == "Read first":
            continue
        at = {head: place for place, head in enumerate(heads)}
        for row in rows:
            number, out_of, why = row[at["Number"]], row[at["Out of"]], row[at["Why not published"]]
            some_hidden += why is not None
            assert (why is None) == (row[at["Figure"]] != HIDDEN), row
            assert why in (None, NOT_PUBLISHED, UNCOUNTED)
            for count in (number, out_of):
                assert not (isinstance(count, int | float) and 0 < count < 5), row
            if isinstance(number, int | float) and isinstance(out_of, int | float):
                assert not 0 < out_of - number < 5, row
    assert some_hidden


def test_what_is_hidden_cannot_be_had_as_the_whole_less_the_rest(store: Store) -> None:
    public = public_figures(view(store, period="2026-05"))
    whole = public.figures[public.figures["level"] == "authority"].set_index("kpi")
    for rows in public.groups.values():
        for key, part in rows.groupby("kpi"):
            for column in ("numerator", "denominator"):
                left, known = part[column].isna().sum(), whole.loc[str(key), column]
                assert left != 1 or pd.isna(known), (key, column)
                if left and pd.notna(known) and REGISTER[str(key)].measure == "percent":
                    rest = known - part[column].sum()
                    assert rest == 0 or rest >= 5, (key, column)


def test_workers_are_never_in_it_and_of_given_figures_only_the_whole(store: Store) -> None:
    text = repr(sheets(store))
    assert "'w1'" not in text
    rows = [row for row in sheets(store)["Services and teams"] if row[1] == REGISTER["children_missing_education"].title]
    assert rows == []


def test_only_who_sees_every_team_may_make_it(store: Store) -> None:
    with pytest.raises(NotAllowed, match=r"b\.okoro does not see every team"):
        public_figures(view(store, viewer=BRIDGE))


def test_a_figure_given_whole_is_not_published(store: Store) -> None:
    row = next(row for row in sheets(store)["Whole"] if row[1] == REGISTER["attainment_gap"].title)
    assert UNCOUNTED in row
