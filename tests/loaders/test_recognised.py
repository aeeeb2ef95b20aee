"""Every extract is told from every other by its columns alone, whatever their order and however the sources are listed."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest

import loaders
from loaders.headings import Known, recognise
from loaders.source import Form, Source, forms_of

BOTH_WAYS = (Known(loaders.SOURCES), Known(loaders.SOURCES[::-1]))
FORMS = [pytest.param(source, form, id=form.name) for source, form in forms_of(loaders.SOURCES)]


def headings(form: Form, *, needed_only: bool) -> list[str]:
    """Ours, of the columns needed or of all; one heading alone tells nothing, so there are always two."""
    needed = [field for field in form.fields if not needed_only or field.need != "may"]
    return [field.headings[0] for field in (needed if len(needed) > 1 else form.fields[:2])]


@pytest.mark.parametrize("needed_only", [True, False], ids=["needed", "all"])
@pytest.mark.parametrize(("source", "form"), FORMS)
def test_a_header_row_is_recognised_as_its_own(source: Source, form: Form, needed_only: bool) -> None:
    shuffled = headings(form, needed_only=needed_only)
    for seed in range(5):
        Random(seed).shuffle(shuffled)
        for known in BOTH_WAYS:
            found = recognise(pd.DataFrame([shuffled]), None, known)
            assert found is not None
            assert (found.source.name, found.form.name, found.complete) == (source.name, form.name, True)


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_every_other_heading_of_a_column_will_do(source: Source, form: Form) -> None:
    for i, field in enumerate(form.fields):
        for heading in field.headings[1:]:
            row = headings(form, needed_only=False)
            row[i] = heading
            found = recognise(pd.DataFrame([row]), None, BOTH_WAYS[0])
            assert found is not None
            assert (found.form.name, found.columns.get(field.name)) == (form.name, i), heading


@pytest.mark.parametrize(("source", "form"), FORMS)
def test_no_two_columns_of_an_extract_share_a_heading(source: Source, form: Form) -> None:
    words = [word for field in form.fields for word in field.words]
    assert len(words) == len(set(words))


def test_names_are_not_shared() -> None:
    assert len({source.name for source in loaders.SOURCES}) == len(loaders.SOURCES)
    assert len({form.name for _, form in forms_of(loaders.SOURCES)}) == len(FORMS)
