"""What a register of members says beside movements: amounts paid, calls, certificates."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.events.capital import check_two_holders
from ledger.values.refusals import Refusal, Refused


class SharesPaidUp(Event, type="shares-paid-up", stream="register:{share_class}"):
    """What is paid on each share so far in total: on all, on a holder's, or on so many of them."""

    sentence = "{per_share} a share is paid up on[ {shares}] {share_class}[ of {holder}]"
    example = {"share_class": "corvo/common", "holder": "ann", "per_share": "EUR 0.25"}

    share_class: f.ClassId
    per_share: f.Money
    holder: f.PartyId | None = None
    shares: f.Shares | None = None
    lot: f.Word | None = None

    def check(self) -> None:
        _check_shares_of_holder(self.holder, self.shares)


class CallMade(Event, type="call-made", stream="register:{share_class}"):
    """Money unpaid on shares is called, up to so much a share in total, due on a day."""

    sentence = "{per_share} a share is called on {share_class}[ of {holder}], due {due_on}"
    example = {"share_class": "corvo/common", "per_share": "EUR 1", "due_on": "2024-11-01"}

    share_class: f.ClassId
    per_share: f.Money
    due_on: f.AwaitedDate
    holder: f.PartyId | None = None
    shares: f.Shares | None = None

    def check(self) -> None:
        _check_shares_of_holder(self.holder, self.shares)


class RegistrationChanged(Event, type="registration-changed", stream="register:{share_class}"):
    """A holder's shares become bearer shares, or are registered; the holder stays the same."""

    sentence = "{shares} {share_class} of {holder} become {to}"
    example = {"share_class": "renault/common", "holder": "french-state", "shares": "14000000",
               "to": "registered"}  # fmt: skip

    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    to: Literal["bearer", "registered"]
    lots: tuple[p.LotShares, ...] = ()


class TransferLodged(Event, type="transfer-lodged", stream="transfer:{transfer}"):
    """A transfer is presented for registration; title passes when it is registered.

    (Companies Act 2006 ss.112(2), 770, 771.)
    """

    sentence = "A transfer of {shares} {share_class} from {transferor} to {transferee} is lodged"
    example = {
        "transfer": "transfer-7",
        "share_class": "corvo/common",
        "transferor": "ann",
        "transferee": "ben",
        "shares": "100",
    }

    transfer: f.TransferId
    share_class: f.ClassId
    transferor: f.PartyId
    transferee: f.PartyId
    shares: f.Shares
    instrument_on: f.KnownDate | None = None

    def check(self) -> None:
        check_two_holders(self.transferor, self.transferee, "transferee")


class TransferSettled(Event, type="transfer-settled", stream="transfer:{transfer}"):
    """A transfer that was lodged is registered, refused or withdrawn; the movement of shares is an
    event of its own."""

    sentence = "The transfer {transfer} is {outcome}[: {reason}]"
    example = {"transfer": "transfer-7", "outcome": "refused", "reason": "the directors decline"}

    transfer: f.TransferId
    outcome: Literal["registered", "refused", "withdrawn"]
    reason: f.Text | None = None


class CertificateRecorded(Event, type="certificate-recorded", stream="register:{share_class}"):
    """A certificate for shares is issued, surrendered, lost or replaced; no shares move."""

    sentence = "Certificate {certificate} for {shares} {share_class} of {holder}: {status}"
    example = {
        "certificate": "12",
        "share_class": "corvo/common",
        "holder": "ann",
        "shares": "100",
        "status": "issued",
    }

    certificate: f.CertificateId
    share_class: f.ClassId
    holder: f.PartyId
    shares: f.Shares
    status: Literal["issued", "surrendered", "lost", "replaced"]
    numbers: f.Text | None = None


def _check_shares_of_holder(holder: str | None, shares: str | None) -> None:
    if shares is not None and holder is None:
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            "A number of shares is given, and not whose.",
            "Give holder too, or leave shares out for all of the class.",
            "holder",
        )
