"""Control explained: in which round and by which rule a company comes under another's control."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.answer import complete
from projections.control.found import Asked, Found, Pair
from projections.control.group import group
from projections.control.law import RULES, Laws
from projections.control.network import TYPES
from projections.explain.explanation import Explanation, division, explaining, number, unused
from projections.told import told

_RULES = {
    "recorded": "it is recorded",
    "votes": "more than half of the votes that can be cast",
    "concert": "more than half of them with those it acts in concert with",
    "seats": "more than half of the board",
    "presumption": "more than 40% of them, and nobody else has more (French law)",
}


def explain_control(
    view: View, company: str, digits: int = 2, laws: str | None = None
) -> Explanation:
    """Who controls a company and what it controls, with the votes and the rule of each round."""
    company = view.identities.of(company)
    query = complete(view, group(view, company, digits, laws=laws))
    explained = explaining(query, query.rows)
    found = Found(view, Asked(company, laws=None if laws is None else Laws.read(laws, company)))
    _add_steps(explained, view)
    for line in (*_rounds(found), *(line for pair in found.pairs() for line in _sums(pair))):
        explained.reckon(line)
    used = {fact.key for fact in explained.steps}
    left = [
        one
        for subject in (f"issuer:{company}", f"party:{company}")
        for one in unused(view, subject, used, _why, TYPES)
    ]
    return explained.finish(view, left)


def _add_steps(explained: Explanation, view: View) -> None:
    """A step for each event that a row rests on, with what it bears on."""
    bears: dict[str, list[str]] = {}
    for row in explained.figure:
        link = f"{told('party', row['party'])} over {told('party', row['in_control_of'])}"
        for key in row["events"]:
            bears.setdefault(key, []).append(link)
    for key, links in bears.items():
        for recorded in view.history.mentioning(f"key:{key}"):
            if (fact := view.fact(recorded)) is not None:
                explained.add_step(fact, f"bears on control of {', '.join(links)}")
    explained.in_order()


def _rounds(found: Found) -> Iterator[str]:
    """What falls away by law, round by round."""
    for n, state in enumerate(found.settled.rounds[1:] if found.settled else (), 1):
        fallen = [
            f"{told('party', account)} in {told('party', company)} ({RULES[one.rule].source})"
            for (company, account), one in sorted(state.items())
        ]
        yield f"By law, round {n}: the votes fall away of {', '.join(fallen) or 'nobody'}"


def _sums(pair: Pair) -> Iterator[str]:
    """The rule and the votes by which a company came in."""
    who, of = told("party", pair.party), told("party", pair.company)
    sure = "" if pair.control.sure else ", perhaps"
    yield f"{who} controls {of}{sure}, round {pair.entry.round}: {_RULES[pair.entry.by]}"
    if pair.electorate is None or not pair.found.network.company(pair.company).is_counted:
        return
    tally = pair.control.tally(pair.company, pair.group.voting)
    parts = [
        f"{number(block.high)} of {told('party', block.account)}"
        for block in pair.blocks
        if block.high
    ]
    share = pair.row()["percent"]
    yield f"{' + '.join(parts)}: {division(tally.votes, tally.base, share and f'{share}%')}"


def _why(_: Fact) -> tuple[str, str]:
    return "no effect", "it makes nobody's control"
