"""The test machinery itself: if these hold, a pass elsewhere means what it says."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from tests.servers import served

PAGES = {
    "/": "<title>Good</title><link rel=icon href='data:,'><h1>Good</h1>",
    "/logs": "<link rel=icon href='data:,'><script>console.error('something is wrong')</script>",
    "/throws": "<link rel=icon href='data:,'><script>throw new Error('thrown')</script>",
    "/missing-part": "<link rel=icon href='data:,'><script src='/nothing.js'></script>",
    "/elsewhere": "<link rel=icon href='data:,'><img alt='' src='http://elsewhere.invalid/a.png'>",
}


def site(environ: dict[str, str], start_response: object) -> Iterable[bytes]:
    body = PAGES.get(environ["PATH_INFO"])
    assert callable(start_response)
    start_response("200 OK" if body else "404 Not Found", [("Content-Type", "text/html; charset=utf-8")])
    return [(body or "nothing here").encode()]


def test_each_test_has_an_empty_database_of_its_own(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE once (a integer)"))
        connection.execute(text("INSERT INTO once VALUES (1)"))
        assert connection.execute(text("SELECT count(*) FROM once")).scalar_one() == 1
    engine.dispose()


@pytest.mark.postgres
def test_a_test_that_leaves_a_connection_open_does_not_block_the_next(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW server_version_num")).scalar_one() >= "130000"


@pytest.mark.browser
def test_a_good_page_has_no_troubles(page: Page) -> None:
    with served(site) as address:
        page.goto(address)
        assert page.title() == "Good"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/logs", "console error: something is wrong"),
        ("/throws", "page error: thrown"),
        ("/missing-part", "answered 404: GET"),
        ("/elsewhere", "asked another machine: http://elsewhere.invalid/a.png"),
    ],
)
def test_whatever_goes_wrong_in_a_page_is_noticed(page: Page, page_troubles: list[str], path: str, says: str) -> None:
    with served(site) as address:
        page.goto(address + path, wait_until="networkidle")
        assert any(trouble.startswith(says) for trouble in page_troubles), page_troubles
    page_troubles.clear()
