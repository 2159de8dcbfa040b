"""The printable report: all in one file, nothing that runs, and nothing left unsaid."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from ledger.values.refusals import Refusal
from tests.exports import by_standalone
from tests.helpers import Outcome, accept, assert_refused, dated, new_ledger, party, run

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)"
OTHER_WAY = "Evil\u202eplc"
HOLDING = dated(
    "shares-issued", share_class="acme/b", holder="hostile", shares="30", key="issue-hostile"
)
CORRECTION = {
    "type": "event-corrected", "event": "issue-hostile", "key": "fixed",
    "changes": [{"field": "shares", "value": "40"}],
    "because": HOSTILE, "correction": "clerical",
}  # fmt: skip


class Tags(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A sealed ledger with a hostile party in it."""
    path = new_ledger(tmp_path, party("hostile", name=HOSTILE), HOLDING)
    assert run(path, "keygen", str(tmp_path / "key")).code == 0
    assert run(path, "seal", "--key", str(tmp_path / "key")).code == 0
    return path


def written(ledger: Path, name: str, *words: str) -> tuple[Outcome, str]:
    file = ledger.with_name(name)
    outcome = run(ledger, "report", str(file), "--as-of", "2024-01-01", *words)
    return outcome, file.read_text("utf-8") if name.endswith("html") and file.exists() else ""


def vkey(ledger: Path) -> str:
    return ledger.with_name("key").read_text().splitlines()[0]


def test_it_tells_what_the_ledger_says_and_how_far_it_was_verified(ledger: Path) -> None:
    outcome, page = written(ledger, "r.html", "--key", vkey(ledger))
    assert outcome.code == 0, outcome.err
    text = Tags(page).text
    for words in (
        "as of the end of 2024-01-01", "Holdings in Acme plc (acme)", "Votes in Acme plc (acme)",
        "Bolt Ltd", "Restatements",
        "Integrity: nothing wrong found", "Not checked", "no --last-seen checkpoint was given",
        vkey(ledger),
        "sha256", "The newest checkpoint", "\u2014 stakebook/", "code_sha256",
    ):  # fmt: skip
        assert words in text, words
    assert run(ledger, "replay", "--json").code == 0
    unsigned = Tags(written(ledger, "unsigned.html")[1]).text
    assert "none was given" in unsigned
    assert "no --key was given" in unsigned


def test_it_holds_nothing_that_runs_and_nothing_from_elsewhere(ledger: Path) -> None:
    accept(ledger, party("other-way", name="Evil plc"))
    _, page = written(ledger, "r.html")
    read = Tags(page)
    assert {"script", "img", "a", "link", "iframe", "object"} & set(read.tags) == set()
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert ("content", policy) in read.attributes
    assert not [n for n, _ in read.attributes if n.startswith("on") or n in ("href", "src")]
    assert not re.search(r"url\(|@import|https?://", page)


def test_hostile_words_come_out_as_text(tmp_path: Path) -> None:
    """In a reason, the one place of the report where words of a user stand at length."""
    ledger = new_ledger(tmp_path)
    accept(ledger, HOLDING | {"holder": "bolt"})
    accept(ledger, CORRECTION)
    _, page = written(ledger, "r.html")
    assert HOSTILE not in page
    assert "<script" not in page
    assert HOSTILE in Tags(page).text, "it is told, as text"


def test_characters_that_turn_text_around_are_shown(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.printing.sheet.STANDINGS", {"any": OTHER_WAY})
    _, page = written(ledger, "r.html")
    assert "\u202e" not in page
    assert "Evil\\u202eplc" in page


def test_it_is_the_same_every_time_but_for_the_moment(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = []
    for year in (2027, 2028):
        moment = datetime(year, 1, 2, 3, 4, 5, tzinfo=UTC)
        monkeypatch.setattr("cli.commands.report.now", lambda: moment)  # noqa: B023
        pages.append(written(ledger, f"{year}.html", "--key", vkey(ledger))[1])
        assert f"{year}-01-02" in pages[-1]
    assert pages[0] != pages[1]
    assert pages[0].replace("2027-01-02", "2028-01-02") == pages[1]


def test_about_chooses_and_unknown_ones_are_refused(ledger: Path) -> None:
    _, page = written(ledger, "acme.html", "--about", "acme")
    assert "Holdings in Acme plc" in page
    assert "Holdings in Bolt Ltd" not in page
    assert "Holdings in Bolt Ltd" in written(ledger, "all.html")[1]
    outcome, page = written(ledger, "none.html", "--about", "acne")
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT)
    assert page == ""


def test_what_is_wrong_is_told_and_ends_with_1(ledger: Path) -> None:
    other = ledger.with_name("other")
    assert run(ledger, "keygen", str(other)).code == 0
    wrong = other.read_text().splitlines()[0]
    outcome, page = written(ledger, "wrong.html", "--key", wrong)
    assert outcome.code == 1
    assert "WRONG" in outcome.out
    assert "None is signed by" in Tags(page).text
    assert written(ledger, "right.html", "--key", vkey(ledger))[0].code == 0


def test_it_never_takes_the_place_of_another_file(ledger: Path) -> None:
    assert written(ledger, "r.html")[0].code == 0
    before = ledger.with_name("r.html").read_bytes()
    assert_refused(written(ledger, "r.html")[0], Refusal.FILE_EXISTS)
    assert_refused(written(ledger, ledger.name)[0], Refusal.FILE_EXISTS)
    assert ledger.with_name("r.html").read_bytes() == before


def test_what_the_check_finds_is_in_it_and_ends_with_1(ledger: Path) -> None:
    total = {"share_class": "acme/common", "total": "issued", "shares": "99"}
    accept(ledger, dated("balance-asserted", key="said", **total))
    found = run(ledger, "check", "--as-of", "2024-01-01")
    assert found.code == 1
    outcome, page = written(ledger, "r.html", "--key", vkey(ledger))
    assert outcome.code == 1
    assert "nothing wrong found" not in outcome.out
    assert "check of the record found something" in outcome.out
    text = "".join(Tags(page).text.splitlines())
    assert "Integrity: nothing wrong found" in text
    assert "Check of the record: 1 finding, 3 warnings, see below" in text
    assert "asserted balances, Acme plc: issued is asserted at 99, the register has 100" in text
    assert "cites no source" in text


def test_without_a_key_it_says_what_it_looked_at(ledger: Path, tmp_path: Path) -> None:
    """A sealed ledger is never called unsealed because nobody read its signatures."""
    proof, export = tmp_path / "proof", tmp_path / "audit"
    assert run(ledger, "prove", "opened", "--out", str(proof)).code == 0
    assert run(ledger, "export", "--audit", str(export)).code == 0
    words = "10 under a checkpoint, its signatures not read"
    for file in ((), (str(proof),), (str(export),)):
        unread, read = (run(ledger, "verify", *file, *k) for k in ((), ("--key", vkey(ledger))))
        assert words in unread.out
        assert "10 events, 10 sealed" in read.out
        answer = json.loads(run(ledger, "verify", *file, "--json").out)
        assert (answer["sealed"], answer["checkpoint"]) == (None, 10)
    assert words in Tags(written(ledger, "r.html")[1]).text
    assert "no signature read" in by_standalone(export, key=None).told
    (tmp_path / "other").mkdir()
    unsealed = new_ledger(tmp_path / "other")
    assert "8 events, no checkpoint" in run(unsealed, "verify").out


SEEDS = ("other", "another", "third", "fourth")


def test_it_lists_the_events_of_a_period_and_draws_a_sample_of_them(ledger: Path) -> None:
    accept(
        ledger,
        *(
            dated("shares-issued", share_class="acme/b", holder="bolt", shares="1", key=f"i{day}")
            | {"effective_on": f"2023-12-{day}"}
            for day in range(10, 20)
        ),
        party("ada", name="Ada Ash", kind="person"),
    )
    period = ("--from", "2023-12-11", "--to", "2023-12-18")
    files = [ledger.with_name(f"{name}.xlsx") for name in ("one", "two", *SEEDS)]
    for file, words in (
        (files[0], ("print", "audit", "acme", str(files[0]), "--sample", "3")),
        (files[1], ("report", str(files[1]), "--about", "Acme plc", "--sample", "3")),
        *(
            (file, ("print", "audit", "acme", str(file), "--sample", "3", "--seed", seed))
            for file, seed in zip(files[2:], SEEDS, strict=True)
        ),
    ):
        outcome = run(ledger, *words, *period, "--as-of", "2024-01-01")
        assert outcome.code == 0, (file, outcome.err)
    assert files[0].read_bytes() == files[1].read_bytes(), "report is another name of print audit"
    one, _, *others = (openpyxl.load_workbook(file) for file in files)
    listed, bare, drawn = (
        [row[0] for row in one[name].iter_rows(2, values_only=True)]
        for name in ("Events of the period", "Events without a source", "Sample")
    )
    assert len(listed) == 8
    assert bare == listed, "none cites a source"
    assert len(drawn) == 3
    assert set(drawn) < set(listed)
    assert any(
        drawn != [row[0] for row in other["Sample"].iter_rows(2, values_only=True)]
        for other in others
    ), "another seed draws others, though by chance it may draw the same"
    parties = [row[0] for row in one["Parties"].iter_rows(2, values_only=True)]
    assert parties == ["Acme plc", "Bolt Ltd"], "those that the events name"
    backwards = ("--from", "2024-01-02", "--to", "2024-01-01")
    outcome = run(ledger, "report", str(ledger.with_name("b.html")), *backwards)
    assert_refused(outcome, Refusal.BAD_DATE, "--from")


def test_persons_are_numbers_where_that_is_asked(ledger: Path) -> None:
    accept(
        ledger,
        party("ada-ash", name="Ada Ash", kind="person"),
        dated("director-appointed", company="acme", person="ada-ash", key="ada-ash-sits"),
    )
    text = Tags(written(ledger, "r.html", "--redact", "persons")[1]).text
    assert "Ada Ash" not in text
    assert "ada-ash" not in text
    assert "person 1" in text
