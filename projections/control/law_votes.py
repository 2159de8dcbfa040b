"""Votes as the law of companies that hold one another has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ledger.time.view import View
from projections.control.kernel import Structure
from projections.control.law import RULES, Companies, Laws, Settled, Strike, settle
from projections.control.members import members
from projections.control.network import TYPES, Network
from projections.control.structure import Structures
from projections.subjects.checked_figures import four_places
from projections.subjects.share_rights import LAW
from projections.subjects.votes import VotesAnswer, votes
from projections.subjects.voting_rights import Fallen
from projections.told import Told, told

NO_ADVICE = "This follows from what is recorded; whether a law applies is an opinion."


@dataclass(frozen=True)
class Meeting:
    """What the laws asked for take away in a company, and in those it reaches."""

    structures: Structures
    structure: Structure
    issuer: str

    @classmethod
    def of(cls, view: View, issuer: str, laws: Laws) -> Meeting:
        """The one of an issuer."""
        structures = Structures(Network(view), laws=laws)
        return cls(structures, structures.of(structures.below(issuer)), issuer)

    @cached_property
    def companies(self) -> Companies:
        """The laws of the companies."""
        return self.structures.companies(self.structure)

    @cached_property
    def settled(self) -> Settled:
        """Control and what falls away, worked out in turn."""
        return settle(self.structure, self.companies)

    @property
    def strikes(self) -> list[Strike]:
        """What falls away in the company itself."""
        return [one for one in self.settled.strikes.values() if one.company == self.issuer]

    @property
    def fallen(self) -> Mapping[str, Fallen]:
        """The same, by account."""
        return {one.account: Fallen(one.part, reason(one)) for one in self.strikes}

    def notes(self) -> Iterator[Told]:
        """What is to be said of it."""
        yield from strike_notes(self.settled)
        law, of = self.structures.law(self.issuer), told("party", self.issuer)
        if law is None:
            yield Told(
                f"No event tells the law of {of}: a jurisdiction (party-details-changed) does, or"
                " --law with its code."
            )
        elif self.companies.laws.get(self.issuer) not in {rule.law for rule in RULES.values()}:
            yield Told(f"{of} is under the law of {law.upper()}, of which no rule is counted.")
        elif not any(one.company == self.issuer for one in self.settled.strikes.values()):
            yield Told(
                f"The law of {law.upper()} takes no votes in {of} away, beside those suspended on"
                " record."
            )
        yield Told(NO_ADVICE)


def reason(strike: Strike) -> str:
    """Why votes fall away, in a clause."""
    rule = RULES[strike.rule]
    part = "" if strike.part == 1 else f", {four_places(strike.part * 100)}% of them"
    return f"{rule.words} ({rule.source}){part}"


def strike_notes(settled: Settled) -> Iterator[Told]:
    """What falls away in which company, and what is not settled."""
    for (company, account), strike in sorted(settled.strikes.items()):
        part = "" if strike.part == 1 else f"{four_places(strike.part * 100)}% of "
        rule = RULES[strike.rule]
        yield Told(
            f"Counted by law: {part}the votes of {told('party', account)} in"
            f" {told('party', company)} fall away ({rule.source}: {rule.words})."
        )
    states = settled.cycle[:-1]
    for company, account in settled.unsettled:
        fall = [str(n) for n, state in enumerate(states, 1) if (company, account) in state]
        yield Told(
            f"Not settled: the laws swing between {len(states)} states; the votes of"
            f" {told('party', account)} in {told('party', company)} fall away in state"
            f" {' and '.join(fall)} and not in the others. They are counted here."
        )


def votes_by_law(
    view: View, issuer: str, laws: str, digits: int = 2, ranged: bool = False
) -> VotesAnswer:
    """The votes of an issuer, those suspended that laws take away where companies hold one
    another; ``laws`` as ``Laws.read`` has them."""
    issuer = view.identities.of(issuer)
    meeting = Meeting.of(view, issuer, Laws.read(laws, issuer))
    answer = votes(view, issuer, members, digits, ranged, meeting.fallen)
    companies = meeting.structure.electorates
    about = [f"{kind}:{one}" for one in companies for kind in ("issuer", "party")]
    answer.about.append((about, (*TYPES, *LAW)))
    for words in meeting.notes():
        answer.note(words)
    return answer
