"""The plain page of loading a file, for a browser that runs no script: the form, and what became of a file."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_PAGE = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Sightline</title><link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<script src="/assets/appearance.js"></script><link rel="stylesheet" href="/assets/appearance.css">
<link rel="stylesheet" href="/assets/sightline.css"></head>
<body><header class="top"><div class="wrap"><a class="brand" href="/"><i class="logo" aria-hidden="true"></i>Sightline</a></div></header>
<main class="wrap"><div class="head"><h1>{title}</h1></div>
{body}
<p class="plain-foot"><a href="/data">Data page</a></p></main></body></html>"""


def plain_page(told: Mapping[str, Any], cap_mb: int) -> str:
    """A whole page as HTML. `told`: what `upload` tells of a file; with `form`, the form to send one."""
    title = "Load a file" if told.get("form") else str(told.get("name") or "Nothing was loaded")
    body = _form(cap_mb) if told.get("form") else _told(told)
    return _PAGE.format(title=escape(title), body=body)


def _form(cap_mb: int) -> str:
    return (
        '<form class="plain-form" action="/upload" method="post" enctype="multipart/form-data">'
        f'<label for="file">An extract as CSV, Excel or XML, up to {cap_mb} MB</label>'
        '<input type="file" id="file" name="file" accept=".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xml" required>'
        '<button class="btn go" type="submit">Load it</button></form>'
    )


def _told(told: Mapping[str, Any]) -> str:
    parts = [f'<p class="message" role="status">{escape(str(told.get("says", "")))}</p>']
    if told.get("problems"):
        listed = "".join(f"<li>{escape(str(p))}</li>" for p in told["problems"])
        more = f"<p>And {told['more']} more.</p>" if told.get("more") else ""
        parts.append(f'<ul class="plain-list">{listed}</ul>{more}<p><a href="{escape(str(told["see"]))}">List the problems</a></p>')
    if told.get("state") != "done":
        parts.append("<p>This page looks again by itself every two seconds.</p>")
    return "".join(parts)
