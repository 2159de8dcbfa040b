"""Rights in shares: title stays with the holder; whose votes, dividends and disposal they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.register import account_of, issuer_of
from ledger.model.share_rights import CARRYING, RIGHTS, ShareRight, right_of
from ledger.time.view import View
from ledger.values.quantities import Amount, Money
from projections.answer import Answer, keys, weakest
from projections.holding_rows import HoldingRow
from projections.share_rows import RightRow
from projections.subjects.jurisdictions import country_of
from projections.subjects.offers import bound_by
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.told import COUNT, Told, told

TYPES = RIGHTS
ORDINARY = "ordinary meeting"
ALONE = ("nominee", "usufruct", "loan")  # no share has two rights of such a kind on it
FOR_OTHERS = ("nominee", "own-shares")  # the kinds by which gain and loss are another's
_VOTES = {"nominee": "as-instructed", "proxy": "to"}  # where the event does not say
_DIVIDENDS = {"nominee": "to", "usufruct": "to"}
_DISPOSAL = {"nominee": "to", "pledge": "both", "usufruct": "both"}
_CONDITION = ("condition-set", "condition-settled")
LAW = ("party-registered", "party-details-changed")


def rights(
    view: View, subject: str, holder: str | None = None, matter: str | None = None
) -> Answer[RightRow]:
    """The rights in shares of an issuer or a class, or in those of a holder; ``matter`` says on
    what is voted, where that decides by whom."""
    subject = view.identities.of(subject)
    holder = holder and view.identities.of(holder)
    issuer, classed = issuer_of(subject), "/" in subject
    about = f"{'class' if classed else 'issuer'}:{subject}"
    answer = Answer[RightRow](about=[((about,), (*RIGHTS[:1], *CARRYING))])
    answer.add_possible(view.about(about, types=RIGHTS).possible)
    found = list(rights_at(view, issuer))
    answer.about += [((f"right:{right.id}",), RIGHTS[1:]) for right in found]
    rows = [
        _row(view, right, matter)
        for right in found
        if not _is_over(view, right) and subject in (issuer, right.share_class)
    ]
    answer.rows += [row for row in rows if holder in (None, row["holder"], row["party"])]
    if not found:
        answer.gap(
            "no event at this cut grants a right in shares of"
            f" {told('class' if classed else 'party', subject)}",
            "a share-right-granted",
        )
    elif not answer.rows:
        answer.none("Every right in these shares has ended, or is of others.")
    else:
        for words in shortfalls(register_at_cut(view, issuer, checking=False), answer.rows):
            answer.note(words)
    return answer


def rights_at(view: View, issuer: str) -> Iterator[ShareRight]:
    """The rights in shares of an issuer as they stand, those that have ended too, and those in
    shares of others that were exchanged for its own."""
    about = [f"issuer:{one}" for one in _exchanged_into(view, issuer)]
    granted = view.about(*about, types=RIGHTS[:1]).counted
    carrying = [f for one in about for f in view.unposted(one, CARRYING).counted if granted]
    carried = {fact.recorded.position: fact for fact in carrying}.values()
    seen = set[str]()
    for fact in granted:
        id = fact.need("right")
        if id not in seen:
            seen.add(id)
            named = view.about(f"right:{id}", types=RIGHTS[1:]).counted
            ends = [end for end in named if end.need("right") == id]  # not those it follows
            right = right_of(fact, [*ends, *carried])
            if issuer_of(right.share_class) == issuer:
                yield right


def _exchanged_into(view: View, issuer: str) -> list[str]:
    """An issuer, and those whose shares were exchanged for its own, directly or through others."""
    found = [issuer]
    for one in found:
        for fact in view.about(f"issuer:{one}", types=("shares-exchanged",)).counted:
            into, old = fact.text("into_class"), issuer_of(fact.need("share_class"))
            if into is not None and issuer_of(into) == one and old not in found:
                found.append(old)
    return found


def _is_over(view: View, right: ShareRight) -> bool:
    passed = right.last_day is not None and right.last_day < view.cut.as_of
    return right.ended is not None or passed or right.shares == 0


def rows_of(at_cut: RegisterAtCut) -> list[RightRow]:
    """The rights in force in the shares of a register."""
    return in_force(at_cut.view, at_cut.issuer)


def in_force(view: View, issuer: str) -> list[RightRow]:
    """The rights in force in the shares of an issuer."""
    found = rights_at(view, issuer)
    return [_row(view, right, None) for right in found if not _is_over(view, right)]


def granted_to(view: View, party: str) -> list[str]:
    """The issuers in whose shares a party has ever had a right."""
    if not view.history.knows(f"type:{RIGHTS[0]}"):
        return []
    facts = view.about(f"party:{party}", types=RIGHTS[:1]).counted
    found = {issuer_of(fact.need("share_class")) for fact in facts if fact.need("to") == party}
    return sorted(found.union(*map(view.across.readers, found)))


def watch(view: View, issuer: str) -> list[Fact]:
    """What the rights in shares of an issuer are made of, movements left out, on every day."""
    about = [f"issuer:{one}" for one in _exchanged_into(view, issuer)]
    found = [view.about(*about, types=RIGHTS[:1])]
    for granted in [*found[0].certain, *found[0].absent]:
        found.append(view.about(f"right:{granted.need('right')}", types=RIGHTS[1:]))
        if (awaited := granted.text("votes_from")) is not None:
            found.append(view.about(f"condition:{awaited}", types=_CONDITION))
    if found[0].certain or found[0].absent:
        found.append(view.about(f"party:{issuer}", types=LAW))
    possible = [doubt.fact for one in found for doubt in one.possible]
    return [*possible, *(fact for one in found for fact in (*one.certain, *one.absent))]


def _row(view: View, right: ShareRight, matter: str | None) -> RightRow:
    granted, kind = right.granted, right.granted.need("kind")
    holder, to = granted.need("holder"), granted.need("to")
    votes, matters = _votes(view, granted, issuer_of(right.share_class))
    if votes == "by-matter" and matter is not None:
        votes = "to" if matter.casefold() in map(str.casefold, matters) else "holder"
    sides = {"holder": holder, "to": to}
    dividends = granted.text("dividends") or _DIVIDENDS.get(kind, "holder")
    disposal = granted.text("disposal") or _DISPOSAL.get(kind, "holder")
    return {
        "right": right.id,
        "kind": kind,
        "share_class": right.share_class,
        "holder": holder,
        "party": to,
        "shares": None if right.shares is None else str(right.shares),
        "extent": "all" if right.shares is None else "number",
        "voting": votes,
        "votes_by": sides.get(votes or ""),
        "matters": list(matters),
        "dividends_to": sides[dividends],
        "title_holder": holder,
        "economic_owner": to if kind in FOR_OTHERS else holder,
        "disposal_by": f"{holder}, {to}" if disposal == "both" else sides[disposal],
        "until": granted.text("until"),
        "since": granted.since,
        "at_latest": granted.at_latest,
        "standing": weakest(right.steps),
        "events": keys(right.steps),
    }


def _votes(view: View, granted: Fact, issuer: str) -> tuple[str | None, tuple[str, ...]]:
    """Who votes, and on which matters the other one does; None where nothing tells it."""
    said, matters = granted.text("votes"), tuple(granted.many("votes_on"))
    passed = granted.text("votes_from")
    if passed is not None and (came := _has_come(view, passed)) is not False:
        return ("to" if came else None), ()
    if said is not None:
        return said, matters
    kind = granted.need("kind")
    if kind == "usufruct":  # Code de commerce L.225-110
        return ("by-matter", (ORDINARY,)) if law_of(view, issuer) == "fr" else (None, ())
    return _VOTES.get(kind, "holder"), ()


def _has_come(view: View, condition: str) -> bool | None:
    """Whether a condition is satisfied or waived; None where an event of its own settles it."""
    facts = view.about(f"condition:{condition}", types=_CONDITION).counted
    settled = [fact.need("outcome") for fact in facts if fact.type == "condition-settled"]
    if settled:
        return settled[-1] in ("satisfied", "waived")
    return None if any("met_by" in fact.data for fact in facts) else False


def law_of(view: View, issuer: str) -> str | None:
    """The country whose law an issuer is under, where that is told."""
    facts = view.about(f"party:{issuer}", types=LAW).certain
    stated = [fact.text("jurisdiction") for fact in facts if fact.need("party") == issuer]
    last = [law for law in stated if law]
    return country_of(last[-1]) if last else None


def attach(answer: Answer[HoldingRow], at_cut: RegisterAtCut, rows: Iterable[HoldingRow]) -> None:
    """Let rows of a register tell the rights in their shares, and what open offers bind."""
    found, bound = rows_of(at_cut), bound_by(at_cut.view, at_cut.issuer)
    if not found and not bound:
        return
    for row in rows:
        of = row["share_class"] or "", row["holder"]
        own = [one for one in found if (one["share_class"], one["holder"]) == of]
        if row["basis"] == "register" and own:
            row["rights"] = own
        if row["basis"] == "register" and of in bound:
            row["bound"] = [{"offer": offer, "shares": str(n)} for offer, n in bound[of]]
    answer.about += [((f"right:{one['right']}",), RIGHTS) for one in found]
    for words in [*shortfalls(at_cut, found), *_own_shares(found)]:
        answer.note(words)


def _own_shares(rows: Iterable[RightRow]) -> Iterator[Told]:
    for row in rows:
        if row["kind"] == "own-shares":
            yield Told(
                f"{_of(row)} are held for the issuer ({_by(row)});"
                " they are not counted as treasury shares here."
            )


def shortfalls(at_cut: RegisterAtCut, rows: Sequence[RightRow]) -> Iterator[Told]:
    """Rights that are on more shares than their holder has, one by one and, where no share can
    have two of them, together."""
    together: dict[tuple[str, str, str], Fraction] = {}
    for row in rows:
        of = row["share_class"], row["holder"]
        held = shares_of(at_cut, rows, *of)
        shares = held if row["shares"] is None else Fraction(row["shares"])
        if shares > held:
            what = f"{row['kind']} {told('right', row['right'])} is"
            yield _too_many(at_cut, what, *of, held, shares)
        if row["kind"] in ALONE:
            key = row["kind"], *of
            together[key] = together.get(key, Fraction()) + shares
    for (kind, share_class, holder), shares in together.items():
        held = shares_of(at_cut, rows, share_class, holder)
        if shares > held and not _alone(rows, kind, share_class, holder):
            yield _too_many(
                at_cut, f"rights of kind {kind} are together", share_class, holder, held, shares
            )


def _alone(rows: Iterable[RightRow], kind: str, share_class: str, holder: str) -> bool:
    of = kind, share_class, holder
    return sum((row["kind"], row["share_class"], row["holder"]) == of for row in rows) < 2


def shares_of(
    at_cut: RegisterAtCut,
    rows: Iterable[RightRow],
    share_class: str,
    holder: str,
    passed: tuple[str, ...] = (),
) -> Fraction:
    """The shares of a holder; of one that has none, those that nominees have for it."""
    own = _held(at_cut, share_class, holder)
    if own or holder in passed:
        return own
    found = Fraction()
    for row in rows:
        if (row["kind"], row["share_class"], row["party"]) == ("nominee", share_class, holder):
            more = (*passed, holder)
            found += (
                Fraction(row["shares"])
                if row["shares"] is not None
                else shares_of(at_cut, rows, share_class, row["holder"], more)
            )
    return found


def _held(at_cut: RegisterAtCut, share_class: str, holder: str) -> Fraction:
    return at_cut.register.shares(share_class, account_of(share_class, holder))


def _too_many(
    at_cut: RegisterAtCut,
    what: str,
    share_class: str,
    holder: str,
    held: Fraction,
    shares: Fraction,
) -> Told:
    has, on = (told(COUNT, at_cut.count(share_class, number)) for number in (held, shares))
    return Told(
        f"{what} on {on} {told('class', share_class)} of {told('party', holder)}, who holds {has}."
    )


def moved_votes(at_cut: RegisterAtCut) -> Iterator[Told]:
    """Who else votes on shares than those in whose name the count has them."""
    for row in rows_of(at_cut):
        of = _of(row)
        to, by = told("party", row["party"]), _by(row)
        match row["voting"]:
            case "to":
                words = f"{to} votes on {of} ({by})"
            case "as-instructed":
                words = f"{to} may instruct how {of} are voted ({by})"
            case "by-matter":
                words = f"{to} votes on {of} at: {', '.join(row['matters'])} ({by})"
            case None:
                words = f"Not known who votes on {of}, of which {to} has the {row['kind']} ({by})"
            case _ if row["kind"] == "own-shares":
                words = f"{of} are held for the issuer ({by})"
            case _:
                continue
        yield Told(f"{words}; the count has them with their holder.")


def moved_dividends(
    at_cut: RegisterAtCut, share_class: str, per_share: Money | None
) -> Iterator[Told]:
    """What of the dividends of holders others have, by their rights in the shares."""
    for row in rows_of(at_cut):
        if row["share_class"] == share_class and row["dividends_to"] != row["holder"]:
            held = _held(at_cut, share_class, row["holder"])
            shares = held if row["shares"] is None else min(held, Fraction(row["shares"]))
            due = "the dividend" if per_share is None else Amount.of(per_share).times(shares)
            to, on = told("party", row["dividends_to"]), f"{_of(row)} ({_by(row)})"
            yield Told(f"{to} is due {due} on {on}; the rows have it with the holder.")


def _of(row: RightRow) -> str:
    """What a right is on, in words."""
    number = "all" if row["shares"] is None else told(COUNT, row["shares"])
    return f"{number} {told('class', row['share_class'])} of {told('party', row['holder'])}"


def _by(row: RightRow) -> str:
    return told("event", row["events"][0])
