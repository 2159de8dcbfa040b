"""Rows of holdings: who holds what, and who has the title, the benefit, votes and disposal."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from projections.share_rows import BoundRow, RightRow


class TrancheRow(TypedDict):
    """So many of a holder's shares, what each was issued at and what is paid on it."""

    shares: str
    price: str | None
    paid_per_share: str | None
    lot: str | None


class BeneficiaryRow(TypedDict):
    """What part of the shares on an account is for somebody; null where that is not told."""

    party: str
    fraction: str | None
    benefit: Literal["whole", "capital", "income"]


class LinkRow(TypedDict):
    """A step from the name in the register to who bears gain and loss: who holds for whom, as
    what, and what part of it."""

    holder: str
    capacity: str
    party: str
    fraction: str | None
    share_class: str
    events: list[str]


class HoldingRow(TypedDict):
    """What somebody holds of a class, by the register or, without one, by the latest disclosure."""

    issuer: str
    share_class: str | None
    holder: str
    shares: str | None
    shares_low: NotRequired[str | None]
    shares_high: NotRequired[str | None]
    percent: str | None
    percent_to: NotRequired[str]
    percent_low: NotRequired[str | None]
    percent_high: NotRequired[str | None]
    percent_of: str | None
    percent_exact: str | None
    basis: Literal["register", "disclosed", "asserted", "sum"]
    basis_detail: str
    capacity: str
    trustee: str | None
    title_holder: str | None
    economic_owner: str | None
    fraction: str | None
    beneficiaries: NotRequired[list[BeneficiaryRow]]
    benefit: NotRequired[Literal["whole", "capital", "income"]]
    chain: NotRequired[list[LinkRow]]
    voting: str | None
    votes_by: str | None
    disposal_by: str | None
    vested: NotRequired[str]
    unvested: NotRequired[str]
    issued: NotRequired[str | None]
    outstanding: NotRequired[str | None]
    treasury: NotRequired[str | None]
    standing: NotRequired[str]
    events: NotRequired[list[str]]
    events_count: NotRequired[int]
    qualifier: NotRequired[str]
    disclosed_on: NotRequired[str | None]
    at_latest: NotRequired[str | None]
    sources: NotRequired[list[str]]
    others: NotRequired[int]
    kind: NotRequired[str]
    par_value: NotRequired[str]
    tranches: NotRequired[list[TrancheRow]]
    unpaid: NotRequired[str | None]
    unpaid_low: NotRequired[str]
    unpaid_high: NotRequired[str]
    capital_percent: NotRequired[str | None]
    capital_percent_exact: NotRequired[str | None]
    capital_par_percent: NotRequired[str | None]
    capital_par_percent_exact: NotRequired[str | None]
    rights: NotRequired[list[RightRow]]
    bound: NotRequired[list[BoundRow]]
