"""The structure of control that a network shows: electorates, recorded control, concerts, laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.lots import Part
from ledger.model.register import TREASURY, Pair
from projections.control.casting import cast_for
from projections.control.kernel import COUNTED, Block, Control, Electorate, Structure
from projections.control.law import Companies, Laws
from projections.control.network import OVER, Company, Network, Relation, Stake, bands
from projections.subjects.ballots import counting
from projections.subjects.bases import is_of_votes
from projections.subjects.entitlements import within
from projections.subjects.rights_on import followed, portions
from projections.subjects.share_rights import LAW, law_of, rows_of

_NONE = Fraction()
_WHOLE = Fraction(1)
_WITH_OWN = ("issued", "capital", "capital-par")  # of all shares, a company's own too
_BY_SHARES = ("sa", "sas", "sasu", "sca", "se")  # French forms of companies by shares


class Recorded(NamedTuple):
    """What is recorded of control, of concerts, and against control."""

    control: Mapping[str, frozenset[str]]
    concerts: Mapping[str, frozenset[str]]
    denied: frozenset[tuple[str, str]]

    @property
    def parties(self) -> set[str]:
        """All of which anything is recorded."""
        pairs = {party for pair in self.denied for party in pair}
        return pairs.union(self.control, *self.control.values(), self.concerts)


class Structures:
    """Structures of control over a network: what reaches a company, and what it reaches.

    A denial of control or of a concert counts where it is made for the law that is asked for.
    """

    def __init__(
        self, network: Network, denied_for: str | None = None, laws: Laws | None = None
    ) -> None:
        self.network, self._denied_for = network, denied_for
        self._laws, self._strikes = laws or Laws(), laws is not None
        self._electorates: dict[str, Electorate | None] = {}

    def around(self, party: str) -> Structure:
        """What reaches a party from above, and what it and those below may control."""
        return self.of([*self.network.deciding([party]), *self.below(party)])

    def below(self, party: str) -> list[str]:
        """A party and the companies of which it, or what it may control, may have votes; and who
        may have more votes in those in which control is presumed of the largest."""
        found = self._below(party)
        presumed = [one for one in found if self._laws.presuming or self.law(one) == "fr"]
        return list(dict.fromkeys([*found, *self.network.deciding(presumed)]))

    def _below(self, party: str) -> list[str]:
        if self._strikes:  # what falls away by law may leave control to anybody
            return self.network.below([party])
        found, asked = [party], set[str]()
        while True:
            group = Control(self.of(found), sure=False, presuming=True).group(party)
            new = group.voting - asked
            if not new:
                return found
            asked |= new
            more = [one for member in sorted(new) for one in self._under(member)]
            found = list(dict.fromkeys([*found, *more]))

    def _under(self, member: str) -> Iterator[str]:
        yield from self.network.held_by(member)
        relations = self.network.relations(member)
        yield from (one.of for one in relations if one.party == member and one.kind in OVER)
        yield from self.network.seated_in(member)

    def of(self, companies: Iterable[str]) -> Structure:
        """The structure of some companies."""
        parties = list(dict.fromkeys(companies))
        electorates = {one: e for one in parties if (e := self.electorate(one)) is not None}
        everybody = dict.fromkeys(parties)
        for electorate in electorates.values():
            everybody |= dict.fromkeys(electorate.by_voter)
        presumed = frozenset(one for one in electorates if self.law(one) == "fr")
        recorded = self.recorded(everybody)
        return Structure(
            electorates, recorded.control, recorded.concerts, presumed, recorded.denied
        )

    def recorded(self, parties: Iterable[str]) -> Recorded:
        """What is recorded among some parties."""
        relations = [one for party in parties for one in self.network.relations(party)]
        recorded = defaultdict[str, set[str]](set)
        for one in relations:
            if one.kind == "control":
                recorded[one.party].add(one.of)
        denied = {(r.party, r.of) for r in relations if r.kind == "no-control" and self._counts(r)}
        control = {party: frozenset(of) for party, of in recorded.items()}
        return Recorded(control, self._concerts(relations), frozenset(denied))

    def law(self, company: str) -> str | None:
        """The country whose law a company is under, by its code."""
        return self._laws.law(company, law_of(self.network.view, company))

    def companies(self, structure: Structure) -> Companies:
        """What the laws that are counted ask of the companies of a structure."""
        laws = {one: self.law(one) for one in structure.electorates}
        counted = self._laws.counted | {*self._laws.of.values()} if self._laws.counted else ()
        forms = {one: self._form(one) for one in structure.electorates}
        others = {one for one, form in forms.items() if form and form not in _BY_SHARES}
        return Companies(
            {one: law for one, law in laws.items() if law and (law in counted or not counted)},
            frozenset(others),
        )

    def _form(self, company: str) -> str | None:
        facts = self.network.view.about(f"party:{company}", types=LAW).certain
        forms = [f.text("legal_form") for f in facts if f.need("party") == company]
        told = [form for form in forms if form]
        return told[-1].casefold().replace(".", "") if told else None

    def _counts(self, denial: Relation) -> bool:
        return denial.fact.text("denied_for") == self._denied_for

    def _concerts(self, relations: Iterable[Relation]) -> Mapping[str, frozenset[str]]:
        """Whom each party acts with: all who act with one, and that one."""
        together = defaultdict[str, set[str]](set)
        apart = set[frozenset[str]]()
        for one in relations:
            if one.kind == "concert":
                together[one.of] |= {one.party, one.of}
            elif one.kind == "no-concert" and self._counts(one):
                apart.add(frozenset({one.party, one.of}))
        found = defaultdict[str, set[str]](set)
        for members in together.values():
            for party in members:
                found[party] |= {m for m in members if frozenset({m, party}) not in apart}
        return {party: frozenset(with_it - {party}) for party, with_it in found.items()}

    def electorate(self, party: str) -> Electorate | None:
        """Who votes in a company; None of what has no votes."""
        if party not in self._electorates:
            self._electorates[party] = self._made(party)
        return self._electorates[party]

    def _made(self, party: str) -> Electorate | None:
        known = self.network.company(party)
        relations = [one for one in self.network.relations(party) if one.of == party]
        seats, board, is_known = self._board(party, relations)
        if known.is_counted:
            base, held, of = known.totals.castable, known.totals.held, COUNTED
            blocks = list(_counted(known))
            blocks += _hidden(known, {block.account for block in blocks})
            if any(block.held < 0 for block in blocks):  # a movement that others rest on is hidden
                blocks = [block._replace(low=_NONE) for block in blocks]
        else:
            blocks = list(_disclosed(known, relations))
            base, of = _base(known)
            held = base
        if not (blocks or seats) or self.network.has_ended(party) is not None:
            return None
        living = tuple(map(self._living, blocks))
        digits = known.at_cut.digits if known.is_counted else 0
        return Electorate(living, base, held, of, seats, board, is_known, digits)

    def _living(self, block: Block) -> Block:
        """The votes of an account; those of a party that has ended nobody is known to cast."""
        ended = any(self.network.has_ended(voter) is not None for voter in block.voters)
        return block._replace(voters=frozenset()) if ended else block

    def _board(
        self, company: str, relations: Iterable[Relation]
    ) -> tuple[Mapping[str, int], int, bool]:
        """How many directors each party may name, of how many on record; a majority that a
        register of significant control tells is one of a board that is known."""
        for relation in relations:
            if any(nature["of"] == "board-majority" for nature in relation.fact.many("natures")):
                return {relation.party: 1}, 1, True
        rights = [one for one in self.network.seats(company) if one.right.seat != "observer"]
        seats = defaultdict[str, int](int)
        board = len(self.network.board(company).directors)
        for one in rights:
            board += max(one.right.seats - len(one.sitting), 0)
            if one.party is not None and self.network.has_ended(one.party) is None:
                seats[one.party] += one.right.seats
        return dict(seats), board, False


def _counted(known: Company) -> Iterator[Block]:
    """The votes of a register, those apart that somebody else has a right to cast."""
    issued = sum((known.at_cut.register.issued(c) for c in known.capital), _NONE)
    moved = _moved(known)
    for account, ballot in known.ballots.items():
        if account == TREASURY:
            continue
        voters, single = frozenset(known.voters(account)), not known.is_pool(account)
        votes, held = ballot.held - ballot.suspended, ballot.held
        shares = sum((known.held(c).get(account, _NONE) for c in known.capital), _NONE)
        capital = shares / issued if issued else _NONE
        rights = moved.get(account, ())
        for (_, party, _), (low, high) in within(votes, dict(rights)).items():
            for who, part in cast_for(known.view, party):
                least, most = (n if part == 1 else Fraction(n * part // 1) for n in (low, high))
                yield Block(account, frozenset(who), least, most, most, by_right=True)
        gone = min(sum((number for _, number in rights), _NONE), votes)
        votes, held = votes - gone, held - gone
        if any(kind == "nominee" for (_, _, kind), _ in rights):
            voters = frozenset()  # for whom a nominee has the rest is not known
        all_votes, all_held = votes, held
        for who, part in known.casting(account):
            if part < 1:  # in whole votes; nobody has the rest
                own, its = Fraction(all_votes * part // 1), Fraction(all_held * part // 1)
                votes, held = votes - own, held - its
                yield Block(account, frozenset(who), own, own, its, _NONE)
        yield Block(account, voters, votes, votes, held, capital, single)


_Moved = tuple[tuple[str, str, str], Fraction]  # a right with its party and kind, and the votes


def _moved(known: Company) -> Mapping[str, Sequence[_Moved]]:
    """The votes on each account that another party casts or instructs, by rights in its shares:
    what one for whom a nominee holds grants to others in its turn is theirs, the rest its own."""
    rows, held = rows_of(known.at_cut), known.at_cut.register.shares
    voting = [one for one in followed(rows, held) if one.votes]

    def parts(pair: Pair) -> Sequence[Part]:
        ballot = known.ballots.get(pair[1])
        return ballot.parts.get(pair[0], ()) if ballot else ()

    votes = {
        one: known.rights.votes(one.share_class, counting(of))
        for one, of in portions(voting, parts).items()
    }
    own = dict(votes)
    for one in voting:
        if one.through and one.through[-1] in own:
            own[one.through[-1]] -= votes[one]
    found: dict[str, dict[tuple[str, str, str], Fraction]] = defaultdict(dict)
    for one, left in own.items():
        if left > 0:
            key, on = (one.right, one.party, one.kind), found[one.account]
            on[key] = on.get(key, _NONE) + left
    return {account: list(on.items()) for account, on in found.items()}


def _disclosed(known: Company, relations: Iterable[Relation]) -> Iterator[Block]:
    """The votes that are disclosed of a company without register, each holder's once; none of what
    it has of itself."""
    stakes = [*known.stakes, *(stake for one in relations for stake in bands(one))]
    for stake in _with_room(_best(stakes).values()):
        if stake.holder != known.issuer:
            yield _block(stake, _WHOLE)


def _with_room(stakes: Iterable[Stake]) -> Iterator[Stake]:
    """The same, but of a holder's own stake no more than what stakes of later days leave room for:
    it has been given up since."""
    room, day, today = _WHOLE, "", _NONE
    for stake in sorted(stakes, key=lambda one: one.fact.order, reverse=True):
        if stake.fact.order[0] != day:
            room, day, today = room - today, stake.fact.order[0], _NONE
        if not stake.is_own:
            yield stake
        elif stake.low > room:
            yield stake._replace(low=_NONE, high=max(min(stake.high, room), _NONE), above=False)
        else:
            today += stake.low
            yield stake


def _hidden(known: Company, accounts: set[str]) -> Iterator[Block]:
    """The votes disclosed of holders whom the register counts together with others."""
    for stake in _best(known.stakes).values():
        direct = stake.interest == "direct"  # else it may be on the accounts of others
        if direct and stake.holder not in accounts and any(map(known.is_pool, accounts)):
            yield _block(stake, known.totals.castable)


def _best(stakes: Iterable[Stake]) -> Mapping[str, Stake]:
    """One stake of each holder: of votes before others, its own before its group's."""
    found: dict[str, Stake] = {}
    order = sorted(stakes, key=lambda one: (not is_of_votes(one.of), not one.is_own))
    for stake in order:
        found.setdefault(stake.holder, stake)
    return found


def _block(stake: Stake, base: Fraction) -> Block:
    low, high = stake.low * base, stake.high * base
    capital = _NONE if is_of_votes(stake.of) else stake.low
    voters = frozenset({stake.holder})
    return Block(stake.holder, voters, low, high, low, capital, above=stake.above)


def _base(known: Company) -> tuple[Fraction, str]:
    """What the stakes in a company are parts of, without what it has of itself, and what that is
    called where it is the same of all."""
    best = _best(known.stakes)
    bases = {stake.of for stake in best.values()}
    of = bases.pop() if len(bases) == 1 else "votes"
    own = best.get(known.issuer)
    if own is None or own.of not in _WITH_OWN or own.low >= _WHOLE:
        return _WHOLE, of
    return _WHOLE - own.low, "outstanding" if of in _WITH_OWN else of
