"""The improvement plan as a workbook: its actions in the layout they are loaded in, and for people its updates, stages and details.

The first sheet is the `actions` extract itself (`python app.py sources actions`): what is written here is read back word for word by
`python app.py load FILE` or an upload, and stands as it stood on the day in its last column. The other sheets are for people: updates,
stages and what only Sightline keeps are not in that extract; `python app.py plan --restore FILE` brings them back.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from data.plan_standing import IN_PLAN
from data.records import Unfit
from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER
from layouts import words
from layouts.plan_state import STAGE_WORDS
from layouts.workbook import INVENTED
from layouts.workbook_cells import Column, add_styles, put, set_for_print, table

HEADED = 3  # the row of the headings of a sheet for people
MOST_UNPACKED = 256_000_000

ACTIONS: Sequence[Column] = (  # the headings and words the extract of actions has
    Column("action_id", 12, lambda r: r["action_id"]), Column("recommendation_no", 18, lambda r: r["recommendation_id"]),
    Column("text", 60, lambda r: r["text"]), Column("lead", 26, lambda r: r["lead"]), Column("due_date", 14, lambda r: r["due_on"], "day"),
    Column("status", 14, lambda r: r["status_kind"].replace("_", " ")), Column("last_update_date", 17, lambda r: r["updated_on"], "day"),
    Column("rag", 10, lambda r: r["rag_kind"]), Column("impact_note", 50, lambda r: r["impact_note"]),
    Column("snapshot_date", 15, lambda r: r["snapshot_on"], "day"),
)  # fmt: skip
WRITTEN: Sequence[Column] = (
    Column("Written by", 22, lambda r: r["by"], "quiet"), Column("Written at", 24, lambda r: r["at"], "moment"),
    Column("Taken back by", 22, lambda r: _told(r["taken_back_by"]), "quiet"),
    Column("Taken back at", 24, lambda r: r["taken_back_at"], "moment"),
)  # fmt: skip
UPDATES: Sequence[Column] = (
    Column("Action", 12, lambda r: r["action_id"]), Column("Day", 14, lambda r: r["on"], "day"),
    Column("What was said", 80, lambda r: r["words"]), Column("Status given", 14, lambda r: _told(r["status_kind"]).replace("_", " ")),
    Column("RAG given", 12, lambda r: _told(r["rag_kind"])), Column("Reason given", 40, lambda r: _told(r["rag_reason"])), *WRITTEN,
)  # fmt: skip
STAGES: Sequence[Column] = (
    Column("Recommendation", 16, lambda r: r["recommendation_id"]), Column("Stage", 16, lambda r: STAGE_WORDS[r["stage"]]),
    Column("Since", 14, lambda r: r["on"], "day"), Column("Who says so", 26, lambda r: r["who"]),
    Column("What shows it", 70, lambda r: r["evidence"]), *WRITTEN,
)  # fmt: skip
DETAILS: Sequence[Column] = (
    Column("Action", 12, lambda r: r["action_id"]), Column("Reason for the rating", 50, lambda r: r["rag_reason"]),
    Column("Evidence", 60, lambda r: r["evidence"]), Column("Measures", 60, lambda r: _measures(r["kpis"])),
    Column("Their keys", 40, lambda r: "" if r["kpis"] is None else " ".join(r["kpis"]), "quiet"),
    Column("Written by", 22, lambda r: r["detailed_by"], "quiet"), Column("Written at", 24, lambda r: r["detailed_at"], "moment"),
)  # fmt: skip


def plan_book(store: Store, viewer: Viewer, org: str, *, on: pd.Timestamp | None = None, invented: bool = False) -> bytes:
    """The plan as it stands, or stood on a day, as the bytes of an .xlsx."""
    as_at = store.plan.as_at(viewer)
    snapshot = as_at if on is None or as_at is None else min(on, as_at)
    held = store.plan.actions(viewer, on=on)
    actions = held[held["state"] == IN_PLAN].assign(snapshot_on=snapshot)
    updates, stages = store.plan.updates(viewer, history=True), store.plan.stages(viewer, history=True)
    if on is not None:
        updates, stages = updates[updates["on"] <= on], stages[stages["on"] <= on]
    details = actions[(actions["rag_reason"] != "") | (actions["evidence"] != "") | actions["kpis"].notna()]
    book = Workbook()
    add_styles(book)
    sheet = book.active
    sheet.title = "Actions"
    table(sheet, 1, ACTIONS, actions.to_dict("records"), nothing="")
    sheet.freeze_panes = "B2"
    set_for_print(sheet, org)
    day = words.day(snapshot) if snapshot is not None else "no plan yet"
    for title, columns, rows, nothing in (
        ("Updates", UPDATES, updates, "No update has been written here yet."),
        ("Stages", STAGES, stages, "No recommendation is said to have come anywhere yet."),
        ("Details", DETAILS, details, "No reason, evidence or measure of its own is kept of any action."),
    ):
        _for_people(book, title, columns, rows.to_dict("records"), f"{org}, improvement plan, {day}", nothing, invented)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def book_name(store: Store, viewer: Viewer, on: pd.Timestamp | None = None) -> str:
    """What the file is called: by the day the plan is of, as the loader reads it from a name."""
    as_at = store.plan.as_at(viewer)
    day = as_at if on is None or as_at is None else min(on, as_at)
    return "plan_actions.xlsx" if day is None else f"plan_actions_{day:%Y-%m-%d}.xlsx"


def read_for_people(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The updates, stages and details of a workbook of this layout, as `Plan.restore` takes them. Raises Unfit, saying what is wrong."""
    if not zipfile.is_zipfile(path):
        raise Unfit(f"{path.name} is not an Excel workbook: give one that was written with `python app.py plan --out`.")
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise Unfit(f"{path.name} unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no plan does: it was not opened.")
    book = CalamineWorkbook.from_path(path)
    missing = [name for name in ("Updates", "Stages", "Details") if name not in book.sheet_names]
    if missing:
        raise Unfit(f"{path.name} has no sheet {' or '.join(missing)}: give a workbook written with `python app.py plan --out`.")
    updates, stages, details = (_sheet(book, name) for name in ("Updates", "Stages", "Details"))
    kinds = {title: kind for kind, title in STAGE_WORDS.items()}
    keys = pd.Series([tuple(said.split()) or None for said in details["Their keys"]], index=details.index, dtype="object")
    return (
        pd.DataFrame(
            {
                "action_id": updates["Action"], "on": updates["Day"], "words": updates["What was said"],
                "status_kind": updates["Status given"].str.replace(" ", "_"), "rag_kind": updates["RAG given"],
                "rag_reason": updates["Reason given"], **_written(updates),
            }
        ),
        pd.DataFrame(
            {
                "recommendation_id": stages["Recommendation"], "stage": stages["Stage"].map(kinds), "on": stages["Since"],
                "who": stages["Who says so"], "evidence": stages["What shows it"], **_written(stages),
            }
        ),
        pd.DataFrame(
            {
                "action_id": details["Action"], "rag_reason": details["Reason for the rating"], "evidence": details["Evidence"],
                "kpis": keys, "by": details["Written by"], "at": details["Written at"],
            }
        ),
    )  # fmt: skip


def _sheet(book: CalamineWorkbook, name: str) -> pd.DataFrame:
    """One sheet for people, by its headings; days and moments as such, everything else as text."""
    columns = {"Updates": UPDATES, "Stages": STAGES, "Details": DETAILS}[name]
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    titles = [column.heading for column in columns]
    if len(rows) < HEADED or [str(cell) for cell in rows[HEADED - 1][: len(titles)]] != titles:
        raise Unfit(f"The sheet {name} has other headings than Sightline writes: give a workbook as it was written.")
    body = [row[: len(titles)] for row in rows[HEADED:] if any(cell != "" for cell in row[1 : len(titles)])]
    frame = pd.DataFrame(body, columns=titles, dtype="object")
    dated = [column.heading for column in columns if column.style in ("day", "moment")]
    days = {title: pd.to_datetime(frame[title].replace("", None), errors="coerce").astype("datetime64[s]") for title in dated}
    for title in (title for title in dated if not title.startswith("Taken back")):
        if days[title].isna().any():
            row = int(days[title].isna().to_numpy().argmax()) + HEADED + 1
            raise Unfit(f"The sheet {name} has no date in row {row} under {title}: give a workbook as it was written.")
    return frame.assign(**days, **{title: frame[title].map(str).astype("object") for title in titles if title not in dated})


def _written(rows: pd.DataFrame) -> dict[str, pd.Series]:
    names = {"by": "Written by", "at": "Written at", "taken_back_by": "Taken back by", "taken_back_at": "Taken back at"}
    return {name: rows[title] for name, title in names.items()}


def _for_people(
    book: Workbook, title: str, columns: Sequence[Column], rows: Sequence[Mapping[Any, Any]], of: str, nothing: str, invented: bool
) -> None:  # fmt: skip
    sheet = book.create_sheet(title)
    put(sheet, 1, 1, of, "line")
    if invented:
        put(sheet, 2, 1, INVENTED, "flag")
    table(sheet, HEADED, columns, rows, nothing=nothing)
    sheet.freeze_panes = "B4"
    set_for_print(sheet, of)


def _told(value: Any) -> str:
    return "" if words.missing(value) else str(value)


def _measures(kpis: Any) -> str:
    return "" if kpis is None else "; ".join(REGISTER[key].title if key in REGISTER else key for key in kpis)
