"""Owners of a company in the end, under a named rule, with since when and until when they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ledger.model.fact import STANDINGS, Fact
from ledger.model.posted import end_of
from ledger.time.view import View
from ledger.values.quantities import parse_percent, rounded
from projections.answer import Answer, keys, percentage
from projections.control.between import Between
from projections.control.blocked import STATUS, blocked_notes, told_blocked
from projections.control.capital import Capital, Evidence
from projections.control.chains import chains
from projections.control.flows import MOST
from projections.control.legal_owners import RULES, band_of
from projections.control.network import TYPES, Network
from projections.control.owner_rules import Look, Owner, OwnerKey, Threshold
from projections.control.spans import Span, spans
from projections.control_rows import OwnerRow, PartTold
from projections.told import Told, told

NO_ADVICE = "This follows from what is recorded; it is no legal advice."
_WHOLE = Fraction(1)


def owners(
    view: View,
    company: str,
    rule: str = "economic",
    at: str | None = None,
    digits: int = 4,
    blocked: Sequence[str] = (),
) -> Answer[OwnerRow]:
    """Who owns a company in the end under a rule, from its threshold on or from another; by the
    rule of those who are ``blocked``, beside whom the record tells to be."""
    company = view.identities.of(company)
    view.posted(company).look_ahead(end_of(view.cut.as_of))  # many owners are told one by one
    threshold = threshold_of(rule, at)
    answer = Answer[OwnerRow](about=[((f"issuer:{company}",), TYPES)])
    if rule == "ofac":
        answer.about.append((tuple(f"type:{name}" for name in STATUS), STATUS))

    def looked(on: View) -> Look:
        told_of = told_blocked(on, view, blocked) if rule == "ofac" else None
        return Look(Network(on), company, told_of)

    between, looks = Between(view, company), list[Look]()

    def on_day(on: View) -> dict[OwnerKey, Owner]:
        look = looked(on)
        if not looks:
            looks.append(look)  # the cut itself is asked first
        between.note(look)
        return _on_day(look, rule, threshold)

    any_part = rule == "economic" and not threshold.at
    over_time = spans(view, on_day, between.before) if any_part else spans(view, on_day)
    look = looks[0]
    now = {one.key: one for one in _found(look, rule, threshold)}
    current = {one.key: one for one in over_time.found if one.until is None}
    for key, one in now.items():
        answer.rows.append(_row(look, rule, one, current.get(key), digits, company))
    for past in over_time.found:
        if past.until is not None:
            answer.rows.append(_row(None, rule, past.value, past, digits, company))
    _note(answer, look, rule, threshold, over_time.first)
    return answer


def threshold_of(rule: str, at: str | None) -> Threshold:
    """The threshold of a rule, or another; an economic interest counts from there on."""
    own = RULES[rule].threshold
    if at is None:
        return own
    return Threshold(Fraction(parse_percent(at)) / 100, own.above and rule != "economic")


def _on_day(look: Look, rule: str, threshold: Threshold) -> dict[OwnerKey, Owner]:
    found = _found(look, rule, threshold)
    return {one.key: one for one in found if one.party is not None}


def _found(look: Look, rule: str, threshold: Threshold) -> list[Owner]:
    """The owners by a rule; of a company that has ended there are none."""
    found = list(RULES[rule].find(look, threshold))  # looked at also where it has ended
    return found if look.ended is None else []


def _row(
    look: Look | None,
    rule: str,
    one: Owner,
    span: Span[OwnerKey, Owner] | None,
    digits: int,
    company: str,
) -> OwnerRow:
    evidence = _evidence(look, one, company) if look else None
    if evidence is None or not evidence.events:
        began = span.began_by if span else []
        evidence = Evidence(keys(began), max((fact.rank for fact in began), default=0))
    return {
        "company": company,
        "rule": rule,
        "party": one.party,
        "role": one.role,
        "by": one.by,
        "through": list(one.through),
        **part_told(one, digits),
        "band": band_of(one.part) if rule == "psc" and one.party else None,
        "certain": "yes" if one.certain else "no",
        "since": span.since if span else None,
        "until": span.until if span else None,
        "began_by": _naming(one, span.began_by) if span else [],
        "ended_by": _naming(one, span.ended_by) if span else [],
        "standing": STANDINGS[evidence.rank],
        "events": evidence.events,
    }


def _naming(one: Owner, facts: Sequence[Fact]) -> list[str]:
    """Of the events of a day those that name an owner; where none does, all."""
    return keys([fact for fact in facts if one.party in fact.data.values()] or facts)


def part_told(one: Owner, digits: int) -> PartTold:
    """The part of an owner in percent: as one figure where it is one, and between which it is."""
    exact = one.part.low if one.part and one.part.is_exact else None
    printed = one.printed or one.part
    return {
        "percent": percentage(exact, _WHOLE, digits) if exact is not None else None,
        "percent_exact": str(exact) if exact is not None else None,
        "percent_low": percentage(printed.low, _WHOLE, digits) if printed else None,
        "percent_high": percentage(printed.high, _WHOLE, digits) if printed else None,
        "percent_of": one.of,
    }


def _evidence(look: Look, one: Owner, company: str) -> Evidence | None:
    """The events of the stakes on the chains from an owner to the company."""
    start = one.party if one.by != "trust" else one.through[0]
    if start is None:
        return None
    found = Evidence([])
    links = {
        link
        for chain in chains(look.capital.told.owners, start, company).found
        for link in pairwise(chain.parties)
    }
    for owner, owned in sorted(links):
        found = found.with_other(look.capital.evidence(owned, owner))
    if one.by == "trust":
        facts = look.capital.trusts[start].facts
        found = found.with_other(Evidence(keys(facts), max(fact.rank for fact in facts)))
    if (frozen := (look.blocked or {}).get(start)) is not None:
        found = found.with_other(Evidence([frozen.key], frozen.rank))
    return found


def _note(
    answer: Answer[OwnerRow], look: Look, rule: str, threshold: Threshold, first: str | None
) -> None:
    at = f"{'more than ' if threshold.above else ''}{_words(threshold.at)}, "
    answer.note(f"Rule {rule}: {at if threshold.at else ''}{RULES[rule].words}.")
    about_blocked = blocked_notes(look, threshold) if rule == "ofac" else ()
    for note in (*about_blocked, *look.capital.notes, *oddities(look.capital)):
        answer.note(note)
    if look.interests.bounded:
        answer.note(BOUNDED)
    if first is not None:
        answer.note(f"Changes before {first} are not looked at: there are very many.")
    answer.note(NO_ADVICE)
    company = told("party", look.company)
    if look.ended is not None:
        answer.note(f"{company} has ended ({told('event', look.ended.key)}): nobody owns it since.")
    if not answer.rows and (look.company in look.capital.told.owners or look.ultimate):
        answer.none(f"Nobody on record is an owner of {company} by this rule.")
    elif not answer.rows:
        clause = f"no event at this cut tells who owns {company}"
        answer.gap(clause, "a register or a stake-disclosed")


BOUNDED = (
    f"A loop of more than {MOST} companies is not solved: the figures are bounds, from partial sums"
    " and from what the others have."
)


def oddities(capital: Capital) -> Iterator[Told]:
    """What of the stakes cannot be, in sentences."""
    for one in capital.told.oddities:
        part, of = _words(one.part), told("party", one.company)
        match one.kind:
            case "negative":
                owner = told("party", one.owner)
                yield Told(f"{owner} has {part} of {of}, less than nothing: left out.")
            case "self-holding":
                yield Told(f"{of} has {part} of itself: what others have is counted without it.")
            case _:
                yield Told(f"The stakes in {of} make {part}: interests do not make the whole.")


def _words(part: Fraction) -> str:
    return f"{rounded(part * 100, 4).rstrip('0').rstrip('.')}%"
