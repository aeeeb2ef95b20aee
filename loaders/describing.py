"""What each extract must hold, said for the people who export it: its headings, which are needed, and how each column is written."""

from __future__ import annotations

from collections.abc import Iterator

from loaders.source import Field, Form, Source

NEEDS = {"row": "needed in every row", "column": "needed, may be empty", "may": "if you have it"}
KINDS = {
    "id": "an id or a name, as text", "text": "words", "date": "a date, dd/mm/yyyy", "flag": "Yes or No", "number": "a number",
    "code": "one of", "unused": "known, and not kept",
}  # fmt: skip


def described(source: Source) -> str:
    """The columns of a source as lines of text: each heading, whether it is needed, what it holds, and what else it may be headed."""
    return "\n".join(line for form in source.forms for line in _form_lines(source, form))


def _form_lines(source: Source, form: Form) -> Iterator[str]:
    yield f"{source.name}: {form.title}" if form.title else source.name
    widest = min(44, max(len(field.headings[0]) for field in form.fields))
    for field in form.fields:
        yield f"  {field.headings[0]:<{widest}}  {_need(field)}{_holds(field)}{_also(field)}"


def _need(field: Field) -> str:
    return "" if field.kind == "unused" else f"{NEEDS[field.need]}; "


def _holds(field: Field) -> str:
    if field.kind != "code" or not field.codes:
        return KINDS[field.kind]
    return f"one of {', '.join(dict.fromkeys(code for code in field.codes.values() if code))}"


def _also(field: Field) -> str:
    return f"; or headed {', '.join(field.headings[1:])}" if len(field.headings) > 1 else ""
