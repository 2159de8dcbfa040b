"""The questions about a point in time: how each is asked, what its rows are, what they rest on.

Everything that lists questions loops over ``QUESTIONS``: the digest of the state, differences, the
impact of new events, restatements, proofs of answers, the audit report, the schemas and documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

from ledger.model.instruments import OF_INSTRUMENTS, POOLS, RESTRICTIONS
from ledger.model.movements import SPLITTING
from ledger.model.threads import BY_ID
from ledger.time.history import SOURCE_EVENTS, History, known_ids, known_of
from ledger.time.view import View
from projections import rows as columns
from projections.answer import Answer, complete
from projections.control.group import group
from projections.control.members import members
from projections.control.owners import owners
from projections.control.power import power
from projections.control_rows import GroupRow, OwnerRow, PowerRow
from projections.directory.classes import (
    CLASSES,
    ClassRow,
    SourceEntryRow,
    classes,
    sources,
)
from projections.directory.parties import PARTIES, PartyRow, parties
from projections.graph_rows import GraphRow
from projections.holding_rows import HoldingRow
from projections.obligation_rows import BreachRow
from projections.obligations.breaches import TYPES as BREACHES
from projections.obligations.breaches import breaches
from projections.obligations.governed import governance
from projections.pictures.graph import graph
from projections.radar.radar import TYPES as RADAR
from projections.radar.radar import radar
from projections.radar_rows import RadarRow
from projections.rows import DERIVED, SENTENCES
from projections.share_rows import OfferRow, RightRow
from projections.shown import SHOWN
from projections.subjects.claims import TYPES as CLAIMS
from projections.subjects.claims import claims
from projections.subjects.deals import KINDS, deals
from projections.subjects.deals import TYPES as DEALS
from projections.subjects.diluted import TYPES as DILUTED
from projections.subjects.diluted import diluted
from projections.subjects.diluted_rows import DilutedRow
from projections.subjects.dividends import DIVIDENDS, DividendRow, dividends
from projections.subjects.governance import TYPES as GOVERNANCE
from projections.subjects.holdings import TYPES as HOLDINGS
from projections.subjects.holdings import holdings
from projections.subjects.meetings import TYPES as MEETINGS
from projections.subjects.meetings import MeetingRow, meetings
from projections.subjects.offers import TYPES as OFFERS
from projections.subjects.offers import offer
from projections.subjects.pending import CALLS, pending
from projections.subjects.pending import MEETINGS as CALLED_MEETINGS
from projections.subjects.share_rights import TYPES as RIGHTS
from projections.subjects.share_rights import rights
from projections.subjects.timeline import SUBJECT_KINDS, show, timeline
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.votes import votes
from projections.subjects.voting_rights import TYPES as VOTING

RULES = 4  # raised where the same events are answered otherwise; part of every digest


Use = Literal["digest", "differences", "impact", "report"]


@dataclass(frozen=True)
class Question:
    """A question about a point in time.

    ``ask`` answers it about one subject, whose kind is one of ``kinds``; ``whole``, where it can be
    asked so, about everything at once. ``types`` are the events it folds, ``title`` stands over its
    answer, before the subject. Two answers are compared row by row: ``identity`` tells a row from
    the others, ``compared`` are the columns looked at, and ``qualified`` gives the column with the
    qualifier of another. ``not_in`` says why a question is left out of the digest, of differences,
    of impact or of the audit report. The digest and differences ask it ``only_with`` subjects of
    which events of some types tell.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    ask: Callable[[View, str], Answer[Any]]
    row: type
    types: tuple[str, ...]
    whole: Callable[[View], Answer[Any]] | None = None
    identity: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    qualified: Mapping[str, str] = field(default_factory=dict)
    not_in: Mapping[Use, str] = field(default_factory=dict)
    only_with: tuple[str, ...] = ()

    def ids(self, history: History, kind: str, within: Iterable[str] | None = None) -> list[str]:
        """The subjects of a kind about which the digest asks, all or those ``within`` some."""
        found = known_ids(history, kind) if within is None else known_of(history, kind, within)
        if self.only_with:
            return [id for id in found if history.mentioning(f"{kind}:{id}", self.only_with)]
        return found

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns of a table."""
        return SHOWN[self.name]


_RECORD: Mapping[Use, str] = dict.fromkeys(
    get_args(Use), "its rows are the events themselves, for which the root of the log stands"
)
_DIRECTORY: Mapping[Use, str] = dict.fromkeys(
    get_args(Use), "it is a directory of what is registered, by which other answers name things"
)
_DUE: Mapping[Use, str] = dict.fromkeys(
    ("digest", "impact", "report"),
    "it follows from the dividends, which are pending, and the holdings of a day",
)
_BROKEN: Mapping[Use, str] = dict.fromkeys(
    get_args(Use),
    "it follows from agreements and holdings, and receipts tell what clauses say of new events",
)
_THREADS = tuple(kind for kind in KINDS if kind in BY_ID)
QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for question in (
        Question(
            "holdings", "Holdings in", ("issuer",), partial(holdings, members=members), HoldingRow,
            (*HOLDINGS, *RESTRICTIONS, "shares-paid-up"),
            identity=("share_class", "holder"),
            compared=(
                "shares", "percent", "percent_to", "percent_of", "qualifier", "basis", "capacity",
                "trustee", "standing",
            ),
            qualified={"shares": "qualifier", "percent": "qualifier"},
        ),
        Question(
            "votes", "Votes in", ("issuer",), partial(votes, members=members), columns.VoteRow,
            (*HOLDINGS, *VOTING, *TRUSTS),
            identity=("holder", "group"),
            compared=("votes", "votes_percent", "exercisable", "exercisable_percent", "after_caps"),
        ),
        Question(
            "diluted", "Fully diluted shares of", ("issuer",), diluted, DilutedRow, DILUTED,
            only_with=(*POOLS, *OF_INSTRUMENTS),
            identity=("kind", "holder", "pool"),
            compared=(
                "as_converted", "vested", "unvested", "diluted", "unknown", "percent",
                "percent_without_pool", "at_caps", "percent_at_caps", "standing",
            ),
            not_in={
                "impact": "its shares are those of holdings, and vesting changes it on days of"
                " which no event tells",
                "report": "its shares are those of holdings, and grants are told in the timeline",
            },
        ),
        Question(
            "rights", "Rights in shares of", ("class",), rights, RightRow,
            (*RIGHTS, *SPLITTING),
            identity=("right",),
            compared=(
                "share_class", "holder", "party", "shares", "voting", "votes_by", "dividends_to",
                "disposal_by", "until", "standing",
            ),
        ),
        Question(
            "graph", "Graph around", ("party",), graph, GraphRow, (),
            not_in=dict.fromkeys(
                get_args(Use),
                "it shows holdings, votes, governance and relationships of many parties together",
            ),
        ),
        Question(
            "group", "Group of", ("party",), group, GroupRow, (),
            not_in=dict.fromkeys(
                get_args(Use),
                "it follows from holdings, votes, governance and relationships of many parties",
            ),
        ),
        Question(
            "owners", "Owners of", ("issuer",), owners, OwnerRow, (),
            not_in=dict.fromkeys(
                get_args(Use),
                "it follows from holdings, trusts and relationships, under a rule that is named",
            ),
        ),
        Question(
            "power", "Power in", ("issuer",), power, PowerRow, (),
            not_in=dict.fromkeys(
                get_args(Use),
                "it follows from votes and concerts, and takes long where many vote",
            ),
        ),
        Question(
            "radar", "Thresholds crossed in", ("issuer",), radar, RadarRow, RADAR,
            not_in=dict.fromkeys(
                get_args(Use),
                "it is told over all days, and follows from holdings, votes and the rules of a"
                " release",
            ),
        ),
        Question(
            "governance", "Governance of", ("party",), governance, columns.GovernanceRow,
            GOVERNANCE,
            identity=("kind", "party", "person", "role", "agreement", "clause"),
            compared=("since", "at_latest", "until", "percent", "text", "standing"),
        ),
        Question(
            "meetings", "Meetings of", ("party",), meetings, MeetingRow, MEETINGS,
            identity=("kind", "meeting", "subject"),
            compared=(
                "status", "held_on", "record_on", "title", "votes_for", "votes_against",
                "abstained", "percent_for", "standing",
            ),
        ),
        Question(
            "deals", "Deals", _THREADS, deals, columns.DealRow, DEALS, whole=deals,
            identity=("kind", "subject"),
            compared=(
                "status", "party", "amount", "currency", "qualifier", "paid", "percent",
                "percent_qualifier", "expected", "since", "at_latest", "standing", "accepted",
            ),
            qualified={"amount": "qualifier", "percent": "percent_qualifier"},
        ),
        Question(
            "offer", "Offer", ("offer",), offer, OfferRow, OFFERS,
            identity=("offer", "holder"),
            compared=(
                "held", "entitlement", "accepted", "option", "price", "taken", "moved", "note",
                "standing",
            ),
            not_in={"impact": "what is accepted is told of deals, the rest by registers too"},
        ),
        Question(
            "pending", "Pending", (*_THREADS, "party"), pending, columns.DealRow,
            (*DEALS, *DIVIDENDS, *CALLED_MEETINGS, *CALLS), whole=pending,
            not_in=dict.fromkeys(
                ("differences", "impact"),
                "what is open is a status of deals, what is to come an event",
            ),
        ),
        Question(
            "dividends", "Dividends of", ("issuer", "class"), dividends, DividendRow, DIVIDENDS,
            whole=dividends,
            identity=("share_class", "dividend", "record_on", "holder"),
            compared=(
                "shares", "per_share", "amount", "currency", "in_class", "new_shares", "out_of",
                "ex_on", "payable_on", "status", "paid_on", "option", "default_option", "standing",
            ),
            not_in=_DUE,
        ),
        Question(
            "breaches", "Breaches of", ("agreement",), breaches, BreachRow, BREACHES,
            whole=breaches,
            not_in=_BROKEN,
        ),
        Question(
            "claims", "Claims about", ("subject",), claims, columns.ClaimRow, CLAIMS,
            identity=("attribute", "events"),
            compared=("value", "unit", "qualifier", "preferred", "standing"),
            qualified={"value": "qualifier"},
        ),
        Question(
            "timeline", "Timeline of", SUBJECT_KINDS, timeline, columns.EventRow, (),
            whole=timeline,
            not_in=_RECORD,
        ),
        Question(
            "parties", "Parties", ("party",), parties, PartyRow, PARTIES, whole=parties,
            not_in=_DIRECTORY,
        ),
        Question(
            "classes", "Share classes", ("issuer",), classes, ClassRow, CLASSES,
            whole=classes,
            not_in=_DIRECTORY,
        ),
        Question(
            "sources", "Sources", ("source",), sources, SourceEntryRow, SOURCE_EVENTS,
            whole=sources,
            not_in=_DIRECTORY,
        ),
        Question(
            "show", "Event", ("key",), show, columns.WholeEventRow, (),
            not_in=_RECORD,
        ),
    )
}  # fmt: skip
COMPARED = tuple(one for one in QUESTIONS.values() if "differences" not in one.not_in)
WATCHED = tuple(one for one in COMPARED if "impact" not in one.not_in)
HANDLED_ELSEWHERE = {  # event types that no question folds, by what heeds them
    "the directory of parties": PARTIES,
    "the view": (
        "source-registered", "source-corrected", "source-retracted", "event-corrected",
        "event-retracted", "event-corroborated", "action-withdrawn",
    ),
    "the identities of a view": ("parties-identified",),
    "the chain of keys": ("signing-key-rotated",),
    "the ledger's own types": ("event-type-declared", "declared-event-recorded"),
    "the check of certificates": ("certificate-recorded",),
}  # fmt: skip


class Asked(NamedTuple):
    """Some answers of the digest: those of a question about some subjects of a kind, or about
    everything."""

    question: str
    kind: str
    ids: Sequence[str]


def asked(history: History, most: int = 100) -> Iterator[Asked]:
    """All that the digest asks, in its order, of so many subjects at once at most."""
    for question in QUESTIONS.values():
        if "digest" in question.not_in:
            continue
        if question.whole is not None:
            yield Asked(question.name, "", ())
            continue
        for kind in question.kinds:
            ids = question.ids(history, kind)
            yield from (
                Asked(question.name, kind, ids[at : at + most]) for at in range(0, len(ids), most)
            )


def _answered(view: View, some: Asked) -> Iterator[tuple[str, Answer[Any]]]:
    """Each answer by its question and subject, one by one."""
    question = QUESTIONS[some.question]
    if question.whole is not None:
        yield question.name, complete(view, question.whole(view))
    for id in some.ids:
        yield f"{question.name} {id}", complete(view, question.ask(view, id))


def answers(view: View) -> Iterator[tuple[str, Answer[Any]]]:
    """Every answer of the digest at the view's cut, by question and subject, one by one."""
    for some in asked(view.history):
        yield from _answered(view, some)


def state(view: View) -> dict[str, Any]:
    """Every answer at the view's cut as plain values, sentences included."""
    return {
        name: {
            "outcome": answer.outcome,
            "rows": answer.rows,
            "possible": answer.possible,
            "notes": answer.notes,
            "hidden": answer.hidden and answer.hidden._asdict(),
        }
        for name, answer in answers(view)
    }


def digest(view: View) -> str:
    """SHA-256 in hex of the rows of every answer, of what is possible, and of ``RULES``.

    It is taken over one line of JSON each, in ASCII, with sorted names and no spaces. Sentences are
    left out: an answer that is worded otherwise is the same.
    """
    return digest_of(lines(view, some) for some in asked(view.history))


def digest_of(parts: Iterable[bytes]) -> str:
    """The digest, of the lines of all answers in their order."""
    found = hashlib.sha256(_line({"rules": RULES}))
    for part in parts:
        found.update(part)
    return found.hexdigest()


def lines(view: View, some: Asked) -> bytes:
    """The lines of some answers, over which the digest is taken."""
    told = _answered(view, some)
    return b"".join(_line({"answer": name, **_values(answer)}) for name, answer in told)


def _values(answer: Answer[Any]) -> dict[str, Any]:
    rows = ({k: v for k, v in row.items() if k not in SENTENCES | DERIVED} for row in answer.rows)
    return {
        "outcome": answer.outcome,
        "rows": list(rows),
        "possible": [row["event"] for row in answer.possible],
        "hidden": answer.hidden and answer.hidden._asdict(),
    }


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"
