"""Makes the folder of extracts, month by month, spoils them a little and says what was spoilt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from data.sample import extracts
from data.sample.annotations import annotation_list
from data.sample.days import as_date, month_end, month_name
from data.sample.files import ABOUT, Sheet, write_csv, write_workbook
from data.sample.mess import Placed, Spoiler
from data.sample.simulation import Simulation

Progress = Callable[[int, int, str], None]
README = f"""Invented Council
{ABOUT}

One folder a month. Each holds what a council's own systems would send:
  annex_a_...       lists 3 to 8 of Annex A, as at the month's last day
  visits_...        visits recorded in the month; one recorded late is in a later month's file
  supervision_...   supervision sessions of the month
  workers_...       social workers and managers as at the month's last day, with those who left in the month
  audits_...        case file audits of the month
teams.csv says which service each team belongs to; annotations.csv what happened that may show in the figures, and when.
The first month's list 3 goes back fourteen months, and its visits and supervision three, so that the first figures have a history.
Family practitioners (FP...) hold most children in need; they are not social workers, so the workers extract does not list them.
A few cells and rows in every file are wrong on purpose, as they are in real extracts.
"""


def make(
    folder: Path, *, seed: int = 2026, months: int = 36, scale: float = 1.0, progress: Progress | None = None,
    spoilt: list[Placed] | None = None,
) -> list[Path]:  # fmt: skip
    """Write the extracts of the invented council's last `months` months to a folder; returns the files, in order.

    The same seed gives the same bytes. `scale` makes the council smaller. Everything wrong on purpose is added to `spoilt`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sim = Simulation(seed, months, scale)
    written = [folder / "README.txt", folder / "teams.csv", folder / "annotations.csv"]
    written[0].write_bytes(README.encode())
    write_csv(written[1], extracts.teams())
    write_csv(written[2], annotation_list())
    for done, month in enumerate(sim.months, start=1):
        maker = _Month(folder, sim, month, seed)
        written += maker.write()
        if spoilt is not None:
            spoilt += maker.spoilt
        if progress:
            progress(done, months, month_name(month))
    return written


class _Month:
    """The five files of one month."""

    def __init__(self, folder: Path, sim: Simulation, month: int, seed: int) -> None:
        self._sim, self._month, self._seed = sim, month, seed
        self._name, self._year, self._turn = month_name(month), month // 12, month % 72
        self._place = folder / self._name
        self._place.mkdir(exist_ok=True)
        self.spoilt: list[Placed] = []

    def write(self) -> list[Path]:
        return [self._annex_a(), self._visits(), self._supervision(), self._workers(), self._audits()]

    def _spoiler(self, path: Path) -> Spoiler:
        return Spoiler(Random(f"{self._seed} mess {path.name}"), f"{self._name}/{path.name}")

    def _annex_a(self) -> Path:
        path = self._place / f"annex_a_{as_date(month_end(self._month))}.xlsx"
        lists, spoiler = extracts.annex_a(self._sim, self._month), self._spoiler(path)
        spoiler.annex_a(lists, self._year, self._turn)
        self.spoilt += spoiler.placed
        about = Sheet("About", [[ABOUT], [f"Annex A lists 3 to 8 as at {as_date(month_end(self._month)):%d/%m/%Y}."]])
        write_workbook(path, [about, *lists], f"Annex A of an invented council, {self._name}")
        return path

    def _visits(self) -> Path:
        path = self._place / f"visits_{self._name}.csv"
        sheet, spoiler = extracts.visits(self._sim, self._month), self._spoiler(path)
        spoiler.visits(sheet, self._year, self._turn)
        self.spoilt += spoiler.placed
        write_csv(path, sheet, mark=self._turn % 4 == 0)
        return path

    def _supervision(self) -> Path:
        as_text = self._turn % 5 == 2
        path = self._place / f"supervision_{self._name}.{'csv' if as_text else 'xlsx'}"
        sheet, spoiler = extracts.supervision(self._sim, self._month), self._spoiler(path)
        spoiler.supervision(sheet, self._turn)
        self.spoilt += spoiler.placed
        if as_text:
            write_csv(path, sheet)
        else:
            write_workbook(path, [sheet], f"Supervision in an invented council, {self._name}")
        return path

    def _workers(self) -> Path:
        path = self._place / f"workers_{self._name}.csv"
        write_csv(path, extracts.workers(self._sim, self._month))
        return path

    def _audits(self) -> Path:
        path = self._place / f"audits_{self._name}.xlsx"
        sheet, spoiler = extracts.audits(self._sim, self._month), self._spoiler(path)
        spoiler.audits(sheet)
        self.spoilt += spoiler.placed
        write_workbook(path, [sheet], f"Audits in an invented council, {self._name}")
        return path
