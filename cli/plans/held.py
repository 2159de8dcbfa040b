"""What stands beside or under a holding: for whom it is, who votes it, what is unpaid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.labels import Labels
from cli.plans.figures import joined
from projections.holding_rows import BeneficiaryRow, HoldingRow
from projections.sentences import money_words
from projections.subjects.balances import trustees_of

DEPOSITARY = "depositary of "  # begins the capacity of who holds for holders of receipts


def capacity(row: HoldingRow, labels: Labels) -> Iterator[str]:
    """For whom a trust holds, and who is its trustee; of what one is the depositary."""
    if row["capacity"].startswith(DEPOSITARY):
        yield depositary(row["capacity"], labels)
    if "beneficiaries" not in row:
        return
    trustees = labels.parties(trustees_of(row))
    words = [f"for {for_whom(row, labels) or 'beneficiaries not told'}"]
    words += [f"trustee {trustees}"] if trustees else []
    words += ["the trust has ended"] if row["capacity"].startswith("ended") else []
    yield ", ".join(words)


def depositary(capacity: str, labels: Labels) -> str:
    """Of which receipts one is the depositary, in names."""
    classes = capacity.removeprefix(DEPOSITARY).split(", ")
    return DEPOSITARY + ", ".join(labels.name("class", one) for one in classes)


def for_whom(row: Mapping[str, Any], labels: Labels) -> str:
    """The beneficiaries of a trust, each with its part."""
    return ", ".join(_part(one, labels) for one in row.get("beneficiaries", ()))


def _part(one: BeneficiaryRow, labels: Labels) -> str:
    """A beneficiary, with its part where it is not the whole."""
    part = "" if one["fraction"] == "1" else one["fraction"] or "(part not told)"
    of = "" if one["benefit"] == "whole" else f"of {one['benefit']}"
    return joined(labels.name("party", one["party"]), part, of)


def voted(row: HoldingRow, labels: Labels) -> str:
    """Who votes, in names, or how a trustee does."""
    how, by = row["voting"], several(row["votes_by"], labels)
    if how == "as-instructed":
        return f"as {by} instructs" if by else "as instructed"
    return by or how or ""


def several(ids: str | None, labels: Labels) -> str:
    """The names of the parties of a column that may have more than one."""
    return labels.parties(filter(None, (ids or "").split(", ")))


def unpaid(row: HoldingRow) -> Iterator[str]:
    """What is unpaid on the shares of a row, and what it can be where nobody says which passed."""
    if "tranches" not in row:
        return
    unpaid, low, high = row.get("unpaid"), row.get("unpaid_low"), row.get("unpaid_high")
    if unpaid is None:
        yield "what is unpaid is not known"
    elif low or not unpaid.endswith(" 0"):
        between = f" (from {money_words(low)} to {money_words(high)})" if low and high else ""
        yield f"{money_words(unpaid)} unpaid{between}"
