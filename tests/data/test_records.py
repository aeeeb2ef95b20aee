"""Annotations and comments: kept for good, written only with the right to, undone by a further step, the same in either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from data.records import LABEL_LIMIT, TEXT_LIMIT, Annotation, Remark, Unfit, fit_label, fit_text
from data.store import Store, schema
from data.viewer import NotAllowed, Viewer
from tests.data.readings import HERE, reading

KEEPER = Viewer("k.adeyemi", HERE, every_team=True, data_team=True)
READER = Viewer("r.jones", HERE, every_team=True)
INSPECTION = Annotation(pd.Timestamp("2024-01-15"), "Inspection", "inspection")
SURGERIES = Annotation(pd.Timestamp("2024-11-04"), "Fortnightly surgeries begin", "policy", "cp_visits_in_time")
COMMENT = Remark("cp_visits_in_time", "team", "Harbour", pd.Timestamp("2026-05-31"), "Two posts were empty until the 12th.")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def loaded(*lines: str, as_at: str = "2026-05-31") -> Any:
    said = [line.split() for line in lines]
    frame = pd.DataFrame(said, columns=["happened_on", "label", "annotation_kind", "kpi", "rebase"]).replace("-", None)
    frame = frame.assign(happened_on=pd.to_datetime(frame["happened_on"]), rebase=frame["rebase"].map({"yes": True, "no": False}))
    return reading(as_at, {"annotation": frame}, source="annotations", file="annotations.csv")


def labels(store: Store, kpi: str | None = None) -> list[str]:
    return list(store.annotations(KEEPER, kpi)["label"])


# ---- annotations
def test_annotations_are_listed_by_day_with_who_and_when(store: Store) -> None:
    later, earlier = store.annotate(KEEPER, SURGERIES), store.annotate(KEEPER, INSPECTION)
    frame = store.annotations(READER)
    assert list(frame["id"]) == [earlier, later]
    first = frame.iloc[0]
    assert (first["on"], first["label"], first["kind"], first["kpi"]) == (INSPECTION.on, "Inspection", "inspection", "")
    assert (first["origin"], first["made_by"], bool(first["rebase"])) == ("typed", "k.adeyemi", False)
    assert pd.notna(first["made_at"])
    assert pd.isna(first["undone_at"])


def test_a_measure_has_its_own_annotations_and_those_of_every_measure(store: Store) -> None:
    store.annotate(KEEPER, INSPECTION)
    store.annotate(KEEPER, SURGERIES)
    assert labels(store, "cp_visits_in_time") == ["Inspection", "Fortnightly surgeries begin"]
    assert labels(store, "re_referrals") == ["Inspection"]


def test_an_annotation_undone_leaves_the_list_and_stays_in_the_history(store: Store) -> None:
    ident = store.annotate(KEEPER, INSPECTION)
    other = Viewer("m.patel", HERE, data_team=True)
    store.undo_annotation(other, ident)
    assert labels(store) == []
    past = store.annotations(READER, history=True).iloc[0]
    assert (past["label"], past["made_by"], past["undone_by"]) == ("Inspection", "k.adeyemi", "m.patel")
    with pytest.raises(LookupError, match=r"undone already, by m\.patel"):
        store.undo_annotation(KEEPER, ident)
    assert store.annotate(KEEPER, INSPECTION) != ident


def test_a_correction_takes_the_place_of_what_it_corrects_or_nothing_happens(store: Store) -> None:
    ident = store.annotate(KEEPER, INSPECTION)
    right = Annotation(pd.Timestamp("2024-01-16"), "Inspection", "inspection")
    store.annotate(KEEPER, right, instead_of=ident)
    assert list(store.annotations(KEEPER)["on"]) == [right.on]
    with pytest.raises(LookupError, match="There is no note 99"):
        store.annotate(KEEPER, SURGERIES, instead_of="99")
    kept = store.annotations(KEEPER)["id"].iloc[0]
    store.annotate(KEEPER, SURGERIES)
    with pytest.raises(LookupError, match="there already"):
        store.annotate(KEEPER, SURGERIES, instead_of=kept)
    assert labels(store) == ["Inspection", "Fortnightly surgeries begin"]


def test_the_same_annotation_is_not_kept_twice(store: Store) -> None:
    store.annotate(KEEPER, INSPECTION)
    with pytest.raises(LookupError, match="there already, as 1"):
        store.annotate(KEEPER, Annotation(INSPECTION.on, "  Inspection ", "policy"))


def test_a_range_is_rebased_at_an_annotation_and_every_turn_is_logged(store: Store) -> None:
    ident = store.annotate(KEEPER, INSPECTION)
    store.rebase(KEEPER, ident, True)
    row = store.annotations(READER).iloc[0]
    assert (bool(row["rebase"]), row["rebase_by"]) == (True, "k.adeyemi")
    with pytest.raises(LookupError, match="already drawn anew"):
        store.rebase(KEEPER, ident, True)
    store.rebase(KEEPER, ident, False)
    store.undo_annotation(KEEPER, ident)
    steps = store.annotation_steps(READER)
    assert list(steps["did"]) == ["added", "rebase on", "rebase off", "undone"]
    assert set(steps["by"]) == {"k.adeyemi"}
    with pytest.raises(LookupError, match="undone already"):
        store.rebase(KEEPER, ident, True)
    with pytest.raises(LookupError, match="There is no note 7"):
        store.rebase(KEEPER, "7", True)


def test_steps_are_only_ever_added(store: Store, database_url: str) -> None:
    ident = store.annotate(KEEPER, INSPECTION)
    store.rebase(KEEPER, ident, True)
    before = rows_of(database_url, "annotation_step")
    store.undo_annotation(KEEPER, ident)
    assert rows_of(database_url, "annotation_step")[: len(before)] == before
    comment = store.remark(KEEPER, COMMENT)
    before = rows_of(database_url, "remark_step")
    store.withdraw_remark(KEEPER, comment)
    assert rows_of(database_url, "remark_step")[: len(before)] == before


def rows_of(url: str, table: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    steps = schema.metadata.tables[table]
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(steps).order_by(steps.c.step_id))]
    engine.dispose()
    return found


def test_each_authority_has_its_own(store: Store) -> None:
    store.annotate(KEEPER, INSPECTION)
    elsewhere = Viewer.local("e.lund", "elsewhere")
    assert store.annotations(elsewhere).empty
    assert store.annotate(elsewhere, SURGERIES) == "1"
    with pytest.raises(LookupError):
        store.undo_annotation(elsewhere, "2")
    assert labels(store) == ["Inspection"]


# ---- annotations that came in a file
def test_loaded_and_typed_annotations_are_listed_together(store: Store) -> None:
    store.load(HERE, loaded("2025-04-01 Recording_changed recording_change assessments_no_services yes"), by="a.rahim")
    store.annotate(KEEPER, INSPECTION)
    frame = store.annotations(READER)
    assert list(frame["origin"]) == ["typed", "loaded"]
    said = frame.iloc[1]
    assert (said["label"], said["kpi"], bool(said["rebase"]), said["made_by"]) == (
        "Recording_changed", "assessments_no_services", True, "a.rahim",
    )  # fmt: skip


def test_a_loaded_annotation_goes_and_comes_with_its_load_and_stays_undone(store: Store) -> None:
    line = "2025-04-01 Recording_changed recording_change - yes"
    batch = store.load(HERE, loaded(line), by="a.rahim").batch_id
    ident = store.annotations(READER)["id"].iloc[0]
    store.rebase(KEEPER, ident, False)
    assert not store.annotations(READER)["rebase"].any()
    store.undo_annotation(KEEPER, ident)
    assert store.annotations(READER).empty
    store.withdraw(HERE, batch, by="a.rahim")
    assert store.annotations(READER, history=True).empty
    store.load(HERE, loaded(line, "2024-01-15 Inspection inspection - no", as_at="2026-06-30"), by="a.rahim")
    assert labels(store) == ["Inspection"]
    assert store.annotations(READER, history=True)["undone_by"].tolist()[1] == "k.adeyemi"


def test_what_a_file_says_twice_over_is_one_annotation(store: Store) -> None:
    store.load(HERE, loaded("2024-01-15 Inspection inspection - no"), by="a.rahim")
    store.load(HERE, loaded("2024-01-15 Inspection policy - yes", as_at="2026-06-30"), by="b.okafor")
    frame = store.annotations(READER)
    assert (list(frame["kind"]), list(frame["rebase"]), list(frame["made_by"])) == (["policy"], [True], ["b.okafor"])
    with pytest.raises(LookupError, match="there already"):
        store.annotate(KEEPER, INSPECTION)


# ---- comments
def test_a_comment_is_kept_beside_its_figure_and_withdrawn_by_a_further_step(store: Store) -> None:
    ident = store.remark(KEEPER, COMMENT)
    store.remark(KEEPER, Remark("cp_visits_in_time", "authority", "", pd.Timestamp("2026-05-03"), "Better recording."))
    found = store.remarks(READER, "cp_visits_in_time", level="team", units=["Harbour"], period=pd.Timestamp("2026-05-31"))
    assert list(found["text"]) == [COMMENT.text]
    assert list(store.remarks(READER)["period"]) == [COMMENT.period] * 2
    store.withdraw_remark(KEEPER, ident)
    assert list(store.remarks(READER)["text"]) == ["Better recording."]
    assert store.remarks(READER, history=True)["withdrawn_by"].tolist()[0] == "k.adeyemi"
    with pytest.raises(LookupError, match="withdrawn already"):
        store.withdraw_remark(KEEPER, ident)
    with pytest.raises(LookupError, match="no comment 9"):
        store.remark(KEEPER, COMMENT, instead_of="9")


def test_a_comment_corrected_is_a_new_one_in_the_place_of_the_old(store: Store) -> None:
    ident = store.remark(KEEPER, COMMENT)
    store.remark(KEEPER, Remark(*[*vars(COMMENT).values()][:4], "One post was empty."), instead_of=ident)
    assert list(store.remarks(READER)["text"]) == ["One post was empty."]
    assert len(store.remarks(READER, history=True)) == 2


def test_a_comment_on_a_team_is_read_by_those_who_see_the_team(store: Store) -> None:
    ident = store.remark(KEEPER, COMMENT)
    assert store.remarks(Viewer("c.hall", HERE, frozenset({"Mill"}))).empty
    assert len(store.remarks(Viewer("c.hall", HERE, frozenset({"Harbour"})))) == 1
    outsider = Viewer("c.hall", HERE, frozenset({"Mill"}), data_team=True)
    for forbidden in (lambda: store.remark(outsider, COMMENT), lambda: store.withdraw_remark(outsider, ident)):
        with pytest.raises(NotAllowed, match="does not see the team Harbour"):
            forbidden()


# ---- who may, and what is told of a change
WRITES: dict[str, Callable[[Store, Viewer], Any]] = {
    "annotate": lambda store, who: store.annotate(who, INSPECTION),
    "undo": lambda store, who: store.undo_annotation(who, "1"),
    "rebase": lambda store, who: store.rebase(who, "1", True),
    "remark": lambda store, who: store.remark(who, COMMENT),
    "withdraw": lambda store, who: store.withdraw_remark(who, "1"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_only_the_data_team_writes(write: Callable[[Store, Viewer], Any], store: Store) -> None:
    store.annotate(KEEPER, SURGERIES)
    store.remark(KEEPER, COMMENT)
    before = store.version(HERE)
    with pytest.raises(NotAllowed, match="ask someone of the data team"):
        write(store, READER)
    assert store.version(HERE) == before
    write(store, KEEPER)
    assert store.version(HERE) > before


def test_nobody_may_write_unless_told_otherwise() -> None:
    assert not Viewer("anyone", HERE).may_annotate
    assert Viewer.local("anyone", HERE).may_annotate


def test_figures_up_to_date_stay_so_and_those_that_are_not_do_not_become_so(store: Store) -> None:
    store.annotate(KEEPER, INSPECTION)
    version, worked_out = store.version(HERE)
    assert worked_out != version
    columns = ["kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out", "apart", "note"]
    store.work_out(HERE, lambda _: pd.DataFrame(columns=columns))
    store.annotate(KEEPER, SURGERIES)
    now = store.version(HERE)
    assert now == (version + 1, version + 1)


# ---- words that can be kept
TOO_LONG = "x" * (LABEL_LIMIT + 1)
UNFIT_LABELS = {
    "": "empty",
    "   ": "empty",
    "\u200b": "empty",
    "...": "empty",
    TOO_LONG: "shorten it",
    "a\0b": r"U\+0000",
    "a\x1bb": r"U\+001B",
}
UNFIT_LABELS |= {"a\u202eb": r"U\+202E", "a\ud800b": r"U\+D800"}


@pytest.mark.parametrize(("label", "says"), UNFIT_LABELS.items(), ids=repr)
def test_a_label_that_cannot_be_kept_is_refused_in_words(label: str, says: str, store: Store) -> None:
    with pytest.raises(Unfit, match=says):
        store.annotate(KEEPER, Annotation(INSPECTION.on, label, "policy"))
    assert store.annotations(KEEPER, history=True).empty


UNFIT: dict[str, tuple[Any, str]] = {
    "a kind there is not": (Annotation(INSPECTION.on, "Party", "celebration"), "not a kind of note"),
    "a measure that is no key": (Annotation(INSPECTION.on, "Party", "policy", "Re-referrals!"), "not the key of a measure"),
    "no day": (Annotation(pd.NaT, "Party", "policy"), "date is missing"),
    "a day to come": (Annotation(pd.Timestamp("2150-01-01"), "Party", "policy"), "in the future"),
    "a year mistyped": (Annotation(pd.Timestamp("1924-01-15"), "Party", "policy"), "check the year"),
    "a worker": (Remark("caseload", "worker", "W1", COMMENT.period, "Away."), "not of a “worker”"),
    "a team that is not named": (Remark("caseload", "team", "", COMMENT.period, "Away."), "which service or team"),
    "the whole, named": (Remark("caseload", "authority", "Harbour", COMMENT.period, "Away."), "which service or team"),
    "nothing said": (Remark("caseload", "authority", "", COMMENT.period, " \n "), "comment is empty"),
    "too much said": (Remark("caseload", "authority", "", COMMENT.period, "x" * (TEXT_LIMIT + 1)), "2,001 characters"),
    "no month": (Remark("caseload", "authority", "", pd.NaT, "Away."), "month is missing"),
    "no measure": (Remark("", "authority", "", COMMENT.period, "Away."), "which measure"),
}


@pytest.mark.parametrize(("said", "says"), UNFIT.values(), ids=UNFIT)
def test_what_cannot_be_kept_is_refused_in_words(said: Annotation | Remark, says: str, sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with pytest.raises(Unfit, match=says):
        store.annotate(KEEPER, said) if isinstance(said, Annotation) else store.remark(KEEPER, said)
    store.close()


def test_markup_is_kept_as_the_text_it_is(store: Store) -> None:
    label, words = "<script>alert(1)</script>", "First line\r\n\r\n\r\n\r\n=HYPERLINK(1) 'quoted'; DROP TABLE remark_step; --"
    store.annotate(KEEPER, Annotation(INSPECTION.on, label, "policy"))
    store.remark(KEEPER, Remark("caseload", "authority", "", COMMENT.period, words))
    assert labels(store) == [label]
    assert list(store.remarks(KEEPER)["text"]) == ["First line\n\n=HYPERLINK(1) 'quoted'; DROP TABLE remark_step; --"]


@given(st.text(max_size=200))
def test_whatever_is_typed_is_tidied_once_or_refused(typed: str) -> None:
    for fit in (fit_label, fit_text):
        try:
            kept = fit(typed)
        except Unfit:
            continue
        assert fit(kept) == kept
        assert kept.encode("utf-8")
