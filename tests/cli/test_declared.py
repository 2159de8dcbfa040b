"""Types that a ledger declares: appended by a command of their own, told as they are worded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, lines, new_ledger, run

LEASED = {
    "type": "event-type-declared", "name": "local-plant-leased", "title": "plant leased",
    "wording": "{subject} leases a plant from {lessor}[ until {until}]",
    "fields": [{"field": "lessor", "takes": "party", "required": "yes"},
               {"field": "until", "takes": "date"}],
}  # fmt: skip


def test_a_type_that_the_ledger_declares_has_a_command_of_its_own(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, LEASED)
    words = ("--subject", "acme", "--effective-on", "2024-01-01", "--standing", "official")
    told = run(ledger, "append", "local-plant-leased", "--lessor", "Bolt Ltd", *words)
    assert told.code == 0, told.err
    assert "Acme leases a plant from Bolt" in told.out
    assert "--lessor PARTY" in run(ledger, "append", "local-plant-leased", "--help").out
    assert_refused(run(ledger, "append", "local-plant", *words), Refusal.UNKNOWN_TYPE,
                   "TYPE: ", "Did you mean local-plant-leased?")  # fmt: skip
    accept(ledger, LEASED | {"wording": "{subject} rents of {lessor}"})
    rented = {"type": "local-plant-leased", "subject": "acme", "lessor": "bolt",
              "effective_on": "2024-02-01", "standing": "official"}  # fmt: skip
    accept(ledger, rented)
    listed = run(ledger, "timeline", "acme").out
    assert "Acme leases a plant from Bolt " in listed
    assert "Acme rents of Bolt" in listed
    missing = run(ledger, "append", "local-plant-leased", *words)
    assert_refused(missing, Refusal.MISSING_FIELD, "lessor: ")


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"lessor": "nobody"}, Refusal.UNKNOWN_REFERENCE),
        ({"lessor": "bolt", "until": "soon"}, Refusal.BAD_DATE),
        ({"until": "2030"}, Refusal.MISSING_FIELD),
    ],
)
def test_a_correction_keeps_to_the_fields_of_the_type(
    tmp_path: Path, values: dict[str, str], refusal: Refusal
) -> None:
    leased = {"type": "local-plant-leased", "subject": "acme", "lessor": "bolt", "key": "leased",
              "effective_on": "2024-01-01", "standing": "official"}  # fmt: skip
    ledger = new_ledger(tmp_path, LEASED)
    accept(ledger, leased)

    def corrected(given: dict[str, str]) -> dict[str, Any]:
        said = [{"field": name, "value": value} for name, value in given.items()]
        change = {"field": "values", "value": said}
        return {"type": "event-corrected", "event": "leased", "because": "x", "changes": [change]}

    assert_refused(append(ledger, lines(corrected(values))), refusal)
    accept(ledger, corrected({"lessor": "bolt", "until": "2030"}))
