"""Notes and comments beside a KPI: lettered, told with who and when, written only by the data team, and never taken for markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from playwright.sync_api import Page, expect

from data.records import Annotation, Remark, Unfit
from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER
from layouts import assets_together, shell
from layouts.note_forms import Unit, day_typed, do, register
from layouts.notes import chart_notes, lettered, notes_section
from tests.servers import served

HERE = "here"
KEEPER = Viewer("k.adeyemi", HERE, every_team=True, data_team=True)
READER = Viewer("r.jones", HERE, every_team=True)
MEASURE = REGISTER["re_referrals"]
MAY = pd.Timestamp("2026-05-31")
UNIT = Unit("authority", "", "Invented Council", MAY)
SCRIPT = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


def note(on: str, label: str, kpi: str = "", rebase: bool = False) -> Annotation:
    return Annotation(pd.Timestamp(on), label, "policy", kpi, rebase)


def drawn(store: Store, viewer: Viewer = READER, *, first: str = "2024-01-31") -> Component:
    told = lettered(store.annotations(viewer, MEASURE.key, history=True), pd.Timestamp(first), MAY)
    return notes_section(told, store.remarks(viewer, MEASURE.key, history=True), MEASURE, UNIT, may_write=viewer.may_annotate)


def said(component: Any) -> str:
    """All the words of a component, in order."""
    if isinstance(component, list | tuple):
        return "".join(said(part) for part in component)
    return said(getattr(component, "children", None)) if isinstance(component, Component) else str(component or "")


# ---- what is shown
def test_notes_within_the_months_of_the_chart_are_lettered_by_day(store: Store) -> None:
    for on, label in (("2026-05-31", "last day"), ("2024-01-01", "first day"), ("2023-12-31", "too early"), ("2025-01-01", "between")):
        store.annotate(KEEPER, note(on, label))
    told = lettered(store.annotations(READER), pd.Timestamp("2024-01-31"), MAY)
    assert dict(zip(told["label"], told["letter"], strict=True)) == {"too early": "", "first day": "A", "between": "B", "last day": "C"}
    assert [(n.letter, n.label) for n in chart_notes(told)] == [("A", "first day"), ("B", "between"), ("C", "last day")]


def test_letters_go_on_past_z() -> None:
    days = pd.date_range("2024-02-01", periods=28)
    frame = pd.DataFrame({"on": days, "label": "x", "undone_at": pd.NaT})
    assert lettered(frame, pd.Timestamp("2024-01-31"), MAY)["letter"].tolist()[24:] == ["Y", "Z", "AA", "AB"]


def test_undone_notes_have_no_letter(store: Store) -> None:
    store.undo_annotation(KEEPER, store.annotate(KEEPER, note("2024-03-01", "a slip")))
    store.annotate(KEEPER, note("2024-04-01", "stands"))
    told = lettered(store.annotations(READER, history=True), pd.Timestamp("2024-01-31"), MAY)
    assert dict(zip(told["label"], told["letter"], strict=True)) == {"a slip": "", "stands": "A"}
    words = said(drawn(store))
    assert "1 note undone" in words
    assert "a slip. Undone by k.adeyemi on " in words


def test_a_note_says_its_day_its_kind_what_it_bears_on_and_who_wrote_it(store: Store) -> None:
    ident = store.annotate(KEEPER, note("2024-11-04", "Surgeries begin", MEASURE.key))
    store.rebase(KEEPER, ident, True)
    words = said(drawn(store))
    assert "A4 November 2024: Surgeries begin" in words or "A4 Nov 2024: Surgeries begin" in words
    assert "Policy, for this measure. The expected range is drawn anew from here, by k.adeyemi on " in words
    store.rebase(KEEPER, ident, False)
    assert "k.adeyemi turned its new range off on " in said(drawn(store))


def test_comments_are_shown_newest_first_with_who_and_when(store: Store) -> None:
    for period, text in (("2026-04-30", "Earlier."), ("2026-05-31", "Later.\n\nAnd more.")):
        store.remark(KEEPER, Remark(MEASURE.key, "authority", "", pd.Timestamp(period), text))
    words = said(drawn(store))
    assert words.index("Later.") < words.index("Earlier.")
    assert "k.adeyemi, " in words


def test_nothing_written_is_said_in_words(store: Store) -> None:
    words = said(drawn(store))
    assert "Nothing has been noted that bears on this measure." in words
    assert "Nobody has commented on Invented Council yet." in words


@pytest.mark.parametrize(("viewer", "forms"), [(KEEPER, True), (READER, False)], ids=["data team", "reader"])
def test_only_the_data_team_is_shown_forms_and_buttons(viewer: Viewer, forms: bool, store: Store) -> None:
    store.annotate(KEEPER, note("2024-11-04", "Surgeries begin"))
    store.remark(KEEPER, Remark(MEASURE.key, "authority", "", MAY, "Fewer came back."))
    shown = json.dumps(drawn(store, viewer).to_plotly_json(), default=lambda part: part.to_plotly_json())
    assert [name in shown for name in ("note-add", "remark-add", "note-act", "note-says")] == [forms] * 4


def test_markup_in_a_note_is_text(store: Store) -> None:
    store.annotate(KEEPER, note("2024-11-04", SCRIPT))
    assert SCRIPT in said(drawn(store))


# ---- what is typed and pressed
@pytest.mark.parametrize("typed", ["", "2024-01-15", "31/02/2024", "15/1", "yesterday"])
def test_a_day_that_is_none_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Unfit, match="such as 15/01/2024"):
        day_typed(typed)


def test_buttons_do_what_they_say_and_nothing_else(store: Store) -> None:
    ident = store.annotate(KEEPER, note("2024-11-04", "Surgeries begin"))
    comment = store.remark(KEEPER, Remark(MEASURE.key, "authority", "", MAY, "Fewer came back."))
    for act, of in (("rebase-on", ident), ("rebase-off", ident), ("undo", ident), ("withdraw", comment)):
        do(store, KEEPER, act, of)
    assert list(store.annotation_steps(READER)["did"]) == ["added", "rebase on", "rebase off", "undone"]
    assert store.remarks(READER).empty
    with pytest.raises(Unfit):
        do(store, KEEPER, "drop", ident)


# ---- in a real browser
def serve_notes(store: Store, viewer: Viewer) -> Dash:
    """The notes of one KPI alone, on a page of their own, with the callbacks of the real one."""
    app = Dash(
        "notes", assets_folder=assets_together.ASSETS.as_posix(), assets_ignore=assets_together.NOT_BY_DASH, pages_folder="",
        serve_locally=True, suppress_callback_exceptions=True, enable_mcp=False, update_title=None,
    )  # fmt: skip
    assets_together.register(app.server)
    app.index_string = shell.INDEX
    app.layout = html.Div([dcc.Location(id="url", refresh=False), html.Div(id="page")])

    def redraw(path: str, search: str) -> Component:
        return shell.frame([shell.heading("Re-referrals"), drawn(store, viewer)], nav=[], here="", org="Invented Council")

    @app.callback(Output("page", "children"), Input("url", "pathname"))
    def show(path: str) -> Component:
        return redraw(path, "")

    register(app, store, viewer, redraw)
    return app


@pytest.mark.browser
def test_a_note_is_added_rebased_and_undone_by_keyboard_in_the_page(page: Page, store: Store) -> None:
    with served(serve_notes(store, KEEPER).server) as address:
        page.goto(f"{address}/kpi/{MEASURE.key}")
        page.get_by_text("Add a note").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Date it happened").fill("4 Nov")
        page.get_by_label("What happened").fill(SCRIPT)
        page.get_by_label("Kind").select_option("Staffing")
        page.get_by_role("button", name="Add the note").press("Enter")
        expect(page.get_by_role("alert")).to_have_text("Write the date as day/month/year, such as 15/01/2024.")
        expect(page.get_by_label("What happened")).to_have_value(SCRIPT)
        page.get_by_label("Date it happened").fill("04/11/2024")
        page.get_by_role("button", name="Add the note").press("Enter")
        expect(page.get_by_text(SCRIPT)).to_be_visible()
        expect(page.get_by_role("alert")).to_have_text("")
        expect(page.get_by_label("What happened")).to_have_value("")
        assert "taken" not in page.title()
        page.get_by_role("button", name="Draw the range anew from here: note A").press("Enter")
        page.get_by_role("button", name="No longer draw the range anew: note A").press("Enter")
        page.get_by_role("button", name="Undo: note A").press("Enter")
        expect(page.get_by_text("1 note undone")).to_be_visible()
    assert list(store.annotation_steps(READER)["did"]) == ["added", "rebase on", "rebase off", "undone"]
    assert store.annotations(READER, history=True).iloc[0][["kind", "kpi"]].tolist() == ["staffing", MEASURE.key]


@pytest.mark.browser
def test_the_forms_pass_axe(page: Page, store: Store) -> None:
    store.annotate(KEEPER, note("2024-11-04", "Surgeries begin"))
    with served(serve_notes(store, KEEPER).server) as address:
        page.goto(f"{address}/kpi/{MEASURE.key}")
        for form in ("Add a note", "Add a comment"):
            page.get_by_text(form).click()
        expect(page.get_by_label("Your comment on")).to_be_visible()
        found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
def test_whoever_posts_without_the_right_is_told_so_and_nothing_is_written(page: Page, store: Store) -> None:
    ident = store.annotate(KEEPER, note("2024-11-04", "Surgeries begin"))
    with served(serve_notes(store, READER).server) as address:
        page.goto(f"{address}/kpi/{MEASURE.key}")
        expect(page.get_by_text("Surgeries begin")).to_be_visible()
        listed = json.loads(page.request.get(f"{address}/_dash-dependencies").text())
        (callback,) = [c for c in listed if "note-act" in json.dumps(c["inputs"])]
        pressed = {"id": {"act": "undo", "kind": "note-act", "of": ident}, "property": "n_clicks", "value": 1}
        url = [
            {"id": "url", "property": name, "value": f"/kpi/{MEASURE.key}" if name == "pathname" else ""} for name in ("pathname", "search")
        ]
        changed = f'{{"act":"undo","kind":"note-act","of":"{ident}"}}.n_clicks'
        body = {"output": callback["output"], "outputs": [], "inputs": [[pressed]], "state": url, "changedPropIds": [changed]}
        answer = page.request.post(f"{address}/_dash-update-component", data=body)
    assert "r.jones may not write beside the figures" in answer.text()
    assert not store.annotations(READER).empty
