"""A council's own words: which of its files is which extract, which of its headings and codes are which of ours. One small TOML file.

    [[file]]
    pattern = "*visits*"        # the file's name; * stands for anything
    source = "visits"
    [file.headings]
    "Pers Ref" = "child_id"     # their heading = ours
    [file.codes.mode]
    "TC" = "virtual"            # in the column ours calls mode: their code = ours

The mapping adds words and takes no check away: a column that must be there must still be there. Nothing in it is passed over in silence:
a rule that cannot be understood stops the command with its place, and a heading of a rule that a file does not have is told.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType

from loaders.cells import Fault, code_reader, plain
from loaders.source import Field, Form, Source, forms_of, heading_words

KEYS = ("pattern", "sheet", "source", "form", "complete", "headings", "codes")


class Unmapped(ValueError):
    """The mapping file cannot be used as it is; the words say which rule, what is wrong and what to do."""


@dataclass(frozen=True)
class Rule:
    """One rule: files (and sheets) whose names match are this form of this source, with these words.

    headings: (theirs, ours); codes: (our heading, theirs, ours); complete: the file holds every row there is, for the days it covers.
    """

    place: str
    pattern: str
    sheet: str
    source: str
    form: str
    complete: bool
    headings: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str, str], ...]

    def fits(self, file: str, sheet: str | None) -> bool:
        """Whether a sheet of a file falls under this rule; a rule that names no sheet takes every sheet."""
        return self.fits_file(file) and fnmatchcase((sheet or "").casefold(), (self.sheet or "*").casefold())

    def fits_file(self, file: str) -> bool:
        return fnmatchcase(file.casefold(), self.pattern.casefold())


@dataclass(frozen=True)
class CouncilWords:
    """All the rules of one council, in the order of its file; the first that fits is used."""

    rules: tuple[Rule, ...] = ()

    def rule_for(self, file: str, sheet: str | None) -> Rule | None:
        return next((rule for rule in self.rules if rule.fits(file, sheet)), None)

    def unused(self, files: Iterable[str]) -> list[str]:
        """A sentence for each rule that none of these files falls under: its pattern may be mistyped."""
        names = list(files)
        return [
            f"{rule.place}: no file given is called like “{rule.pattern}”, so the rule was not used"
            for rule in self.rules
            if not any(rule.fits_file(name) for name in names)
        ]


NO_WORDS = CouncilWords()


def read_mapping(path: Path, sources: Sequence[Source]) -> CouncilWords:
    """The rules in a mapping file. Raises Unmapped with the rule, what is wrong with it and what to do."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unmapped(f"{path}: the mapping file cannot be opened ({error.strerror}): check SIGHTLINE_MAPPING or --mapping") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unmapped(f"{path.name}: it is not a mapping file ({error}): each line is “theirs” = “ours”, in quotation marks") from error
    if extra := [key for key in given if key != "file"]:
        raise Unmapped(f"{path.name}: “{extra[0]}” means nothing here: a mapping file holds [[file]] rules only")
    rules = given.get("file", [])
    if not isinstance(rules, list):
        raise Unmapped(f"{path.name}: write [[file]], with two brackets, before each rule")
    read = [_rule(f"{path.name}, rule {i}", rule, sources) for i, rule in enumerate(rules, start=1)]
    for rule in read:
        applied(rule, sources)
    return CouncilWords(tuple(read))


def _rule(place: str, given: Mapping[str, object], sources: Sequence[Source]) -> Rule:
    for key in given:
        if key not in KEYS:
            raise Unmapped(f"{place}: “{key}” means nothing here{_did_you_mean(key, KEYS)}; a rule has {', '.join(KEYS)}")
    for key in ("pattern", "source"):
        if not isinstance(given.get(key), str) or not given[key]:
            raise Unmapped(f"{place}: it has no {key}: write {key} = " + ('"*visits*"' if key == "pattern" else '"visits"'))
    source = _named(place, "source", str(given["source"]), [s.name for s in sources])
    forms = [form.name for s, form in forms_of(sources) if s.name == source]
    asked = str(given.get("form", "")) or (forms[0] if len(forms) == 1 else "")
    if not asked:
        raise Unmapped(f"{place}: {source} has several kinds of sheet, so say which: form = one of {', '.join(forms)}")
    headings, codes = _table(place, "headings", given), _table(place, "codes", given)
    if not isinstance(given.get("complete", False), bool):
        raise Unmapped(f"{place}: complete is true or false, without quotation marks")
    return Rule(
        place=place, pattern=str(given["pattern"]), sheet=str(given.get("sheet", "")), source=source,
        form=_named(place, "form", asked, forms), complete=bool(given.get("complete", False)),
        headings=tuple((str(theirs), str(ours)) for theirs, ours in headings.items()),
        codes=tuple(
            (str(ours_heading), str(theirs), str(ours))
            for ours_heading, pairs in codes.items()
            for theirs, ours in _pairs(place, ours_heading, pairs).items()
        ),
    )  # fmt: skip


def _table(place: str, key: str, given: Mapping[str, object]) -> Mapping[str, object]:
    table = given.get(key, {})
    if not isinstance(table, dict):
        raise Unmapped(f"{place}: {key} is a table: write [file.{key}] on a line of its own, and “theirs” = “ours” below it")
    return table


def _pairs(place: str, heading: str, pairs: object) -> Mapping[str, object]:
    if not isinstance(pairs, dict):
        raise Unmapped(f"{place}: the codes of {heading} are a table: write [file.codes.{heading}], and “theirs” = “ours” below it")
    return pairs


def applied(rule: Rule, sources: Sequence[Source]) -> Source:
    """The rule's source with its one form, which knows the council's words beside ours. Raises Unmapped where a word of ours is not one."""
    source = next(s for s in sources if s.name == rule.source)
    form = next(f for f in source.forms if f.name == rule.form)
    theirs: dict[str, list[str]] = {}
    for heading, ours in rule.headings:
        theirs.setdefault(_field(rule.place, form, ours).name, []).append(heading)
    codes: dict[str, dict[str, str | None]] = {}
    for heading, code, ours in rule.codes:
        field = _field(rule.place, form, heading)
        codes.setdefault(field.name, {})[plain(code)] = _code(rule.place, field, ours)
    fields = tuple(
        replace(
            field,
            mapped=tuple(theirs.get(field.name, ())),
            codes=MappingProxyType({**(field.codes or {}), **codes[field.name]}) if field.name in codes else field.codes,
        )
        for field in form.fields
    )
    complete = form.covers if rule.complete else form.complete
    return replace(source, forms=(replace(form, fields=fields, complete=complete),))


def _field(place: str, form: Form, ours: str) -> Field:
    words = heading_words(ours)
    for field in form.fields:
        if ours == field.name or words in field.words:
            return field
    known = [field.headings[0] for field in form.fields]
    raise Unmapped(f"{place}: {form.title} has no column “{ours}”{_did_you_mean(ours, known)}; it has {', '.join(known)}")


def _code(place: str, field: Field, ours: str) -> str | None:
    if field.kind != "code":
        raise Unmapped(f"{place}: “{field.headings[0]}” is not a list of codes, so it needs no codes: take them out")
    if not ours:
        return None
    read = code_reader(field.codes or {})(ours)
    if isinstance(read, Fault):
        known = sorted({code for code in (field.codes or {}).values() if code})
        raise Unmapped(
            f"{place}: “{ours}” is not a code of {field.headings[0]}{_did_you_mean(ours, known)}; its codes are {', '.join(known)}"
        )
    return read


def _named(place: str, what: str, name: str, known: Sequence[str]) -> str:
    if name not in known:
        raise Unmapped(f"{place}: there is no {what} “{name}”{_did_you_mean(name, known)}; there are {', '.join(known)}")
    return name


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word.casefold(), [k.casefold() for k in known], n=1, cutoff=0.6)
    found = next((k for k in known if near and k.casefold() == near[0]), None)
    return f" (did you mean “{found}”?)" if found else ""
