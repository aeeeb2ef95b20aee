"""What one cell says: a day, an id, a yes or no, a number or a code; or, in words, why it cannot be read.

Every reader takes the cell as the file holds it and answers with a value, with None (empty, or not known) or with a `Fault`.
A day is never guessed: a two-digit year is a fault, and so is month-first order unless its column proves it (see month_first.py).
`<5`, `c`, `x` and the like are flags, never 0.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from data.reading import Severity

Cell = object
DayOrder = Literal["day", "month", "unclear"]
NO_SAVED_VALUE = "(formula with no saved value)"
ERRORS = frozenset(
    {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#multivalue", "#spill!", "#calc!", "#getting_data"}
)
SUPPRESSED = frozenset({"c", "x", "z", "u", "k", "..", ".", "-", ":", "low"})

_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_BASIC = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SLASHED = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?:[T ,]+\d{1,2}:\d{2}.*)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[-/. ]\s*(?:\d{1,2}|[A-Za-z]{3,9})\s*[-/. ]\s*\d{2}")
_WORDED = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})\.?,?[-/. ]+(\d{4})(?:[T ,]+\d{1,2}:\d{2}.*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_DAYS = (1, 109_574)  # to the end of 2199
_WHOLE_AS_DECIMAL = re.compile(r"([+-]?\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_LETTER_ALONE = re.compile(r"\s*([abc])\)?\s*", re.IGNORECASE)
_LETTERED = re.compile(r"^\s*([a-z]{1,2}\d?)\)\s*", re.IGNORECASE)
_WIDTHLESS = {0xFEFF: " ", 0x200B: " "}  # a byte-order mark and a zero-width space, which split() does not see


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read. `severity` set_aside: its row cannot be used; else the cell is left empty and the row kept."""

    says: str
    severity: Severity = "set_aside"


def text_of(cell: Cell) -> str:
    """The cell as tidy text: no-break and repeated spaces are one space, ends trimmed, a whole number without its .0."""
    if isinstance(cell, str):
        tidy = " ".join(cell.split())
        return tidy if tidy.isascii() else " ".join(tidy.translate(_WIDTHLESS).split())
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float):
        return "" if math.isnan(cell) else (str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    return str(cell)


def is_blank(cell: Cell) -> bool:
    """Whether a cell shows nothing; asked of every different value of a file, so the plainest are answered first."""
    if isinstance(cell, str) and cell.isascii():
        return not cell or cell.isspace()
    return not text_of(cell)


def plain(text: str) -> str:
    """Letters and digits only, in small letters: how headings and code words are compared."""
    return "".join(character for character in text.casefold() if character.isalnum())


def is_error(text: str) -> bool:
    return text == NO_SAVED_VALUE or text.casefold() in ERRORS


def unreadable(text: str) -> Fault:
    """What is said of a cell that holds an Excel error, or a formula whose result was never saved."""
    if text == NO_SAVED_VALUE:
        return Fault(
            "is a formula whose result was never saved: it was read as empty; open the file in Excel, save it, and load it again", "note"
        )
    return Fault("is an Excel error, not a value: it was read as empty; mend the formula or type the value", "note")


def id_of(cell: Cell) -> str | None | Fault:
    """An id or a name as text: 12345, "12345" and 12345.0 are one id; leading zeros are kept."""
    if isinstance(cell, str) and cell.isascii() and cell.isalnum():  # letters and digits alone say what they say
        return cell
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return Fault("is a date where an id or name belongs: format the column as text and type it again")
    if isinstance(cell, float) and not math.isnan(cell) and (not cell.is_integer() or abs(cell) >= 1e15):
        return Fault("is a number that cannot be an id (it has decimals, or more digits than Excel keeps): format the column as text")
    text = text_of(cell)
    if not text:
        return None
    if is_error(text):
        return unreadable(text)
    if _SCIENTIFIC.fullmatch(text) and "+" in text:
        return Fault("is an id that Excel has shortened, so digits are lost: format the column as text and export it again")
    whole = _WHOLE_AS_DECIMAL.fullmatch(text)
    return whole.group(1) if whole else text


def words_of(cell: Cell) -> str | None | Fault:
    """Free text, tidied."""
    text = text_of(cell)
    return unreadable(text) if is_error(text) else text or None


_NOUGHTS = frozenset({dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1900, 1, 1)})


def _no_day() -> Fault:
    return Fault("is what a system writes for no date: it was read as empty", "note")


@dataclass(frozen=True)
class _Counting:
    """How one column of one file counts and writes its days."""

    first: dt.date
    order: DayOrder
    why: str


def day_reader(*, since_1904: bool = False, order: DayOrder = "day", why: str = "") -> Callable[[Cell], dt.date | None | Fault]:
    """A reader of days for one column of a file.

    Excel counts its days from 1900, or in some Mac workbooks from 1904. `order`: whether 03/04/2026 has its day or its month first;
    unclear: such a date is a fault, and `why` is said of it.
    """
    counting = _Counting(dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30), order, why)

    def day_of(cell: Cell) -> dt.date | None | Fault:
        day = _any_day(cell, counting)
        return _no_day() if isinstance(day, dt.date) and (day in _NOUGHTS or day.year >= 2900) else day

    return day_of


def _any_day(cell: Cell, counting: _Counting) -> dt.date | None | Fault:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if not isinstance(cell, bool) and cell in (0, dt.time()):
        return _no_day()
    if isinstance(cell, (bool, dt.time, dt.timedelta)):
        return Fault("is not a date: write the day as dd/mm/yyyy")
    if isinstance(cell, (int, float)) and not math.isnan(cell):
        return _serial(float(cell), counting.first)
    return _day_of_text(text_of(cell), counting)


def _serial(number: float, first: dt.date) -> dt.date | Fault:
    if not _SERIAL_DAYS[0] <= number <= _SERIAL_DAYS[1]:
        return Fault("is a number, not a date: write the day as dd/mm/yyyy")
    return first + dt.timedelta(days=int(number))


def _day_of_text(text: str, counting: _Counting) -> dt.date | None | Fault:
    if not text:
        return None
    if is_error(text):
        return unreadable(text)
    if found := _ISO.fullmatch(text) or _BASIC.fullmatch(text):
        return _calendar(int(found[1]), int(found[2]), int(found[3]))
    if found := _SLASHED.fullmatch(text):
        return _slashed(int(found[1]), int(found[2]), int(found[3]), counting)
    if (found := _WORDED.fullmatch(text)) and (month := _MONTHS.get(found[2][:3].casefold())):
        return _calendar(int(found[3]), month, int(found[1]))
    if _SERIAL.fullmatch(text):
        return _serial(float(text), counting.first)
    if _SHORT_YEAR.fullmatch(text):
        return Fault("has a year of two digits, which is never guessed: write the year in full, as dd/mm/yyyy")
    return Fault("is not a date: write the day as dd/mm/yyyy")


def _slashed(first: int, second: int, year: int, counting: _Counting) -> dt.date | Fault:
    if counting.order == "month":
        return _calendar(year, first, second)
    if counting.order == "unclear" and first != second and first <= 12 and second <= 12:
        return Fault(f"could be either of two days, {counting.why}: write it as dd/mm/yyyy")
    return _calendar(year, second, first, slashed=True)


def _calendar(year: int, month: int, day: int, *, slashed: bool = False) -> dt.date | Fault:
    try:
        return dt.date(year, month, day)
    except ValueError:
        if slashed and month > 12 and day <= 12:
            return Fault("has no such month if read day first (dd/mm/yyyy), and month-first order is never guessed: write it as dd/mm/yyyy")
        return Fault("is a day that does not exist: correct it, as dd/mm/yyyy")


def slashed_parts(cell: Cell) -> tuple[int, int] | None:
    """The first two numbers of a date such as 03/25/2026: what shows whether a column puts the day or the month first."""
    found = _SLASHED.fullmatch(text_of(cell)) if isinstance(cell, str) else None
    return (int(found[1]), int(found[2])) if found else None


_YES = frozenset({"y", "yes", "true", "t", "1"})
_NO = frozenset({"n", "no", "false", "f", "0"})
_NOT_KNOWN = frozenset({"", "unknown", "notknown", "nk", "na", "notapplicable", "notrecorded", "notstated", "u"})


def flag_of(cell: Cell) -> bool | None | Fault:
    """Yes or no, however it is written; unknown is empty, never no."""
    text = text_of(cell)
    if is_error(text):
        return unreadable(text)
    if letter := _LETTER_ALONE.fullmatch(text):  # as the national lists letter their answers
        return {"a": True, "b": False, "c": None}[letter[1].casefold()]
    word = plain(_LETTERED.sub("", text))
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _NOT_KNOWN:
        return None
    return Fault("is neither yes nor no: it was read as not known; write Yes or No", "warning")


def number_of(cell: Cell) -> float | None | Fault:
    """A number; a mark that stands for a hidden or missing figure is empty, never 0."""
    if isinstance(cell, (dt.date, dt.time, dt.timedelta)):
        return Fault("is a date where a number belongs: it was read as empty; format the column as a number", "warning")
    text = text_of(cell)
    if not text:
        return None
    if is_error(text):
        return unreadable(text)
    if text.casefold() in SUPPRESSED or re.fullmatch(r"[<>]=?\s*\d+", text):
        return Fault("is a mark for a hidden or missing figure: it was read as not known, not as 0", "note")
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return Fault("is not a number: it was read as empty; write digits only", "warning")
    return number if math.isfinite(number) else Fault("is not a number: it was read as empty; write digits only", "warning")


def number_reader(low: float | None, high: float | None) -> Callable[[Cell], float | None | Fault]:
    """A reader of numbers that cannot lie beyond some bounds: one that does is read as not known, and said."""

    def within(cell: Cell) -> float | None | Fault:
        number = number_of(cell)
        if isinstance(number, Fault) or number is None or ((low is None or number >= low) and (high is None or number <= high)):
            return number
        past = f"below {low:g}" if low is not None and number < low else f"above {high:g}"
        return Fault(f"is {past}, which it cannot be: it was read as not known; correct it", "warning")

    return within


def code_reader(codes: Mapping[str, str | None], *, required: bool = False) -> Callable[[Cell], str | None | Fault]:
    """A reader of one closed list: takes the code, its label, its letter, or code and label together ("PR4 - Private provision")."""

    def code_of(cell: Cell) -> str | None | Fault:
        text = text_of(cell)
        if not text:
            return None
        if is_error(text):
            return unreadable(text)
        lettered = _LETTERED.match(text)
        bare = _LETTERED.sub("", text)
        first, _, rest = re.sub(r"\s*[:\u2013\u2014]\s*|\s+-\s+|\s*-\s+", "\0", bare, count=1).partition("\0")
        for words in (bare, first, rest, lettered.group(1) if lettered and not bare else ""):
            if words and plain(words) in codes:
                return codes[plain(words)]
        if required:
            return Fault("is not a code of this list: correct it to one that is")
        return Fault("is not a code of this list: it was left empty; correct it, or ask for the code to be added", "warning")

    return code_of
