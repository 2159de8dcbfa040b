"""Events asked for at a terminal: nothing typed is lost, nothing is recorded before a yes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from cli.entry.acts import FOLLOWING, types_called
from ledger.events.registry import event_types
from ledger.values.refusals import Refusal
from tests.helpers import (
    Outcome,
    accept,
    assert_refused,
    assert_usage,
    new_ledger,
    party,
    run,
    stored,
)
from tests.terminals import ROOT, Terminal

ROUND = (
    "What happened?", "shares-issued",
    "share class: ", "acme/comon",
    "A number or y to register it [ask again]: ", "",
    "share class: ", "acme/common",
    "holder: ", "Ann Lee",
    "Y to register it [ask again]: ", "y",
    "name [Ann Lee]: ", "",
    "kind", "person",
    "party [ann-lee]: ", "ann",
    "shares: ", "6 000",
    "shares: ", "6000",
    "effective on: ", "2024-03-01",
    "standing (official, reported, unnamed, inferred) [official]: ", "<",
    "effective on [2024-03-01]: ", "2024-03-02",
    "standing", "",
    "citations 1, source (empty: none): ", "",
    "known on [effective]: ", "",
    "More fields? [none]: ", "price",
    "price: ", "GBP 1.50",
    "More fields? [none]: ", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("entry"))


def last(ledger: Path, number: int = 1) -> dict[str, Any]:
    """The data of one of the last events of a ledger."""
    found: dict[str, Any] = json.loads(stored(ledger)[-number][1])["data"]
    return found


def test_a_round_is_entered_at_a_terminal_with_two_mistakes_and_a_way_back(
    tmp_path: Path,
) -> None:
    ledger = new_ledger(tmp_path)
    before = stored(ledger)
    terminal = Terminal(ledger, "append")
    terminal.expect("What happened?")
    terminal.press("shares-iss\t")
    terminal.type("")
    terminal.expect("share class: ")
    terminal.press("acme/co\t\x7f\t")
    terminal.expect("acme/common")
    terminal.type("")
    terminal.answer("holder: ", "<", "share class [acme/common]: ", "<")
    terminal.answer(*ROUND)
    terminal.expect("Record? [y/N/e=edit] ")
    assert stored(ledger) == before
    terminal.type("e")
    terminal.answer(
        "Which field?", "shar", "Which field?", "shares", "shares [6000]: ", "600"
    )  # fmt: skip
    terminal.expect("Record?")
    assert stored(ledger) == before
    terminal.type("y")
    terminal.answer(
        "Another like it?", "y", "share class [acme/common]: ", "", "holder: ", "ann lee",
        "shares: ", "?", "shares: ", "", "shares: ", ".",
    )  # fmt: skip
    terminal.expect("Nothing more recorded.")
    assert terminal.end() == 0, terminal.said
    assert 'No share class "acme/comon" is recorded. Did you mean' in terminal.said
    assert "1  common (acme/common)" in terminal.said
    assert 'read "ann lee" as ann' in terminal.said
    assert "It takes: number of shares above zero." in terminal.said
    assert '"6 000" is not a whole number.' in terminal.said
    assert len(stored(ledger)) == len(before) + 2
    assert last(ledger, 2) == {
        "party": "ann", "kind": "person", "name": "Ann Lee", "standing": "official",
    }  # fmt: skip
    assert last(ledger) == {
        "share_class": "acme/common", "holder": "ann", "shares": "600", "price": "GBP 1.50",
        "effective_on": "2024-03-02", "known_on": "2024-03-02", "standing": "official",
    }  # fmt: skip


def test_an_interruption_leaves_with_nothing_recorded(shared: Path) -> None:
    before = stored(shared)
    terminal = Terminal(shared, "append", "shares-issued", "--holder", "bolt")
    terminal.answer("share class: ", "acme/b", "shares: ", "5")
    terminal.expect("effective on: ")
    terminal.interrupt("Nothing recorded.")
    assert terminal.end() == 130
    assert stored(shared) == before


@contextmanager
def answering(*script: str) -> Iterator[list[str]]:
    """Answers to prompts, each prompt known by what it begins with; all must be asked."""
    left = list(script)

    def answer(prompt: str) -> str:
        assert left, f"asked without an answer: {prompt}"
        assert prompt.startswith(left[0]), f"asked {prompt!r}, and {left[0]!r} was to come"
        del left[0]
        return left.pop(0)

    with (
        patch("builtins.input", answer),
        patch("cli.commands.append.at_terminal", lambda: True),
        patch("cli.commands.draft.at_terminal", lambda: True),
        patch("cli.commands.edit.at_terminal", lambda: True),
        patch("cli.amending.at_terminal", lambda: True),
    ):
        yield left
    assert not left


def asked(ledger: Path, words: str, *script: str, **environment: str) -> Outcome:
    """Run a command at which these prompts are answered."""
    with answering(*script):
        return run(ledger, *words.split(), **environment)


DATED = ("effective", "2024-01-02", "standing", "", "citations 1", "", "known on [eff", "")
END = ("More", "", "Record?", "y", "Another", "")


def test_what_the_rules_refuse_is_asked_again(shared: Path) -> None:
    outcome = asked(
        shared, "append shares-transferred",
        "share class", "acme/common", "transferor", "bolt", "transferee", "bolt",
        "shares", "101", *DATED, "More", "",
        "transferee [bolt]", "fund-one", "More", "",
        "shares [101]", "100", *END[2:],
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "bolt would give shares to itself" in outcome.out
    assert "Bolt Ltd (bolt) holds 100 acme/common today." in outcome.out
    assert "bolt holds 100 acme/common, not the 101 needed" in outcome.out
    assert last(shared)["shares"] == "100"


def test_another_name_in_place_of_a_choice_is_the_answer(shared: Path) -> None:
    outcome = asked(
        shared, "append shares-transferred",
        "share class", "ordinary", "  Y to register", "Nothing", "  Y to register", "acme/common",
        "transferor", "Zora", "  Y to register", "bolt", "transferee", ".",
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert "Bolt Ltd (bolt) holds" in outcome.out
    assert "Nothing recorded." in outcome.out


def test_one_event_twice_is_asked_about(shared: Path) -> None:
    script = (
        "share class", "acme/b", "holder", "bolt", "shares", "7", *DATED, "More", "",
    )  # fmt: skip
    before = len(stored(shared))
    assert asked(shared, "append shares-issued", *script, *END[2:]).code == 0
    twice = (*script, "Did it happen twice?", "y", *END[2:])
    assert asked(shared, "append shares-issued", *twice).code == 0
    assert len(stored(shared)) == before + 2


def test_defaults_are_kept_for_date_and_class_and_never_for_a_holder(shared: Path) -> None:
    outcome = asked(
        shared, "append",
        "What", "shares",
        "What", "issued", "share class: ", "acme/b", "holder: ", "bolt", "shares: ", "8",
        "effective on: ", "2999-01-02", "standing", "", "citations 1", "", "known on [today]", "",
        "More", "deal", "deal: ", "deal-one", *END[:4], "Another", "y",
        "share class [acme/b]: ", "", "holder: ", "bolt", "shares: ", "9",
        "effective on [2999-01-02]: ", "2024-01-05", "standing", "reported", "citations 1", "",
        "known on [today]", "2024-02", *END[:2], "Record?", "n", "What", ".",
    )  # fmt: skip
    assert outcome.code == 0
    assert "shares-transferred" in outcome.out
    assert "known_on" not in last(shared)
    assert last(shared)["shares"] == "8"


def test_parts_are_asked_field_by_field_and_drafted_into_a_file(
    shared: Path, tmp_path: Path
) -> None:
    file, before = tmp_path / "round.yaml", stored(shared)
    outcome = asked(
        shared, f"draft {file} agreement-signed",
        "title", "Voting Agreement", "agreement [voting-agreement]", "",
        "parties 1", "acme", "parties 2", "nobody", "  Y to register", "", "parties 2", "Bolt",
        "parties 3", "", "effective", "2024-01-02", "standing", "",
        "citations 1, source", "letter", "  Y to register", "y", "title", "Letter",
        "kind", "contract", "publisher", "Acme", "published on", "2024-01-03",
        "source [letter]", "", "citations 1, locator", "p. 1", "citations 2", "",
        "More", "clauses", "clauses 1, clause", "cap", "clauses 1, kind", "cap",
        "clauses 1, kind", "<", "clauses 1, clause", "lock", "clauses 1, kind", "lock-up",
        "clauses 1, text", "No sale", "clauses 1, party", "fund-two", "clauses 1, issuer", "",
        "clauses 1, percent", "", "clauses 1, more", "matter", "clauses 1, more",
        "matters notice-days", "clauses 1, matters 1", "sale of shares",
        "clauses 1, matters 2", "",
        "clauses 1, notice days", "30", "clauses 1, more", "", "clauses 2", "", "More", "",
        "Keep?", "y", "Is it in force?", "n",
        "Another", "n",
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert stored(shared) == before
    for recorded in (2, 0):
        appended = run(shared, "append", "--file", str(file), "--json")
        assert json.loads(appended.out)["recorded"] == recorded
    assert last(shared)["clauses"] == [
        {
            "clause": "lock",
            "kind": "lock-up",
            "text": "No sale",
            "party": "fund-two",
            "matters": ["sale of shares"],
            "notice_days": "30",
        }
    ]
    assert last(shared)["citations"] == [{"source": "letter", "locator": "p. 1"}]
    assert "known_on" not in last(shared)
    again = run(shared, "draft", str(file))
    assert_usage(again, "asks at a terminal")


@pytest.fixture
def editor(tmp_path: Path) -> str:
    """An editor that does to a file what the next line of a list of ``sed`` scripts says."""
    program, steps = tmp_path / "editor", tmp_path / "steps"
    program.write_text(
        f'#!/bin/sh\nstep=$(head -n 1 {steps}); sed -i 1d {steps}\nexec sed -i "$step" "$1"\n'
    )
    program.chmod(0o755)
    return str(program)


def steps(editor: str, *scripts: str) -> None:
    Path(editor).with_name("steps").write_text("".join(f"{one}\n" for one in scripts))


def test_an_edit_becomes_one_correction_once_it_is_agreed_on(shared: Path, editor: str) -> None:
    accept(shared, party("zed") | {"lei": "5493001KJTIIGC8Y1R12", "note": "seen"})
    before = stored(shared)
    steps(editor, "s/kind: company/kind: compny/", "s/compny/fund/", "/^lei/d")
    outcome = asked(
        shared, "edit party-zed",
        "Edit it again?", "", "because", "misread", "correction", "", "citations 1", "",
        "Record?", "e", "citations 1", "", "Record?", "y",
        VISUAL=editor,
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert '"compny" is not a choice' in outcome.out
    assert len(stored(shared)) == len(before) + 1
    assert last(shared)["changes"] == [{"field": "kind", "value": "fund"}, {"field": "lei"}]
    assert last(shared)["because"] == "misread"


def test_an_edit_that_changes_nothing_or_fails_records_nothing(shared: Path, editor: str) -> None:
    before = stored(shared)
    assert "Nothing recorded." in asked(shared, "edit #1", EDITOR="true").out
    assert_usage(asked(shared, "edit #1", EDITOR="false"), "failed: it ended with 1")
    assert_usage(asked(shared, "edit #1", EDITOR="/no/such/editor"), "failed: No such file")
    assert_usage(asked(shared, "edit #1", EDITOR="", VISUAL=""), "set VISUAL or EDITOR")
    assert_usage(run(shared, "edit", "#1", EDITOR="true"), "stakebook correct")
    steps(editor, "s/^name.*/shares: 5/", "s/^shares.*/name: [/")
    outcome = asked(shared, "edit #1", "Edit it again?", "", "Edit it again?", "n", EDITOR=editor)
    assert '"shares" is no field' in outcome.out
    assert "Not YAML" in outcome.out
    steps(editor, r"s/^name: .*/name: Caf\xe9/", r"s/\xe9/é/")
    outcome = asked(
        shared, "edit #1",
        "Edit it again?", "", "because", "", "because", "misread", "correction", "",
        "citations 1", "", "Record?", "n",
        EDITOR=editor,
    )  # fmt: skip
    assert "The text is not UTF-8." in outcome.out
    assert "Café" in outcome.out, "what was typed before is kept"
    assert stored(shared) == before


def test_an_amendment_asks_why_at_a_terminal(shared: Path) -> None:
    outcome = asked(shared, "retract #2 --dry-run", "because", "twice", "citations", "")
    assert outcome.code in (0, 2)
    assert "because is missing" not in outcome.err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("shares-split", ["shares-split"]),
        ("shares split", ["shares-split"]),
        ("split", ["shares-split"]),
        ("buy-back", ["shares-repurchased"]),
        ("new-director", ["director-appointed"]),
        ("issued", ["shares-issued"]),
        ("", []),
        ("nonsense", []),
    ],
)
def test_a_type_is_named_by_words(words: str, found: list[str]) -> None:
    assert types_called(words) == (found, bool(found))


def test_words_that_name_no_type_list_the_likeliest_first() -> None:
    found, sure = types_called("transfer")
    assert found[0] == "shares-transferred"
    assert len(found) > 1
    assert not sure


def test_what_follows_is_of_types_and_fields_that_exist() -> None:
    types = event_types()
    for name, (_, after, fields) in FOLLOWING.items():
        assert set(fields.values()) <= types[name].model_fields.keys()
        assert set(fields) <= types[after].model_fields.keys()


def test_a_buy_back_is_followed_by_its_cancellation(tmp_path: Path) -> None:
    ledger, file = new_ledger(tmp_path), tmp_path / "buy.yaml"
    outcome = asked(
        ledger, f"draft {file} buy-back",
        "share class", "acme/common", "holder", "bolt", "shares", "40", *DATED,
        "More", "", "Keep?", "y", "Were they cancelled?", "y",
        "effective on [2024-01-02]", "", "standing", "", "citations", "", "known on", "",
        "More", "", "Keep?", "y", "Another", "",
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert run(ledger, "append", "--file", str(file)).code == 0
    assert last(ledger).items() >= {"share_class": "acme/common", "shares": "40"}.items()
    assert_refused(asked(ledger, f"draft {tmp_path}/x nonsense"), Refusal.UNKNOWN_TYPE, "WHAT")
    assert_refused(asked(ledger, f"draft {file}"), Refusal.FILE_EXISTS)


def test_fields_that_disagree_are_asked_again_and_any_other_may_be_given(shared: Path) -> None:
    outcome = asked(
        shared, "append stake-disclosed", "issuer", "acme", "holder", "Bolt",
        "effective", "2024", "standing", "inferred", "inferred from", "", "citations 1", "",
        "known on [today]", "", "More", "",
        "inferred from", "", "More", "standing", "standing", "reported", "More", "",
        "shares", "", "More", "percent percent_of", "percent", "5", "percent of", "issued",
        "More", "", "Record?", "y", "Another", "",
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert last(shared).items() >= {"percent": "5", "standing": "reported"}.items()


def test_what_would_change_is_told_before_it_is_agreed_on(shared: Path) -> None:
    outcome = asked(
        shared, "append shares-issued", "share class", "bolt/common", "holder", "acme",
        "shares", "3", *DATED, "More", "", "Record?", "n",
    )  # fmt: skip
    told, _, rest = outcome.out.partition("Would record")
    assert "holds 0 bolt/common today" in told
    assert "3 common shares of Bolt are issued to Acme" in rest
    assert rest.endswith("Nothing recorded.\nNothing recorded.\n")


def test_without_a_ledger_nothing_is_asked(tmp_path: Path) -> None:
    assert_refused(asked(tmp_path / "none.db", "append"), Refusal.NO_LEDGER)


def test_what_cannot_be_read_is_asked_again(shared: Path) -> None:
    script = ("share class: ", "acme\x1b[2J", "share class: ", "\udcff", "share class: ", ".")
    outcome = asked(shared, "append shares-issued", *script)
    assert outcome.out.count("cannot be read. Write it again.") == 2
    assert outcome.out.endswith("Nothing recorded.\n")


def test_the_page_on_entering_shows_what_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is recorded, its commands run, and its figures are those of the register."""
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "entering.md").read_text(encoding="utf-8")
    (story,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    Path("heron.yaml").write_text(story, encoding="utf-8")
    commands = re.findall(r"^\$ stakebook (.*)$", page, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        outcome = run("none.db", *command.split())
        assert outcome.code == 0, (command, outcome.err)
    for known, shares in (("2025-08-31", "55000"), ("2025-09-01", "54300")):
        asked = run(
            "heron.db", "holdings", "heron", "--holder", "ada", "--as-of", "2024-12-31",
            "--known-by", known, "--format", "json",
        )  # fmt: skip
        assert json.loads(asked.out)["rows"][0]["shares"] == shares
    for shell in ("bash", "zsh", "fish"):
        assert f"stakebook completion {shell} >" in page


def test_a_class_of_an_unknown_issuer_registers_both(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    outcome = asked(
        ledger, "append share-class-created",
        "share class: ", "heron/ordinary", "  Y to register", "y", "name: ", "Heron Brewing Ltd",
        "kind", "company", "party [heron]", "", *END,
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert (last(ledger, 2)["party"], last(ledger)["share_class"]) == ("heron", "heron/ordinary")


def test_a_near_name_is_taken_by_its_number(shared: Path) -> None:
    outcome = asked(
        shared, "append director-left", "company", "Bol", "  A number or y", "1",
        "person", ".",
    )  # fmt: skip
    assert "1  Bolt Ltd (bolt)" in outcome.out


def test_two_things_of_one_name_are_told_apart(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, party("mia-1", name="Mia Holm"), party("mia-2", name="Mia Holm"))
    outcome = asked(
        ledger, "append director-appointed",
        "company: ", "<", "What", "director-appointed", "company: ", "bolt",
        "person: ", "Mia Holm", "person: ", "mia-2", *DATED, *END, "What", ".",
    )  # fmt: skip
    assert outcome.code == 0, outcome
    assert "names 2 things: Mia Holm (mia-1), Mia Holm (mia-2)" in outcome.out
    assert last(ledger)["person"] == "mia-2"
