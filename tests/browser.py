"""A real Chromium for the tests, and a page that notices everything that goes wrong in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # Chromium will not run as root with it
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST_MS = 60_000  # a busy machine is not a failing test: how quick a page is, is measured in the bench
expect.set_options(timeout=MOST_MS)
MEETING_ROOM_LAPTOP: ViewportSize = {"width": 1366, "height": 768}
LEFT_THE_PAGE = "net::ERR_ABORTED"  # how Chromium reports a download, or a request dropped because the reader moved on
THIS_MACHINE = {"127.0.0.1", "localhost"}


def chromium_program() -> str | None:
    """Where this machine keeps Chromium or Chrome, if it has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium_running(program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, troubles: list[str]) -> Iterator[Page]:
    """A new page with no memory of any other. Whatever goes wrong in it is written into `troubles`."""
    context = browser.new_context(viewport=MEETING_ROOM_LAPTOP, locale="en-GB", timezone_id="Europe/London", accept_downloads=True)
    context.set_default_timeout(MOST_MS)
    page = context.new_page()
    _watch(page, troubles)
    try:
        yield page
    finally:
        context.close()


def _watch(page: Page, troubles: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def failed(request: Request) -> None:
        if request.failure != LEFT_THE_PAGE:
            troubles.append(f"request failed: {request.method} {request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            troubles.append(f"answered {response.status}: {response.request.method} {response.url}")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in THIS_MACHINE:
            troubles.append(f"asked another machine: {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("request", asked)
