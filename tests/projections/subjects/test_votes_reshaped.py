"""Double votes and suspensions by number go through splits and reclassifications, floored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers import dated, new_ledger, run

A, B = "acme/a", "acme/b"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fund One has 100 A, 33 of them double, and 10 B; Bolt has 55 A, of which 11 are suspended."""
    late: dict[str, Any] = {"issuer": "acme", "holder": "bolt", "shares": "11", "reason": "late"}
    whole: dict[str, Any] = {"ratio": "2:3", "fractions": "down"}
    events = [
        (
            "2020-01-01",
            dated("shares-cancelled", share_class="acme/common", holder="bolt", shares="100"),
        ),
        ("2020-01-01", dated("shares-issued", share_class=A, holder="fund-one", shares="100")),
        ("2020-01-01", dated("shares-issued", share_class=B, holder="fund-one", shares="10")),
        ("2020-01-01", dated("shares-issued", share_class=A, holder="bolt", shares="55")),
        (
            "2020-02-01",
            dated("double-votes-granted", share_class=A, holder="fund-one", shares="33"),
        ),
        ("2020-02-01", dated("voting-rights-suspended", share_class=A, **late)),
        ("2020-03-01", dated("shares-reclassified", share_class=A, into_class=B, **whole)),
        ("2020-04-01", dated("shares-split", share_class=B, ratio="10:1")),
        ("2020-05-01", dated("voting-rights-restored", issuer="acme", holder="bolt")),
    ]
    return new_ledger(
        tmp_path_factory.mktemp("reshaped"),
        {"type": "share-class-created", "share_class": A, "votes_per_share": "1", "key": "a"},
        {"type": "share-class-amended", "share_class": B, "votes_per_share": "1", "key": "b"}
        | {"effective_on": "2019-01-01", "standing": "official"},
        *(event | {"effective_on": on} for on, event in events),
    )


@pytest.mark.parametrize(
    ("day", "doubled", "suspended"),
    [
        ("2020-02-15", (143, 143), (55, 44)),
        ("2020-03-15", (98, 98), (36, 29)),  # 66 + 10, of which 22 double; 11 x 2/3 = 7 1/3
        ("2020-04-15", (980, 980), (360, 290)),
        ("2020-05-15", (980, 980), (360, 360)),
    ],
)
def test_numbers_of_shares_are_carried(
    ledger: Path, day: str, doubled: tuple[int, int], suspended: tuple[int, int]
) -> None:
    told = run(ledger, "votes", "acme", "--as-of", day, "--format", "json")
    rows = {row["holder"]: row for row in json.loads(told.out)["rows"]}
    found = {h: (int(row["votes"]), int(row["exercisable"])) for h, row in rows.items()}
    assert found == {"fund-one": doubled, "bolt": suspended}
