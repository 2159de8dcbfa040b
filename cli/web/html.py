"""Pages as HTML: everything that is not a template's own is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fastapi import Response

from cli.printing.html import TEMPLATES
from cli.web.addresses import LIMITS, Limits
from cli.web.page import Links, Page
from cli.web.pages import MENU
from cli.web.problems import Problem

if TYPE_CHECKING:
    from jinja2 import Environment

_HELP = {
    "as-of": "As it stood at the end of this day",
    "known-by": "As known at the end of this day",
    "recorded-by": "As recorded by this time, UTC",
}
_BEING_MADE = "That goes on whether you wait here or not. It is kept until something is recorded."
_ASSETS = {"style.css": "text/css", "icon.svg": "image/svg+xml"}


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES / "web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


@cache
def asset(name: str) -> tuple[str, str] | None:
    """A file that pages are shown with, and its type; None where there is none of the name."""
    media = _ASSETS.get(name)
    return ((TEMPLATES / "web" / name).read_text(), media) if media else None


def html(page: Page, findings: int | None, cited: str = "") -> str:
    """A page as HTML, with how many findings the check has, where that is known, and the address
    under which it will never change."""
    return (
        _environment()
        .get_template("page.html")
        .render(page=page, menu=MENU, limits=LIMITS, dates=_HELP, findings=findings, cited=cited)
    )


def being_made(limits: Limits, address: str) -> Response:
    """The page that is shown while a film is being made."""
    again = Links("Ask", [("Look again", address)])
    page = Page("The film is being made", limits, about=_BEING_MADE, links=[again])
    return Response(html(page, None), 202, media_type="text/html", headers={"retry-after": "5"})


def error_page(problem: Problem) -> Response:
    """The page that tells why there is no other."""
    text = html(Page("No answer", Limits({}), problem=problem), None)
    headers = {"retry-after": "2"} if problem.status == 503 else None
    return Response(text, problem.status, media_type="text/html", headers=headers)
