"""What is said beside holdings: that there is no register, what a class has in issue."""

from __future__ import annotations

from fractions import Fraction

from projections.answer import whole
from projections.told import COUNT, Told, told


def no_register_note(issuer: str) -> Told:
    """That positions in an issuer are those that were disclosed."""
    return Told(
        f"There is no register of {told('party', issuer)} at this cut: positions are as disclosed,"
        " carried forward from their date, with unknown share counts null."
    )


def agreeing_note(issuer: str, number: int) -> str:
    """How many figures that are disclosed are those of the register."""
    figures = "figure agrees" if number == 1 else "figures agree"
    return Told(f"{told('party', issuer)}: {number} disclosed {figures} with the register.")


def totals_note(
    share_class: str, issued: Fraction, treasury: Fraction, kind: str = "share", digits: int = 0
) -> str:
    """How many shares of a class there are, and of what they are if they are not capital."""
    return Told(
        f"{told('class', share_class)}: issued {told(COUNT, whole(issued, digits))},"
        f" outstanding {told(COUNT, whole(issued - treasury, digits))},"
        f" treasury {told(COUNT, whole(treasury, digits))}. Percentages are of issued shares."
        + ("" if kind == "share" else f" They are of kind {kind}, and no capital.")
    )
