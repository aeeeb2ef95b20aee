"""Targets, figures known only as figures, and the figures fit to publish, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from data.records import Target
from data.settings import settings
from data.store import Store
from data.viewer import Viewer
from kpi.measures import NO_LIST, undeclare
from tests.extracts import as_csv
from tests.layouts.held import MAY
from tests.test_cli import extracts, run, told

__all__ = ["extracts"]


def test_targets_are_listed_with_where_they_came_from() -> None:
    store = Store(settings().database_url)
    store.set_target(Viewer.local("k.adeyemi", "local"), Target("cp_visits_in_time", MAY, 90.0, "The board"))
    store.close()
    shipped, ours = told("targets", "--kpi", "cp_visits_in_time")
    assert (shipped["green"], shipped["origin"], shipped["amber"], shipped["made_by"]) == (85, "shipped", 75, None)
    assert (ours["since"], ours["green"], ours["amber"], ours["origin"], ours["holds"], ours["id"], ours["made_by"], ours["known"]) == (
        "2026-05-31", 90, None, "set here", True, "1", "k.adeyemi", True,
    )  # fmt: skip
    assert "kpi,since,green,amber,by,set_by,source,note,origin" in run("targets", "--format", "csv").stdout
    assert run("targets", "--kpi", "no_such_kpi").exit_code == 2


def test_figures_are_judged_by_the_targets_set_here(extracts: Path) -> None:
    told("load", extracts)
    store = Store(settings().database_url)
    store.set_target(Viewer.local("k.adeyemi", "local"), Target("cp_visits_in_time", MAY.replace(month=3, day=1), 99.0, "The board"))
    store.close()
    (row,) = told("figures", "--kpi", "cp_visits_in_time", "--from", "2026-03", "--to", "2026-03")
    assert (row["target"], row["status"]) == (99, "not met")


def test_a_councils_own_measure_is_loaded_judged_and_has_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "measures.csv"
    own.write_text("key,title,measure,better,domain,source,noun,did,basis\nown_lates,Late,percent,lower,in_need,Us,trains,late,in_period\n")
    monkeypatch.setenv("SIGHTLINE_MEASURES", str(own))
    row = {
        "measure": "own_lates",
        "unit_level": "authority",
        "unit": "",
        "month": "2026-05",
        "numerator": 12,
        "denominator": 48,
        "value": "",
    }
    as_csv(tmp_path / "in" / "measure_values_2026-05.csv", [row, {**row, "month": "2026-04", "numerator": "<5"}])
    try:
        told("load", tmp_path / "in")
        april, may = told("figures", "--kpi", "own_lates", "--from", "2026-04", "--to", "2026-05")
        assert (may["numerator"], may["denominator"], may["value"], may["status"]) == (12, 48, 25, "no target")
        assert (april["numerator"], april["status"], april["note"]) == (None, "no cases", "hidden in the extract: <5")
        assert run("cases", "own_lates", "2026-05").stdout.strip() == NO_LIST
    finally:
        undeclare(["own_lates"])


@pytest.mark.parametrize(
    ("content", "says"),
    [("key,title\nx,y\n", "the column measure is missing"), (None, "there is no such file")],
)
def test_a_file_of_measures_that_cannot_be_read_stops_every_command(content: str | None, says: str, tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own = tmp_path / "measures.csv"
    if content:
        own.write_text(content)
    monkeypatch.setenv("SIGHTLINE_MEASURES", str(own))
    result = run("figures")
    assert result.exit_code == 2
    assert says in " ".join(result.output.replace("│", " ").split())


def test_the_figures_fit_to_publish_are_written_where_they_are_asked_for(extracts: Path, tmp_path: Path) -> None:
    told("load", extracts)
    out = tmp_path / "public.xlsx"
    assert run("export", "public", "--period", "2026-03", "--out", out).exit_code == 0
    book = load_workbook(out)
    assert book.sheetnames[:3] == ["Read first", "Whole", "Services and teams"]
    assert run("export", "public", "--period", "2031-01", "--out", tmp_path / "none.xlsx").exit_code == 2
    assert not (tmp_path / "none.xlsx").exists()
