"""Grants of votes are of shares that there are; what is ended, restored or named is there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.lots import ORDINARY
from ledger.model.movements import MOVEMENTS, SPLITTING
from ledger.model.register import Pair, Register, account_of, issuer_of
from ledger.rules.lots import Unsound, unsound_lots
from ledger.rules.new_events import NewEvents
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.view import View
from ledger.time.voting import ENDED, GRANTS, RESTRICTING, VotingRights, walked
from ledger.values.refusals import Refusal, Refused, shown, to_run
from ledger.values.share_counts import count_text

VOTING = frozenset((GRANTS, ENDED, *RESTRICTING))
_BEGINS = {
    "voting-rights-restored": ("voting-rights-suspended", "suspension", "suspension"),
    "voting-cap-lifted": ("voting-cap-agreed", "cap", "cap"),
}  # by what ends it: what begins it, the field of its name, and its name in words


def votes_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """The official grants of votes are of ordinary shares; what is ended, restored, lifted or named
    is there; a suspension by number says of which class.

    What an earlier release took as it was stays, as long as nothing new breaks it.
    """
    for issuer in new_events.touched("issuer:") if view.asks_all_rules else ():
        found = list(_unsound(view, issuer, new_events))
        if not found:
            continue
        before = new_events.before
        known = {one.identity for one in _unsound(before, issuer)} if before else set()
        for one in found:
            position = one.fact.recorded.position
            event = new_events.attribute_to(f"issuer:{issuer}", position)
            if event.position == position or one.identity not in known:
                yield event, _refusal(one, event)


def bears_on_votes(view: View, issuer: str, new_events: NewEvents) -> bool:
    """Whether what is new can bear on grants of an issuer's votes, or on their ends."""
    if new_events.has_any(VOTING) or new_events.affecting or new_events.naming_lots:
        return True
    if not view.history.knows(f"type:{GRANTS}"):
        return False
    if new_events.has_any((*CLASS_TYPES, *MOVEMENTS)):
        told = view.unposted(f"issuer:{issuer}", (GRANTS,)).counted
        holders = {fact.need("holder") for fact in told}
        reshaped = new_events.has_any((*CLASS_TYPES, *SPLITTING, "shares-exchanged"))
        return bool(told) and (reshaped or not holders.isdisjoint(new_events.touched("party:")))
    return False


def _unsound(view: View, issuer: str, new_events: NewEvents | None = None) -> Iterator[Unsound]:
    """What cannot stand of the votes of an issuer."""
    if new_events is not None and not bears_on_votes(view, issuer, new_events):
        return
    told = view.unposted(f"issuer:{issuer}", tuple(VOTING)).counted
    naming = [] if new_events is None else list(_naming(view, issuer, new_events))
    if naming or any(fact.type in (GRANTS, ENDED) for fact in told):
        judging = _Judging(view)
        register = walked(view, issuer, judging)
        yield from judging.found
        yield from judging.left_waiting()
        for fact in naming:
            if fact.recorded.position not in judging.judged:
                yield from unsound_lots(view, fact, VotingRights(view), register)
    for fact in told:
        if fact.standing == "official" and fact.type in _BEGINS:
            yield from _nothing_begun(view, issuer, fact)
        elif new_events is not None and new_events.has(fact.recorded.position):
            yield from _of_several(view, issuer, fact)


def _naming(view: View, issuer: str, new_events: NewEvents) -> Iterator[Fact]:
    """The new events about an issuer's shares that name lots."""
    for event in new_events.events(new_events.naming_lots):
        fact = view.fact(event)
        if fact is not None and issuer_of(fact.need("share_class")) == issuer:
            yield fact


class _Judging(VotingRights):
    """Rights to vote that say what grants, ends of votes, and lots that are named cannot be."""

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._seen, self.found = view, list[Unsound]()
        self.judged: set[int] = set()  # the positions of events that name lots

    def see(self, fact: Fact, register: Register) -> None:
        if fact.many("lots"):
            self.judged.add(fact.recorded.position)
            self.found += unsound_lots(self._seen, fact, self, register)
        if fact.type == ENDED and fact.standing == "official":
            self.found += self._nothing_ended(fact, register)
        super().see(fact, register)

    def left_waiting(self) -> Iterator[Unsound]:
        """The grants to holders that never got a share, in classes that have a register."""
        for share_class, facts in ((c, f) for (c, _), f in self.awaiting.items()):
            for fact in facts if share_class in self._registers else ():
                if fact.standing == "official":
                    yield _too_many(fact, Fraction(), 0)

    _registers: frozenset[str] = frozenset()

    def _grant(self, fact: Fact, register: Register) -> None:
        pair = fact.need("share_class"), fact.need("holder")
        if register.issued(pair[0]):
            self._registers |= {pair[0]}
        waits = not register.shares(*pair) and pair not in self.lots
        if not waits:
            self.found += self._no_grant(fact, pair, register)
        super()._grant(fact, register)

    def _no_grant(self, fact: Fact, pair: Pair, register: Register) -> Iterator[Unsound]:
        unit = self.terms.of(pair[0]).text("unit")
        if unit not in (None, "1"):
            yield Unsound(
                fact,
                f"the shares of {pair[0]} vote by units of {unit}, and have no lots.",
                "Record the votes of the class as they are: share-class-amended.",
                "share_class",
            )
        named = fact.text("lot")
        if named == ORDINARY:
            yield Unsound(
                fact,
                f"{ORDINARY} is the name of the shares that are in no lot.",
                "Give the lot another name.",
                "lot",
            )
        steps_up = any(lot.name == named for lot in self.lots.of(pair))
        if fact.standing != "official" or (steps_up and "shares" not in fact.data):
            return
        ordinary = max(self.lots.ordinary(pair, register.shares(*pair)), Fraction())
        if Fraction(fact.text("shares") or 1) > ordinary:
            yield _too_many(fact, ordinary, register.digits(pair[0]))

    def _nothing_ended(self, fact: Fact, register: Register) -> Iterator[Unsound]:
        pair = fact.need("share_class"), fact.need("holder")
        if pair in self.awaiting:
            return
        name = fact.text("lot")
        lots = [lot for lot in self.lots.of(pair) if name in (None, lot.name)]
        there = sum((lot.shares for lot in lots), Fraction())
        if not lots or Fraction(fact.text("shares") or 0) > there:
            of = f"the lot {shown(name)} of {pair[1]}" if name else f"the lots of {pair[1]}"
            held = count_text(there, register.digits(pair[0]))
            yield Unsound(
                fact,
                f"{of} {'has' if name else 'have'} {held} {pair[0]} then.",
                "Correct the number or the lot, or record double-votes-granted before.",
                "shares" if lots else "lot" if name else "holder",
            )


def _too_many(fact: Fact, ordinary: Fraction, digits: int) -> Unsound:
    holder, share_class = fact.need("holder"), fact.need("share_class")
    asked = fact.text("shares")
    lots = "" if asked else "; to raise the votes of a lot, name it as lot"
    return Unsound(
        fact,
        f"{holder} has {count_text(ordinary, digits)} {share_class} then that are in no lot"
        f"{f', not the {asked} needed' if asked else ''}.",
        f"Give the number that is granted besides, for grants add up{lots}; or record a source's"
        " word with standing reported.",
        "shares" if asked else "holder",
    )


def _nothing_begun(view: View, issuer: str, fact: Fact) -> Iterator[Unsound]:
    """A restoration or a lifting of what was not begun, or has been ended before."""
    begins, field, what = _BEGINS[fact.type]
    holder, name, open_names = fact.text("holder"), fact.text(field), set[str]()
    for other in view.unposted(f"issuer:{issuer}", (begins, fact.type)).ever:
        passes = "follows" in other.data  # to whoever receives the shares
        if other.order >= fact.order or (other.text("holder") != holder and not passes):
            continue
        if other.type == begins:
            open_names.add(other.text(field) or ("" if other.recorded.before else other.key))
        elif (ended := other.text(field)) is None:
            open_names.clear()
        else:
            open_names.discard(ended)
    if open_names if name is None else name in open_names:
        return
    whose = holder or "every holder"
    of = f"{what} {shown(name)}" if name else what
    there = f" There are: {', '.join(sorted(filter(None, open_names)))}." if open_names else ""
    yield Unsound(
        fact,
        f"no {of} on the votes of {whose} in {issuer} is in force then.{there}",
        f"Name the {what} as it was recorded, or record {begins} before.",
        field if name else "holder" if holder else "every",
    )


def _of_several(view: View, issuer: str, fact: Fact) -> Iterator[Unsound]:
    """A suspension by number without a class, of a holder of several classes that vote."""
    suspended = fact.type == "voting-rights-suspended"
    if not suspended or "shares" not in fact.data or "share_class" in fact.data:
        return
    rights = VotingRights(view)
    register = walked(view, issuer, rights, fact.order)
    account = account_of(f"{issuer}/", fact.need("holder"))
    held = [c for c in register.classes if register.shares(c, account) and rights.has_votes(c)]
    if len(held) > 1:
        yield Unsound(
            fact,
            f"{fact.need('holder')} holds {' and '.join(held)}, and of which the"
            f" {fact.need('shares')} shares are is not said.",
            f"Give share_class: {' or '.join(held)}.",
            "share_class",
        )


def _refusal(one: Unsound, event: Recorded) -> Refused:
    fact, wrong = one.fact, f"{one.wrong[0].upper()}{one.wrong[1:]}"
    if fact.recorded.position == event.position:
        return Refused(
            Refusal.CONTRADICTORY_STEP,
            wrong if fact.type in RESTRICTING else f"On {fact.when} {one.wrong}",
            one.remedy,
            one.place,
        )
    return Refused(
        Refusal.BREAKS_LATER_EVENT,
        f"#{fact.recorded.position} {shown(fact.key)} ({fact.type}, {fact.when}) could not stand:"
        f" {one.wrong}",
        "Correct or retract that event first, record the missing movement, or record a source's"
        f" word with standing reported. See {to_run('show', fact.recorded.position)}.",
    )
