"""``import stakebook``: the answers of the commands, with exact values, and nothing written."""

from __future__ import annotations

import ast
import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import click
import pytest

import stakebook
from cli.context import OpenedLedger
from cli.notebook.made import made
from cli.notebook.parameters import Method, methods
from cli.notebook.values import partial_date
from docs.notebook import NOTEBOOK, notebook
from docs.python_interface import FOLDER, python_modules, python_page
from ledger.time.history import known_ids
from ledger.values.refusals import Refusal
from projections.questions import QUESTIONS
from stakebook import Money, Refused, rows
from tests import ROOT
from tests.helpers import accept, dated, new_ledger, party, run

STALE = "run `python docs/generate.py`"
EVIL = "<script>alert(1)</script> \u05d0 Ltd"
EVENTS: tuple[Mapping[str, Any], ...] = (
    party("evil", name=EVIL),
    dated("shares-transferred", share_class="acme/common", transferor="bolt", key="to-one",
          transferee="fund-one", shares="20", effective_on="2023-03-01"),
    dated("shares-transferred", share_class="acme/common", transferor="bolt", key="to-evil",
          transferee="evil", shares="10", effective_on="2023-06-30"),
    dated("dividend-declared", share_class="acme/common", dividend="d", per_share="EUR 0.35",
          record_on="2023-07-01", payable_on="2023-07-15", effective_on="2023-06-01", key="div"),
    dated("claim-recorded", subject="acme", attribute="plants", value="3", key="claimed",
          effective_on="2023-Q2"),
    dated("agreement-signed", agreement="sha", title="Pact", parties=["bolt", "fund-one"],
          key="signed"),
)  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of a few holders, one of them with a hostile name."""
    return new_ledger(tmp_path_factory.mktemp("held"), *EVENTS)


@pytest.fixture
def book(held: Path) -> Iterator[stakebook.Book]:
    with stakebook.open_ledger(held) as opened:
        yield opened


def test_what_is_imported_is_named_once_and_holds_no_code() -> None:
    document, imported, named = ast.parse((ROOT / "stakebook.py").read_text()).body
    assert isinstance(document, ast.Expr)
    assert isinstance(imported, ast.ImportFrom)
    assert isinstance(named, ast.Assign)
    assert imported.module == "cli.book"
    assert sorted(alias.name for alias in imported.names) == sorted(stakebook.__all__)


def test_rows_and_methods_are_generated_from_the_registry() -> None:
    files = python_modules()
    assert {name: (FOLDER / name).read_text() for name in files} == files, STALE
    assert (ROOT / "docs/python.md").read_text() == python_page(), STALE


def test_every_question_is_a_method_with_the_parameters_of_its_command() -> None:
    assert set(QUESTIONS) < set(methods())
    for name, method in methods().items():
        taken = list(signature(getattr(stakebook.Book, name)).parameters)
        assert taken == ["self", *method.parameters]


def arguments(method: Method, id: str) -> list[str]:
    """An id for each argument that a method needs."""
    needed = (one for one in method.parameters.values() if isinstance(one, click.Argument))
    return [id for one in needed if one.required]


def asked_twice(ledger: Path, method: Method, given: list[str], cut: Mapping[str, str]) -> None:
    """Ask by the command and by the book: the answers are the same, or the refusals."""
    options = [word for name, value in cut.items() for word in (f"--{name}", value)]
    outcome = run(ledger, *method.words, *options, "--format", "json", *given)
    limits: dict[str, Any] = {name.replace("-", "_"): value for name, value in cut.items()}
    ask = partial(getattr(stakebook.open_ledger(ledger), method.name), *given, **limits)
    if outcome.code > 1:
        with pytest.raises(Refused) as refused:
            ask()
        assert "Error: " in outcome.err or f"[{refused.value.refusal.code}]" in outcome.err
        return
    answer, written = ask(), json.loads(outcome.out)
    assert json.loads(json.dumps(answer.json)) == written
    assert len(answer) == len(written["rows"])


def random_cut(drawn: random.Random, first: int, last: int) -> dict[str, str]:
    day = date.fromordinal(drawn.randint(first, last)).isoformat()
    known = date.fromordinal(drawn.randint(first, last)).isoformat()
    cut = {"as-of": day} | ({"known-by": known} if drawn.random() < 0.5 else {})
    return cut | ({"standing": "official"} if drawn.random() < 0.3 else {})


ASKED = [one for one in methods() if one not in ("diff", "graph_between")]


@pytest.mark.parametrize("name", ASKED)
def test_the_book_answers_as_the_command_does(held: Path, name: str) -> None:
    drawn = random.Random(name)
    cut = random_cut(drawn, date(2022, 1, 1).toordinal(), date(2024, 1, 1).toordinal())
    ids = {"rights": "acme/common", "breaches": "sha", "show": "opened", "explain_breach": "sha"}
    method = methods()[name]
    asked_twice(held, method, arguments(method, ids.get(name, "acme")), cut)


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(20))
def test_the_book_answers_as_the_command_does_about_the_demo(demo: Path, seed: int) -> None:
    drawn = random.Random(seed)
    cut = random_cut(drawn, date(2001, 1, 1).toordinal(), date(2026, 1, 1).toordinal())
    with OpenedLedger(demo, "ro") as opened:
        for name in ASKED:
            kinds = QUESTIONS[name].kinds if name in QUESTIONS else ("party",)
            known = known_ids(opened.index, drawn.choice(kinds)) or ["nissan"]
            method = methods()[name]
            given = arguments(method, "")
            asked_twice(demo, method, [drawn.choice(known) for _ in given], cut)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert run(folder / "x.db", "demo", "--into", str(folder / "demo")).code == 0
    return folder / "demo" / "alliance.db"


def test_values_are_exact_and_names_stand_beside_ids(book: stakebook.Book) -> None:
    answer = book.holdings("acme", as_of=datetime(2023, 7, 1))
    first = answer[0]
    assert (first.holder, first.holder_name, first.shares) == ("bolt", "Bolt Ltd", 70)
    assert sum(row.percent or 0 for row in answer) == 100
    assert all(type(row.percent) is Fraction for row in answer)
    third = book.holdings("acme", as_of="2023-03", with_=[issue(2)])[0]
    assert third.percent == Fraction(82 * 100, 102)
    due = book.dividends("acme", as_of="2023-07-10")[0]
    assert (due.amount, due.currency) == (Decimal("24.5"), "EUR")
    assert due.per_share == Money("EUR", Decimal("0.35"))
    claim = book.claims("acme", as_of="2024")[0]
    assert claim.effective_on is not None
    assert claim.effective_on.first == date(2023, 4, 1)
    assert claim.effective_on.last == date(2023, 6, 30)
    assert claim.effective_on.day is None
    assert book.timeline("acme")[0].recorded_at is not None


def issue(shares: int) -> dict[str, Any]:
    told = {"shares": str(shares), "effective_on": date(2023, 1, 1), "standing": "official"}
    return {"type": "shares-issued", "share_class": "acme/common", "holder": "bolt"} | told


def test_what_stands_for_several_values_is_read_as_what_it_is() -> None:
    limit = {"share_class": "a", "authorises": "total", "shares": "unlimited", "event": "e"}
    assert made(rows.LimitRow, limit).shares == "unlimited"
    assert made(rows.FractionRow, {"holder": "a", "exact": "121/2"}).exact == Fraction(121, 2)
    sold = made(rows.RadarRow, {"percent_after": "<5.00", "percent_after_exact": "4999/100000"})
    assert sold.percent_after == Fraction(4999, 1000)
    assert made(rows.GroupRow, {"percent": ">50.00"}).percent == Decimal("50.00")
    assert partial_date("..2024-01-31").first == date.min
    assert partial_date("2023-12-01/..").last == date.max
    nested = {"chain": [{"holder": "a", "party": "b", "fraction": "1/3", "events": ["e"]}]}
    (link,) = made(rows.HoldingRow, nested).chain or ()
    assert link.fraction == Fraction(1, 3)
    assert "shares" not in repr(link)


def test_an_answer_shows_itself_as_the_table_of_the_command(book: stakebook.Book) -> None:
    answer = book.holdings("acme", as_of="2023-07-01")
    page = answer._repr_html_()
    assert "Holdings in Acme plc (acme), as of 2023-07-01</caption>" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert ">70</td>" in page
    told = run(book.path, "holdings", "acme", "--as-of", "2023-07-01").out
    assert str(answer) + "\n" == told
    assert repr(answer) == "<3 x HoldingRow, answered>"
    unknown = book.holdings("fund-one", as_of="2001")
    assert (len(unknown), unknown.outcome) == (0, "not-known")
    assert "as of 2001-12-31</strong></p><p>Nobody is recorded to hold" in unknown._repr_html_()


def test_a_table_is_of_the_history_that_was_asked(held: Path, tmp_path: Path) -> None:
    """What is appended is seen by the next call; an answer stays, also when the book is closed."""
    ledger = Path(tmp_path / "deal.db")
    ledger.write_bytes(held.read_bytes())
    with stakebook.open_ledger(str(ledger)) as book:
        before = book.holdings("acme", as_of="2024")
        accept(ledger, issue(5) | {"effective_on": "2023-01-01", "known_on": "2023-01-01"})
        assert book.holdings("acme", as_of="2024")[0].shares == 75
        assert before[0].shares == 70
    page = before._repr_html_()
    assert ">70</td>" in page
    assert ">75</td>" not in page
    with pytest.raises(ValueError, match="closed"):
        book.holdings("acme")


def test_what_differs_is_shown_of_the_day_on_which_it_was_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where neither side names a day, and a later one has come when it is shown."""
    moved = dated("shares-issued", share_class="acme/common", holder="bolt", shares="50")
    ledger = new_ledger(tmp_path, moved | {"effective_on": "2090-01-01"})
    with stakebook.open_ledger(ledger) as book:
        found = book.diff("acme", before={"as_of": "2019-12-31"}, after={"standing": "any"})
    monkeypatch.setattr("cli.context.now", lambda: datetime(2091, 1, 1, tzinfo=UTC))
    told = str(found)
    assert "100" in told
    assert "150" not in told


def test_what_is_supposed_is_given_as_events_or_files(book: stakebook.Book, tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps(issue(7) | {"effective_on": "2023-01-02"}))
    events = book.path.read_bytes()
    answer = book.holdings("acme", as_of="2023-07-01", with_=[issue(5), file], without="to-evil")
    assert answer[0].shares == 70 + 5 + 7 + 10
    assert [event.data["shares"] for event in answer.supposed[:2]] == ["5", "7"]
    assert "Supposed: 3 events" in answer._repr_html_()
    assert book.path.read_bytes() == events
    with pytest.raises(Refused, match=r"with_, event 1:1: .*R202") as refused:
        book.holdings("acme", with_={"type": "shares-issued", "number": 5})
    assert refused.value.refusal is Refusal.UNKNOWN_FIELD


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"as_of": "2024-13-01"}, r"as_of: .*names no month.* \[R205"),
        ({"issuer": "acmee"}, r"Did you mean acme\? \[R702"),
        ({"standing": "sure"}, r"'standing'.*'official'.*help\(stakebook.Book.holdings\).*R209"),
        ({"digits": 99}, r"'digits'.*R209"),
        ({"beneficial": True, "indirect": True}, "Give either beneficial or indirect"),
        ({"policy": "mine"}, r"policy: .*R209"),
        ({"without": "nothing"}, r"without nothing: .*R702"),
        ({"holder": "--help"}, "Nothing recorded speaks of"),
    ],
)
def test_a_wrong_value_is_refused_in_words_of_python(
    book: stakebook.Book, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said) as refused:
        book.holdings(**given)
    assert "--" not in re.sub("`[^`]*`|--help", "", str(refused.value))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"as_of": 2024.5}, "as_of takes text, a number or a date, not 2024.5"),
        ({"beneficial": 1}, "beneficial is True or False, not 1"),
        ({"recorded_by": datetime(2024, 1, 1)}, "recorded_by needs a time with its time zone"),
        ({"asof": "2024"}, "unexpected keyword argument 'asof'"),
        ({"issuer": None, "holder": b"acme"}, "holder takes text"),
    ],
)
def test_a_value_of_a_wrong_type_is_a_type_error(
    book: stakebook.Book, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        book.holdings(**given)
    with pytest.raises(TypeError, match="as_of of before is one value"):
        book.diff("acme", before={"as_of": "2023,known-by=2020"})
    with pytest.raises(Refused, match="Give the sides to compare with before and after"):
        book.diff("acme")
    with pytest.raises(TypeError, match=r"before takes as_of, .*, not 'asof'"):
        book.diff("acme", before={"asof": "2024"})  # type: ignore[typeddict-unknown-key]


def test_a_missing_ledger_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="R802"):
        stakebook.open_ledger(tmp_path / "none.db")


def test_differences_explanations_and_checks_have_their_own_parts(book: stakebook.Book) -> None:
    changed = book.diff("acme", before={"as_of": "2023-02"}, after={"as_of": date(2023, 3, 1)})
    assert {row.change for row in changed} == {"changed", "added"}
    assert changed.cut["from"]["as_of"] == "2023-02-28"
    assert "from 2023-02-28 to 2023-03-01" in changed._repr_html_()
    why = book.explain_holdings("acme", "bolt", as_of="2023-07-01")
    assert [row.shares for row in why.figure] == [70]
    assert why[0].balance == 100
    assert why.arithmetic[0].endswith("= 70")
    assert {row.reason for row in why.excluded} == {"no effect"}
    checked = book.check(recorded_by=datetime.now(UTC))
    assert len(checked.warnings) >= 1
    assert checked.hidden is not None


def test_a_graph_is_rows_and_a_picture(book: stakebook.Book) -> None:
    graph = book.graph("acme", as_of="2023-07-01")
    assert {row.party for row in graph} == {"bolt", "fund-one", "evil"}
    page = graph._repr_html_()
    assert "<svg" in graph.picture.svg
    assert "data:image/svg+xml;base64," in page
    assert "<script>" not in page + graph.picture.svg
    assert "Graph around Acme plc (acme), as of 2023-07-01" in page
    both = book.graph_between("acme", before={"as_of": "2023-02"}, after={"as_of": "2023-07"})
    assert "Bolt Ltd" in str(both)
    assert both.png[1:4] == b"PNG"


def test_threads_may_ask_at_once(book: stakebook.Book) -> None:
    days = [f"2023-{month:02}" for month in range(1, 13)]
    with ThreadPoolExecutor(4) as threads:
        found = [*threads.map(lambda day: book.holdings("acme", as_of=day)[0].shares, days)]
    assert found == [100] * 2 + [80] * 3 + [70] * 7


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_an_absent_library_is_named_with_what_installs_it(
    book: stakebook.Book, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    answer = book.holdings("acme")
    with pytest.raises(ImportError, match=r"pip install 'stakebook\[notebooks\]'"):
        _ = answer.to_pandas() if name == "pandas" else answer.to_polars()


@pytest.mark.whole
def test_tables_of_pandas_keep_values_exact(book: stakebook.Book) -> None:
    pandas = pytest.importorskip("pandas")
    answer = book.holdings("acme", as_of="2023-03", with_=issue(2))
    table = answer.to_pandas()
    assert [str(table[name].dtype) for name in ("shares", "percent", "events_count")] == [
        "Int64", "string", "Int64",
    ]  # fmt: skip
    assert table["percent_exact"][0] == "41/51"
    assert answer.to_pandas(floats=True)["percent"][0] == float(Fraction(8200, 102))
    dates = book.claims("acme", as_of="2024").to_pandas()
    assert dates["effective_on"][0] == "2023-Q2"
    assert dates["effective_on_last"][0] == pandas.Timestamp("2023-06-30")
    assert book.holdings("acme", as_of="2001").to_pandas().empty


@pytest.mark.whole
def test_tables_of_polars_keep_values_exact(book: stakebook.Book) -> None:
    polars = pytest.importorskip("polars")
    table = book.dividends("acme", as_of="2023-07-10").to_polars()
    assert table["amount"].dtype == polars.Decimal(38, 1)
    assert table["amount"][0] == Decimal("24.5")
    assert table["shares"].dtype == polars.Int64
    assert table["record_on_first"][0] == date(2023, 7, 1)
    assert book.claims("acme").to_polars()["events"].dtype == polars.List(polars.String)


@pytest.mark.whole
def test_the_example_notebook_shows_what_its_cells_give(demo: Path, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    (tmp_path / "stakebook-demo").symlink_to(demo.parent)
    assert NOTEBOOK.read_text() == notebook(tmp_path), "run `python docs/notebook.py`"


SAMPLE = """
from fractions import Fraction
import stakebook
with stakebook.open_ledger("x.db") as book:
    held: stakebook.Rows[stakebook.rows.HoldingRow] = book.holdings("a", as_of="2024")
    total: Fraction = sum((row.percent or Fraction(0) for row in held), Fraction(0))
    lots = [row.lot.upper() for row in book.votes("a", lots=True)]
    names: list[str | None] = [row.holder_name for row in book.votes("a")]
    since = [row.since.first.year for row in book.deals() if row.since]
    figure = book.explain_votes("a", "b").figure[0].votes
    svg: str = book.graph("a").picture.svg
    before = book.diff("a", before={"as_of": "2023"})[0].change
"""
WRONG = """
import stakebook
book = stakebook.open_ledger("x.db")
book.holdings("a", asof="2024")
book.votes("a", lots=True)[0].percent
book.diff("a", before={"asof": "2023"})
"""


@pytest.mark.whole
def test_strict_types_see_methods_parameters_and_rows(tmp_path: Path) -> None:
    for name, text in (("right", SAMPLE), ("wrong", WRONG)):
        (tmp_path / f"{name}.py").write_text(text)
    words = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "right.py")]
    right = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert right.returncode == 0, right.stdout
    words[-1] = str(tmp_path / "wrong.py")
    wrong = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    told = {line.split(":")[1] for line in wrong.stdout.splitlines() if ": error" in line}
    assert told == {"4", "5", "6"}


def test_votes_by_what_makes_them_a_holders_add_up_as_numbers() -> None:
    """Each way in which votes are attributed has numbers of one kind."""
    ways = ("direct", "trusts", "by_rights", "controlled", "concert", "attributed")
    plain = dict.fromkeys(ways, "1") | {"issuer": "acme", "chains": [], "standing": "official"}
    row = made(rows.IndirectRow, plain | {"events": []})
    assert sum(getattr(row, way) for way in ways) == 6


def test_rows_that_are_found_one_by_one_are_all_there_whenever_they_are_read(held: Path) -> None:
    """Also as plain values, after the rows were made of them, and with the ledger closed."""
    with stakebook.open_ledger(held) as book:
        found = book.owners(all=True)
    assert len(found) > 0
    assert len(found.json["rows"]) == len(list(found.json["rows"])) == len(found)
