"""A batch is refused for all that is wrong with it, and for nothing that only follows from that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import dated, lines, new_ledger, party, run, stored


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("batch"))


def wrong(ledger: Path, *events: object) -> list[tuple[int, str]]:
    """The line and the number of each refusal of a batch."""
    before = stored(ledger)
    outcome = run(ledger, "append", "--file", "-", stdin=lines(*events))  # type: ignore[arg-type]
    assert (outcome.code, stored(ledger)) == (2, before)
    told = [line for line in outcome.err.splitlines() if not line.endswith("is recorded.")]
    return [(int(line.split(":")[2]), line.rpartition("[R")[2][:3]) for line in told]


def moved(**fields: str) -> dict[str, object]:
    common = {"share_class": "acme/common", "transferor": "bolt", "transferee": "acme"}
    return dated("shares-transferred", **(common | {"shares": "1"} | fields))


def test_every_rule_is_asked_of_what_the_others_leave(ledger: Path) -> None:
    assert wrong(
        ledger,
        moved(shares="x", colour="red"),
        moved(transferee="nobody", share_class="bolt/common"),
        moved(transferor="fund-one", share_class="acme/b"),
        party("bolt", name="Another", key="again"),
        moved(key="class-b", share_class="bolt/common"),
    ) == [(1, "202"), (1, "206"), (2, "301"), (3, "401"), (4, "302"), (5, "601")]


def test_what_follows_from_another_refusal_is_left_out(ledger: Path) -> None:
    """Neither the shares that a wrong event would have issued, nor who it would have registered."""
    eve = party("eve") | {"kind": "human"}
    issued = dated("shares-issued", share_class="acme/b", holder="fund-one", shares="5x")
    passed = moved(share_class="acme/b", transferor="fund-one", transferee="eve")
    assert wrong(ledger, eve, issued, passed) == [(1, "209"), (2, "206")]
    assert wrong(ledger, issued | {"shares": "5", "holder": "nobody"}, passed) == [
        (1, "301"),
        (2, "301"),
    ]


def test_of_a_batch_of_thousands_each_misread_event_is_named(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.application.MANY", 10)
    monkeypatch.setattr("ledger.application.PAGE", 5)
    batch = [moved(key=f"m{n}") | ({"shares": "0"} if n in (3, 18) else {}) for n in range(20)]
    assert wrong(ledger, *batch) == [(4, "206"), (19, "206")]
