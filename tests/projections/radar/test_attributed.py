"""Shares of others that count for a holder by a right in them: each kind, once, from day to day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from ledger.time.view import View
from projections.explain.radar import explain_radar
from projections.radar.radar import Asked, radar
from projections.radar.rule import BY_RIGHTS, Rule
from projections.radar.rule_files import built_in, parse_rules
from tests.histories import Draft
from tests.projections.control.structures import related, seen, sold, structure
from tests.projections.subjects.record import on

GROUPS = ["trusts", "control", "concert"]
ART_10 = ["nominee", "usufruct", "pledge", "loan", "custody", "proxy"]
PEOPLE = dict.fromkeys("abcdefghijklm", "person")


def rules(*kinds: str, base: str = "gross-votes", **fields: Any) -> tuple[Rule, ...]:
    """A rule at each percentage that counts some kinds of attribution."""
    rule = {
        "id": "R", "law": "l", "duty": "d", "deadline": {"text": "never"}, "base": [base],
        "steps": {"from": "1", "to": "100", "by": "1"}, "attribution": list(kinds),
        "up": ">=", "down": "<",
    }  # fmt: skip
    return parse_rules([rule | fields], "test")


def granted(holder: str, to: str, kind: str, day: str = "2021-01-01", **fields: Any) -> Draft:
    """A right in shares of the company t."""
    named = fields.pop("right", f"{holder}-{kind}-{to}")
    of = {"right": named, "share_class": "t/common", "holder": holder, "to": to, "kind": kind}
    return on(day, f"granted-{named}", "share-right-granted", **of | fields)


def counted(view: View, found: tuple[Rule, ...]) -> dict[str, str | None]:
    """What each holder has, as the distances tell it."""
    rows = radar(view, "t", Asked(rules=found, distance=True)).rows
    return {row["holder"]: row["number_after"] for row in rows}


@pytest.fixture(scope="module")
def kinds() -> View:
    """A right of each kind in the shares of one holder, each of another party."""
    return seen(
        {"t": {"own": 700, "nom": 200, "rest": 100}},
        granted("own", "a", "pledge", shares="10"),
        granted("own", "b", "pledge", shares="20", votes="to"),
        granted("own", "c", "usufruct", shares="30"),
        granted("own", "d", "usufruct", shares="40", votes="holder"),
        granted("own", "e", "usufruct", shares="50", votes="by-matter", votes_on=["dividends"]),
        granted("nom", "f", "nominee", shares="60"),
        granted("own", "g", "custody", shares="70"),
        granted("own", "h", "custody", shares="80", votes="to"),
        granted("own", "i", "loan", shares="90"),
        granted("own", "j", "loan", shares="15", votes="as-instructed"),
        granted("own", "k", "proxy", shares="25"),
        granted("own", "l", "proxy", shares="35", votes="holder"),
        granted("own", "m", "loan", shares="45", disposal="to"),
        rest="other", own="person", **PEOPLE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ((), {}),
        (("pledge",), {"b": "20"}),
        (("usufruct",), {"c": "30", "e": "50"}),
        (("nominee",), {"f": "60"}),
        (("custody",), {"h": "80"}),
        (("loan",), {"j": "15"}),
        (("lent",), {"i": "90", "j": "15", "m": "45"}),
        (("proxy",), {"k": "25"}),
        (("disposal",), {"c": "30", "d": "40", "e": "50", "f": "60", "m": "45"}),
        (tuple(ART_10), {"b": "20", "c": "30", "e": "50", "f": "60", "h": "80", "j": "15",
                         "k": "25"}),
    ],
)  # fmt: skip
def test_a_right_counts_where_the_rule_names_its_kind(
    kinds: View, named: tuple[str, ...], expected: Mapping[str, str]
) -> None:
    found = counted(kinds, rules(*named))
    assert found == {"own": "700", "nom": "200", **expected}
    capital = counted(kinds, rules(*named, base="capital"))
    assert capital == found, "a share has one vote"


def test_what_counts_of_votes_alone_is_left_out_of_capital(kinds: View) -> None:
    of = {"attribution_of_votes": ["proxy"]}
    assert "k" in counted(kinds, rules(**of))
    assert "k" not in counted(kinds, rules(base="capital", **of))


def test_a_vote_counts_once_for_one_that_owns_is_pledgee_and_acts_in_concert() -> None:
    view = seen(
        {"t": {"x": 100, "y": 200, "z": 300, "rest": 400}},
        related("x", "y", "concert"),
        related("x", "sub", "control", basis="contract"),
        granted("y", "x", "pledge", shares="150", votes="to"),
        granted("z", "x", "usufruct", shares="200"),
        granted("z", "sub", "proxy", shares="250"),
        rest="other", x="person", y="person", z="person", sub="company",
    )  # fmt: skip
    found = counted(view, rules(*GROUPS, *ART_10))
    assert found["x"] == "600", "its 100, all 200 of y, and of z no more than the 300 there are"
    assert found["y"] == "600", "each who acts with it has the whole"
    assert found["sub"] == "250"
    assert found["z"] == "300", "title stays with the holder"
    assert counted(view, rules("pledge", "usufruct"))["x"] == "450"


def test_what_a_nominee_holds_goes_on_to_those_to_whom_its_client_grants_it() -> None:
    rights = [
        granted("nom", "c", "nominee", shares="200"),
        granted("c", "bank", "pledge", shares="80", votes="to"),
        granted("c", "d", "nominee", shares="50"),
    ]
    held = {"t": {"nom": 300, "rest": 700}}
    people = {"rest": "other", "c": "company", "d": "person", "bank": "company", "nom": "company"}
    found = counted(seen(held, *rights, **people), rules(*GROUPS, *ART_10))
    assert found == {"nom": "300", "c": "200", "bank": "80", "d": "50"}
    over = seen(held, *rights, related("bank", "c", "control", basis="contract"), **people)
    assert counted(over, rules(*GROUPS, *ART_10))["bank"] == "200", "the pledge is within"
    assert counted(over, rules(*GROUPS, "pledge"))["bank"] == "80"


def test_a_right_is_on_the_shares_with_the_fewest_votes_and_all_of_them_on_all() -> None:
    view = seen(
        {"t": {"own": 40, "rest": 60}},
        on("2020-06-01", "double", "double-votes-granted", share_class="t/common", holder="own",
           shares="20"),
        granted("own", "a", "pledge", shares="30", votes="to"),
        granted("own", "b", "usufruct"),
        rest="other", own="person", a="person", b="person",
    )  # fmt: skip
    found = counted(view, rules(*ART_10))
    assert (found["own"], found["a"], found["b"]) == ("60", "40", "60")


def test_a_right_counts_from_its_day_to_its_end_and_is_told() -> None:
    view = seen(
        {"t": {"own": 500, "rest": 500}},
        on("2021-01-01", "default", "condition-set", condition="default", effect="precedent",
           text="a default"),
        granted("own", "a", "pledge", shares="100", votes_from="default"),
        granted("own", "b", "proxy", "2021-03-01", shares="70", until="2021-06-30"),
        on("2021-05-05", "settled", "condition-settled", condition="default", outcome="satisfied"),
        on("2022-02-02", "freed", "share-right-ended", right="own-pledge-a", shares="40"),
        on("2023-03-03", "over", "share-right-ended", right="own-pledge-a"),
        rest="other", own="person", a="person", b="person",
    )  # fmt: skip
    tens = rules(*ART_10, steps={"from": "5", "to": "100", "by": "5"})
    rows = radar(view, "t", Asked(rules=tens)).rows
    assert [(r["holder"], r["day"], r["threshold"], r["direction"]) for r in rows] == [
        ("b", "2021-03-01", "5", "up"),
        ("a", "2021-05-05", "5", "up"), ("a", "2021-05-05", "10", "up"),
        ("b", "2021-07-01", "5", "down"),
        ("a", "2022-02-02", "10", "down"), ("a", "2023-03-03", "5", "down"),
    ]  # fmt: skip
    assert [row["of_whom"] for row in rows] == [["own"]] * len(rows)
    assert rows[0]["events"] == ["granted-own-proxy-b"]
    assert rows[4]["events"] == ["freed"]


def test_a_relationship_counts_until_it_ends_and_not_while_it_waits() -> None:
    waits = {"conditional_on": [{"condition": "nod"}]}
    view = seen(
        {"t": {"x": 400, "y": 300, "z": 300}},
        on("2021-01-01", "nod", "condition-set", condition="nod", effect="precedent", text="a nod"),
        related("x", "y", "concert"),
        related("x", "z", "concert", "2021-01-02", **waits),
        on("2022-02-02", "over", "relationship-ended", relationship="x-concert-y"),
        x="person", y="person", z="person",
    )  # fmt: skip
    alone = {"x": "400", "y": "300", "z": "300"}
    assert counted(view, rules(*GROUPS)) == alone
    assert counted(view.on("2022-02-01"), rules(*GROUPS)) == alone | {"x": "700", "y": "700"}
    halves = rules(*GROUPS, steps={"from": "50", "to": "100", "by": "50"})
    rows = radar(view, "t", Asked(rules=halves)).rows
    assert [(r["holder"], r["day"], r["direction"], r["events"]) for r in rows] == [
        ("x", "2021-01-01", "up", ["began-x-concert-y"]),
        ("y", "2021-01-01", "up", ["began-x-concert-y"]),
        ("x", "2022-02-02", "down", ["over"]), ("y", "2022-02-02", "down", ["over"]),
    ]  # fmt: skip


def test_an_explanation_says_by_which_right_an_account_counts() -> None:
    view = seen(
        {"t": {"own": 500, "rest": 500}}, granted("own", "a", "pledge", shares="60", votes="to"),
        rest="other", own="person", a="person",
    )  # fmt: skip
    told = explain_radar(view, "t", "a", Asked(rules=rules("pledge"), holder="a"))
    assert any("60 of own, pledged to a, with the votes" in line for line in told.arithmetic)
    assert "granted-own-pledge-a" in [step.key for step in told.steps]


def test_each_rule_of_the_release_says_by_what_rights_in_shares_count() -> None:
    for rule in built_in():
        named = {*rule.attribution, *rule.attribution_of_votes} & {*BY_RIGHTS}
        if "concert" in rule.attribution:
            assert rule.attribution_source, rule.id
        if named:
            assert "not confirmed" not in rule.attribution_source, rule.id


# The law: the radar says what a count of each day says

PARTIES = ("own", "nom", "p", "q", "r", "s")


def _events(random: Random) -> Iterator[Draft]:
    """Movements, rights granted and ended, and ties, about one a day."""
    left = {"own": 300, "nom": 300, "p": 200, "q": 200}
    room, live = dict(left), dict[str, tuple[str, int]]()
    for number in range(30):
        day = (date(2022, 1, 1) + timedelta(number)).isoformat()
        giver, taker = random.sample(PARTIES, 2)
        shares = random.randrange(1, 60)
        match random.choice(("sale", "right", "right", "right", "end", "tie")):
            case "sale" if room.get(giver, 0) > shares:
                yield sold("t", giver, taker, shares, day)
                left[giver] -= shares
                room[giver] -= shares
                left[taker] = left.get(taker, 0) + shares
                room[taker] = room.get(taker, 0) + shares
            case "right" if room.get(giver, 0) > shares:
                kind = random.choice(ART_10)
                votes = {"votes": "to"} if kind in ("pledge", "custody", "loan") else {}
                right = f"r{number}"
                yield granted(giver, taker, kind, day, right=right, shares=str(shares), **votes)
                room[giver] -= shares
                live[right] = giver, shares
            case "end" if live:
                right = random.choice(sorted(live))
                holder, shares = live.pop(right)
                room[holder] += shares
                yield on(day, f"ended-{right}", "share-right-ended", right=right)
            case "tie" if number % 4 == 0:
                kind = random.choice(("control", "concert"))
                basis = {"basis": "contract"} if kind == "control" else {}
                yield related(giver, taker, kind, day, **basis)


def _by_hand(events: list[Draft], day: str) -> dict[str, Fraction]:
    """What each party has at the end of a day, out of a thousand, by the letter."""
    own = {"own": 300, "nom": 300, "p": 200, "q": 200}
    rights, over, with_ = dict[str, tuple[str, str, int]](), list[tuple[str, str]](), []
    for type, _, data in events:
        if data["effective_on"] > day:
            continue
        match type:
            case "shares-transferred":
                number = int(data["shares"])
                own[data["transferor"]] -= number
                own[data["transferee"]] = own.get(data["transferee"], 0) + number
            case "share-right-granted":
                rights[data["right"]] = data["holder"], data["to"], int(data["shares"])
            case "share-right-ended":
                del rights[data["right"]]
            case _ if data["kind"] == "control":
                over.append((data["party"], data["of"]))
            case _:
                with_ += [(data["party"], data["of"]), (data["of"], data["party"])]

    def below(parties: set[str]) -> set[str]:
        more = parties | {of for party, of in over if party in parties}
        return more if more == parties else below(more)

    found = {}
    for party in PARTIES:
        group = below({party})
        group = group | below({other for one, other in with_ if one in group})
        number = sum(own.get(one, 0) for one in group)
        for holder in {*PARTIES} - group:
            given = sum(n for of, to, n in rights.values() if of == holder and to in group)
            number += min(given, own.get(holder, 0))
        found[party] = Fraction(number, 10)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_radar_says_what_a_count_of_each_day_says(seed: int) -> None:
    random = Random(seed)
    events = list(_events(random))
    held = {"t": {"own": 300, "nom": 300, "p": 200, "q": 200}}
    log = structure(held, *events, **dict.fromkeys(PARTIES, "company"))
    rows = radar(View(log), "t", Asked(rules=rules(*GROUPS, *ART_10))).rows
    found = {
        (r["day"], r["holder"], r["threshold"], r["direction"])
        for r in rows
        if r["kind"] == "crossing"
    }
    expected = set()
    for number in range(30):
        day, before = ((date(2022, 1, 1) + timedelta(n)).isoformat() for n in (number, number - 1))
        then, now = _by_hand(events, before), _by_hand(events, day)
        for party in PARTIES:
            for threshold in range(1, 101):
                if (then[party] >= threshold) != (now[party] >= threshold):
                    up = now[party] >= threshold
                    expected.add((day, party, str(threshold), "up" if up else "down"))
    assert len(expected) > 50
    assert found == expected


@pytest.mark.parametrize(
    ("fractions", "expected"),
    [(["1/4", "1/2", "1/4"], "750"), (["1/2", "1/2"], "1000"), (["1/4", "1/4", "1/2"], "500")],
)
def test_those_in_concert_have_their_parts_of_one_trust_together(
    fractions: list[str], expected: str
) -> None:
    named = [
        {"party": party, "fraction": part} for party, part in zip("xyz", fractions, strict=False)
    ]
    view = seen(
        {"t": {"trust": 1000}},
        on("2019-01-01", "settled", "trust-settled", trust="trust", settlors=["x"],
           trustees=["bank"], beneficiaries=named, voting="as-instructed"),
        related("x", "y", "concert"),
        bank="company", trust="trust", x="person", y="person", z="person",
    )  # fmt: skip
    assert counted(view, rules("trusts", "concert"))["x"] == expected
