"""The straight line holds: who may import whom, and what each package keeps to itself.

import-linter holds the directions between packages (pyproject.toml says them); the rest is read off each module's syntax.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("data", "kpi", "loaders", "layouts")
LONGEST_FILE = 400  # the aim is 300 lines; past 400 a file answers more than one question
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def modules(*packages: str) -> list[Path]:
    """Every Python file of these packages, and app.py when no package is named."""
    inside = [path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py") if "local" not in path.parts]
    return sorted(inside if packages else [*inside, *ROOT.glob("*.py")])


def says(path: Path, node: ast.AST, what: str) -> str:
    return f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 1)} {what}"


def imported(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Every module this file imports, wherever in the file it does so, by its full name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node, node.module


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def called(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call in this file, by the last part of its name: `pd.read_csv(...)` is read_csv."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def importers_of(*wanted: str, among: list[Path]) -> list[str]:
    return [says(path, node, f"imports {name}") for path in among for node, name in imported(path) if name.split(".")[0] in wanted]


def within(path: Path, *places: str) -> bool:
    """Whether a file is one of these places: `data/store` is the package or the module of that name."""
    here = path.relative_to(ROOT).as_posix()
    return any(here == f"{place}.py" or here.startswith(f"{place}/") for place in places)


def test_imports_go_one_way(capsys: pytest.CaptureFixture[str]) -> None:
    kept = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
    assert kept, capsys.readouterr().out


def test_nothing_imports_app() -> None:
    assert importers_of("app", among=[path for path in modules() if path.name != "app.py"]) == []


def test_nothing_but_tests_imports_tests() -> None:
    assert importers_of("tests", "pytest", "hypothesis", among=modules()) == []


def test_only_settings_reads_the_environment() -> None:
    found = []
    for path in modules():
        if within(path, "data/settings"):
            continue
        for node in ast.walk(parsed(path)):
            reads = isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}
            takes = isinstance(node, ast.ImportFrom) and node.module == "os" and {a.name for a in node.names} & {"environ", "getenv"}
            if reads or takes:
                found.append(says(path, node, "reads the environment"))
    assert found == []


def test_only_the_store_speaks_sql() -> None:
    """A council's own database is an extract like any other: `loaders/database` may read one, and only so far as the next test lets it."""
    outside = [path for path in modules() if not within(path, "data/store", "data/migrations", "loaders/database")]
    assert importers_of("sqlalchemy", "sqlite3", "psycopg", "alembic", among=outside) == []


def test_a_councils_database_is_read_in_no_words_of_sql_and_never_written_to() -> None:
    path = ROOT / "loaders" / "database.py"
    named = {
        alias.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    assert "select" in named
    assert named.isdisjoint({"text", "literal_column", "insert", "update", "delete", "DDL", "Table", "MetaData"})
    assert not {"exec_driver_sql", "begin", "commit", "create_all", "drop_all"} & {name for _, name in called(path)}


def test_kpis_never_ask_what_day_it_is() -> None:
    found = []
    for path in modules("kpi"):
        for node, name in called(path):
            asks = name in {"now", "today", "utcnow", "localtime", "gmtime", "time_ns"}
            asks |= any(isinstance(value, ast.Constant) and value.value in {"now", "today"} for value in node.args)
            if asks:
                found.append(says(path, node, f"calls {name}: the date is passed in"))
    assert found == []


def test_kpis_touch_no_file() -> None:
    opens = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "read_csv", "read_excel", "read_sql", "read_parquet"}
    found = [says(path, node, f"calls {name}") for path in modules("kpi") for node, name in called(path) if name in opens]
    assert found + importers_of("os", "io", "pathlib", "shutil", "subprocess", "socket", "urllib", among=modules("kpi")) == []


def test_every_package_says_what_it_is_for() -> None:
    silent = [path.relative_to(ROOT).as_posix() for path in modules() if path.stat().st_size and not ast.get_docstring(parsed(path))]
    assert silent == []


def test_files_are_short_and_named_for_what_they_answer() -> None:
    written = [path for path in modules() if not within(path, "data/migrations/versions")]  # those are records, never edited
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    long = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > LONGEST_FILE]
    vague = [str(path.relative_to(ROOT)) for path in modules() if path.stem in NAMES_THAT_SAY_NOTHING]
    assert long + vague == []


def shipped() -> list[Path]:
    """Every file of the checkout that git keeps or would keep."""
    if not shutil.which("git"):
        pytest.skip("git was not found, so what is shipped cannot be told from what lies about")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("this is not a git checkout, so what is shipped cannot be told from what lies about")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


# Put together from parts, so that this file does not find itself.
OF_ONE_MACHINE = re.compile(r"(?<![\w.~}])/(?:" + "|".join(["work", "tmp", "root"]) + ")/")
REGISTRIES = re.compile("|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "--(?:extra-)?index" + "-url", "--find" + "-links"]))


def test_nothing_shipped_names_one_machine_or_a_registry() -> None:
    found = []
    for path in shipped():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        place = path.relative_to(ROOT).as_posix()
        for number, line in enumerate(lines, 1):
            hits = (rule.search(line) for rule in (OF_ONE_MACHINE, REGISTRIES))
            found += [f"{place}:{number} {hit.group()}" for hit in hits if hit]
    assert found == []


def test_the_lock_files_hold_a_hash_for_every_package() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8"))
        packages = [entry for entry in entries if not entry.startswith("#")]
        assert packages, name
        assert [entry.splitlines()[0] for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == [], name


def test_what_sightline_is_tested_with_is_what_it_runs_on() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^(\S+==[^\s;]+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()
