"""The invented council as Sightline reads it: every file for what it is, every month spoken for, and a figure for every measure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import loaders
from data.reading import Reading
from data.sample import Placed, make
from data.store import Store
from data.viewer import Viewer
from kpi.figures import all_figures
from kpi.model import REGISTER

pytestmark = pytest.mark.slow

AUTHORITY, LAST = "invented", pd.Timestamp("2026-05-31")
TODAY = dt.date(2026, 6, 15)
SETS_ASIDE = {"impossible_date", "month_first_date", "repeated_row"}
NEEDS_A_YEAR = {key for key, measure in REGISTER.items() if measure.history_months > 2}
RETURN_ONLY = {"three_social_workers": pd.Timestamp("2026-03-31")}  # known only from the return, which ends on that day


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Placed]]:
    folder, spoilt = tmp_path_factory.mktemp("invented"), list[Placed]()
    make(folder, months=5, scale=0.2, spoilt=spoilt)
    return folder, spoilt


@pytest.fixture(scope="module")
def readings(made: tuple[Path, list[Placed]]) -> dict[str, Reading]:
    return {str(path.relative_to(made[0])): loaders.read(path, today=TODAY) for path in loaders.find([made[0]])}


@pytest.fixture(scope="module")
def store(readings: dict[str, Reading], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('store') / 's.sqlite').as_posix()}")
    for reading in readings.values():
        if store.loaded_already(AUTHORITY, reading.content_hash) is None:
            store.load(AUTHORITY, reading, by="a test")
    store.work_out(AUTHORITY, all_figures)
    yield store
    store.close()


def test_every_file_is_read_as_what_its_name_says(readings: dict[str, Reading]) -> None:
    for name, reading in readings.items():
        said = Path(name).parent.name if name.startswith("ssda903") else Path(name).name
        assert said.startswith(reading.source), name


def test_the_rows_set_aside_are_those_spoilt_on_purpose(made: tuple[Path, list[Placed]], readings: dict[str, Reading]) -> None:
    planted = Counter(piece.file for piece in made[1] if piece.kind in SETS_ASIDE)
    for name, reading in readings.items():
        aside = [p.says for p in reading.problems if p.severity == "set_aside"]
        assert len(reading.set_aside) == planted[name.replace(" (2)", "")], (name, aside)


def test_no_heading_is_unknown(readings: dict[str, Reading]) -> None:
    said = [
        f"{name}: {p.says}" for name, reading in readings.items() for p in reading.problems if "column" in p.says and "not read" in p.says
    ]
    assert said == []


def test_every_measure_has_a_figure_and_shares_are_neither_all_nor_nothing(store: Store) -> None:
    found = store.figures(Viewer.local("a test", AUTHORITY))
    whole = found[found["level"] == "authority"]
    for key, measure in REGISTER.items():
        own = whole[(whole["kpi"] == key) & (whole["denominator"] > 0)]
        assert len(own), f"{key} has no figure: {measure.needs}"
        if measure.basis == "stock":
            assert own["period"].max() == RETURN_ONLY.get(key, LAST), key
        if measure.measure == "percent" and own["denominator"].sum() >= 150 and key not in NEEDS_A_YEAR:
            share = own["numerator"].sum() / own["denominator"].sum()
            assert 0 < share < 1, key


def test_returns_and_annex_a_make_one_record_and_differ_where_planted(store: Store) -> None:
    conflicts = store.conflicts(Viewer.local("a test", AUTHORITY))
    assert {"ssda903", "cin_census"} <= {*conflicts["source_used"], *conflicts["source_not_used"]}
    assert {"child", "cp_plan", "placement", "care_leaver"} <= set(conflicts["table"])
