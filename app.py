"""Sightline's command line and composition root: the one place where loaders, store, KPIs and pages meet.

python app.py load extracts/2026-05
python app.py figures --kpi cp_visits_in_time --from 2026-03
python app.py serve
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

import kpi
import loaders
from data import sample
from data.reading import Reading, Refused
from data.settings import settings, user_name
from data.store import Loaded, Store
from data.viewer import Viewer
from kpi import contract, duties
from kpi import figures as reading_off
from kpi.measures import NO_LIST
from kpi.targets import judged
from layouts import handing_out, plan_command, target_command
from layouts.opening import day_of, kpi_of, month_of, opened, usage, work_out
from layouts.terminal import Format, load_rows, progress, show
from loaders.names import shown_name

cli = typer.Typer(
    help="Sightline: children's services KPIs from the extracts a council already has.", no_args_is_help=True, add_completion=False
)
loads_cli = typer.Typer(
    help="The loads held, and taking one back.\n\nExample: python app.py loads withdraw 12", invoke_without_command=True
)
cli.add_typer(loads_cli, name="loads")
cli.add_typer(handing_out.cli, name="export")
cli.command()(target_command.targets)
cli.command()(plan_command.plan)

EXIT_REFUSED = 1


class By(StrEnum):
    authority = "authority"
    service = "service"
    team = "team"
    worker = "worker"
    all = "all"


AsJson = Annotated[Format, typer.Option("--format", help="json, csv or table.", case_sensitive=False)]


@cli.command("sample")
def make_sample(
    folder: Annotated[Path, typer.Argument(help="Where to put the extracts.")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same files.")] = 2026,
    months: Annotated[int, typer.Option(help="How many months, the last being May 2026.", min=1)] = 36,
    scale: Annotated[float, typer.Option(help="1 is about 2,500 open children.", min=0.01)] = 1.0,
) -> None:
    """Make the extracts of an invented council, to try Sightline on.

    Example: python app.py sample data/local/invented
    """
    files = sample.make(folder, seed=seed, months=months, scale=scale, progress=progress)
    typer.echo(f"{len(files)} files of an invented council are in {folder}.")


@cli.command()
def load(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, and folders of files.", metavar="PATH...")] = None,
    as_at: Annotated[
        str | None, typer.Option("--as-at", help="The day the files speak of, YYYY-MM-DD, where their names do not say.")
    ] = None,
    ssd: Annotated[
        str | None,
        typer.Option(
            "--ssd", metavar="URL",
            help="Read the Standard Safeguarding Dataset from this database. Leave the password to PGPASSWORD or a password file.",
        ),
    ] = None,
    ssd_schema: Annotated[str | None, typer.Option("--ssd-schema", help="The schema its tables are in, if not the usual one.")] = None,
    shown_as: Annotated[str | None, typer.Option("--shown-as", help="What the one file given was called where it came from.")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="The council's own headings and codes, a TOML file.")] = None,
    format: Annotated[Format, typer.Option("--format", help="json or table.", case_sensitive=False)] = Format.table,
) -> None:  # fmt: skip
    """Read extracts, keep what they say, and work the figures out again. The same file twice changes nothing.

    Exit code 0; 1 if any file was refused, or there was none to read; 2 if the command was not understood.

    Example: python app.py load extracts/2026-05 --format json

    Example: python app.py load --ssd postgresql://reader@warehouse/ssd --as-at 2026-05-31
    """
    if not paths and ssd is None:
        raise usage("name the files or folders to load, or a database with --ssd")
    day = day_of(as_at) if as_at else None
    try:
        files = loaders.find(paths) if paths else []
    except FileNotFoundError as error:
        raise usage(str(error)) from None
    if shown_as is not None and len(files) != 1:
        raise usage(f"--shown-as names one file, and {len(files)} are given")
    for sentence in loaders.nothing_in(paths or []):
        typer.echo(sentence, err=True)
    store, conf = opened()
    results = []
    words = _words(mapping or conf.mapping)
    read = partial(loaders.read, as_at=day, today=date.today(), words=words, shown_as=shown_as)
    known = partial(store.loaded_already, conf.authority)
    for done, (path, outcome) in enumerate(loaders.read_all(files, read=read, known=known), start=1):
        progress(done, len(files), path.name)
        results.append(_keep(store, conf.authority, path if shown_as is None else Path(shown_name(shown_as)), outcome))
    for sentence in words.unused([shown_as] if shown_as else [path.name for path in files]) if mapping else ():
        typer.echo(sentence, err=True)
    if ssd is not None:
        progress(0, 0, "reading the Standard Safeguarding Dataset")
        results.append(_keep(store, conf.authority, *_read_ssd(ssd, ssd_schema, day)))
    work_out(store, conf.authority)
    if format is Format.json:
        typer.echo(json.dumps(results, indent=1, ensure_ascii=False))
    else:
        typer.echo("\n".join(loaders.loaded_lines(results)))
    if not results or any(r["status"] == "refused" for r in results):
        raise typer.Exit(EXIT_REFUSED)


def _read_ssd(url: str, schema: str | None, day: date | None) -> tuple[Path, Reading | str]:
    """What the database says, under a name without its address: that may hold a password."""
    try:
        reading = loaders.read_ssd(url, schema=schema, as_at=day, today=date.today())
    except Refused as refused:
        return Path("ssd"), str(refused)
    return Path(reading.file), reading


def _keep(store: Store, authority: str, path: Path, outcome: Loaded | Reading | str) -> dict[str, Any]:
    """Keep what one file says, and tell what became of it in the words others script against."""
    if isinstance(outcome, Reading):
        try:
            outcome = store.load(authority, outcome, by=user_name())
        except Refused as refused:
            outcome = str(refused)
    return loaders.told(path, outcome)


@cli.command()
def check(
    path: Annotated[Path, typer.Argument(help="One file.", metavar="FILE")],
    as_at: Annotated[str | None, typer.Option("--as-at", help="The day the file speaks of, YYYY-MM-DD.")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="The council's own headings and codes, a TOML file.")] = None,
) -> None:
    """Show what a file would be read as: which source, which headings matched how, what is missing, the first rows. Nothing is stored.

    Exit code 0; 1 if it would be refused; 2 if the command was not understood.

    Example: python app.py check extracts/2026-05/visits_2026-05.csv
    """
    if not path.is_file():
        raise usage(f"{path} is a folder: name one file in it" if path.is_dir() else f"{path}: there is no such file")
    try:
        words = _words(mapping or settings().mapping)
        checked = loaders.check(path, as_at=day_of(as_at) if as_at else None, today=date.today(), words=words)
    except Refused as refused:
        typer.echo(str(refused))
        raise typer.Exit(EXIT_REFUSED) from None
    typer.echo("\n".join(loaders.checked_lines(path, checked)))
    if checked.reading is None:
        raise typer.Exit(EXIT_REFUSED)


def _words(path: Path | None) -> loaders.CouncilWords:
    """The council's own words, where it has a mapping file."""
    try:
        return loaders.mapping(path)
    except loaders.Unmapped as error:
        raise usage(str(error)) from None


@cli.command("sources")
def sources(name: Annotated[str | None, typer.Argument(help="One source; without it, all are named.")] = None) -> None:
    """Say what can be loaded: every source, or the columns of one, which are needed, and the codes they hold.

    Example: python app.py sources visits
    """
    known = {source.name: source for source in (*loaders.SOURCES, loaders.SSD)}
    if name is None:
        typer.echo("\n".join(f"{key:<20} {source.title}" for key, source in known.items()))
    elif name in known:
        typer.echo(loaders.described(known[name]))
    else:
        raise usage(f"there is no source called {name!r}. There are: {', '.join(known)}")


@loads_cli.callback()
def loads(context: typer.Context, format: AsJson = Format.table) -> None:
    """List the loads held, newest first.

    Example: python app.py loads --format json
    """
    if context.invoked_subcommand is None:
        store, conf = opened()
        show(load_rows(store.loads(conf.authority)), format, "Nothing is loaded yet: python app.py load PATH")


@loads_cli.command("withdraw")
def withdraw(batch_id: Annotated[int, typer.Argument(help="The load's number, from `python app.py loads`.")]) -> None:
    """Take a load back: what was held before it holds again.

    Example: python app.py loads withdraw 12
    """
    _of_a_load(Store.withdraw, batch_id)
    typer.echo(f"Load {batch_id} is withdrawn. Nothing is deleted: load the file again to bring it back.")


@loads_cli.command("whole")
def whole(batch_id: Annotated[int, typer.Argument(help="The load's number, from `python app.py loads`.")]) -> None:
    """Declare a load whole: it lists far fewer than were held, and was held back; what it no longer lists then no longer counts.

    Example: python app.py loads whole 12
    """
    _of_a_load(Store.declare_whole, batch_id)
    typer.echo(f"Load {batch_id} is declared whole.")


def _of_a_load(act: Callable[..., None], batch_id: int) -> None:
    """Do something to a load, and bring the figures up to date."""
    store, conf = opened()
    try:
        act(store, conf.authority, batch_id, by=user_name())
    except LookupError as error:
        typer.echo(str(error.args[0]), err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    work_out(store, conf.authority)


@cli.command()
def figures(
    keys: Annotated[list[str] | None, typer.Option("--kpi", help="A KPI's key; may be given more than once. Default: all.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    by: Annotated[By, typer.Option("--by", help="authority (the whole), service, team, worker or all.")] = By.authority,
    format: AsJson = Format.table,
) -> None:
    """Print figures: numerator, denominator, value, target, status and what was left out.

    Example: python app.py figures --kpi cp_visits_in_time --from 2026-01 --by team --format csv
    """
    store, conf = opened()
    for key in keys or ():
        kpi_of(key)
    start, end = month_of(first), month_of(last)
    if start is not None and end is not None and start > end:
        raise usage(f"--from {first} is after --to {last}")
    work_out(store, conf.authority)
    levels = reading_off.LEVELS if by is By.all else (by.value,)
    found = store.figures(Viewer.local(user_name(), conf.authority), levels=levels, kpis=keys or None, first=start, last=end)
    if "authority" in levels:
        found = contract.with_empty_months(found, keys or list(kpi.REGISTER), start, end)
    rows = contract.figure_rows(judged(found, store.targets(conf.authority)), conf.authority, conf.authority_title)
    show(rows, format, "There are no figures for this yet.")


@cli.command()
def cases(
    key: Annotated[str, typer.Argument(help="The KPI's key.")],
    month: Annotated[str, typer.Argument(help="The month, YYYY-MM.")],
    team: Annotated[str | None, typer.Option(help="Only this team.")] = None,
    left_out: Annotated[bool, typer.Option("--left-out", help="List those left out instead of those counted.")] = False,
    format: AsJson = Format.table,
) -> None:
    """List the very cases behind a figure, one row each, and why each is met or not.

    Example: python app.py cases cp_visits_in_time 2026-05 --team Harbour --format csv
    """
    store, conf = opened()
    measure, period = kpi_of(key), month_of(month)
    assert period is not None
    periods = pd.DatetimeIndex([period]).as_unit("s")
    found = store.cases(Viewer.local(user_name(), conf.authority), partial(_covered_cases, measure, periods=periods))
    found = found[found["left_out"].notna() == left_out]
    if team is not None:
        found = found[found["team_id"] == team]
    show(contract.case_rows(measure, found), format, "No cases." if measure.given is None else NO_LIST)


@cli.command()
def due(
    day: Annotated[str | None, typer.Option(help="The day the list is as at, YYYY-MM-DD. Default: the newest month end.")] = None,
    service: Annotated[str | None, typer.Option(help="Only the teams of this service that day.")] = None,
    team: Annotated[str | None, typer.Option(help="Only this team.")] = None,
    format: AsJson = Format.table,
) -> None:
    """List what is overdue, due in the next 5 working days, or left out as its day cannot be told: every duty, the longest overdue first.

    Example: python app.py due --team Harbour --day 2026-05-14 --format csv
    """
    store, conf = opened()
    work_out(store, conf.authority)
    viewer, nothing = Viewer.local(user_name(), conf.authority), "Nothing is overdue or due soon here."
    as_at = pd.Timestamp(day_of(day)) if day else store.figures(viewer)["period"].max()
    if pd.isna(as_at):
        raise usage("nothing is loaded yet, so there is no newest month end: python app.py load PATH")
    owed = store.cases(viewer, partial(duties.due, day=as_at))
    owed = owed[(owed["state"] != duties.IN_TIME) & ((owed["team_id"] == team) | (team is None))]
    show(duties.as_rows(owed[(owed["service_id"] == service) | (service is None)]), format, nothing)
    known = store.told(viewer, partial(duties.answers, day=as_at))
    silent = list(known.loc[(known["missing"] != "") | ~known["up_to_date"], "title"])
    if silent:
        typer.echo(f"The data does not reach {as_at:%Y-%m-%d} for: {'; '.join(silent)}. The Due page says what is missing.", err=True)


def _covered_cases(measure: kpi.Kpi, tables: Any, *, periods: pd.DatetimeIndex) -> pd.DataFrame:
    return reading_off.cases_of(measure, tables, periods.intersection(reading_off.covered_periods(measure, tables)))


@cli.command()
def publish(month: Annotated[str, typer.Argument(help="The month, YYYY-MM.")]) -> None:
    """Keep a month's figures as first published. What was published before stays as it was.

    Example: python app.py publish 2026-05
    """
    period = month_of(month)
    assert period is not None
    store, conf = opened()
    work_out(store, conf.authority)
    count = store.publish(conf.authority, period, by=user_name())
    typer.echo(f"{count:,} figures of {month} are kept as first published." if count else f"Nothing new to publish for {month}.")


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Only an address of this machine, until sign-in exists.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8050,
    workers: Annotated[
        int | None, typer.Option(min=1, max=32, help="How many processes answer. Default: 2; on Windows and macOS 1.")
    ] = None,
) -> None:
    """Serve the dashboard on this machine.

    Example: python app.py serve --port 8051
    """
    from layouts import serving

    if not serving.is_this_machine(host):
        raise usage(f"{host} is not served: there is no sign-in yet, so Sightline answers only to this machine (127.0.0.1)")
    workers = workers or serving.USUAL_WORKERS
    if workers > 1 and not serving.CAN_SPLIT:
        raise usage(f"--workers {workers}: on this system one process serves; leave the option away")

    def ready() -> None:
        typer.echo(f"Sightline is ready: http://{host}:{port}  (stop it with Ctrl+C)")
        sys.stdout.flush()

    try:
        sockets = serving.bound(host, port)
    except OSError as error:
        raise usage(f"port {port} cannot be used: {error.strerror}. Is Sightline running already? Try --port {port + 1}") from None
    store, conf = opened()
    work_out(store, conf.authority)
    viewer, command = Viewer.local(user_name(), conf.authority), (sys.executable, str(Path(__file__).resolve()))
    try:
        serving.serve(store, viewer, conf.authority_title, conf.area, command, sockets=sockets, workers=workers, ready=ready)
    except serving.Ended as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    except KeyboardInterrupt:
        typer.echo("Stopped.")


if __name__ == "__main__":
    cli()
