"""The alliance: the record reproduces every published percentage, the press says what it knew."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests import ROOT, helpers
from tests.helpers import run

FIXTURES = ROOT / "fixtures"
PRESS, REGISTER = str(FIXTURES / "alliance-press"), str(FIXTURES / "alliance-register")
OFFERED = (  # what the alliance has not of its own: an offer to holders, and a right in shares
    "offer-made --effective-on 2023-11-08 --standing official --offer bid --offeror renault"
    " --share-class nissan/common --kind tender --scaling all-tenders --at-most 100",
    "offer-accepted --effective-on 2023-11-09 --standing official --offer bid"
    " --holder renault --shares 200",
    "share-right-granted --effective-on 2023-11-08 --standing official --right pledge"
    " --share-class nissan/common --holder renault --to nissan --kind pledge --shares 10",
)
TOLD_OF = (  # that, and what more the alliance has not: an option, a meeting and a dividend
    *OFFERED,
    "instrument-granted --effective-on 2023-11-08 --standing official --instrument option"
    " --kind option --holder renault --share-class nissan/common --shares 60",
    "meeting-called --effective-on 2023-11-08 --standing official --meeting agm"
    " --company nissan --body general --held-on 2023-12-01",
    "dividend-declared --effective-on 2023-11-08 --standing official --dividend interim"
    " --share-class nissan/common --per-share 'JPY 5' --record-on 2023-11-30",
)

# moment, issued, Renault direct, its percent, trust, its percent, treasury
MOMENTS = (
    ("2023-11-07", 4_220_715_112, 1_831_837_027, "43.40", 0, None, 0),
    ("2023-11-08", 4_220_715_112, 633_107_267, "15.00", 1_198_729_760, "28.40", 0),
    ("2023-12-13", 4_220_715_112, 633_107_267, "15.00", 987_729_760, "23.40", 211_000_000),
    ("2023-12-15", 4_009_715_112, 633_107_267, "15.79", 987_729_760, "24.63", 0),
    ("2024-03-28", 4_009_715_112, 633_107_267, "15.79", 888_597_660, "22.16", 100_242_900),
    ("2024-04-03", 3_909_472_212, 633_107_267, "16.19", 888_597_660, "22.73", 0),
    ("2024-09-27", 3_909_472_212, 633_107_267, "16.19", 693_124_060, "17.73", 195_473_600),
    ("2024-10-03", 3_713_998_612, 633_107_267, "17.05", 693_124_060, "18.66", 0),
)
# on a day, Renault's direct and trust shares together, as published
TOTALS = (
    ("2024-03-28", "37.95"),
    ("2024-04-03", "38.92"),
    ("2024-09-27", "33.92"),
    ("2024-10-03", "35.71"),
)


def load(path: Path, sets: Sequence[str]) -> Path:
    """A ledger of some fixture sets, each appended as one batch."""
    assert run(path, "init").code == 0
    for name in sets:
        outcome = run(path, "append", "--file", name)
        assert outcome.code == 0, outcome.err
    return path


def loaded(path: Path, sets: Sequence[str]) -> Path:
    """A copy of the ledger of some fixture sets, which is loaded once; on a server each time."""
    if helpers.on_server:
        return load(path, sets)
    for ending, content in _files_of(tuple(sets)).items():
        path.with_suffix(ending).write_bytes(content)
    return path


@cache
def _files_of(sets: tuple[str, ...]) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        load(Path(folder, "x.db"), sets)
        return {file.name.removeprefix("x"): file.read_bytes() for file in Path(folder).iterdir()}


def ask(path: Path, *words: str) -> dict[str, Any]:
    """A question answered as JSON."""
    outcome = run(path, *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The official record alone."""
    return loaded(tmp_path_factory.mktemp("register") / "register.db", [REGISTER])


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five articles alone."""
    return loaded(tmp_path_factory.mktemp("press") / "press.db", [PRESS])


@pytest.mark.parametrize("moment", MOMENTS, ids=[m[0] for m in MOMENTS])
def test_the_register_at_each_moment(register: Path, moment: tuple[Any, ...]) -> None:
    day, issued, direct, percent, trust, trust_percent, treasury = moment
    rows = {r["holder"]: r for r in ask(register, "holdings", "nissan", "--as-of", day)["rows"]}
    assert (rows["renault"]["shares"], rows["renault"]["percent"]) == (str(direct), percent)
    if trust:
        held = rows["renault-nissan-trust"]
        assert (held["shares"], held["percent"]) == (str(trust), trust_percent)
        assert held["economic_owner"] == "renault"
    assert {row["issued"] for row in rows.values()} == {str(issued)}
    assert {row["treasury"] for row in rows.values()} == {str(treasury)}
    assert sum(int(row["shares"]) for row in rows.values()) == issued


@pytest.mark.parametrize(("day", "published"), TOTALS)
def test_direct_and_trust_together(register: Path, day: str, published: str) -> None:
    rows = ask(register, "holdings", "nissan", "--holder", "renault", "--as-of", day)["rows"]
    shares = sum(int(row["shares"]) for row in rows)
    exact = Decimal(shares) * 100 / Decimal(rows[0]["issued"])
    assert str(exact.quantize(Decimal("0.01"))) == published


def test_every_disclosure_of_the_record_agrees_with_the_register(register: Path) -> None:
    notes = ask(register, "holdings", "nissan", "--as-of", "2025-12-31")["notes"]
    assert "nissan: 19 disclosed figures agree with the register." in notes
    assert not [note for note in notes if "differs" in note]


def test_votes_in_nissan_before_and_on_the_day(register: Path) -> None:
    before = _votes(register, "nissan", "2023-11-07")
    assert before["renault"]["exercisable_percent"] == "43.40"
    after = _votes(register, "nissan", "2023-11-08")
    assert after["renault"]["votes_percent"] == "15.00"
    assert after["renault"]["after_caps_percent"] == "15.00"
    assert after["renault-nissan-trust"]["exercisable"] == "0"
    assert any("neutrally" in r for r in after["renault-nissan-trust"]["reasons"])
    later = _votes(register, "nissan", "2024-10-03")["renault"]
    assert (later["exercisable_percent"], later["after_caps_percent"]) == ("17.05", "15.00")


def test_votes_in_renault_before_and_on_the_day(register: Path) -> None:
    before = _votes(register, "renault", "2023-11-07")["nissan-finance"]
    assert (before["votes"], before["exercisable"]) == ("88716686", "0")
    on_the_day = _votes(register, "renault", "2023-11-08")["nissan-finance"]
    assert on_the_day["votes_percent"] == "22.13"
    assert on_the_day["exercisable"] == "88716686"
    assert on_the_day["after_caps_percent"] == "15.00"


@pytest.mark.parametrize(
    ("law", "day", "links"),
    [
        (
            "FR",
            "2023-11-07",
            [
                ("nissan", "presumption"),
                ("nissan-finance", "recorded"),
                ("rnaipl", "votes"),
            ],
        ),
        ("FR", "2023-11-08", []),
        ("renault=FR,nissan=JP", "2023-11-07", [("nissan-finance", "recorded")]),
    ],
)
def test_whom_renault_controls_before_and_on_the_day(
    register: Path, law: str, day: str, links: list[tuple[str, str]]
) -> None:
    """By French law 43.4% and nobody larger is control, until the shares go into the trust."""
    rows = ask(register, "group", "renault", "--law", law, "--as-of", day)["rows"]
    assert [(row["in_control_of"], row["by"]) for row in rows] == links
    for row in rows[:1] if law == "FR" else ():
        assert (row["percent"], row["since"]) == ("43.40", "2002-03-01")


def test_the_laws_of_both_take_away_what_is_recorded_and_no_more(register: Path) -> None:
    """Nissan is below a quarter of Renault, so Japanese law leaves Renault its votes."""
    for issuer, holder, suspended in (
        ("renault", "nissan-finance", "88716686"),
        ("nissan", "renault", "0"),
    ):
        words = ("votes", issuer, "--as-of", "2023-11-07")
        plain = ask(register, *words)
        by_law = ask(register, *words, "--law", "renault=FR,nissan=JP")
        assert by_law["rows"] == plain["rows"]
        (row,) = [row for row in by_law["rows"] if row["holder"] == holder]
        assert row["suspended"] == suspended


def test_what_renault_and_the_state_have_of_nissan_through_others(register: Path) -> None:
    def through(holder: str) -> Any:
        words = ("nissan", "--holder", holder, "--indirect", "--as-of", "2023-12-31")
        answer = run(register, "holdings", *words, "--digits", "4", "--format", "json")
        (row,) = json.loads(answer.out)["rows"]
        return row

    renault, state = through("renault"), through("french-state")
    assert [(one["parties"], one["percent"]) for one in renault["chains"]] == [
        (["renault", "renault-nissan-trust", "nissan"], "24.6334"),
        (["renault", "nissan"], "15.7893"),
    ]
    assert (renault["economic_percent"], renault["through_loops"]) == ("40.4227", "0")
    assert renault["attributed_percent"] == "15.7893"  # the trust votes neutrally
    assert (state["economic_percent"], state["attributed_percent"]) == ("6.0675", None)


def test_commitments_are_never_counted_twice(register: Path) -> None:
    rows = ask(register, "deals", "nissan-in-ampere", "--as-of", "2024-12-31")["rows"]
    (row,) = rows
    assert (row["amount"], row["currency"], row["qualifier"]) == ("600000000", "EUR", "at-most")
    assert (row["status"], row["paid"]) == ("committed", None)
    (row,) = ask(register, "deals", "nissan-in-ampere", "--as-of", "2025-03-31")["rows"]
    assert row["status"] == "released"


def test_a_chart_tells_each_step_what_made_it_and_what_was_known_on_the_day(
    register: Path,
) -> None:
    def drawn(*words: str) -> list[dict[str, Any]]:
        rows = ask(register, "chart", *words, "--as-of", "2024-12-31")["rows"]
        return [row for row in rows if row["since"] >= "2023-11-08" and row["made"]]

    renault, trust = (
        drawn("nissan", "--holder", one) for one in ("renault", "renault-nissan-trust")
    )
    told = {row["since"]: row["now"] for row in (*trust, *renault)}
    assert [row["causes"] for row in renault] == [["placed in trust"], *[["cancellation"]] * 3]
    assert [row["made"] for row in renault] == ["own", *["passive"] * 3]
    assert [row["now"]["percent"] for row in renault] == ["15.00", "15.79", "16.19", "17.05"]
    assert [row["now"]["percent"] for row in trust] == [moment[5] for moment in MOMENTS[1:]]
    assert set(told) == {moment[0] for moment in MOMENTS[1:]}
    day = drawn("renault", "--holder", "nissan-finance", "--measure", "votes")[0]
    now, then = day["now"], day["known_then"]
    assert (now["number"], now["of"]) == ("60133316", "400888775")
    assert (then["number"], then["of"], then["percent"]) == ("51012094", "340080627", "15.00")


def test_what_was_known_of_the_listing(register: Path) -> None:
    words = "deals", "ampere-ipo", "--as-of", "2024-06-30", "--known-by"
    rows = ask(register, *words, "2024-01-28")["rows"]
    assert [r["status"] for r in rows if r["kind"] == "offering"] == ["rescheduled"]
    rows = ask(register, *words, "2024-01-29")["rows"]
    assert [r["status"] for r in rows if r["kind"] == "offering"] == ["cancelled"]


def test_the_press_before_its_first_article_knows_nothing(press: Path) -> None:
    answer = ask(press, "deals", "--as-of", "2022-10-10", "--known-by", "2022-10-10")
    assert not [row for row in answer["rows"] if row["kind"] != "project"]
    answer = ask(press, "holdings", "nissan", "--as-of", "2023-03-31", "--known-by", "2023-03-31")
    assert answer["rows"] == []
    assert (answer["outcome"], answer["hidden"]["as_of"]) == ("hidden", 1)
    assert answer["notes"][0].startswith("Hidden by --as-of: no event at this cut tells who holds")


def test_the_press_on_nissans_holder_is_a_disclosure_with_no_share_count(press: Path) -> None:
    (row,) = ask(press, "holdings", "nissan", "--as-of", "2023-05-31")["rows"]
    assert (row["holder"], row["percent"], row["percent_of"]) == ("renault", "43", "unstated")
    assert (row["basis"], row["shares"]) == ("disclosed", None)


def test_an_article_of_an_unsure_day_is_possible_before_it_is_certain(press: Path) -> None:
    words = "holdings", "nissan", "--as-of", "2023-12-31", "--known-by"
    answer = ask(press, *words, "2023-04-15")
    assert answer["rows"] == []
    assert len(answer["possible"]) == 1
    assert ask(press, *words, "2023-04-30")["rows"]


def test_the_cancellation_that_the_press_does_not_date_counts_once_it_is_told(press: Path) -> None:
    answer = ask(press, "deals", "ampere-ipo", "--as-of", "2024-03-27")
    (row,) = [r for r in answer["rows"] if r["kind"] == "offering"]
    assert (row["status"], row["since"], row["at_latest"]) == ("cancelled", None, "2024-03-27")
    assert answer["possible"] == []
    answer = ask(press, "deals", "ampere-ipo", "--as-of", "2024-03-26")
    (row,) = [r for r in answer["rows"] if r["kind"] == "offering"]
    assert (row["status"], row["since"], row["expected"]) == ("considered", "2022-10-11", None)
    assert [p["type"] for p in answer["possible"]] == ["offering-cancelled"]
    assert any("offering-cancelled; its date is unknown" in note for note in answer["notes"])


def test_percent_and_money_stay_apart(press: Path) -> None:
    (row,) = ask(press, "deals", "nissan-in-ampere", "--as-of", "2024-12-31")["rows"]
    assert (row["percent"], row["amount"], row["paid"]) == (None, "600000000", None)
    (row,) = ask(press, "deals", "nissan-in-ampere", "--as-of", "2023-06-30")["rows"]
    assert (row["percent"], row["amount"], row["status"]) == ("15", None, "planned")


QUESTIONS = (
    ("holdings",), ("deals",), ("pending",), ("votes", "nissan"), ("votes", "renault"),
    ("governance", "nissan"), ("governance", "renault"), ("governance", "ampere"),
    ("claims", "ampere"), ("claims", "nissan"), ("claims", "renault"),
)  # fmt: skip
CUTS = (
    pytest.param("2022-12-31", "2022-12-31", marks=pytest.mark.whole),
    ("2023-11-08", "2024-06-30"),
    pytest.param("2025-12-31", "2026-06-30", marks=pytest.mark.whole),
)


@pytest.mark.parametrize(("as_of", "known_by"), CUTS)
def test_loading_the_sets_in_another_order_changes_nothing(
    tmp_path: Path, as_of: str, known_by: str
) -> None:
    one = loaded(tmp_path / "one.db", [PRESS, REGISTER])
    other = loaded(tmp_path / "other.db", [REGISTER, PRESS])
    for question in QUESTIONS:
        words = (*question, "--as-of", as_of, "--known-by", known_by)
        assert ask(one, *words) == ask(other, *words), words


def test_what_was_recorded_before_a_later_batch(tmp_path: Path) -> None:
    path = load(tmp_path / "ledger.db", [PRESS])
    before = [ask(path, *question, "--as-of", "2025-12-31") for question in QUESTIONS[:3]]
    last = ask(path, "timeline")["rows"][-1]["recorded_at"]
    assert run(path, "append", "--file", REGISTER).code == 0
    for question, answer in zip(QUESTIONS, before, strict=False):
        again = ask(path, *question, "--as-of", "2025-12-31", "--recorded-by", last)
        assert again["cut"]["recorded_by"] == last
        assert {**again, "cut": None} == {**answer, "cut": None}
    assert ask(path, "deals", "--as-of", "2025-12-31") != before[1]


def _votes(path: Path, issuer: str, day: str) -> dict[str, Any]:
    return {row["holder"]: row for row in ask(path, "votes", issuer, "--as-of", day)["rows"]}


def test_the_demo_builds_once_and_tells_its_story(tmp_path: Path) -> None:
    words = ("demo", "--into", str(tmp_path / "demo"))
    first = run("unused.db", *words, COLUMNS="80")
    assert first.code == 0, first.err
    for told in ("15.79", "24.63", "rescheduled, 2024-H1", "cancelled", "at most EUR 600,000,000"):
        assert told in first.out
    shown = first.out.splitlines()
    assert len(shown) <= 60
    assert max(map(len, shown[:-4])) <= 80
    again = run("unused.db", *words, COLUMNS="80")
    assert "0 events recorded" in again.out
    assert again.out.split("What changed", 1)[1] == first.out.split("What changed", 1)[1]
    assert shown[-5] == "Try next:"
    for asked in shown[-3:]:
        assert run(tmp_path / "demo" / "alliance.db", *asked.split()[1:]).code == 0
