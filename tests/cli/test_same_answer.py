"""One question, one answer: as JSON, from the interface, to a program, in a table and on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

import click
import pytest

import stakebook
from cli.context import OpenedLedger
from cli.notebook.made import Row, columns_of
from cli.web.addresses import path_of
from cli.web.asked import Served, served
from ledger.time.history import known_ids
from projections.questions import QUESTIONS
from projections.shown import SHOWN
from tests import histories, story
from tests.helpers import Outcome, append, dated, lines, new_ledger, run, stored
from tests.web import Read, Site

SERVED = {one.path: one for one in served() if one.path != "chart"}  # it gives no rows
OPTIONS: Mapping[str, Sequence[dict[str, str]]] = {
    "holdings": ({}, {"indirect": "1"}, {"beneficial": "1"}, {"range": "1"}),
    "votes": (
        {}, {"lots": "1"}, {"classes": "1"}, {"range": "1"}, {"totals": "1"}, {"law": "LU"},
        {"law": "FR"}, {"law": "DE"},
    ),
    "governance": ({}, {"clauses": "1"}),
    "graph": ({}, {"depth": "2"}),
}  # fmt: skip
SUBJECTS = {
    "explain/deal": "deal", "explain/investment": "investment", "explain/offering": "offering",
    "explain/offer": "offer", "explain/breach": "agreement", "show": "event",
}  # fmt: skip
KINDS = (
    "issuer", "party", "class", "deal", "agreement", "offer", "investment", "offering", "source",
)  # fmt: skip
NUMBER = re.compile(r"[0-9][0-9,]*(?:[.][0-9]+)?")
APART = {  # figures that tables have in another form, or only wider or longer ones
    "graph": {"shares", "votes_percent", "after_caps_percent"},  # told where they differ
    "pending": {"expected", "last_heard"},
    "timeline": {"effective_on"},
    "votes": {"exercisable", "exercisable_percent", "gross", "delta", "recorded"},
}
TYPED = (int, Fraction, Decimal)
DAYS = (date(2015, 1, 1), date(2026, 6, 1))
DRAWN = (date(2019, 6, 1), date(2026, 11, 1))


class Asked(NamedTuple):
    """A question as an address asks it: its path, its subjects, its options and its cut."""

    path: str
    ids: Sequence[str]
    given: Mapping[str, str]

    @property
    def words(self) -> list[str]:
        options = [f"--{n}" if v == "1" else f"--{n}={v}" for n, v in self.given.items()]
        return [*self.path.split("/"), *options, "--", *self.ids]

    @property
    def query(self) -> str:
        names = SERVED[self.path].arguments()
        return urlencode({**self.given, **dict(zip(names, self.ids, strict=False))})

    @property
    def page(self) -> str:
        return f"{path_of(*self.path.split('/'), *self.ids)}?{urlencode(self.given)}"

    @property
    def parameters(self) -> dict[str, Any]:
        """As a method takes them; the sides of a comparison have other names there."""
        names = {"from": "before", "to": "after"} if self.path == "diff" else {}
        given = {names.get(n, n.replace("-", "_")): v for n, v in self.given.items()}
        return {name: True if value == "1" else value for name, value in given.items()}

    @property
    def shown(self) -> Sequence[str]:
        """The columns that a table of it has."""
        option = next((one for one in ("lots", "classes", "totals") if one in self.given), "")
        if "indirect" in self.given:
            return ()
        found = SHOWN.get(f"{self.path} --{option}" if option else self.path, ())
        return [column for column in found if column not in APART.get(self.path, ())]


class Five:
    """A ledger that is asked in five ways."""

    def __init__(self, ledger: Path, days: tuple[date, date]) -> None:
        self.ledger, self._days = ledger, days
        self.site, self.book = Site(ledger, seconds=100), stakebook.open_ledger(ledger)

    @cached_property
    def ids(self) -> Mapping[str, Sequence[str]]:
        """What may be asked about, by kind."""
        with OpenedLedger(self.ledger, "ro") as opened:
            found = {kind: known_ids(opened.index, kind) for kind in KINDS}
        return found | {"event": [json.loads(state)["key"] for _, state in stored(self.ledger)]}

    def asked(self, chance: Random, path: str, cut: Mapping[str, str]) -> Asked:
        """A question about something, with some options."""
        given = dict(chance.choice(OPTIONS.get(path, ({},))))
        if path == "diff":
            given = {end: f"as-of={self._day(chance)}" for end in ("from", "to")}
        elif chance.random() < 0.2:
            given["without"] = chance.choice(self.ids["event"])
        given = {**given, **({} if path == "diff" else cut)}
        taken = SERVED[path].parameters()
        return Asked(
            path,
            [*self._subjects(chance, SERVED[path])],
            {name: value for name, value in given.items() if name in taken},
        )

    def _subjects(self, chance: Random, one: Served) -> Iterator[str]:
        name, first = one.path.split("/")[0], True
        kinds = QUESTIONS[name].kinds if name in QUESTIONS else ("issuer",)
        kind = SUBJECTS.get(one.path, kinds[0] if kinds else "party")
        for parameter in one.command.params:
            if isinstance(parameter, click.Argument) and (
                parameter.required or chance.random() < 0.7
            ):
                if parameter.nargs != 1:
                    yield "shares"
                    continue
                yield chance.choice(self.ids.get(kind if first else "party") or self.ids["party"])
                first = False

    def cut(self, chance: Random) -> dict[str, str]:
        """A cut on every clock, with a standing and a policy."""
        cut = {
            "as-of": self._day(chance),
            "standing": chance.choice(["any", "official", "reported"]),
        }
        if chance.random() < 0.4:
            cut["known-by"] = self._day(chance)
        if chance.random() < 0.3:
            cut["recorded-by"] = chance.choice(["2025-01-01", "2999-12-31T12:00:00Z"])
        sources = [f"source:{one}" for one in self.ids["source"][:3]]
        return cut | {"policy": chance.choice(["standing", "latest", *sources])}

    def _day(self, chance: Random) -> str:
        return date.fromordinal(chance.randint(*(d.toordinal() for d in self._days))).isoformat()

    def ask(self, asked: Asked) -> int:
        """Ask in all ways, and hold the answers against each other; how many rows there were."""
        command, *rest = asked.words
        whole = (
            run(self.ledger, command, "--format=json", *rest)
            if "/" not in asked.path
            else run(self.ledger, command, rest[0], "--format=json", *rest[1:])
        )
        method = getattr(self.book, asked.path.replace("/", "_"))
        if whole.code > 1:
            self._refused(asked, whole, method)
            return 0
        assert self.site.get(f"/api/v1/{asked.path}?{asked.query}").text == whole.out, asked
        plain, answer = json.loads(whole.out), method(*asked.ids, **asked.parameters)
        assert json.loads(json.dumps(answer.json)) == plain, asked
        for part in ("rows", "possible"):
            made = answer if part == "rows" else answer.possible
            for row, one in zip(made, plain[part], strict=True):
                assert_typed(row, one)
        self._told(asked, plain["rows"])
        return len(plain["rows"])

    def _refused(self, asked: Asked, whole: Outcome, method: Any) -> None:
        assert "fault in stakebook" not in whole.err, (asked, whole.err)
        assert run(self.ledger, *asked.words).code == whole.code, asked
        assert 400 <= self.site.get(f"/api/v1/{asked.path}?{asked.query}").status < 500, asked
        with pytest.raises(stakebook.Refused):
            method(*asked.ids, **asked.parameters)

    def _told(self, asked: Asked, rows: Sequence[Mapping[str, Any]]) -> None:
        """Every figure of the columns that are shown is in the tables and on the page."""
        outcome, page = run(self.ledger, *asked.words), self.site.get(asked.page)
        narrow = run(self.ledger, *asked.words, COLUMNS="80")
        assert outcome.code <= 1, (asked, outcome.err)
        assert page.status == 200, asked
        for text in (outcome.out, narrow.out, Read(page.text).text):
            said = {found.replace(",", "") for found in NUMBER.findall(text)}
            for row in rows:
                for column in asked.shown:
                    value = row.get(column)
                    if isinstance(value, str) and NUMBER.fullmatch(value) and value != "0":
                        assert value in said, (asked, column, row)


def assert_typed(row: Row, plain: Mapping[str, Any]) -> None:
    """A row has each value of JSON, exactly, under the same name, and no other."""
    columns = {column.name: column for column in columns_of(type(row))}
    assert plain.keys() <= columns.keys()
    for name, column in columns.items():
        got, value, exact = getattr(row, column.field), plain.get(name), plain.get(f"{name}_exact")
        if exact is not None:
            assert got == 100 * Fraction(exact)
            assert_rounded(value, got)
        elif isinstance(value, list):
            for one, told in zip(got, value, strict=True):
                if isinstance(told, dict):
                    assert_typed(one, told)
                else:
                    assert str(one) == str(told)
        elif isinstance(value, dict) and isinstance(got, Row):
            assert_typed(got, value)
        elif value is None or isinstance(value, bool) or isinstance(got, str):
            assert got == value
        elif isinstance(got, TYPED):
            assert Fraction(got) == Fraction(str(value).strip("<>")), (name, value)


def assert_rounded(text: str | None, percent: Fraction) -> None:
    """A percentage is the exact one, rounded as it is written."""
    if text is not None and NUMBER.fullmatch(text):
        digits = len(text.partition(".")[2])
        assert abs(Fraction(text) - percent) <= Fraction(1, 2 * 10**digits), (text, percent)


def recorded(folder: Path, drafts: Sequence[histories.Draft]) -> Path:
    """A ledger of those events of a history that are accepted one by one."""
    ledger = folder / "history.db"
    assert run(ledger, "init").code == 0
    for type_name, key, data in drafts:
        append(ledger, lines({"type": type_name, "key": key, **data}))
    assert len(stored(ledger)) > len(histories.WORLD) + len(drafts) // 8
    return ledger


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Five:
    return Five(recorded(tmp_path_factory.mktemp("told"), [*story.story()]), DRAWN)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Five:
    folder = tmp_path_factory.mktemp("demo")
    assert run(folder / "x.db", "demo", "--into", str(folder / "demo")).code == 0
    return Five(folder / "demo" / "alliance.db", DAYS)


def swept(five: Five, seed: str, paths: Sequence[str]) -> None:
    chance = Random(seed)
    cut = five.cut(chance)
    for path in paths:
        five.ask(five.asked(chance, path, cut))


def test_an_answer_is_one_in_five_ways(tmp_path: Path) -> None:
    few = new_ledger(
        tmp_path,
        dated("shares-transferred", share_class="acme/common", transferor="bolt", shares="30",
              transferee="fund-one") | {"known_on": "2023-11-08"},
        dated("stake-disclosed", issuer="bolt", holder="fund-two", percent="12.5",
              percent_of="votes", qualifier="at-least") | {"known_on": "2023-11-08"},
        dated("voting-cap-agreed", issuer="acme", holder="bolt", percent="15"),
    )  # fmt: skip
    five = Five(few, DRAWN)
    for path, ids, given in (
        ("holdings", ["acme"], {"known-by": "2023-12-31"}), ("votes", ["acme"], {"lots": "1"}),
        ("holdings", ["bolt"], {"beneficial": "1"}), ("explain/votes", ["acme", "bolt"], {}),
    ):  # fmt: skip
        assert five.ask(Asked(path, ids, {"as-of": "2024-01-01", **given}))


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(12))
def test_every_answer_is_one_in_five_ways(told: Five, demo: Five, seed: int) -> None:
    """At twelve cuts, every other one of the alliance."""
    swept((told, demo)[seed % 2], str(seed), list(SERVED))


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(3))
def test_answers_of_random_histories_are_one_in_five_ways(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    drafts = histories.drafted([chance.getrandbits(40) for _ in range(80)], tangled=seed % 2 == 0)
    five = Five(recorded(tmp_path, drafts), DRAWN)
    for number in range(4):
        swept(five, f"{seed} {number}", list(SERVED))


@pytest.mark.whole
def test_what_is_supposed_is_answered_alike(told: Five, tmp_path: Path) -> None:
    event = {
        "type": "shares-issued", "share_class": histories.COMMON, "holder": "alice",
        "shares": "4711", "effective_on": "2022-03-01", "standing": "official",
    }  # fmt: skip
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps(event))
    for path, id in (("holdings", "acme"), ("votes", "acme"), ("explain/holdings", "acme")):
        ids = [id, "alice"] if "/" in path else [id]
        words = [*path.split("/"), "--as-of=2023", f"--with={file}", "--format=json", "--", *ids]
        plain = json.loads(run(told.ledger, *words).out)
        method = getattr(told.book, path.replace("/", "_"))
        answer = method(*ids, as_of="2023", with_=event)
        assert json.loads(json.dumps(answer.json))["rows"] == plain["rows"]
        asking = {"events": json.dumps(event), "ask": f"{path}/{'/'.join(ids)}", "as-of": "2023"}
        page = Read(told.site.get(f"/what-if?{urlencode(asking)}").text).text
        for row in plain["rows"]:
            if value := row.get("shares"):
                assert f"{int(Fraction(value)):,}" in page
