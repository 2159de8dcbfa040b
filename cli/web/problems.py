"""What is said where a request has no answer: its status and a message, with no traceback."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import click

from cli.safe_text import safe
from cli.web.asked import NoSuchPageError
from cli.web.visit import TooLongError
from ledger.values.refusals import Refusal, Refused, StakebookError

_STATUSES = {Refusal.UNKNOWN_SUBJECT: 404} | dict.fromkeys(
    (
        Refusal.LEDGER_BUSY, Refusal.NO_LEDGER, Refusal.SERVER_REFUSED, Refusal.SERVER_UNREACHABLE,
        Refusal.SERVER_UNSAFE,
    ),
    503,
)  # fmt: skip
TOO_LONG = (
    "It takes longer than a request may take. Ask for less: a limit, a subject, a day. All"
    " conflicts and the check keep what they have found: ask them again, and they go on from there."
)
BUSY = "As many requests as are answered at once are being answered. Try again in a moment."


@dataclass(frozen=True)
class Problem:
    """Why there is no answer."""

    status: int
    message: str
    refusal: str | None = None

    def fields(self) -> dict[str, Any]:
        """The problem in JSON."""
        error = {"status": self.status, "message": self.message, "refusal": self.refusal}
        return {"error": error}


def problem_of(error: Exception) -> Problem:
    """What is said of a failure."""
    if isinstance(error, Refused):
        return Problem(_STATUSES.get(error.refusal, 400), safe(str(error)), error.refusal.code)
    if isinstance(error, StakebookError):
        return Problem(503, safe(str(error)))
    if isinstance(error, click.ClickException):
        return Problem(400, safe(error.format_message()))
    if isinstance(error, NoSuchPageError):
        return Problem(404, "There is no such page.")
    if isinstance(error, TooLongError):
        return Problem(503, TOO_LONG)
    if os.environ.get("STAKEBOOK_DEBUG"):
        raise error
    text = f"{type(error).__name__}: {error}"
    return Problem(500, safe(f"A fault in stakebook itself: {text[:500]!r}."))
