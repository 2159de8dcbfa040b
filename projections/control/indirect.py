"""What a holder has through others: votes that are attributed to it, and its economic interest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ledger.model.fact import STANDINGS
from ledger.time.view import View
from projections.answer import Answer, percentage, whole
from projections.control.capital import Capital, Evidence, point_of
from projections.control.chains import Chain, Chains, chains
from projections.control.flows import total
from projections.control.interests import NONE, Between, Reach
from projections.control.kernel import Block, Control, Electorate, Group
from projections.control.network import TYPES, Network, Stake
from projections.control.owners import BOUNDED, NO_ADVICE, oddities
from projections.control.structure import Structures
from projections.control_rows import ChainRow, IndirectRow, Votes
from projections.subjects.bases import is_of_votes
from projections.told import Told, told

_WHOLE = Fraction(1)
_COUNTED = "held-votes"
_WAYS = ("direct", "trusts", "by_rights", "controlled", "concert")


@dataclass
class Through:
    """What reaches from a holder through others, at one cut; each thing is worked out once."""

    view: View
    holder: str

    @cached_property
    def network(self) -> Network:
        """The network of stakes."""
        return Network(self.view)

    @cached_property
    def is_pool(self) -> bool:
        """Whether the holder is several shareholders who are counted together."""
        return any(self.network.company(one).is_pool(self.holder) for one in self.companies)

    @cached_property
    def companies(self) -> list[str]:
        """The companies of which the holder may have anything, itself or through others."""
        voted = Structures(self.network).below(self.holder)
        return list(dict.fromkeys([*self.network.below([self.holder]), *voted]))

    @cached_property
    def capital(self) -> Capital:
        """Whose the capital of these companies is."""
        return Capital(self.network, self.companies)

    @cached_property
    def reach(self) -> Reach:
        """The economic interests of the holder."""
        return self.capital.told.held_by(self.holder)

    @cached_property
    def printed(self) -> Reach:
        """The same, with stakes as they can have been before they were rounded."""
        return self.capital.printed.held_by(self.holder)

    @cached_property
    def _control(self) -> Control:
        return Control(Structures(self.network).of(self.companies))

    @cached_property
    def group(self) -> Group:
        """What the holder surely controls, and who acts with it."""
        return self._control.group(self.holder)

    def electorate(self, company: str) -> Electorate | None:
        """Who votes in a company."""
        return self._control.structure.electorates.get(company)

    def chains(self, company: str) -> Chains:
        """The chains of stakes from the holder to a company."""
        return chains(self.capital.told.owners, self.holder, company)

    def evidence(self, company: str) -> Evidence:
        """The events of the stakes on these chains."""
        links = {link for one in self.chains(company).found for link in pairwise(one.parties)}
        found = Evidence([])
        for owner, owned in sorted(links):
            found = found.with_other(self.capital.evidence(owned, owner))
        return found


def indirect(
    view: View, holder: str, issuer: str | None = None, digits: int = 4
) -> Answer[IndirectRow]:
    """What a holder has of each company, or of one: itself, through others, and together."""
    holder, issuer = view.identities.of(holder), issuer and view.identities.of(issuer)
    answer = Answer[IndirectRow](about=[((f"party:{holder}",), TYPES)])
    through = Through(view, holder)
    for company in sorted(dict.fromkeys([*through.companies, *through.reach.parts])):
        looked_for = issuer in (None, company) and company != holder
        if looked_for and company not in through.capital.trusts:
            row = _row(through, company, digits)
            if row is not None:
                answer.rows.append(row)
    _note(answer, through, issuer)
    return answer


def _row(through: Through, company: str, digits: int) -> IndirectRow | None:
    part = None if through.is_pool else through.reach.parts.get(company, NONE)
    votes = _votes(through, company, digits)
    nothing = through.is_pool or (part is not None and not part.high)
    if votes["attributed_percent"] is None and nothing:
        return None
    printed = through.printed.parts.get(company, part) or part
    found, evidence = through.chains(company), through.evidence(company)
    exact = part is not None and part.is_exact
    shown = [_chain(one, digits) for one in found.found]
    return {
        "issuer": company,
        **votes,
        "economic": str(part.low) if part is not None and exact else None,
        "economic_percent": percentage(part.low, _WHOLE, digits) if part and exact else None,
        "economic_low": percentage(printed.low, _WHOLE, digits) if printed else None,
        "economic_high": percentage(printed.high, _WHOLE, digits) if printed else None,
        "chains": shown,
        "through_loops": str(rest) if (rest := rest_of(part, found)) is not None else None,
        "standing": STANDINGS[evidence.rank],
        "events": evidence.events,
    }


def rest_of(part: Between | None, found: Chains) -> Fraction | None:
    """What of an exact interest no chain that is listed has: what comes through loops, and what
    chains have that are not listed."""
    exact = part is not None and part.is_exact and all(one.part.is_exact for one in found.found)
    return part.low - total(one.part.low for one in found.found) if part and exact else None


def _chain(one: Chain, digits: int) -> ChainRow:
    exact = one.part.is_exact
    return {
        "parties": list(one.parties),
        "percent": percentage(one.part.low, _WHOLE, digits) if exact else None,
        "percent_exact": str(one.part.low) if exact else None,
    }


def _votes(through: Through, company: str, digits: int) -> Votes:
    """The votes that are attributed to the holder, each counted once: its own, those of trusts that
    it instructs, those by rights in shares, of what it controls, and of who acts with it."""
    electorate, group = through.electorate(company), through.group
    blocks = electorate.cast_by(group.voting) if electorate else []
    sums = dict.fromkeys(_WAYS, Fraction())
    parts, counted = list[Fraction | None](), electorate is not None and electorate.held > 1
    bases = set[str]()
    for block in blocks:
        is_counted = counted and block.low == block.high
        sums[_way(block, through.holder, group)] += block.held
        stake = None if is_counted else _disclosed(through, company, block)
        whole_of = electorate.held if electorate else _WHOLE
        parts.append(block.held / whole_of if is_counted else stake and point_of(stake))
        bases.add(stake.of if stake else _COUNTED)
        counted = counted and is_counted
    known = [part for part in parts if part is not None]
    told_all = bool(known) and len(known) == len(parts)
    base = bases.pop() if len(bases) == 1 else "votes"
    return {
        "direct": whole(sums["direct"]) if counted else None,
        "trusts": whole(sums["trusts"]) if counted else None,
        "by_rights": whole(sums["by_rights"]) if counted else None,
        "controlled": whole(sums["controlled"]) if counted else None,
        "concert": whole(sums["concert"]) if counted else None,
        "attributed": whole(total(sums.values())) if counted else None,
        "attributed_percent": percentage(total(known), _WHOLE, digits) if told_all else None,
        "base": base if told_all else None,
    }


def _way(block: Block, holder: str, group: Group) -> str:
    if block.voters <= {holder} and block.by_right:
        return "by_rights"
    if block.voters <= {holder}:
        return "direct" if block.account == holder else "trusts"
    return "controlled" if block.voters <= group.members else "concert"


def _disclosed(through: Through, company: str, block: Block) -> Stake | None:
    """What is disclosed of a holder: of votes before others, its own before its group's."""
    stakes = [s for s in through.network.company(company).stakes if s.holder == block.account]
    stakes.sort(key=lambda one: (not is_of_votes(one.of), not one.is_own))
    return stakes[0] if stakes else None


def _note(answer: Answer[IndirectRow], through: Through, issuer: str | None) -> None:
    holder = told("party", through.holder)
    for note in (*through.capital.notes, *oddities(through.capital)):
        answer.note(note)
    for note in _of_loops(through):
        answer.note(note)
    if through.is_pool:
        answer.note(Told(f"{holder} is several shareholders counted together: what each of them has"
                         " in the end is not known."))  # fmt: skip
    if any(not through.chains(row["issuer"]).complete for row in answer.rows):
        answer.note("There are more chains than are listed; what is through loops has theirs too.")
    if answer.rows:
        answer.note(
            "Votes are those held, suspended ones too; what is controlled counts whole. Economic"
            " interests are multiplied along chains, and loops are solved."
        )
        answer.note(NO_ADVICE)
    else:
        of = f" of {told('party', issuer)}" if issuer else ""
        answer.gap(
            f"no event at this cut tells that {holder} has anything{of}, itself or through others",
            "a register or a stake-disclosed",
        )


def _of_loops(through: Through) -> Iterator[str]:
    """What the holder has of itself, and loops that are not solved."""
    itself, holder = through.reach.itself, told("party", through.holder)
    if itself.is_exact and 0 < itself.low < 1:
        part = percentage(itself.low, _WHOLE, 4)
        more = percentage(1 / (1 - itself.low), _WHOLE, 4)
        yield Told(
            f"{holder} has {part}% of itself through others; that is not counted round again. Were"
            f" it, its interests would be {more}% of what is shown."
        )
    for loop in through.capital.told.unsolved:
        named = ", ".join(told("party", one) for one in loop)
        yield Told(f"What is held of {named}, and through them, cannot be told.")
    for ring in through.capital.told.rings:
        named = ", ".join(told("party", one) for one in ring)
        yield Told(f"{named}: no outside owner, for they wholly own themselves.")
    if through.reach.bounded:
        yield BOUNDED
