"""Printed values: an approximate number covers half a step of its last digit that is not zero."""

from __future__ import annotations

import pytest

from projections.subjects.printed_values import may_agree


@pytest.mark.parametrize(
    ("about", "exactly", "agree"),
    [
        ("10000", "14999", True), ("10000", "15001", False), ("12000", "12499", True),
        ("12000", "12501", False), ("15.0", "15.4", True), ("15.0", "15.6", False),
        ("1.5", "1.54", True), ("1.5", "1.6", False), ("0.5", "0.53", True),
        ("0.5", "0.6", False), ("0.05", "0.4", False), ("0", "0.4", True), ("0", "1", False),
    ],
)  # fmt: skip
def test_about_a_number(about: str, exactly: str, agree: bool) -> None:
    assert may_agree(about, "about", exactly, "exactly") is agree
    assert may_agree(f"EUR {about}", "about", f"EUR {exactly}", "exactly") is agree
