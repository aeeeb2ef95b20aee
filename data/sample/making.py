"""Makes the folder of extracts, month by month, spoils them a little and says what was spoilt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from data.sample import extracts, return_903
from data.sample.annotations import annotation_list
from data.sample.census import YEAR_END, Census
from data.sample.days import as_date, month_end, month_name, month_of
from data.sample.files import ABOUT, Sheet, write_csv, write_workbook
from data.sample.logs import every_log
from data.sample.mess import Placed, Spoiler
from data.sample.resources import population
from data.sample.simulation import Simulation

Progress = Callable[[int, int, str], None]
README = f"""Invented Council
{ABOUT}

One folder a month. Each holds what a council's own systems would send:
  annex_a_...       the eleven lists of Annex A, as at the month's last day
  visits_...        visits recorded in the month; one recorded late is in a later month's file
  supervision_...   supervision sessions of the month, and the children spoken of in them
  workers_...       social workers and managers as at the month's last day, with those who left in the month
  training_...      who must complete which course, and who has
  audits_...        case file audits of the month
The folder logs_to_... holds the registers a council keeps for years: referrals and when they were decided, reviews, core groups,
escalations, taking part, homeless young people, foster enquiries, missing episodes and return interviews, pre-proceedings and court,
checks of children placed with parents, posts, audit actions, the improvement plan, and six measures that are only figures, each up to the
last month's end.
The folder ssda903_... is the looked after children return of two years, cin_census_... the children in need census of the last: of the
same children, and in a few places they say something else than Annex A, as returns do.
teams.csv says which service each team belongs to; population.csv how many children live in the area; annotations.csv what happened that
may show in the figures, and when.
The first month's list 3 goes back fourteen months, and its visits and supervision three, so that the first figures have a history.
Family practitioners (FP...) hold most children in need; they are not social workers, so the workers extract does not list them.
A few cells and rows in every file are wrong on purpose, as they are in real extracts; one month's visits were sent twice.
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
    written = [folder / "README.txt", folder / "teams.csv", folder / "annotations.csv", folder / "population.csv"]
    written[0].write_bytes(README.encode())
    for path, sheet in zip(written[1:], (extracts.teams(), annotation_list(), population()), strict=True):
        write_csv(path, sheet)
    for done, month in enumerate(sim.months, start=1):
        maker = _Month(folder, sim, month, seed)
        written += maker.write()
        if spoilt is not None:
            spoilt += maker.spoilt
        if progress:
            progress(done, months, month_name(month))
    log = _Logs(folder, sim, seed)
    written += [*log.write(), *_returns(folder, sim)]
    if spoilt is not None:
        spoilt += log.spoilt
    return written


class _Logs:
    """The registers kept for years, in a folder named after the last month."""

    def __init__(self, folder: Path, sim: Simulation, seed: int) -> None:
        self._sim, self._seed, self._name = sim, seed, month_name(sim.months[-1])
        self._place = folder / f"logs_to_{self._name}"
        self._place.mkdir(exist_ok=True)
        self.spoilt: list[Placed] = []

    def write(self) -> list[Path]:
        written = []
        for kind, sheet in every_log(self._sim):
            path = self._place / f"{kind}_{self._name}.csv"
            spoiler = Spoiler(Random(f"{self._seed} mess {path.name}"), f"{self._place.name}/{path.name}")
            spoiler.log(kind, sheet)
            self.spoilt += spoiler.placed
            write_csv(path, sheet)
            written.append(path)
        return written


def _returns(folder: Path, sim: Simulation) -> list[Path]:
    """The two national returns, where the months made reach the year they are of."""
    if not sim.months[0] <= month_of(YEAR_END) <= sim.months[-1]:
        return []
    written = []
    place = folder / f"ssda903_{as_date(return_903.YEAR_END)}"
    place.mkdir(exist_ok=True)
    for name, sheet in return_903.tables(sim).items():
        written.append(place / f"{name}.csv")
        write_csv(written[-1], sheet)
    written.append(folder / f"cin_census_{as_date(YEAR_END)}.xml")
    written[-1].write_bytes(Census(sim).text().encode())
    return written


class _Month:
    """The files of one month."""

    def __init__(self, folder: Path, sim: Simulation, month: int, seed: int) -> None:
        self._sim, self._month, self._seed = sim, month, seed
        self._name, self._year, self._turn = month_name(month), month // 12, month % 72
        self._place = folder / self._name
        self._place.mkdir(exist_ok=True)
        self.spoilt: list[Placed] = []

    def write(self) -> list[Path]:
        return [self._annex_a(), *self._visits(), self._supervision(), *self._staff(), self._audits()]

    def _spoiler(self, path: Path) -> Spoiler:
        return Spoiler(Random(f"{self._seed} mess {path.name}"), f"{self._name}/{path.name}")

    def _annex_a(self) -> Path:
        path = self._place / f"annex_a_{as_date(month_end(self._month))}.xlsx"
        lists, spoiler = extracts.annex_a(self._sim, self._month), self._spoiler(path)
        spoiler.annex_a(lists, self._year, self._turn)
        self.spoilt += spoiler.placed
        about = Sheet("About", [[ABOUT], [f"Annex A lists 1 to 11 as at {as_date(month_end(self._month)):%d/%m/%Y}."]])
        write_workbook(path, [about, *lists], f"Annex A of an invented council, {self._name}")
        return path

    def _visits(self) -> list[Path]:
        path = self._place / f"visits_{self._name}.csv"
        sheet, spoiler = extracts.visits(self._sim, self._month), self._spoiler(path)
        spoiler.visits(sheet, self._year, self._turn)
        self.spoilt += spoiler.placed
        write_csv(path, sheet, mark=self._turn % 4 == 0)
        if self._turn % 12 != 3:
            return [path]
        again = path.with_stem(f"{path.stem} (2)")
        again.write_bytes(path.read_bytes())
        self.spoilt.append(Placed("sent_again", f"{self._name}/{again.name}", ""))
        return [path, again]

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

    def _staff(self) -> list[Path]:
        paths = [self._place / f"{kind}_{self._name}.csv" for kind in ("workers", "training")]
        write_csv(paths[0], extracts.workers(self._sim, self._month))
        write_csv(paths[1], extracts.training(self._sim, self._month))
        return paths

    def _audits(self) -> Path:
        path = self._place / f"audits_{self._name}.xlsx"
        sheet, spoiler = extracts.audits(self._sim, self._month), self._spoiler(path)
        spoiler.audits(sheet)
        self.spoilt += spoiler.placed
        write_workbook(path, [sheet], f"Audits in an invented council, {self._name}")
        return path
