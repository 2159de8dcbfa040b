"""Proceedings before courts and authorities: suits, reviews, orders, and their deadlines."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event


class ProceedingOpened(Event, type="proceeding-opened", stream="proceeding:{proceeding}"):
    """A suit is brought, or a review or an investigation begins."""

    sentence = "Proceedings open before {body}: {kind}[, brought by {opened_by}]"
    example = {
        "proceeding": "suit-1",
        "body": "court-of-chancery",
        "kind": "suit",
        "opened_by": "corvo",
        "parties": ["corvo", "delta"],
        "seeks": "specific performance",
    }

    proceeding: f.ProceedingId
    body: f.PartyId
    kind: Literal[
        "suit", "counterclaim", "merger-review", "investment-review", "investigation", "appraisal",
        "injunction", "arbitration",
    ]  # fmt: skip
    opened_by: f.PartyId | None = None
    parties: tuple[f.PartyId, ...] = ()
    agreement: f.AgreementId | None = None
    seeks: f.Text | None = None


class ProceedingAdvanced(Event, type="proceeding-advanced", stream="proceeding:{proceeding}"):
    """A step is taken in proceedings; ``until`` is the day it runs to."""

    sentence = "{proceeding}: {step}[, until {until}]"
    example = {"proceeding": "suit-1", "step": "stayed", "until": "2022-10-28"}

    proceeding: f.ProceedingId
    step: Literal[
        "filed", "accepted", "waiting-period", "hearing-set", "stayed", "referred", "extended",
        "other",
    ]  # fmt: skip
    until: f.AwaitedDate | None = None
    text: f.Text | None = None


class ProceedingDecided(Event, type="proceeding-decided", stream="proceeding:{proceeding}"):
    """Proceedings are decided, settled or withdrawn; a later decision governs from its day.

    It settles no condition but those that ``settles`` names.
    """

    sentence = "{proceeding} is decided: {outcome}"
    example = {"proceeding": "suit-1", "outcome": "dismissed"}

    proceeding: f.ProceedingId
    outcome: Literal[
        "cleared", "cleared-on-terms", "prohibited", "expired-without-action", "granted",
        "dismissed", "settled", "withdrawn",
    ]  # fmt: skip
    settles: tuple[p.Settles, ...] = ()
    terms: f.AgreementId | None = None
    text: f.Text | None = None
