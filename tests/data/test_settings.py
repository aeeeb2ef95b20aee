"""Settings: what the environment may say, and what holds where it says nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from data.settings import LOCAL, settings, user_name

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_said_is_a_file_under_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGHTLINE_DATABASE_URL")
    found = settings()
    assert (found.database_url, found.authority) == (f"sqlite:///{LOCAL.as_posix()}/sightline.sqlite", "local")
    assert found.authority_title == "Local council"


def test_what_is_said_holds_and_blank_is_nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_DATABASE_URL", " postgresql://somewhere/council ")
    monkeypatch.setenv("SIGHTLINE_AUTHORITY", "  ")
    assert (settings().database_url, settings().authority) == ("postgresql://somewhere/council", "local")


@pytest.mark.parametrize(
    ("authority", "title", "shown"),
    [("invented", "", "Invented Council"), ("north_town", "", "North town council"), ("E10000013", "The County", "The County")],
)
def test_an_authority_has_a_title_to_show(monkeypatch: pytest.MonkeyPatch, authority: str, title: str, shown: str) -> None:
    monkeypatch.setenv("SIGHTLINE_AUTHORITY", authority)
    monkeypatch.setenv("SIGHTLINE_AUTHORITY_TITLE", title)
    assert settings().authority_title == shown


def test_a_load_names_who_made_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIGHTLINE_USER", "USER", "USERNAME", "LOGNAME"):
        monkeypatch.delenv(name, raising=False)
    assert user_name() == "not known"
    monkeypatch.setenv("LOGNAME", "a.rahim")
    assert user_name() == "a.rahim"
    monkeypatch.setenv("SIGHTLINE_USER", "b.okafor")
    assert user_name() == "b.okafor"


def test_nothing_else_reads_the_environment() -> None:
    elsewhere = [f for folder in ("data", "kpi", "loaders", "layouts") for f in (ROOT / folder).rglob("*.py") if f.name != "settings.py"]
    asks = {"environ", "getenv", "environb"}
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in elsewhere
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in asks
    ]
    assert found == []
