"""Companies that are blocked because blocked persons own half of them or more, in aggregate.

Control counts for nothing. (OFAC FAQ 398, 399, 401.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.control.flows import reachable, total
from projections.control.interests import Between, Owners
from projections.control.owner_rules import OWNER, Look, Owner, Threshold
from projections.subjects.checked_figures import four_places
from projections.told import Told, told

STATUS = ("party-status-changed",)
_WHOLE = Fraction(1)


def told_blocked(view: View, asked: View, named: Sequence[str]) -> Mapping[str, Fact | None] | None:
    """Who is blocked in a view: those that are named, and those that are frozen on record; None
    where nobody is named, and in the view that is asked nobody was ever frozen."""
    frozen = dict[str, Fact | None]()
    for fact in view.every(STATUS).counted:
        if fact.need("status") == "frozen":
            frozen[fact.need("party")] = fact
        else:
            frozen.pop(fact.need("party"), None)
    ever = any(fact.need("status") == "frozen" for fact in asked.every(STATUS).counted)
    return dict.fromkeys(map(view.identities.of, named)) | frozen if ever or named else None


def ofac(look: Look, threshold: Threshold) -> Iterator[Owner]:
    """Those blocked by whom the company is blocked too, all together; where nobody is told to be
    blocked, everybody by whose being blocked, and nobody else's, it would be."""
    if look.blocked is not None:
        yield from _together(look, threshold, list(look.blocked))
        return
    owners = look.capital.told.owners
    for party in dict.fromkeys(o for of in owners.values() for o in of if o != look.company):
        yield from _together(look, threshold, [party])


def _together(look: Look, threshold: Threshold, parties: Sequence[str]) -> Iterator[Owner]:
    """Some parties that are blocked, with what of the company is theirs in aggregate."""
    owners, company = look.capital.told.owners, look.company
    given = [party for party in parties if party != company]
    sure, perhaps = (blocked(owners, given, threshold, low=low) for low in (True, False))
    if company not in perhaps:
        return
    part = _aggregate(owners, company, given, threshold)
    among = {*given, *perhaps}
    into = {one: [o for o in owners.get(one, {}) if o in among] for one in among}
    reaching = {*reachable(into, [company])} - {company}
    for party in given:
        if party in reaching:
            below = {one for one in reaching if one != party and party in reachable(into, [one])}
            through = tuple(one for one in perhaps if one in below and one in into[company])
            yield Owner(party, OWNER, "aggregate", part, part, company in sure, through, "capital")


def _aggregate(owners: Owners, company: str, given: Sequence[str], threshold: Threshold) -> Between:
    """What of a company is owned by who is blocked, and by what is blocked with them."""
    low, high = (
        sum_of(owners, company, {*given, *blocked(owners, given, threshold, low=low)}, low=low)
        for low in (True, False)
    )
    return Between(low, high)


def blocked(
    owners: Owners, parties: Iterable[str], threshold: Threshold, *, low: bool
) -> dict[str, Fraction]:
    """What is blocked with some parties: by company, the part of it that is theirs in aggregate."""
    found, growing = dict.fromkeys(parties, _WHOLE), True
    given = set(found)
    while growing:
        new = {
            company: part
            for company in owners
            if company not in found
            and threshold.meets(part := sum_of(owners, company, found, low=low))
        }
        found |= new
        growing = bool(new)
    return {company: part for company, part in found.items() if company not in given}


def sum_of(owners: Owners, company: str, who: Iterable[str], *, low: bool) -> Fraction:
    """The part of a company that some have of it directly, together."""
    of = owners.get(company, {})
    parts = (of[one] for one in who if one in of)
    return min(total(part.low if low else part.high for part in parts), _WHOLE)


def blocked_notes(look: Look, threshold: Threshold) -> Iterator[Told]:
    """Who counts as blocked, and what they have together."""
    of = told("party", look.company)
    if look.blocked is None:
        yield Told(
            "Nobody is told to be blocked: each row is what follows if that party is, and nobody"
            " else. Several count together: name them with --blocked, each one, or record them as"
            " frozen (party-status-changed)."
        )
        return
    recorded = [(party, fact) for party, fact in look.blocked.items() if fact is not None]
    for party, fact in recorded:
        by = f" by {told('party', fact.need('by'))}" if fact.text("by") else ""
        yield Told(
            f"{told('party', party)} counts as blocked: it is recorded as frozen{by}"
            f" ({told('event', fact.key)})."
        )
    owners, given = look.capital.told.owners, [one for one in look.blocked if one != look.company]
    if look.company in look.blocked:
        yield Told(f"{of} is itself told to be blocked, whoever owns it.")
    elif not look.blocked:
        yield Told("Nobody is blocked at this cut.")
    if not given or look.company not in owners:
        return
    part = _aggregate(owners, look.company, given, threshold)
    ends = [_words(end, threshold.at) for end in dict.fromkeys(part)]
    result = {True: "it is blocked too", False: "it may be blocked", None: "it is not blocked"}
    yield Told(
        f"Of {of}, {' to '.join(ends)} belongs to who is blocked, directly and through what is"
        f" blocked with them: by this rule {result[threshold.judge(part)]}."
    )


def _words(part: Fraction, near: Fraction) -> str:
    """A part in percent; where it would be rounded to what it is held against, that it is not."""
    text = four_places(part * 100)
    words = f"{text.rstrip('0').rstrip('.')}%"
    if part == near or Fraction(text) != near * 100:
        return words
    return f"{'more' if part > near else 'less'} than {words}"
