"""Every column and every code that Ofsted's Annex A has: kept, or known and not kept, and none passed over in silence."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import loaders
from loaders.annex_a import ANNEX_A
from loaders.cells import Fault, code_reader
from loaders.headings import columns_of
from loaders.source import Field, Form
from tests.loaders.extracts import TODAY, workbook

NOT_KEPT = {
    "Age of Child (Years)", "Number of Referrals in Last 12 Months", "Number of Section 47 Enquiries in the last 12 months",
    "Number of ICPCs in the last 12 months", "Placement postcode", "LA of Placement",
}  # fmt: skip
FORMS = {form.number: form for form in ANNEX_A.forms}
TELLING = {"Case Status": "c) Child in need plan"}  # only of these is the last time they were seen a visit of its own
Column = dict[str, Any]


@pytest.fixture(scope="module")
def spec(shared: Path) -> dict[int, list[Column]]:
    path = shared / "reference" / "annex_a.json"
    if not path.is_file():
        pytest.skip("the reference of Annex A's columns is not beside this checkout")
    return {entry["list"]: entry["columns"] for entry in json.loads(path.read_text(encoding="utf-8"))["lists"]}


def field_of(form: Form, columns: list[Column], position: int) -> Field:
    at = columns_of(form, [column["name"] for column in columns])
    (name,) = [name for name, index in at.items() if index == position]
    return next(field for field in form.fields if field.name == name)


def a_value(column: Column, position: int) -> Any:
    """Something the column might hold: dates in the order of the columns, a code, a number, a name."""
    if column["type"] == "date":
        return dt.datetime(2010, 1, 1) if "Birth" in column["name"] else dt.datetime(2026, 4, 1) + dt.timedelta(days=position)
    if column["name"] in TELLING:
        return TELLING[column["name"]]
    if column["type"] == "integer":
        return 3
    return column["codes"][0] if column.get("codes") and "<" not in column["codes"][0] else f"X{position}"


def said(path: Path, number: int, headings: list[str], row: list[Any]) -> dict[str, str]:
    reading = loaders.read(workbook(path / "annex_a_2026-05-31.xlsx", {f"List {number}": [headings, row]}), today=TODAY)
    assert not reading.set_aside
    return {table: frame.to_csv() for table, frame in reading.tables.items()}


@pytest.mark.parametrize("number", range(1, 12))
def test_each_column_is_kept_or_stated_as_not_kept(spec: dict[int, list[Column]], tmp_path: Path, number: int) -> None:
    """Taking the value of a kept column away changes what is stored; taking that of one not kept changes nothing."""
    form, columns = FORMS[number], spec[number]
    headings = [column["name"] for column in columns]
    row = [a_value(column, i) for i, column in enumerate(columns)]
    whole = said(tmp_path, number, headings, row)
    for i, heading in enumerate(headings):
        field = field_of(form, columns, i)
        assert (field.kind == "unused") == (heading in NOT_KEPT), heading
        another = dt.datetime(2026, 3, 2) if field.kind == "date" else "another"  # where a row means nothing without one
        changed_row = [*row[:i], another if field.need == "row" else None, *row[i + 1 :]]
        changed = said(tmp_path, number, headings, changed_row) != whole
        assert changed == (heading not in NOT_KEPT), heading


def test_every_field_of_a_list_is_a_column_of_it(spec: dict[int, list[Column]]) -> None:
    for number, columns in spec.items():
        at = columns_of(FORMS[number], [column["name"] for column in columns])
        assert set(at) == {field.name for field in FORMS[number].fields}


def test_every_code_is_read_as_printed_as_its_label_and_as_itself(spec: dict[int, list[Column]]) -> None:
    for number, columns in spec.items():
        for i, column in enumerate(columns):
            field = field_of(FORMS[number], columns, i)
            if field.kind == "code":
                _each_writing_means_the_same(field, column["codes"], f"list {number}, {column['name']}")


def _each_writing_means_the_same(field: Field, printed: list[str], where: str) -> None:
    read = code_reader(field.codes or {})
    means = {code: read(code) for code in printed}
    assert not [code for code, meaning in means.items() if meaning is None or isinstance(meaning, Fault)], where
    assert len(set(means.values())) == len(printed), f"{where}: two codes are read as one"
    labels = [_label(code) for code in printed]
    for code, label in zip(printed, labels, strict=True):
        bare = re.sub(r"^\w{1,2}\d?\)\s*", "", code)
        assert read(bare) == means[code], (where, bare)
        assert read(bare.split(":")[0].split(" - ")[0]) == means[code] or ":" not in bare, (where, bare)
        if labels.count(label) == 1:
            assert read(label) in (means[code], None), (where, label)


def _label(code: str) -> str:
    """A code's words: those after "a) ", "PR1: " or "N1 - "."""
    return re.sub(r"^(\w{1,2}\d?\)\s*)?([A-Z]{0,3}\d{0,2}[A-Z]?\s*(:|\s-)\s*)?", "", code)


@pytest.mark.parametrize("written", ["b) No", "No", "N", "n", "FALSE", "0", "no"])
def test_a_no_is_a_no_however_it_is_written(tmp_path: Path, written: str) -> None:
    headings = ["Child Unique ID", "Date of referral", "Referral NFA?"]
    path = workbook(tmp_path / "annex_a_2026-05-31.xlsx", {"List 3": [headings, ["1", dt.datetime(2026, 5, 4), written]]})
    (flag,) = loaders.read(path, today=TODAY).tables["referral"]["no_further_action"]
    assert flag is not pd.NA
    assert not flag
