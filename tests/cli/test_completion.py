"""Half-typed words: what shells propose, from the read model as it lies there, without a noise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.completions import MOST
from tests.helpers import dated, new_ledger, party, run
from tests.terminals import ROOT

ISSUED = dated("shares-issued", share_class="acme/b", holder="bolt", shares="5", key="issue-1")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = new_ledger(
        tmp_path_factory.mktemp("shells"),
        party("a-b", name="Über 50% GmbH: [x]"),
        party("axb", name="Axel"),
        {"type": "agreement-signed", "agreement": "sha", "title": "Pact", "key": "k1",
         "parties": ["acme"], "effective_on": "2024-01-01", "standing": "official"},
        ISSUED,
    )  # fmt: skip
    run(found, "holdings", "acme")
    return found


def proposed(ledger: Path | str, *words: str, shell: str = "bash") -> list[str]:
    """What a shell is told of the last of some words, the rest typed whole."""
    given = {"_STAKEBOOK_COMPLETE": f"{shell}_complete", "STAKEBOOK_LEDGER": str(ledger)}
    if shell == "fish":
        given |= {"COMP_WORDS": " ".join(["stakebook", *words[:-1]]), "COMP_CWORD": words[-1]}
    else:
        typed = " ".join(["stakebook", *words])
        given |= {"COMP_WORDS": typed, "COMP_CWORD": str(len(words))}
    outcome = run(ledger, **given)
    assert (outcome.code, outcome.err) == (0, ""), outcome
    return outcome.out.splitlines()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("holdings", "ac"), ["acme"]),
        (("holdings", "acme", "--holder", "fund"), ["fund-one", "fund-two"]),
        (("holdings", "acme", "--holder", "UBER"), ["a-b"]),
        (("votes", "bol"), ["bolt"]),
        (("governance", "nobody"), []),
        (("explain", "holdings", "acme", "bo"), ["bolt"]),
        (("show", "issue"), ["issue-1"]),
        (("correct", "issue"), ["issue-1"]),
        (("correct", "issue-1", "--sha"), ["--share-class", "--shares"]),
        (("correct", "class-b", "--kind", "n"), ["new-information"]),
        (("correct", "issue-1", "--holder", "ax"), ["axb"]),
        (("retract", "class-"), ["class-b", "class-bolt", "class-common"]),
        (("holdings", "--as-of", "y"), ["yesterday"]),
        (("holdings", "--standing", "r"), ["reported"]),
        (("append", "shares-is"), ["shares-issued"]),
        (("append", "shares-issued", "--hol"), ["--holder"]),
        (("append", "shares-issued", "--holder", "ax"), ["axb"]),
        (("append", "shares-issued", "--share-class", "acme/"), ["acme/b", "acme/common"]),
        (("append", "shares-issued", "--standing", "un"), ["unnamed"]),
        (("append", "shares-issued", "--effective-on", "t"), ["today"]),
        (("append", "shares-issued", "--known-on", "e"), ["effective"]),
        (("draft", "x.yaml", "shares-sp"), ["shares-split"]),
        (("status", "--key", "iss"), ["issue-1"]),
        (("append", "agreement-ended", "--agreement", "s"), ["sha"]),
        (("append", "shares-issued", "--shares", ""), []),
        (("holdings", "a%"), []),
        (("holdings", "a_"), []),
        (("append", "note-added", "--subject", "ax"), ["axb"]),
    ],
)
def test_words_are_completed(ledger: Path, words: tuple[str, ...], found: list[str]) -> None:
    assert [line.partition(",")[2] for line in proposed(ledger, *words)] == found


def test_names_stand_beside_the_ids_in_shells_that_show_them(ledger: Path) -> None:
    assert proposed(ledger, "holdings", "bol", shell="fish") == ["plain,bolt\tBolt Ltd"]
    assert proposed(ledger, "holdings", "bol", shell="zsh") == ["plain", "bolt", "Bolt Ltd"]
    uber = proposed(ledger, "append", "shares-issued", "--holder", "a-", shell="fish")
    assert uber == ["plain,a-b\tÜber 50% GmbH: [x]"]


def test_a_ledger_that_is_not_there_or_broken_gives_nothing(ledger: Path, tmp_path: Path) -> None:
    assert proposed(tmp_path / "none.db", "holdings", "a") == []
    assert not list(tmp_path.iterdir())
    (tmp_path / "bad.db").write_bytes(b"no ledger")
    (tmp_path / "bad.views.db").write_bytes(b"SQLite format 3\0 and then nonsense" * 100)
    for words in (
        ("holdings", "a"),
        ("correct", "a"),
        ("correct", "a", "--share"),
        ("append", "shares-issued", "--holder", ""),
    ):
        assert proposed(tmp_path / "bad.db", *words) == []
    copy = tmp_path / "copy.db"
    shutil.copy(ledger, copy)
    assert proposed(copy, "holdings", "a") == []
    assert proposed(copy, "correct", "issue-1", "--sh") == []
    assert not copy.with_name("copy.views.db").exists()


def test_many_are_cut_and_the_classes_of_events_stay_unloaded(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, *(party(f"p{n:03}") for n in range(MOST + 10)))
    run(ledger, "holdings", "acme")
    before = ledger.with_name("deal.views.db").read_bytes()
    assert len(proposed(ledger, "holdings", "p")) == MOST
    asked = [["holdings", "p"], ["append", "shares-issued", "--holder", "p"], ["correct", "p"]]
    program = (
        "import sys, os\n"
        "from cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pydantic', 'ledger.application') if m in sys.modules])\n"
    )
    for words in asked:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "STAKEBOOK_LEDGER": str(ledger), "COMP_CWORD": str(len(words)),
                 "COMP_WORDS": " ".join(["stakebook", *words]),
                 "_STAKEBOOK_COMPLETE": "bash_complete"},
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == "[]"
    assert ledger.with_name("deal.views.db").read_bytes() == before


IN_SHELLS = {
    "bash": 'eval "$(stakebook completion bash)"; COMP_WORDS=(stakebook holdings fund);'
            ' COMP_CWORD=2; _stakebook_completion stakebook; printf "%s\\n" "${COMPREPLY[@]}"',
    "fish": "stakebook completion fish | source; complete -C 'stakebook holdings fund'",
    "zsh": "zmodload zsh/zpty; zpty z zsh -f -i;"
           " zpty -w z 'autoload -U compinit; compinit -u; eval \"$(stakebook completion zsh)\"';"
           " zpty -w z 'PS1=READY; echo'; zpty -r z out '*READY*READY*';"
           " zpty -w -n z $'stakebook holdings fund\\t\\t'; sleep 5; zpty -r z out; print -r $out;"
           " while zpty -rt z out; do print -r $out; done",
}  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize("shell", IN_SHELLS)
def test_shells_themselves_propose(ledger: Path, tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    program = tmp_path / "stakebook"
    program.write_text(
        f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -c"
        ' "from cli.main import main; main()" "$@"\n'
    )
    program.chmod(0o755)
    done = subprocess.run(
        [shell, "-c", IN_SHELLS[shell]], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path),
             "STAKEBOOK_LEDGER": str(ledger), "TERM": "xterm"},
    )  # fmt: skip
    assert "fund-one" in done.stdout, done
    assert "fund-two" in done.stdout
    assert ("Fund-One" in done.stdout) == (shell != "bash")


def test_the_ledger_is_named_by_an_option_too(ledger: Path) -> None:
    words = ("--ledger", str(ledger), "append", "shares-issued", "--holder", "ax")
    assert proposed("/no/such.db", *words) == ["plain,axb"]
