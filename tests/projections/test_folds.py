"""Every fold does something with every type it is given, and says so of a type it does not know.

``tests.story`` has an event of every type in a state in which it matters. For each fold and each
type that it folds, the answer without the events of that type is another one; where it is the same,
``IDLE`` gives the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import starmap, zip_longest
from operator import eq
from typing import Any, NamedTuple

import pytest

from ledger.events.registry import event_types
from ledger.model.board import BOARD, Board
from ledger.model.movements import MOVEMENTS, TABLE
from ledger.model.register import Register
from ledger.model.threads import OWN_KINDS, THREADS, contradictions
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, known_ids
from ledger.time.view import View
from ledger.time.voting import VotingRights
from ledger.values.refusals import Unhandled
from projections.analysis.tables import FIELDS, rows
from projections.answer import Answer
from projections.changes.diff import diff
from projections.consistency.checks import check
from projections.explain.deals import explain_thread
from projections.explain.holdings import explain_holdings
from projections.explain.seats import explain_seats
from projections.explain.votes import explain_votes
from projections.questions import COMPARED, QUESTIONS, Question
from projections.subjects import holdings, trusts, voting_rights
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import register_at_cut
from tests import ROOT, histories
from tests.projections.analysis.test_tables import Told
from tests.story import events, log


class Fold(NamedTuple):
    """Something that folds facts of some types, asked of a view."""

    name: str
    types: tuple[str, ...]
    ask: Callable[[View], Any]

    def parts(self, view: View) -> Iterator[Any]:
        """What it makes of a view, one part after another where it is asked of several subjects."""
        found = self.ask(view)
        yield from found if isinstance(found, Iterator) else [found]


@cache
def answered(name: str, view: View, id: str) -> Answer[Any]:
    """What a question says of a subject in a view, worked out once."""
    return QUESTIONS[name].ask(view, id)


def _asked(question: Question) -> Callable[[View], Any]:
    """What a question says of every subject, and of all at once, as far as it is read."""

    def ask(view: View) -> Any:
        for kind in question.kinds:
            for id in _ids(view, kind):
                yield _said(answered(question.name, view, id))
        if question.whole:
            yield _said(question.whole(view))

    return ask


def _said(answer: Answer[Any]) -> Any:
    return answer.rows, answer.notes, answer.outcome


def _ids(view: View, kind: str) -> list[str]:
    return [] if kind == "key" else known_ids(view.history, kind)


def _register(view: View) -> Any:
    register = Register(around=view.across.around("acme"))
    for fact in view.about("issuer:acme", types=MOVEMENTS).counted:
        register.apply(fact)
    return {share_class: dict(register.held(share_class)) for share_class in register.classes}


def _board(view: View) -> Any:
    board = Board()
    for fact in view.about("party:boreal", types=BOARD).counted:
        board.apply(fact)
    return vars(board)


def _rights(view: View) -> Any:
    rights = voting_rights.Rights(view, alone)
    register_at_cut(view, "acme", rights)
    pairs = {pair: rights.lots.of(pair) for pair in rights.lots.pairs()}
    restrictions = rights.restrictions.in_order, rights.restrictions.caps
    terms = {name: rights.terms.of(name) for name in histories.CLASSES}
    return pairs, restrictions, rights.bearer, terms


def _compared(view: View) -> Any:
    at_cut = register_at_cut(view, "acme")
    return _register(view), at_cut.disclosures, at_cut.checked


def _in_tables(view: View) -> Any:
    told = [event for event in events() if view.history.knows(f"key:{event.key}")]
    found = rows(Told(told), told)
    return [(table, row) for table, row in found if table not in ("events", "issuers")]


def _contradicted(view: View) -> Any:
    facts = {thread.name: view.every(thread.changing).certain for thread in THREADS}
    return {name: (len(found), contradictions(found)) for name, found in facts.items()}


FOLDS = (
    *(Fold(f"the question of {q.name}", q.types, _asked(q)) for q in QUESTIONS.values() if q.types),
    Fold("the register", MOVEMENTS, _register),
    Fold("the register at a cut", holdings.TYPES, _compared),
    Fold("the board", BOARD, _board),
    Fold("the rights to vote", (*voting_rights.TYPES, *MOVEMENTS), _rights),
    Fold("the terms of a trust", trusts.TYPES, lambda view: trusts.trust_at(view, "acme-trust")),
    Fold("an event after its amendments", AMENDMENTS,
         lambda view: [view.fact(view.history.mentioning(f"key:event-{n}")[0]) for n in range(3)]),
    Fold("the publication of a source", SOURCE_EVENTS,
         lambda view: [view.publication(source) for source in histories.SOURCES]),
    Fold("the steps of threads", tuple(t for thread in THREADS for t in thread.changing),
         _contradicted),
    Fold("the tables", (*MOVEMENTS, *(t for types, _ in FIELDS.values() for t in types)),
         _in_tables),
    Fold("the explanation of holdings", holdings.TYPES,
         lambda view: explain_holdings(view, "alice", "acme")),
    Fold("the explanation of votes", (*holdings.TYPES, *voting_rights.TYPES),
         lambda view: explain_votes(view, "alice", "acme")),
    Fold("the explanation of seats", (*BOARD, *OWN_KINDS["agreement"].types),
         lambda view: explain_seats(view, "alice", "boreal")),
    *(
        Fold(f"the explanation of {kind} {id}", OWN_KINDS[kind].types,
             partial(explain_thread, kind=kind, id=id))
        for kind, id in (("deal", "merger"), ("investment", "stake"), ("offering", "ipo"))
    ),
)  # fmt: skip
_GO = "rights do not go with shares"
_HEEDED = {"shares-split", "shares-issued"}
_IN_WHOLE = "no register of the story is known in part"
_OTHER = "the story tells it of another thread"
_CONVERTS = "the story has no class that converts"
_GROSS = "the thresholds of the story are of all votes, suspended ones included"
_NONE_PASSED = "it passes no threshold of the story"
_NO_CLAUSE = "the one clause of the story that binds is of shares that others hold"
IDLE: Mapping[tuple[str, str], str] = {
    ("the question of radar", "balance-asserted"): _IN_WHOLE,
    ("the question of diluted", "balance-asserted"): _IN_WHOLE,
    ("the question of breaches", "balance-asserted"): _IN_WHOLE,
    **{
        ("the question of radar", f"voting-{name}"): _GROSS
        for name in ("cap-agreed", "cap-lifted", "rights-suspended", "rights-restored")
    },
    **{
        ("the question of radar", name): _NONE_PASSED
        for name in ("share-class-amended", "shares-distributed", "shares-exchanged")
    },
    **{
        ("the question of breaches", name): _NO_CLAUSE
        for name in (
            "approval-granted",
            "approval-refused",
            "double-votes-ended",
            "party-ended",
            "party-status-changed",
            "double-votes-granted",
            "share-class-amended",
            "shares-exchanged",
            "voting-cap-agreed",
            "voting-cap-lifted",
            "voting-rights-restored",
            "voting-rights-suspended",
            "registration-changed",
            "share-class-created",
            "shares-placed-in-trust",
            "shares-released-from-trust",
            "shares-repurchased",
            "trust-amended",
            "trust-ended",
            "trust-settled",
        )
    },
    ("the question of pending", "meeting-held"): "the story holds no meeting that was called",
    ("the question of pending", "meeting-called"): "what was called has voted, and so was held",
    ("the question of votes", "balance-asserted"): _IN_WHOLE,
    ("the question of diluted", "share-class-created"): _CONVERTS,
    ("the question of diluted", "share-class-amended"): _CONVERTS,
    # Double votes on all of a holder's shares end on some: what is left counts what is held.
    **{("the rights to vote", name): _GO for name in set(MOVEMENTS) - _HEEDED},
    ("the explanation of seats", "agreement-ended"): _OTHER,
    ("the explanation of deal merger", "deal-considered"): _OTHER,
    ("the explanation of deal merger", "approval-refused"): _OTHER,
    ("the explanation of deal merger", "notice-given"): _OTHER,
    ("the explanation of offering ipo", "offering-considered"): _OTHER,
    ("the explanation of deal merger", "deal-abandoned"): _OTHER,
    ("the explanation of deal merger", "deal-completed"): _OTHER,
    ("the explanation of deal merger", "terms-agreed"): _OTHER,
    ("the explanation of investment stake", "investment-considered"): _OTHER,
    ("the explanation of investment stake", "investment-planned"): _OTHER,
    ("the explanation of investment stake", "investment-released"): _OTHER,
    ("the explanation of offering ipo", "offering-cancelled"): _OTHER,
    ("the explanation of offering ipo", "offering-completed"): _OTHER,
}
PAIRS = [(fold, name) for fold in FOLDS for name in dict.fromkeys(fold.types)]


@cache
def seen(without: str = "") -> View:
    """The story without the events of a type, as every fold sees it."""
    return View(log(without))


@cache
def whole(fold: Fold) -> Sequence[Any]:
    """What a fold makes of the whole story, part by part."""
    return list(fold.parts(seen()))


def test_the_story_has_an_event_of_every_type() -> None:
    told = {event.type for event in events()}
    assert not set(event_types()) - told, "tell of it in tests/story"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", dict.fromkeys(name for _, name in PAIRS))
def test_a_fold_does_something_with_each_of_its_types(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a difference names the events of the type that make it."""
    for fold in (fold for fold, of in PAIRS if of == name):
        same = all(starmap(eq, zip_longest(fold.parts(seen(name)), whole(fold))))
        told = IDLE.get((fold.name, name))
        assert same == (told is not None), (
            f"{fold.name} does nothing with {name}: handle it there, or give the reason in IDLE"
            if same
            else f"{fold.name} does something with {name}, of which IDLE says: {told}"
        )
    keys = {event.key for event in events() if event.type == name}
    compared = [question for question, of in COMPARISONS if of == name]
    once = tuple(replace(one, ask=partial(answered, one.name)) for one in COMPARED)
    monkeypatch.setattr("projections.changes.diff.COMPARED", once)
    rows = diff(seen(name), seen()).rows if compared else []
    for question in compared:
        named = {one for row in rows if row["answer"] == question.name for one in row["events"]}
        told = UNCAUSED.get((question.name, name)) or IDLE.get(
            (f"the question of {question.name}", name)
        )
        assert bool(named & keys) == (told is None), (question.name, named)


def test_reasons_are_given_of_folds_that_there_are() -> None:
    assert set(IDLE) <= {(fold.name, name) for fold, name in PAIRS}
    assert set(UNCAUSED) <= {(question.name, name) for question, name in COMPARISONS}


COMPARISONS = [(question, name) for question in COMPARED for name in dict.fromkeys(question.types)]
_STATUS = "it gives no status"
_NO_ROW = "it is told in a sentence and changes no column that is compared"
UNCAUSED: Mapping[tuple[str, str], str] = {
    ("holdings", "balance-asserted"): _NO_ROW,
    ("holdings", "shares-paid-up"): _NO_ROW,
    ("holdings", "shares-restricted"): _NO_ROW,
    ("holdings", "restriction-ended"): _NO_ROW,
    ("votes", "stake-disclosed"): _NO_ROW,
    ("diluted", "stake-disclosed"): _IN_WHOLE,
    ("votes", "trust-ended"): _NO_ROW,
    ("claims", "note-added"): _NO_ROW,
    ("meetings", "votes-cast"): _NO_ROW,
    ("offer", "offer-closed"): "it gives the status, which deals tell",
    ("deals", "topic-tabled"): _STATUS,
    ("deals", "statement-made"): _STATUS,
    ("deals", "approval-granted"): _STATUS,
    ("deals", "approval-refused"): _STATUS,
    ("deals", "notice-given"): _STATUS,
}


def test_the_story_breaks_no_law_of_conservation() -> None:
    found = [row for row in check(View(log())).rows if row["check"] == "conservation"]
    assert not found
    assert {movement.type for movement in TABLE} <= {event.type for event in events()}


_UNKNOWN: Mapping[str, Callable[[Any], Any]] = {
    "the register": lambda fact: Register().apply(fact),
    "the board": lambda fact: Board().apply(fact),
    "the rights to vote": lambda fact: VotingRights().see(fact, Register()),
}


@pytest.mark.parametrize("fold", _UNKNOWN)
def test_a_fold_says_which_type_it_is_given_in_vain(fold: str) -> None:
    (fact,) = View(log()).every(("note-added",)).certain
    with pytest.raises(Unhandled, match=f"{fold} is given note-added and does nothing with it"):
        _UNKNOWN[fold](fact)


MODULES = sorted(
    str(path.relative_to(ROOT))
    for package in ("ledger", "projections")
    for path in (ROOT / package).rglob("*.py")
)


def unended(tree: ast.AST) -> Iterator[int]:
    """The lines of folds over types that let a type pass that they do not know."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Match) and _is_type(node.subject):
            last = node.cases[-1]
            pattern = last.pattern
            rest = isinstance(pattern, ast.MatchAs) and pattern.pattern is None and not last.guard
            if not (rest and isinstance(last.body[-1], ast.Raise)):
                yield node.lineno
        elif isinstance(node, ast.If) and _tells_types(node.test):
            other = node.orelse[0] if len(node.orelse) == 1 else None
            if isinstance(other, ast.If) and _tells_types(other.test) and not other.orelse:
                yield node.lineno


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "type"


def _tells_types(node: ast.expr) -> bool:
    return isinstance(node, ast.Compare) and _is_type(node.left) and isinstance(node.ops[0], ast.Eq)


def test_a_fold_over_types_ends_in_an_error() -> None:
    for path in MODULES:
        lines = list(unended(ast.parse((ROOT / path).read_text())))
        assert not lines, f"{path}, lines {lines}: end in `case _: raise Unhandled(...)`"


def test_a_fold_without_an_end_is_found() -> None:
    """The control: the check above can fail."""
    arms = "match fact.type:\n    case 'a':\n        pass\n"
    assert list(unended(ast.parse(arms))) == [1]
    assert list(unended(ast.parse(f"{arms}    case _:\n        pass\n"))) == [1]
    assert not list(unended(ast.parse(f"{arms}    case _:\n        raise Unhandled\n")))
    chain = "if fact.type == 'a':\n    pass\nelif fact.type == 'b':\n    pass\n"
    assert list(unended(ast.parse(chain))) == [1]
    assert not list(unended(ast.parse(f"{chain}else:\n    pass\n")))
