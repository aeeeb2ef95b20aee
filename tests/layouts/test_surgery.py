"""The pages of a performance surgery: drawn from frames, kept, closed, and never showing a child to who may not see them. Invented data."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dash import dcc, html
from openpyxl import load_workbook

from data.store import Store
from data.surgery import Commitment, Conflict, Surgery
from data.viewer import NotAllowed, Viewer
from layouts import build_app, draw
from layouts.as_html import as_html, markup
from layouts.fortnightly_gathered import fortnight_of
from layouts.surgery import draw as draw_surgery
from layouts.surgery_agreed import agree
from layouts.surgery_clash import clash
from layouts.surgery_drawn import drawn
from layouts.surgery_forms import closed, write
from layouts.surgery_gathered import meeting_at
from layouts.surgery_meeting import FRAMES, meeting_of, snapshot_of
from layouts.surgery_offered import offered
from layouts.surgery_since import kept_of
from layouts.view import View
from tests.data.readings import HERE, reading
from tests.layouts.held import KEEPER, fill
from tests.layouts.made_surgery import AGREED, BEFORE, empty, meeting, typed

READER = Viewer("r.jones", HERE, every_team=True)
HARBOUR = Viewer("t.ainsley", HERE, teams=frozenset({"Harbour"}))
BRIDGE = Viewer("b.okoro", HERE, teams=frozenset({"Bridge"}))
JUNE = pd.Timestamp("2026-06-09")
FORM = {"form": "surgery-agree", "kind": "child_seen", "who": "w1", "by": "12/06/2026", "level": "", "what": "", "of": "", "revision": 0}


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small council of `held`, loaded once and copied for each test that writes."""
    path = tmp_path_factory.mktemp("surgery") / "held.sqlite"
    store = Store(f"sqlite:///{path.as_posix()}")
    fill(store)
    store.close()
    return path


@pytest.fixture
def store(laid: Path, tmp_path: Path) -> Iterator[Store]:
    for part in laid.parent.glob("held.sqlite*"):
        (tmp_path / part.name).write_bytes(part.read_bytes())
    made = Store(f"sqlite:///{(tmp_path / 'held.sqlite').as_posix()}")
    yield made
    made.close()


def surgery(store: Store, on: pd.Timestamp = JUNE, unit: str = "Harbour", viewer: Viewer = KEEPER, level: str = "team") -> str:
    return store.surgeries.open(viewer, Surgery(level=level, unit_id=unit, held_on=on))


def at(store: Store, ident: str, viewer: Viewer = KEEPER) -> Any:
    found = meeting_at(store, viewer, ident, "Invented Council")
    assert found is not None
    return found


def about(store: Store, ident: str, place: int = 0) -> str:
    row = at(store, ident).late.iloc[place]
    return f"child|{row['child_id']}|{row['duty']}"


def page(store: Store, path: str, viewer: Viewer = KEEPER) -> str:
    return json.dumps(draw(store, viewer, "Invented Council", path, ""), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def page_alone(store: Store, ident: str) -> str:
    """The page of a surgery without the frame around it, which tells of the site as it is now."""
    view = View(store, KEEPER, "Invented Council", f"/surgery/{ident}", {"key": ident})
    return json.dumps(draw_surgery(view), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def shown(made: Any, *, may_write: bool = True) -> str:
    return json.dumps(drawn(made, may_write=may_write), default=lambda part: part.to_plotly_json(), ensure_ascii=False)


# Drawn from frames -----------------------------------------------------------------------------------------------------------------


def test_a_surgery_is_drawn_in_the_order_of_the_meeting() -> None:
    said = shown(meeting())
    headings = (
        "Since last time: 1 of 3 commitments kept", "Now: 8 of 13 children with a plan open seen in time, down from 9",
        "The children: 3 late, 1 due by Tuesday 16 June", "Agree: 1 so far",
    )  # fmt: skip
    places = [said.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "11th surgery of the unit; the last was 26 May 2026" in said
    assert "known up to 31 May 2026" in said
    assert "Of the 3 children late on 26 May 2026: 1 seen, 1 no longer open, <b>1 still not seen</b>" in said
    assert said.index("10390</a>") < said.index("10463</a>") < said.index("=1+1</a>") < said.index("10402</a>")
    assert "&lt;b&gt;Cover&lt;/b&gt; from Bridge" in said
    assert "<b>Cover" not in markup(agree(meeting()))


@pytest.mark.parametrize(("target", "more"), [(85.0, ": 4 more"), (61.5, None), (61.6, ": 1 more")])
def test_how_many_more_would_meet_the_target_is_judged_as_it_is_shown(target: float, more: str | None) -> None:
    """8 of 13 is 61.5 per cent as shown: a target of 61.5 is met, one of 61.6 takes one more."""
    made = meeting()
    status = "met" if more is None else "not met"
    said = shown(meeting(figures=made.figures.assign(target=target, status=status)))
    assert (f"by 31 Jul 2026{more}" in said) if more else (": 1 more" not in said)


def test_nothing_to_show_is_said_in_words() -> None:
    said = shown(empty())
    for words in ("This is the first surgery of the unit", "No figures reach the day", "Nobody is late", "Nothing is agreed yet",
                  "No worker of this unit held a case that day", "No load reaches this day"):  # fmt: skip
        assert words in said


def test_one_child_and_one_commitment_read_as_one() -> None:
    said = shown(meeting(children=meeting().children.head(1), commitments=typed(BEFORE).head(1), late_then=meeting().late_then.head(1)))
    assert "1 of 1 commitment kept" in said
    assert "Of the 1 child late" in said
    assert "1 late, 0 due" in said


def test_a_closed_surgery_is_read_only_and_says_who_closed_it() -> None:
    made = meeting(state="closed", closed_by="T. Ainsley", closed_at=pd.Timestamp("2026-06-09 11:00"))
    said = shown(made, may_write=False)
    assert "Closed by T. Ainsley on 9 Jun 2026 at 11:00" in said
    for written in ("data-keep", "data-change", "data-take-back", "data-answer", "surgery-typed", "close-surgery"):
        assert written not in said
        assert written in shown(meeting())


def test_what_audits_asked_for_stands_below_the_children_and_can_be_agreed_on() -> None:
    page = shown(meeting())
    assert "Asked for by audits: 1 overdue, 1 due" in page
    assert "child|10463|audit_action" in page
    assert "Not known" in page, "an action whose audit is not loaded names no child"
    about = {one.key: one for one in offered(meeting()).abouts}["child|10463|audit_action"]
    assert (about.kind, about.who, about.by) == ("audit_action_done", "K. Birch", "16/06/2026")
    assert "Asked for by audits" not in shown(empty())
    before = {**snapshot_of(meeting())}
    before["frames"] = {name: frame for name, frame in before["frames"].items() if name != "actions"}
    assert meeting_of(before).actions.empty, "a surgery closed before audits were in it is read as it was kept"


@pytest.mark.parametrize("made", [meeting(), empty()], ids=["whole", "empty"])
def test_a_snapshot_gives_back_the_same_page(made: Any) -> None:
    again = meeting_of(json.loads(json.dumps(snapshot_of(made))), state="open", revision=made.revision, steps=made.steps)
    assert shown(again) == shown(made)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(made, name), check_dtype=len(getattr(made, name)) > 0)
    assert {f.name for f in fields(made)} >= set(FRAMES)


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        ((), "nothing was agreed"), (("kept", "kept_late", "not_kept", "overdue"), "2 of 4 commitments kept"),
        (("cannot_tell", "not_yet_due", "moved", "no_longer_open"), "no commitment could be judged"),
    ],
)  # fmt: skip
def test_only_what_could_be_judged_is_counted_as_kept_or_not(outcomes: tuple[str, ...], says: str) -> None:
    assert kept_of(pd.DataFrame({"outcome": list(outcomes)})) == says


def test_the_form_is_filled_in_with_who_and_a_sensible_day() -> None:
    """A child late is to be seen in three working days, one due by the day it is due, and nothing on the day of the surgery itself."""
    found = {one.key: one for one in offered(meeting()).abouts}
    assert (found["child|10390|cp_visit"].who, found["child|10390|cp_visit"].by) == ("K. Birch", "12/06/2026")
    assert found["child|10402|cp_visit"].by == "10/06/2026"
    assert (found["worker|K. Birch|"].kind, found["worker|K. Birch|"].by) == ("supervision_held", "16/06/2026")
    assert (found["kpi|cp_visits_in_time|"].level, found["kpi|cp_visits_in_time|"].by) == ("85", "30/06/2026")
    given = {one.key: (one.kind, one.revision) for one in offered(meeting()).late}
    assert given["child|10463|cp_visit"] == ("worker_absent", 1)
    assert given["child|10390|cp_visit"] == ("", 0)


def test_html_handed_over_whole_is_escaped_and_has_no_callback() -> None:
    bad = "<img src=x onerror='alert(1)'>"
    said = markup(html.P([bad, html.A("x", href='"><script>', **{"aria-label": bad})], className="small", hidden=True))
    assert "<img" not in said
    assert "<script" not in said
    assert 'class="small"' in said
    assert " hidden" in said
    for part in (dcc.Input(id="a"), html.Button("x", id={"kind": "a"})):
        with pytest.raises(TypeError, match="keep it out of as_html"):
            as_html(html.Div(part))


def test_the_workbook_holds_the_meeting_and_no_formula(store: Store) -> None:
    ident = surgery(store)
    write(store, KEEPER, {**FORM, "about": about(store, ident), "what": "=HYPERLINK(1)"}, f"/surgery/{ident}")
    client = build_app(store, KEEPER, "Invented Council").server.test_client()
    answer = client.get(f"/export/surgery.xlsx?id={ident}", headers={"Host": "localhost"})
    book = load_workbook(io.BytesIO(answer.data))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    children = [row[1] for row in book["Children"].iter_rows(min_row=5, values_only=True)]
    assert children == list(at(store, ident).children["child_id"])
    assert "=HYPERLINK(1)" in [row[2] for row in book["Agreed"].iter_rows(min_row=5, values_only=True)]
    assert client.get("/export/surgery.xlsx?id=99", headers={"Host": "localhost"}).status_code == 404


# Kept and closed -------------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_shown_to_the_next_who_looks(store: Store) -> None:
    ident = surgery(store)
    path = f"/surgery/{ident}"
    child = about(store, ident)
    assert "0 so far" in page(store, path, READER)
    write(store, KEEPER, {**FORM, "about": child}, path)
    write(store, KEEPER, {"form": "surgery-reason", "about": child, "kind": "worker_absent", "note": "", "revision": 0}, path)
    write(store, KEEPER, {"form": "surgery-note", "about": "none||", "words": "Cover is asked for", "revision": 0}, path)
    said = page(store, path, READER)
    assert "1 so far" in said
    assert "Worker absent" in said
    assert "Cover is asked for" in said
    assert at(store, ident).agreed["team_id"].tolist() == ["Harbour"]


def test_two_people_at_once_lose_nothing(store: Store) -> None:
    """Whoever comes second is shown both; theirs is kept only when they choose it, from the revision they then saw."""
    ident = surgery(store)
    path, child = f"/surgery/{ident}", about(store, ident)
    write(store, KEEPER, {**FORM, "about": child}, path)
    made = at(store, ident).agreed.iloc[0]
    change = {**FORM, "about": child, "of": made["id"], "revision": 1}
    write(store, HARBOUR, {**change, "who": "the other"}, path)
    mine = {**change, "who": "me"}
    with pytest.raises(Conflict) as conflict:
        write(store, KEEPER, mine, path)
    both = json.dumps(clash(mine, conflict.value), default=lambda part: part.to_plotly_json())
    assert "the other" in both
    assert '"me"' in both
    assert at(store, ident).agreed["who"].tolist() == ["the other"]
    write(store, KEEPER, {**mine, "revision": 2}, path)
    assert at(store, ident).agreed["who"].tolist() == ["me"]
    assert list(store.surgeries.history(KEEPER, "commitment", str(made["id"]))["who"]) == ["w1", "the other", "me"]


def test_a_closed_surgery_is_unchanged_by_whatever_is_loaded_or_withdrawn_after(store: Store) -> None:
    ident = surgery(store)
    path, child = f"/surgery/{ident}", about(store, ident)
    write(store, KEEPER, {**FORM, "about": child}, path)
    closed(store, KEEPER, ident)
    before = page_alone(store, ident)
    assert "Closed by k.adeyemi" in before
    seen = f"child_id happened_on cohort_kind child_seen origin_kind nth\n{child.split('|')[1]} 2026-06-08 cp yes log 1"
    store.load(HERE, reading("2026-06-08", {"visit": seen}, file="june.csv"), by="a.rahim")
    assert page_alone(store, ident) == before
    store.withdraw(HERE, int(store.loads(HERE)["batch_id"].min()), by="a.rahim")
    assert page_alone(store, ident) == before
    with pytest.raises((LookupError, NotAllowed)):
        write(store, KEEPER, {**FORM, "about": child}, path)


def test_the_next_surgery_says_what_became_of_the_last(store: Store) -> None:
    first = surgery(store)
    kept, left = about(store, first), about(store, first, 1)
    for child in (kept, left):
        write(store, KEEPER, {**FORM, "about": child}, f"/surgery/{first}")
    closed(store, KEEPER, first)
    seen = f"child_id happened_on cohort_kind child_seen origin_kind nth\n{kept.split('|')[1]} 2026-06-11 cp yes log 1"
    store.load(
        HERE, reading("2026-06-30", {"visit": seen}, file="june.csv", covers={"visit:cp": ("2026-06-01", "2026-06-30")}), by="a.rahim"
    )
    second = at(store, surgery(store, pd.Timestamp("2026-06-23")))
    outcomes = dict(zip(second.commitments["about_id"], second.commitments["outcome"], strict=True))
    assert outcomes == {kept.split("|")[1]: "kept", left.split("|")[1]: "not_kept"}
    running = second.late.set_index("child_id")["surgeries_running"]
    assert running[left.split("|")[1]] == 2
    assert set(second.late_then.loc[second.late_then["outcome"] == "seen_on", "child_id"]) == {kept.split("|")[1]}


# Who may see and write what --------------------------------------------------------------------------------------------------------


def test_another_teams_surgery_is_not_there_and_nobody_writes_without_the_right(store: Store) -> None:
    ident = surgery(store)
    child = at(store, ident).late.iloc[0]["child_id"]
    assert meeting_at(store, BRIDGE, ident) is None
    assert f">{child}<" not in page(store, f"/surgery/{ident}", BRIDGE)
    whole = surgery(store, level="authority", unit="")
    theirs = at(store, whole, BRIDGE)
    assert theirs.partial
    assert set(theirs.children["team_id"]) == {"Bridge"}
    said = page(store, f"/surgery/{whole}", BRIDGE)
    assert "teams you do not see are not listed" in said
    assert "surgery-typed" not in said
    with pytest.raises(NotAllowed):
        write(store, BRIDGE, {**FORM, "about": f"child|{child}|cp_visit"}, f"/surgery/{whole}")
    with pytest.raises(NotAllowed, match="would not be whole"):
        closed(store, Viewer("d.keeper", HERE, teams=frozenset({"Bridge"}), data_team=True), whole)


def test_a_post_without_the_right_is_told_so_in_the_page(store: Store) -> None:
    """Any page can post to a callback: what it asks is refused in words, and nothing is kept."""
    ident = surgery(store)
    app = build_app(store, Viewer("n.obody", HERE, teams=frozenset({"Bridge"})), "Invented Council")
    client = app.server.test_client()
    listed = client.get("/_dash-dependencies", headers={"Host": "localhost"}).get_json()
    (callback,) = [one for one in listed if any(i["id"] == "surgery-typed" for i in one["inputs"])]
    sent = {
        "output": callback["output"], "outputs": [], "changedPropIds": ["surgery-typed.data"],
        "inputs": [{"id": "surgery-typed", "property": "data", "value": {**FORM, "about": "none||", "kind": "by_hand", "what": "x"}}],
        "state": [{"id": "url", "property": "pathname", "value": f"/surgery/{ident}"}, {"id": "url", "property": "search", "value": ""}],
    }  # fmt: skip
    answer = client.post("/_dash-update-component", json=sent, headers={"Host": "localhost"})
    assert "may not hold a surgery" in answer.get_data(as_text=True) or "There is no surgery" in answer.get_data(as_text=True)
    assert store.surgeries.commitments(KEEPER).empty


# The fortnightly report ------------------------------------------------------------------------------------------------------------


def test_the_report_is_made_from_the_surgeries_of_its_fortnight(store: Store) -> None:
    old, first, second = (surgery(store, pd.Timestamp(day)) for day in ("2026-05-20", "2026-06-03", "2026-06-09"))
    surgery(store, unit="Bridge")
    agreed = Commitment(surgery_id=first, kind="by_hand", what="Cover", who="t.ainsley", by_on=pd.Timestamp("2026-06-05"))
    store.surgeries.answer(KEEPER, store.surgeries.agree(KEEPER, agreed), True, "Done", revision=1)
    found = fortnight_of(View(store, KEEPER, "Invented Council", "/surgery/report", {"service": "South"}))
    assert (found.first, found.last) == (pd.Timestamp("2026-05-27"), JUNE)
    assert {made.ident for made in found.meetings} == {first, second}
    assert old not in {made.ident for made in found.meetings}
    assert (found.kept, found.judged) == (1, 1)
    assert (found.repeated["surgeries_running"] >= 2).all()
    assert found.without == ("Mill",)
    said = page(store, "/surgery/report?service=South".split("?")[0])
    assert "1 of 1 commitment kept" in said
    client = build_app(store, KEEPER, "Invented Council").server.test_client()
    book = load_workbook(io.BytesIO(client.get("/export/fortnightly.xlsx?service=South", headers={"Host": "localhost"}).data))
    again = [row[0] for row in book["Late again"].iter_rows(min_row=5, values_only=True)]
    assert again == list(found.repeated["child_id"])
    assert typed(AGREED)["id"].tolist() == ["9"]
