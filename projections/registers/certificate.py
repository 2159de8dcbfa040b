"""A share certificate: what a member holds of a class at a cut, to be signed."""

from __future__ import annotations

from fractions import Fraction

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, to_run
from ledger.values.share_counts import count_text
from projections.registers.document import (
    Box,
    Document,
    Part,
    Regime,
    Signatures,
    Terms,
    Words,
    shares_value,
)
from projections.registers.members import registered
from projections.registers.membership import Member, Walked
from projections.registers.particulars import Particulars, amount_paid
from projections.registers.wording import Wording
from projections.subjects.certificates import certificates
from projections.subjects.paid import paid_at
from projections.subjects.register_at_cut import register_at_cut
from projections.told import counted

_UK = (
    "Signed for the company, it is evidence of title to the shares (Companies Act 2006, s.768). It"
    " is to be ready within two months after allotment (s.769) or after a transfer is lodged"
    " (s.776)."
)


def certificate(
    view: View,
    issuer: str,
    holder: str,
    share_class: str,
    number: str,
    regime: Regime,
    shares: int | None = None,
) -> Document:
    """The certificate of a holder's shares of a class: all of them, or some.

    Raises Refused (SHARES_NOT_THERE) where the holder has fewer at the cut, or none.
    """
    issuer, holder = view.identities.of(issuer), view.identities.of(holder)
    walked, wording = Walked(view, issuer, regime), Wording(view, issuer)
    held, digits = _held(walked, holder, share_class, shares), view.across.digits(share_class)
    wanted = held if shares is None else Fraction(shares)
    member = walked.now(holder)
    begun = next(one.begun for one in walked.present if one.member == member)
    name = wording.party(_named(member))
    of_parties = Particulars(view)
    all_paid = paid_at(register_at_cut(view, issuer, checking=False))
    paid = amount_paid(all_paid, share_class, member.account)
    recorded = certificates(view, share_class).get(number)
    company, of = wording.party(issuer), wording.share_class(share_class)
    many = counted(count_text(wanted, digits))
    certified = Words(
        f"This is to certify that {name} is the registered holder of {many} {of} of"
        f" {company.rstrip('.')}."
    )
    terms = Terms(
        [
            ("Certificate number", number),
            ("Registered number", of_parties.number(issuer)),
            ("Holder", name),
            ("Address", of_parties.address(member.party)),
            ("Class", of),
            ("Shares", shares_value(wanted, digits)),
            ("Held in all of the class", shares_value(held, digits)),
            ("Distinguishing numbers", recorded.text("numbers") if recorded else None),
            ("Recorded as", _state(recorded)),
            ("Amount paid up", paid if wanted == held else None),
            ("Registered as a member", registered(begun)),
        ]
    )
    signed = Signatures(["Director", "Director, secretary or witness"])
    unsigned = Box("Not evidence unless signed.")
    law = [Words(_UK)] if regime == "uk" else []
    parts = [Part("Certificate", [certified, terms, unsigned, signed, *law])]
    return Document(f"Share certificate {number}", company, f"{many} {of}", parts)


def _state(recorded: Fact | None) -> str | None:
    """What is recorded of a certificate: for how many shares of whom it is, and whether it is
    live."""
    if recorded is None:
        return None
    return f"{recorded.need('status')} for {recorded.whole():,}, {recorded.when}"


def _named(member: Member) -> str:
    """In whose name shares stand; refused where no event tells the trustee."""
    if member.party is None:
        raise Refused(
            Refusal.UNKNOWN_SUBJECT,
            f"No event at this cut tells the trustee of {member.account}, in whose name they are.",
            f"Record it: {to_run('append', 'trust-settled')}.",
            "--holder",
        )
    return member.party


def _held(walked: Walked, holder: str, share_class: str, shares: int | None) -> Fraction:
    """What a single member holds; refused where it is less than is to be certified, or nothing."""
    issuer = walked.issuer
    if holder == issuer or walked.is_kind(holder, "other"):
        raise Refused(
            Refusal.SHARES_NOT_THERE,
            f"{holder} is no single member: it stands for the company itself or for several.",
            f"Name a member: {to_run('holdings', issuer)}.",
            "--holder",
        )
    held = walked.register.shares(share_class, holder)
    wanted = held if shares is None else Fraction(shares)
    digits = walked.register.digits(share_class)
    if not walked.register.is_possible(share_class, held) or not 0 < wanted <= held:
        has = count_text(max(held, Fraction()), digits)
        has = f"{holder} holds {has} {share_class} at this cut"
        raise Refused(
            Refusal.SHARES_NOT_THERE,
            f"{has}, not {shares}." if held > 0 else f"{has}.",
            f"See what it holds: {to_run('holdings', issuer, '--holder', holder)}.",
            "--shares" if held > 0 else "--holder",
        )
    return held
