"""What a party that has ended cannot gain, and what contradicts the record of parties."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.rules.new_events import NewEvents
from ledger.time.existence import GAINED, GAINING, gone
from ledger.time.identities import IDENTIFYING, Identities
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run

CREATED = "share-class-created"
ABOUT = ("party-registered", "party-details-changed", "party-status-changed", "parties-identified")


def parties_exist(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Nothing official goes to a party that ended on an earlier day; shares may leave it."""
    ended = {fact.need("party") for fact in view.every(("party-ended",)).certain}
    gaining = ended and not GAINED.isdisjoint(new_events.touched("type:"))  # or amended to gain
    for party in new_events.touched("party:") if gaining else ():
        if party in ended:
            for fact in view.about(f"party:{party}", types=GAINED).counted:
                official = fact.standing == "official"
                if official and (end := _gone_anew(view, new_events, fact, party)) is not None:
                    position = fact.recorded.position
                    event = new_events.attribute_to(f"party:{party}", position)
                    yield event, _ended(fact, party, end)


def _gone_anew(view: View, new_events: NewEvents, fact: Fact, party: str) -> Fact | None:
    """The event by which a party had ended before it gains by one that is new, or that amendments
    let go to it. What went to it before these stands, for ends are often told late, and so does
    what is revived."""
    if new_events.has(fact.recorded.position):
        return gone(view, fact, party)
    before, amended = new_events.before, view.history.is_amended(fact.recorded.key)
    if not amended or not new_events.amending or before is None or not view.asks_all_rules:
        return None
    then = before.fact(fact.recorded)
    if then is None or then.data == fact.data:
        return None
    if then.standing == "official" and gone(before, then, party) is not None:
        return None
    end = gone(view, fact, party)
    return None if end is None or new_events.has(end.recorded.position) else end


def _ended(fact: Fact, party: str, end: Fact) -> Refused:
    field = next(field for field in GAINING[fact.type] if fact.text(field) == party)
    successors = ", ".join(end.many("successors"))
    return Refused(
        Refusal.PARTY_ENDED,
        f"{party} ended {end.on} (#{end.recorded.position}); on {fact.order[0]} it gains nothing.",
        f"Name {successors or 'who came after it'}, or correct the date; what a source says all"
        f" the same is reported. See {to_run('timeline', party)}.",
        field,
    )


def parties_agree(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """An LEI is of one party, a status changes, and ids are identified without a loop."""
    for party in new_events.touched("party:") if new_events.has_any(ABOUT[1:]) else ():
        for fact in view.about(f"party:{party}", types=ABOUT[1:]).counted:
            if not new_events.has(fact.recorded.position) or fact.need("party") != party:
                continue
            refused = _contradiction(view, fact)
            if refused is not None:
                yield fact.recorded, refused
    yield from _classes_of_one(view, new_events)


def _classes_of_one(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Share classes are those of the id under which answers speak of their issuer."""
    for fact in view.every((IDENTIFYING,)).certain:
        party, other = fact.need("party"), fact.need("same_as")
        found = view.about(f"issuer:{other}", types=(CREATED,)).certain
        own = [one for one in found if issuer_of(one.need("share_class")) == other]
        for kind, id in (("party", other), ("issuer", other)) if own else ():
            if id in new_events.touched(f"{kind}:"):
                position = max(fact.recorded.position, own[-1].recorded.position)
                yield new_events.attribute_to(f"{kind}:{id}", position), _split(party, own[-1])
                break


def _split(party: str, created: Fact) -> Refused:
    share_class = created.need("share_class")
    other = issuer_of(share_class)
    return Refused(
        Refusal.FIELDS_DISAGREE,
        f"{other} is the same as {party}, and has a class of its own, {share_class}"
        f" (#{created.recorded.position}).",
        f"Identify {party} with {other} instead (party {other}, same_as {party}); or, where both"
        f" have classes, record what is told of it of a class of {party}.",
        "same_as",
    )


def _contradiction(view: View, fact: Fact) -> Refused | None:
    if fact.type == "party-details-changed":
        return _lei_of_another(view, fact.need("party"), fact.text("lei"))
    if fact.type == "party-status-changed" and fact.standing == "official":
        return _unchanged(view, fact)
    if fact.type == "parties-identified":
        return _not_one(view, fact)
    return None


def _lei_of_another(view: View, party: str, lei: str | None) -> Refused | None:
    if lei is None:
        return None
    for other in view.every(ABOUT[:2]).certain:
        if other.text("lei") == lei and view.identities.of(other.need("party")) != party:
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"{shown(lei)} is the LEI of {other.need('party')} (#{other.recorded.position}).",
                "Check it; where both are one party, record parties-identified.",
                "lei",
            )
    return None


def _not_one(view: View, fact: Fact) -> Refused | None:
    """Why two ids are not one party: they have two LEIs, or one is identified with the other the
    other way round, or with a third."""
    one, other = fact.need("party"), fact.need("same_as")
    for earlier in view.every((fact.type,)).certain:
        if earlier.recorded.position == fact.recorded.position:
            continue
        if earlier.need("same_as") == other or _leads(view, one, other, fact):
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"#{earlier.recorded.position} says that {earlier.need('same_as')} is the same as"
                f" {earlier.need('party')}.",
                f"Retract it, or identify both with {earlier.need('party')}.",
                "same_as",
            )
    same = view.identities.of(one)
    leis = {
        lei
        for told in view.every(ABOUT[:2]).certain
        if view.identities.of(told.need("party")) == same and (lei := told.text("lei"))
    }
    if len(leis) > 1:
        return Refused(
            Refusal.FIELDS_DISAGREE,
            f"{one} and {other} have two LEIs: {', '.join(sorted(leis))}.",
            "They are two parties; or correct the LEI that is wrong.",
            "same_as",
        )
    return None


def _leads(view: View, start: str, end: str, without: Fact) -> bool:
    """Whether other identifications lead from one id to another."""
    others = [f for f in view.every((without.type,)).certain if f.key != without.key]
    return Identities(others).of(start) == Identities(others).of(end)


def _unchanged(view: View, fact: Fact) -> Refused | None:
    party, status = fact.need("party"), fact.need("status")
    if status != "active":
        return None
    before = [
        other
        for other in view.about(f"party:{party}", types=("party-ended", ABOUT[2])).counted
        if other.need("party") == party and other.order < fact.order
    ]
    last = before[-1].text("status") if before and before[-1].type == ABOUT[2] else None
    if before and (before[-1].type == "party-ended" or last not in ("active", "restored")):
        return None
    return Refused(
        Refusal.CONTRADICTORY_STEP,
        f"{party} is active already.",
        "Record the earlier status first, or leave this out.",
        "status",
    )
