"""Whatever text is given, by whatever way it comes back: it steers nothing that shows it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from itertools import product
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cli.main import COMMANDS, cli
from cli.page import write
from cli.render import escaped, render, write_json
from cli.safe_text import cells_of, filled, safe
from cli.screen import Block, Column, Line, Screen
from ledger.proofs.inclusion import Proof
from ledger.transparency.signed_notes import Note
from projections.answer import Answer
from tests.exports import KEY, event, sealed, written
from tests.helpers import Outcome, new_ledger, run

HOSTILE = (
    "\x1b[2J\x1b[1;31mPAID", "\x1b]52;c;ZXZpbA==\x07", "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "\x9b31m", "ACME\rEVIL", "ACME\nstakebook: recorded #9", "a\bb\x7f", "tab\tbed", "\x07\x0b\x0c",
    "evil\u202egpj.txt", "\u2066Acme", "Acme\u2069", "a\u200bb\ufeff", "\u2028line\u2029", "\u061c",
    "\ud800", "\udcff", "\ufffe\uffff", "\U000e0041", "\ue000", "\u00ad",
    "\u0634\u0631\u0643\u0629 \u0631\u064a\u0646\u0648", "\u05e9\u05dc\u05d5\u05dd =1+1",
    "=1+1", "+1", "--5", "-5-5", "@SUM(A1)", "'=1", ' "=1', "\uff1d1", "-", "--help", "-rf",
    "=cmd|'/C calc'!A0", "~~gone~~", "**b** _i_ `c`", "# h", "> q", "- l", "+ l", "1. l", "12) l",
    "| a | b |", "[x](javascript:alert(1))", "![x](y)", "<script>alert(1)</script>", "&lt;b&gt;",
    "a\\", "\\*", "<!-- x", "``` x", "---", "===", "{{7*7}}", "${jndi:x}", "%s%n", "{0.__class__}",
    "Robert'); DROP TABLE events;--", "../../etc/passwd", "CON", "", " ", "\0", "x" * 300,
    "\u65e5\u7523", "Stra\u00dfe", "\U0001f600", "e" + "\u0301" * 20, "\u0661\u0662",
)  # fmt: skip
GIVEN = [text for text in HOSTILE if text not in ("\ud800", "\0")]  # what a shell can pass on
TEXT = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.text("-+=@'\"~*_#|<&[ 1.", max_size=9)
)
UNSEEN = "\u200c\u200d\u2068\u2069"  # joiners and isolates


def assert_legible(text: str) -> None:
    """Only printed characters, and no isolate that is open at the end of a line."""
    assert "Traceback" not in text
    assert "fault in stakebook" not in text
    for line in text.replace("\r\n", "\n").split("\n"):
        odd = [c for c in line if not c.isprintable() and c not in UNSEEN]
        assert not odd, (line, odd)
        depth = 0
        for c in line:
            depth += {"\u2068": 1, "\u2069": -1}.get(c, 0)
            assert depth in (0, 1), line
        assert depth == 0, line


def printed(*arguments: Any) -> str:
    """What ``render`` writes to standard output."""
    with redirect_stdout(io.StringIO()) as out:
        render(*arguments)
    return out.getvalue()


# -- formats -------------------------------------------------------------------------------------


@given(TEXT)
def test_csv_holds_no_formula(text: str) -> None:
    out = printed(Answer([{"what": text}]), None, "csv", "title", ("what",))
    ((heading,), (cell,)) = csv.reader(io.StringIO(out, newline=""))
    assert heading == "what"
    assert_legible(out)
    assert cell in (safe(text), f"'{safe(text)}")
    begins = cell.lstrip('\u2068\u200c\u200d "')[:1]
    assert begins not in tuple("=+@\uff1d\uff0b\uff0d\uff20-") or re.fullmatch(
        r"-\d+(\.\d+)?", cell
    )


@pytest.mark.parametrize("number", ["-5", "-0.25", "12", "0", "-100000000000"])
def test_csv_leaves_numbers_as_they_are(number: str) -> None:
    assert printed(Answer([{"n": number}]), None, "csv", "t", ("n",)) == f"n\r\n{number}\r\n"


@pytest.mark.parametrize("text", ["--5", "-5-5", "-", "-1e5", "5-", "-5%", "+5", "-1/3", "-\u0665"])
def test_csv_takes_nothing_else_for_a_number(text: str) -> None:
    out = printed(Answer([{"n": text}]), None, "csv", "t", ("n",))
    quote = "" if text[0] == "5" else "'"
    assert out == f"n\r\n{quote}{text}\r\n"


@given(TEXT)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    """Read by a parser: in an item of a list, in a cell of a table."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    screen = Screen("t", [Block((Column("what"),), [Line((text,))])], [text])
    with redirect_stdout(io.StringIO()) as out:
        write(screen, "markdown")
    page = out.getvalue()
    assert_legible(page)
    read = parser.render(page)
    tags = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert set(re.findall(r"<([a-z0-9]+)", read)) <= tags, read
    words = html.unescape(re.sub(r"<[^>]*>", "", read)).split()
    assert " ".join(words) == " ".join(f"t what {safe(text)} {safe(text)}".split())
    item = parser.render(f"- {escaped(text)}\n")
    assert html.unescape(re.sub(r"<[^>]*>", "", item)).split() == safe(text).split()


@given(TEXT, TEXT)
def test_json_holds_the_text_and_prints_nothing_odd(text: str, other: str) -> None:
    with redirect_stdout(io.StringIO()) as out:
        write_json({text: [other]})
    assert_legible(out.getvalue())
    assert json.loads(out.getvalue()) == {text: [other]}


@given(st.lists(TEXT, min_size=1, max_size=4), st.integers(20, 90))
def test_no_line_of_a_table_is_left_open(texts: list[str], width: int) -> None:
    """Right-to-left text that is broken over lines is isolated in each of them."""
    lines = [Line(("e", " ".join([*texts, text, *HOSTILE[21:23]] * 3))) for text in texts]
    columns = Column("event"), Column("what", wrap=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        with redirect_stdout(io.StringIO()) as out:
            write(Screen("title", [Block(columns, lines)]), "table")
    assert_legible(out.getvalue())
    assert_legible(filled(" ".join(texts) + HOSTILE[22], width, "* ", "  "))


def test_a_right_to_left_cell_is_isolated_without_its_padding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    with redirect_stdout(io.StringIO()) as out:
        columns = Column("what", wrap=True), Column("why")
        write(Screen("t", [Block(columns, [Line((f"{HOSTILE[21]} " * 6, "x"))])]), "table")
    lines = out.getvalue().splitlines()[2:]
    assert len(lines) > 1, "it is broken over lines"
    for line in lines:
        assert re.fullmatch("\u2068\\S.*\\S\u2069 +x?", line) or line.rstrip().endswith("\u2069")


# -- commands --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed ledger."""
    ledger = new_ledger(tmp_path_factory.mktemp("base"))
    key = str(ledger.with_name("key"))
    assert run(ledger, "keygen", key).code == 0
    assert run(ledger, "seal", "--key", key).code == 0
    return ledger


@pytest.fixture
def place(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sealed ledger in the current folder."""
    shutil.copytree(base.parent, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / base.name


def questions(command: click.Command) -> Iterator[tuple[list[str], click.Parameter]]:
    """For each parameter that takes a value: the words before it, with those that are required."""
    for tried in command.params:
        words: list[str] = []
        for other in command.params:
            if other is not tried and other.required:
                words += [other.opts[0], "x"] if isinstance(other, click.Option) else ["x"]
        if not isinstance(tried, click.Option) or not tried.is_flag:
            yield words, tried


def commands() -> Iterator[tuple[list[str], click.Command]]:
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield [name], command
        if name == "append" and isinstance(command, click.Group):
            for inner in ("shares-issued", "party-registered"):
                found = command.get_command(click.Context(command), inner)
                assert found is not None
                yield [name, inner], found


# each text is given to every third command, and each command a third of the texts
few_or_all = pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.whole)])


def assert_answered(outcome: Outcome) -> None:
    assert outcome.code != 70, outcome
    assert_legible(outcome.out)
    assert_legible(outcome.err)


@pytest.mark.parametrize(
    ("every", "first"), [(97, 0), *(pytest.param(32, n, marks=pytest.mark.whole) for n in range(4))]
)
def test_no_command_echoes_what_steers_a_terminal(
    place: Path, every: int, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the long run each text is given to a quarter of the parameters."""
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)  # it would go on
    number = 0
    for words, command in commands():
        for others, tried in questions(command):
            for text in HOSTILE:
                number += 1
                if number % every != first or text not in GIVEN:
                    continue
                value = [f"{tried.opts[0]}={text}"] if isinstance(tried, click.Option) else [text]
                assert_answered(run(place, *words, *value, *others))


@few_or_all
@pytest.mark.parametrize("text", GIVEN)
def test_no_name_of_a_file_or_command_steers_a_terminal(place: Path, text: str, every: int) -> None:
    commands: list[list[str]] = [
        ["--ledger", text, "holdings", "acme"],
        ["--ledger", text, "init"],
        ["--ledger", text, "status", "k"],
        ["--ledger", text, "doctor"],
        [text],
        [f"--{text}"],
        ["holdings", f"--{text}"],
        ["holdings", "acme", text, text],
        ["verify", text],
        ["prove", text],
        ["show", text],
        ["import", text, "--key", text],
        ["append", "--file", text],
        ["append", text],
        ["append", "note-added", "--subject", text, "--text", text, "--dry-run"],
    ]
    for words in commands[HOSTILE.index(text) % every :: every]:
        assert_answered(run(place, *words))
    lines = json.dumps({"type": "note-added", "subject": text, "text": text, text: text})
    assert_answered(run(place, "append", "--file", "-", stdin=lines.encode()))


@few_or_all
@pytest.mark.parametrize("text", [*filter(str.isprintable, HOSTILE), *HOSTILE[:15]])
def test_what_others_made_is_shown_safely(place: Path, text: str, every: int) -> None:
    """Exports, proofs and notes by another hand, whose text passed no gate of ours."""
    state = event(1, ledger=text, data={"subject": text, "text": text})
    note = sealed([state], 1, origin=f"stakebook/{text}")
    line = Note(note.text, (KEY.sign(note.text),))
    files = (
        written([state], [note], ledger=text),
        str(Proof(state, 0, (), note)).encode(errors="replace"),
        str(line).encode(errors="replace"),
        text.encode(errors="replace"),
    )
    commands: tuple[tuple[str, ...], ...] = (
        ("verify", "given", "--key", str(KEY.verifier)),
        ("import", "given"),
        ("verify", "--last-seen", "given"),
        ("seal", "--add", "given", "--witness", str(KEY.verifier)),
        ("append", "--file", "given"),
    )
    tried = list(product(files, commands))
    for raw, words in tried[HOSTILE.index(text) % every :: every]:
        Path("given").write_bytes(raw)
        assert_answered(run(place, *words))


@pytest.mark.parametrize("text", GIVEN)
def test_completion_prints_nothing_odd(place: Path, text: str) -> None:
    for words in (f"stakebook {text}", f"stakebook holdings {text}", f"stakebook append --{text}"):
        outcome = run(
            place,
            _STAKEBOOK_COMPLETE="bash_complete",
            COMP_WORDS=words.encode(errors="replace").decode(),
            COMP_CWORD=str(len(words.split()) - 1),
        )
        assert_answered(outcome)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("text", [HOSTILE[0], "evil\u202ebd", "\udcff"])
def test_the_demo_prints_nothing_odd(tmp_path: Path, text: str) -> None:
    assert_answered(run(tmp_path / "none", "demo", "--into", str(tmp_path / text)))


def test_text_is_filled_to_the_cells_that_it_takes() -> None:
    text = "日本電産株式会社 held in 東京本社 by three words " * 4
    lines = filled(text, 40, "* ", "  ").splitlines()
    assert max(map(cells_of, lines)) <= 40
    assert " ".join(line[2:] for line in lines) == text.strip()


def test_a_word_that_is_wider_than_its_line_is_filled_whole() -> None:
    assert filled(f"a {'x' * 60} b", 40, "* ", "  ").splitlines() == ["* a", f"  {'x' * 60}", "  b"]
