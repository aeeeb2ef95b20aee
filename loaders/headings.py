"""Which row of a sheet holds the headings, and what the sheet therefore is: found by its columns, never by the file's name."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from data.reading import Refused
from loaders.cells import text_of
from loaders.source import Field, Form, Source, forms_of, heading_words

LOOK_DOWN = 20  # title rows are looked past this far
NEAR = 0.6  # how alike two headings are, of 1, before one is suggested for the other
_LIST_NAME = re.compile(r"\blist[\s_]*(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A sheet recognised: its source and form, the row its headings are on (0-based), and which column holds which field.

    `weight`: how much its headings tell; `complete`: no column it needs is missing; `named`: the sheet is named as that list.
    """

    source: Source
    form: Form
    header_row: int
    columns: dict[str, int]
    headings: tuple[str, ...]
    weight: float
    complete: bool
    named: bool

    @property
    def missing(self) -> list[Field]:
        return [field for field in self.form.fields if field.need != "may" and field.name not in self.columns]


class Known:
    """The forms there are, and how rare each heading is among them: a heading that only one form has tells most."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.forms = forms_of(sources)
        rarity = Counter(word for _, form in self.forms for word in {word for field in form.fields for word in field.words})
        self._weights = {form.name: {f.name: 1 / min(rarity[word] for word in f.words) for f in form.fields} for _, form in self.forms}
        self._words = set(rarity).union(*(field.mapped_words for _, form in self.forms for field in form.fields))

    def weight(self, form: Form, names: Iterable[str]) -> float:
        weights = self._weights[form.name]
        return sum(weights[name] for name in names)

    def familiar(self, headings: Sequence[str]) -> bool:
        """Whether a row holds at least two headings of any form."""
        return sum(heading_words(heading) in self._words for heading in headings if heading) >= 2


def recognise(cells: pd.DataFrame, name: str | None, known: Known) -> Found | None:
    """The form whose headings the sheet carries best, or None if it is like none.

    The first row with every column a form needs settles it. Failing that, the best row counts if it has half of the headings the
    form needs (or has), by weight, or if the sheet is named as that list: what is then missing can be said.
    """
    best: Found | None = None
    for row in range(min(LOOK_DOWN, len(cells))):
        headings = tuple(text_of(cell) for cell in cells.iloc[row])
        if not known.familiar(headings):
            continue
        for source, form in known.forms:
            found = _match(source, form, row, headings, known, _named_as(form, name))
            if found and (best is None or (found.complete, found.weight) > (best.complete, best.weight)):
                best = found
        if best is not None and best.complete:
            return best
    if best is None or best.named:
        return best
    needed = [field.name for field in best.form.fields if field.need != "may"]
    enough = known.weight(best.form, best.columns.keys() & needed) >= 0.5 * known.weight(best.form, needed)
    return best if enough or best.weight >= 0.5 * known.weight(best.form, (field.name for field in best.form.fields)) else None


def _match(source: Source, form: Form, row: int, headings: tuple[str, ...], known: Known, named: bool) -> Found | None:
    columns = columns_of(form, headings)
    if len(columns) < 2:
        return None
    complete = all(field.name in columns for field in form.fields if field.need != "may")
    return Found(source, form, row, columns, headings, known.weight(form, columns), complete, named)


def columns_of(form: Form, headings: Sequence[str]) -> dict[str, int]:
    """Field name -> column. The council's own words first, then ours exactly; a drifting heading is then matched by its field's pattern.

    Raises Refused where two columns of the file are mapped to one of ours.
    """
    words = [heading_words(heading) for heading in headings]
    columns = {f.name: _mapped_column(f, headings, words) for f in form.fields if f.mapped_words & set(words)}
    taken = set(columns.values())
    for field in form.fields:
        at = next((i for i, word in enumerate(words) if word in field.words and i not in taken), None)
        if at is not None and field.name not in columns:
            columns[field.name] = at
    for field in form.fields:
        if field.like and field.name not in columns:
            taken = set(columns.values())
            for i, heading in enumerate(headings):
                if i not in taken and re.search(field.like, heading, re.IGNORECASE):
                    columns[field.name] = i
                    break
    return columns


def _mapped_column(field: Field, headings: Sequence[str], words: Sequence[str]) -> int:
    at = [i for i, word in enumerate(words) if word in field.mapped_words]
    if len(at) > 1:
        both = " and ".join(f"“{headings[i]}”" for i in at)
        raise Refused(f"the mapping says that {both} are both “{field.headings[0]}”, and only one can be: take one out of the mapping")
    return at[0]


def matched_by(found: Found, name: str) -> str:
    """How a field's column was found: by the mapping, by its name, or because its heading is like it."""
    field = next(f for f in found.form.fields if f.name == name)
    word = heading_words(found.headings[found.columns[name]])
    return "by the mapping" if word in field.mapped_words else "by name" if word in field.words else "by likeness"


def _named_as(form: Form, name: str | None) -> bool:
    found = _LIST_NAME.search(name or "")
    return bool(found and form.number == int(found.group(1)))


def refuse_if_missing(found: Found, file: str, sheet: str | None) -> None:
    """Refuse a sheet that lacks a column it cannot be read without, naming the nearest heading there is."""
    if found.missing:
        raise Refused(f"{file}{f', sheet {sheet!r}' if sheet else ''}: {missing_sentence(found)}")


def missing_sentence(found: Found) -> str:
    spare = [h for i, h in enumerate(found.headings) if h and i not in set(found.columns.values())]
    sentences = []
    for field in found.missing:
        near = _nearest(field, spare)
        spare = [heading for heading in spare if heading != near]  # one heading is suggested once
        sentences.append(f"“{field.headings[0]}”" + (f" (did you mean “{near}”?)" if near else ""))
    plural = len(sentences) > 1
    return (
        f"it looks like {found.form.title}, but the column{'s' if plural else ''} {', '.join(sentences)} "
        f"{'are' if plural else 'is'} missing. The headings found on row {found.header_row + 1} are: {shown_headings(found.headings)}. "
        "Add the column, or head it so, and load the file again."
    )


def _nearest(field: Field, spare: Sequence[str]) -> str | None:
    """The heading of the file that comes nearest to any of a field's own: letter by letter, or with its words in another order."""
    wanted = [form for heading in field.headings for form in (heading.casefold(), _in_any_order(heading))]
    scored = [
        (
            max(
                difflib.SequenceMatcher(None, form, ours).ratio()
                for form in (heading.casefold(), _in_any_order(heading))
                for ours in wanted
            ),
            heading,
        )
        for heading in spare
    ]
    score, heading = max(scored, default=(0.0, ""))
    return heading if score >= NEAR else None


def _in_any_order(heading: str) -> str:
    return " ".join(sorted(re.findall(r"[^\W_]+", heading.casefold())))


def shown_headings(headings: Sequence[str]) -> str:
    shown = [f"“{heading[:60]}”" for heading in headings if heading]
    return ", ".join(shown[:40]) + (f" and {len(shown) - 40} more" if len(shown) > 40 else "") if shown else "none"
