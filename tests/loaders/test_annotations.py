"""The annotations extract: what happened, when, to which measure, and whether the range is drawn anew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.reading import Refused
from data.sample.annotations import EVENTS, annotation_list
from data.sample.files import write_csv
from data.store import Store
from data.viewer import Viewer
from tests.loaders.extracts import TODAY, problems, read, text

HEADINGS = "date,label,kind,kpi_id,rebase"


def test_annotations(tmp_path: Path) -> None:
    path = text(
        tmp_path / "annotations.csv",
        HEADINGS,
        "15/01/2024,Inspection  of services,Ofsted,,",
        "01/04/2025,Advice recorded as support,recording change,Assessments no-services,Y",
        "04/11/2024,Surgeries begin,policy,All,N",
    )
    reading = read(path)
    rows = reading.tables["annotation"]
    assert (reading.source, reading.problems, reading.covers) == ("annotations", (), {})
    assert rows["happened_on"].tolist() == [pd.Timestamp("2024-01-15"), pd.Timestamp("2025-04-01"), pd.Timestamp("2024-11-04")]
    assert rows["label"].tolist()[0] == "Inspection of services"
    assert rows["annotation_kind"].tolist() == ["inspection", "recording_change", "policy"]
    assert rows["kpi"].fillna("").tolist() == ["", "assessments_no_services", ""]
    assert rows["rebase"].tolist() == [False, True, False]


def test_a_list_of_what_happened_speaks_of_the_day_it_is_loaded_so_that_the_latest_list_holds(tmp_path: Path) -> None:
    assert read(text(tmp_path / "annotations.csv", HEADINGS, "15/01/2024,Inspection,inspection,,")).as_at == pd.Timestamp(TODAY)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("15/01/2027,Inspection,inspection,,", "date", "in the future"),
        (",Inspection,inspection,,", "date", "is empty"),
        ("15/01/2024,,inspection,,", "label", "is empty"),
        ("15/01/2024,...,inspection,,", "label", "label is empty"),
        (f"15/01/2024,{'x' * 121},inspection,,", "label", "shorten it"),
        ("15/01/2024,Inspection,party,,", "kind", "party"),
        ("15/01/2024,Inspection,,,", "kind", "is empty"),
        ("15/01/2024,Inspection,inspection,50% of visits,", "kpi_id", "not the key of a measure"),
    ],
)
def test_a_row_that_could_not_be_typed_is_set_aside_with_its_place(row: str, column: str, says: str, tmp_path: Path) -> None:
    reading = read(text(tmp_path / "annotations.csv", HEADINGS, row, "04/11/2024,Surgeries begin,policy,,N"))
    assert reading.tables["annotation"]["label"].tolist() == ["Surgeries begin"]
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, problem.column) == (2, column)
    assert says in problem.says


def test_a_list_without_kinds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="“kind”"):
        read(text(tmp_path / "annotations.csv", "date,label,kpi_id,rebase", "15/01/2024,Inspection,,"))


def test_the_invented_councils_annotations_arrive_whole(tmp_path: Path) -> None:
    write_csv(tmp_path / "annotations.csv", annotation_list())
    reading = read(tmp_path / "annotations.csv")
    assert reading.problems == ()
    store = Store(f"sqlite:///{(tmp_path / 'sightline.sqlite').as_posix()}")
    store.load("here", reading, by="a.rahim")
    frame = store.annotations(Viewer("r.jones", "here"))
    store.close()
    assert sorted(frame["label"]) == sorted(event[1] for event in EVENTS)
    assert frame.loc[frame["rebase"], "kpi"].tolist() == ["assessments_no_services"]
