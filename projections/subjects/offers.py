"""Offers: who accepted how much, and what of it is taken by the rule that the offer names."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ledger.model.across import source_of
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.offers import GIVING, OFFERS, Offer, asked, given_by, moved_by, offer_of
from ledger.model.register import account_of, issuer_of, simplest
from ledger.time.view import View
from ledger.values.dates import parse_published
from projections.answer import Answer, keys, weakest, whole
from projections.rows import DealRow
from projections.share_rows import OfferRow
from projections.subjects.bases import in_issue
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.taken import Base, Taken, taken
from projections.subjects.thread_rows import deal_of, set_since, thread_row
from projections.subjects.threads import Thread, threads
from projections.told import COUNT, Told, told

TYPES = OFFERS
Moved = dict[str, int | Fraction]  # the shares of each holder that moved under an offer
CLOSED = "closed: "  # before the result in the status of an offer


BY_HOLDING = ("pre-emption", "first-offer", "first-refusal", "co-sale")  # by what each holds


def offers_at(view: View, *subjects: str) -> list[Offer]:
    """The offers that events about some subjects are steps of, as they stand at the cut."""
    found = view.about(*subjects, types=OFFERS).certain
    ids = sorted({fact.need("offer") for fact in found})
    return [offer for id in ids if (offer := offer_at(view, id)) is not None]


def offer_at(view: View, id: str) -> Offer | None:
    """An offer as its steps make it, without those that contradict it; None where there is none."""
    steps = view.about(f"offer:{id}", types=OFFERS).certain
    return next((offer_of(id, thread.steps) for thread in threads(view, steps, "offer")), None)


def offer(view: View, id: str) -> Answer[OfferRow]:
    """Who accepted an offer for how much, with what is held, taken, and moved under it so far."""
    answer = Answer[OfferRow](about=[((f"offer:{id}",), OFFERS), ((f"subject:{id}",), MOVEMENTS)])
    answer.add_possible(view.about(f"offer:{id}", types=OFFERS).possible)
    made = offer_at(view, id)
    if made is None or made.made is None:
        answer.gap(f"no event at this cut makes the offer {told('offer', id)}", "an offer-made")
        return answer
    answer.about += [((f"issuer:{issuer_of(c)}",), MOVEMENTS) for c in made.base_classes]
    base = OfBook(view, made)
    result = taken(made, base)
    moved, facts = moved_under(view, made)
    answer.rows += [_row(made, base, result, name, moved) for name in _names(base, result, moved)]
    for note in _notes(made, result, facts):
        answer.note(note)
    if answer.possible:
        answer.note("Taken rests on the certain steps alone: what is only possible is not in it.")
    if not answer.rows:
        answer.none(f"Nobody has accepted {told('offer', id)} at this cut.")
    return answer


class OfBook:
    """What registers tell of those to whom an offer is addressed, on the days that decide."""

    def __init__(self, view: View, offer: Offer) -> None:
        self._view, self._offer = view, offer
        self._walked: dict[tuple[str, str], RegisterAtCut] = {}
        self._movements = view.about(f"subject:{offer.id}", types=MOVEMENTS).counted

    def day_of(self, holder: str | None) -> str | None:
        """The day whose holding counts: the record day, else that of the acceptance; for all, that
        on which the offer was made. None where it is after the day asked about."""
        recorded = parse_published(self._offer.terms.get("record_on"))
        step = self._offer.accepted.get(holder) if holder else self._offer.made
        day = recorded.last if recorded else step.order[0] if step else None
        return day if day is not None and day <= self._view.cut.as_of else None

    def held(self, holder: str) -> Fraction | None:
        """What a holder had on its day; None where no register tells it."""
        day = self.day_of(holder)
        return self.held_on(holder, day) if day else None

    @property
    def digits(self) -> int:
        """The most decimals of the shares that holders have."""
        return max(map(self._view.across.digits, self._offer.base_classes), default=0)

    def held_on(self, holder: str, day: str) -> Fraction | None:
        """What a holder had at the end of a day, with what it had given under the offer by then;
        None where no register tells it."""
        found = [self._held(one, holder, day) for one in self._offer.base_classes]
        known = [shares for shares in found if shares is not None]
        if not known or len(known) != len(found):
            return None
        given = given_by(self._movements, self._offer, holder, day)
        return sum(known, Fraction()) + given

    def _held(self, share_class: str, holder: str, day: str) -> Fraction | None:
        at = self._at(share_class, day)
        if not at.register.issued(share_class):
            return None
        if not at.has_line(share_class, holder) and at.may_hide(share_class):
            return None
        return at.register.shares(share_class, account_of(share_class, holder))

    def outstanding(self, holder: str | None = None) -> Fraction | None:
        """All shares but treasury ones on the day of a holder, or on that which counts for all."""
        day = self.day_of(holder)
        found = [
            in_issue(self._at(one, day), "outstanding").outstanding.get(one, Fraction())
            for one in self._offer.base_classes
            if day
        ]
        return sum(found, Fraction()) or None

    def entitled(self) -> list[Base] | None:
        """Those entitled with their holdings on the record day, in the order in which they first
        held; None without such a day."""
        day = self.day_of(None) if "record_on" in self._offer.terms else None
        if day is None:
            return None
        weights: dict[str, Fraction] = {}
        entered: dict[str, tuple[str, str]] = {}
        for share_class in self._offer.base_classes:
            at = self._at(share_class, day)
            for account, shares in at.register.held(share_class).items():
                if account and self._addressed(account):
                    weights[account] = weights.get(account, Fraction()) + shares
                    first = _first_day(at, share_class, account), account
                    entered[account] = min(entered.get(account, first), first)
        return [Base(name, weights[name]) for name in sorted(weights, key=lambda n: entered[n])]

    def _addressed(self, account: str) -> bool:
        terms = self._offer.terms
        if terms.get("to"):
            return account in terms["to"]
        return not (self._offer.kind.startswith("first-") and account == terms["offeror"])

    def _at(self, share_class: str, day: str) -> RegisterAtCut:
        issuer = issuer_of(share_class)
        if (issuer, day) not in self._walked:
            view = self._view.on(day)
            self._walked[issuer, day] = register_at_cut(view, issuer, checking=False)
        return self._walked[issuer, day]


def _first_day(at: RegisterAtCut, share_class: str, account: str) -> str:
    """The first day on which anything moved an account, as far as its class goes back."""
    posted, upto = at.register.posted, at.register.fold_key
    days = {fact.order[0] for fact in at.moved.get((share_class, account), ())}
    for segment in at.register.segments(share_class):
        days |= set(posted.days(segment.share_class, account, ("", -1, 0), segment.upto or upto))
    return min(days, default="")


def moved_under(view: View, offer: Offer) -> tuple[Moved, list[Fact]]:
    """What movements that name an offer took from those who gave, or brought those who took up;
    and the movements whose shares are not told of each holder."""
    facts = view.about(f"subject:{offer.id}", types=MOVEMENTS).counted
    giving, moved, others = offer.kind in GIVING, Moved(), list[Fact]()
    for fact in facts:
        if fact.text("under") != offer.id:
            continue
        if giving and (took := _exchanged(view, fact)):
            for holder, shares in took.items():
                moved[holder] = moved.get(holder, 0) + simplest(shares)
            continue
        brought = moved_by(fact, offer.kind)
        if brought is None:
            others.append(fact)
            continue
        for party, number in brought.items():
            moved[party] = moved.get(party, 0) + number
    return moved, others


def _exchanged(view: View, fact: Fact) -> Mapping[str, Fraction]:
    """The old shares that an exchange takes of each holder, where it is one that counts."""
    if fact.type != "shares-exchanged":
        return {}
    counts = any(one.key == fact.key for one in view.across.of(source_of(fact)))
    return view.across.outcome(fact).counted if counts else {}


def _names(base: OfBook, result: Taken, moved: Moved) -> list[str]:
    """Whoever has a row: those entitled or who accepted, the largest first, then who moved."""
    accepted, entitled = base._offer.accepted, result.entitlements or {}
    names = {*accepted, *entitled, *moved}

    def place(name: str) -> tuple[int, int, str]:
        return -entitled.get(name, 0), -(asked(accepted[name]) if name in accepted else 0), name

    return sorted(names, key=place)


def _row(offer: Offer, base: OfBook, result: Taken, name: str, moved: Moved) -> OfferRow:
    fact = offer.accepted.get(name)
    facts = [fact] if fact else [one for one in [offer.made] if one]
    held = base.held(name)
    entitled = (result.entitlements or {}).get(name)
    given = None if result.shares is None else result.shares.get(name, 0)
    return {
        "offer": offer.id,
        "holder": name,
        "held": None if held is None else whole(held, base.digits),
        "entitlement": None if entitled is None else str(entitled),
        "accepted": str(asked(fact)) if fact else None,
        "option": fact.text("option") if fact else None,
        "price": fact.text("price") if fact else None,
        "taken": None if given is None else str(given),
        "moved": whole(moved.get(name, 0), base.digits),
        "since": fact.since if fact else None,
        "at_latest": fact.at_latest if fact else None,
        "note": None if result.shares is not None else Told(f"not known: {result.why}"),
        "standing": weakest(facts),
        "events": keys(facts),
    }


def _notes(offer: Offer, result: Taken, others: list[Fact]) -> list[Told]:
    """How the figures come about, what is left over, and what they rest on that is not told."""
    found = [Told(line) for line in result.lines]
    if result.shares is None:
        found.append(Told(f"Not known what is taken: {result.why}."))
    elif offer.kind in BY_HOLDING and result.entitlements is None:
        found.append(
            Told(
                "Who is entitled to how many is not told: that needs a number of shares (at_most"
                " or shares), allocation and record_on."
            )
        )
    if offer.closed is None and result.shares is not None:
        found.append(
            Told(
                "The offer is open: taken is what it would take if it closed with what is accepted."
            )
        )
    if (least := result.least) is not None and offer.total < least:
        found.append(
            Told(
                f"Fewer are accepted than the least that it asks for: {told(COUNT, offer.total)} of"
                f" {told(COUNT, least)}."
            )
        )
    found += [
        Told(
            f"{told('event', fact.key)} ({fact.type}) is under the offer and does not tell the"
            " shares of each holder."
        )
        for fact in others
    ]
    found += [Told(words) for words in published(offer, result)]
    return found


def published(offer: Offer, result: Taken) -> list[str]:
    """How the figures with which an offer was closed differ from those of its acceptances."""
    closed, found = offer.closed, list[str]()
    if closed is None:
        return found
    stated, counted = closed.text("accepted"), offer.total
    by = told("event", closed.key)
    if stated is not None and int(stated) < counted:
        numbers = told(COUNT, stated), told(COUNT, counted)
        found.append("{} says that {} are accepted, the acceptances are {}.".format(by, *numbers))
    if result.shares is None or result.incomplete or (told_taken := closed.text("taken")) is None:
        return found
    least = sum(result.shares.values())
    most = max(least, min(result.limit or counted, counted))
    if not least <= int(told_taken) <= most:
        numbers = told(COUNT, told_taken), told(COUNT, least)
        found.append("{} says that {} are taken, by its terms it takes {}.".format(by, *numbers))
    return found


def bound_by(view: View, issuer: str) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """The shares that acceptances of open offers bind, by class and holder: each offer with how
    many."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one in offers_at(view, f"issuer:{issuer}"):
        if one.closed is None and one.kind in GIVING:
            for share_class in one.classes:
                for holder, fact in one.accepted.items():
                    if shares := fact.whole():
                        found.setdefault((share_class, holder), []).append((one.id, shares))
    return found


def offer_row(thread: Thread) -> DealRow:
    """The row of an offer among deals: its newest terms, and how much is accepted."""
    made = offer_of(thread.id, thread.steps)
    deciding = made.closed or made.made or thread.steps[-1]
    status = CLOSED + made.closed.need("result") if made.closed else "open"
    row = thread_row(deal_of(thread), "offer", thread.id, thread.steps, status)
    set_since(row, deciding)
    price = made.terms.get("price")
    row |= {
        "party": made.terms.get("offeror"),
        "standing": deciding.standing,
        "expected": made.terms.get("closes_on") if made.closed is None else None,
        "accepted": str(made.total),
        "terms": terms_words(made),
    }
    if price is not None:
        row["currency"], _, row["amount"] = price.partition(" ")
    return row


def terms_words(offer: Offer) -> Told:
    """The terms in words: ``tender for corvo/common, at EUR 11, at most 400, 800 accepted``."""
    terms = offer.terms
    named = " and ".join(told("class", one) for one in offer.classes)
    of = f" for {named}" if named else ""
    words = [f"{offer.kind or 'offer'}{of}"]
    words += [f"at {told('money', terms['price'])}"] if "price" in terms else []
    words += [
        f"{told('class', one['share_class'])} at {told('money', one['price'])}"
        for one in terms.get("prices", ())
    ]
    if "ratio" in terms:
        into = f" {told('class', terms['into_class'])}" if "into_class" in terms else ""
        words.append(f"{terms['ratio']}{into}")
    words += [
        f"{name.replace('_', ' ')} {terms[name]}"
        for name in ("at_least", "at_most")
        if name in terms
    ]
    words += [f"scaling {terms['scaling']}"] if "scaling" in terms else []
    words += [f"{told(COUNT, offer.total)} accepted"] if offer.accepted else []
    return Told(", ".join(words))
