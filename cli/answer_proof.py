"""Answers that prove themselves: a question, its answer, and the events it rests on, each proven.

While the question is answered, every event that is looked at is noted. The bundle carries these
events with their audit paths under one signed checkpoint, so that whoever holds the public key can
check each, and answer the question again from nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

import click

from cli.asking import QUESTION_NAMES, QuestionCommand
from cli.context import check_policy, day_named, looked_up
from cli.main import command_of
from cli.render import as_json
from cli.supposing import refuse_proof
from ledger import __version__
from ledger.events.envelope import Recorded, read_state
from ledger.events.upcasters import upcast
from ledger.proofs.inclusion import Proof, misplaced
from ledger.proofs.seal import hashes, newest
from ledger.proofs.snapshot import Snapshot
from ledger.storage.server import Place
from ledger.time.history import History, recorded_by
from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.time.without_sums import WithoutSums
from ledger.transparency.merkle import inclusion_nodes
from ledger.transparency.signed_notes import Note, decoded_hash, encoded, read_note
from ledger.values.refusals import Refusal, Refused, StakebookError, shown
from projections.answer import complete
from projections.readmodel.index import Index

FORMAT = "stakebook-answer-1"
BUNDLE_BYTES = 2**28
_OF_A_RELEASE = frozenset(["notes", "what", "why", "known_on"])  # what each tells in its own way
_ALWAYS = frozenset(["cut", "rows"])  # what each has in its answer
_DAYS = ("--as-of", "--known-by")
_FILES = frozenset(["--rules", "--calendar"])


@dataclass(frozen=True)
class Bundle:
    """A question in words, its answer in JSON, what it rests on, and the rules that answered."""

    question: tuple[str, ...]
    answer: Any
    rules: dict[str, str]
    proofs: tuple[Proof, ...]
    note: Note

    def __str__(self) -> str:
        events = [
            {"index": p.index, "path": list(map(encoded, p.path)), "state": p.state.decode()}
            for p in self.proofs
        ]
        whole = {
            "format": FORMAT,
            "question": list(self.question),
            "answer": self.answer,
            "rules": self.rules,
            "checkpoint": str(self.note),
            "events": events,
        }
        return json.dumps(whole, ensure_ascii=True, indent=1) + "\n"


class Noting(WithoutSums):
    """A history that notes every event it is asked for, and those that speak about one.

    It has no sums, so that every movement is replayed, and noted.
    """

    def __init__(self, base: History) -> None:
        self._base, self.position = base, base.position
        self.noted: dict[int, Recorded] = {}

    def is_amended(self, key: str) -> bool:
        return self._base.is_amended(key)

    def root(self, key: str) -> Recorded | None:
        found = self._base.root(key)
        self._note([found] if found else [])
        return found

    def moved(self, event: Recorded) -> Sequence[str]:
        return self._base.moved(event)

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        found = self._base.mentioning(subject, types)
        self._note(found)
        return found

    def knows(self, subject: str) -> bool:
        self._note(self._base.mentioning(subject)[:1])
        return self._base.knows(subject)

    def subjects(self, prefix: str) -> Sequence[str]:
        found = self._base.subjects(prefix)
        for subject in found:
            self._note(self._base.mentioning(subject)[:1])
        return found

    def _note(self, events: Iterable[Recorded]) -> None:
        pending = list(events)
        while pending:
            event = pending.pop()
            if event.position not in self.noted:
                self.noted[event.position] = event
                pending += self._base.mentioning(f"event:{event.key}")
                for other in (event.data.get("event"), event.data.get("reaffirms")):
                    pending += self._base.mentioning(f"key:{other}") if other else ()


def prove_answer(path: Place, words: Sequence[str], progress: Callable[[int], None]) -> Bundle:
    """Answer a question as of the newest checkpoint, and bundle it with what it rests on.

    Raises Refused for words that are no question, where nothing is sealed, or where the answer
    cannot be found again from the events noted.
    """
    question = _question(words)
    with Snapshot(path) as snapshot:
        note, checkpoint = newest(snapshot)
        answer, noted = _noted(path, question, checkpoint.size)
        positions = sorted(noted)
        wanted = {p: inclusion_nodes(p - 1, checkpoint.size) for p in positions}
        nodes = [node for path_nodes in wanted.values() for node in path_nodes]
        found = hashes(snapshot, checkpoint.size, nodes, progress)
        proofs = tuple(
            Proof(snapshot.state(p), p - 1, tuple(found[n] for n in wanted[p]), note)
            for p in positions
        )
    bundle = Bundle(question, answer, rules(), proofs, note)
    if not all(proof.holds for proof in proofs) or answered_again(bundle) != answer:
        raise Refused(
            Refusal.NOT_PROVABLE,
            "The answer cannot be found again from the events that it rests on.",
            "Run `stakebook verify`; if that finds nothing, send an audit export instead.",
        )
    return bundle


def _noted(path: Place, question: Sequence[str], size: int) -> tuple[Any, Collection[int]]:
    """The answer as of a checkpoint of some size, and the positions of the events looked at."""
    noting: list[Noting] = []

    def ask(index: Index) -> Any:
        def history(cut: Cut) -> History:
            sealed = index.at(size)
            noting.append(
                Noting(sealed.recorded_by(cut.recorded_by) if cut.recorded_by else sealed)
            )
            return noting[-1]

        return _ask(question, history)

    return looked_up(path, ask), {position for one in noting for position in one.noted}


def answered_again(bundle: Bundle) -> Any:
    """The answer to the bundle's question from its events alone."""
    with _answering():
        events = [upcast(read_state(proof.state)) for proof in bundle.proofs]

    def history(cut: Cut) -> History:
        return Log(recorded_by(events, cut.recorded_by) if cut.recorded_by else events)

    return _ask(bundle.question, history)


def read_bundle(raw: bytes) -> Bundle:
    """A bundle read strictly; Refused where it is none."""
    try:
        whole = json.loads(raw)
        if whole["format"] != FORMAT:
            raise ValueError("another format")
        note = read_note(whole["checkpoint"])
        proofs = tuple(
            Proof(
                event["state"].encode(),
                int(event["index"]),
                tuple(map(decoded_hash, event["path"])),
                note,
            )
            for event in whole["events"]
        )
        question = _question([str(word) for word in whole["question"]])
        bundle = Bundle(question, whole["answer"], dict(whole["rules"]), proofs, note)
        if str(bundle).encode() != raw or sorted({p.index for p in proofs}) != [
            p.index for p in proofs
        ]:
            raise ValueError("another way to write it")
    except Refused:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        raise _no_bundle() from None
    return bundle


class Compared(NamedTuple):
    """What is wrong with a bundle, its signature apart, and the names that were not compared."""

    wrong: list[str]
    passed_over: list[str]


def compare(bundle: Bundle) -> Compared:
    """Hold a bundle against its proofs, and its answer against what its events answer here.

    Other code may word an answer otherwise and name more or less in it: of its answers the names
    are compared that both have.
    """
    wrong = [
        f"Event #{proof.index + 1} is not in the history of the checkpoint."
        for proof in bundle.proofs
        if not proof.holds
    ]
    if wrong:
        return Compared(wrong, [])
    for proof in bundle.proofs:
        stated = misplaced(proof)
        if stated:
            wrong.append(f"Event #{proof.index + 1}: {stated}")
    passed_over: set[str] = set()
    try:
        if not wrong and not _agree(bundle.answer, answered_again(bundle), bundle, passed_over):
            wrong.append("The events give another answer than the one that is told.")
    except StakebookError as error:
        wrong.append(f"The question cannot be answered from the events: {error}")
    return Compared(wrong, sorted(passed_over))


def by_this_code(bundle: Bundle) -> bool:
    """Whether the code that answered is the code at hand."""
    return rules()["code_sha256"] == bundle.rules.get("code_sha256")


def _agree(stated: Any, again: Any, bundle: Bundle, passed_over: set[str]) -> bool:
    if by_this_code(bundle):
        return bool(stated == again)
    whole = isinstance(stated, dict) and stated.keys() >= _ALWAYS
    return whole and _alike(stated, again, passed_over)


def _alike(stated: Any, again: Any, passed_over: set[str]) -> bool:
    """Whether two values are alike in the names that both have; notes the names of one alone."""
    if isinstance(stated, dict) and isinstance(again, dict):
        if stated and again and stated.keys().isdisjoint(again):
            return False  # there is nothing by which they could differ
        both = (stated.keys() & again.keys()) - _OF_A_RELEASE
        passed_over |= stated.keys() - both
        return all(_alike(stated[name], again[name], passed_over) for name in sorted(both))
    if isinstance(stated, list) and isinstance(again, list):
        pairs = zip(stated, again, strict=False)
        return len(stated) == len(again) and all(_alike(*pair, passed_over) for pair in pairs)
    return bool(stated == again)


def rules() -> dict[str, str]:
    """What answers: the version of stakebook, and a digest of all its code that computes."""
    import ledger
    import projections

    digest = hashlib.sha256()
    for package in (ledger, projections):
        folder = Path(str(package.__file__)).parent
        for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.json"))):
            digest.update(f"{folder.name}/{file.relative_to(folder).as_posix()}\n".encode())
            digest.update(file.read_bytes())
    return {"stakebook": __version__, "code_sha256": digest.hexdigest()}


def _question(words: Sequence[str]) -> tuple[str, ...]:
    if not words or words[0] not in QUESTION_NAMES:
        raise Refused(
            Refusal.NOT_PROVABLE,
            f"{shown(words[0]) if words else 'Nothing'} is not a question that can be proven.",
            f"Ask one of {', '.join(QUESTION_NAMES)}.",
        )
    given = {word.partition("=")[0] for word in words}
    if given & {"-h", "--help"}:
        raise Refused(
            Refusal.NOT_PROVABLE, "A question for help has no answer to prove.", "Ask it itself."
        )
    refuse_proof(given)
    if "--format" in given:
        raise Refused(
            Refusal.NOT_PROVABLE, "The answer is told in JSON.", "Leave out --format.", "--format"
        )
    if beside := sorted(given & _FILES):
        raise Refused(
            Refusal.NOT_PROVABLE,
            f"{' and '.join(beside)} reads a file, which is no part of the history.",
            "Ask with the rules of the release alone: leave it out.",
            beside[0],
        )
    as_of = () if "--as-of" in given else ("--as-of", "today")
    return tuple(_dated((*words, *as_of)))


def _dated(words: Sequence[str]) -> Iterator[str]:
    """The words of a question, which has to be asked again on other days, with dates for days."""
    before = ""
    for word in words:
        option, equals, value = word.partition("=")
        if before in _DAYS:
            yield day_named(word)
        elif option in _DAYS and equals:
            yield f"{option}={day_named(value)}"
        else:
            yield word
        before = word


def _ask(question: Sequence[str], history: Callable[[Cut], History]) -> Any:
    """The answer to a question in plain values, as JSON gives them, from a history at its cut."""
    name, *words = question
    command = cast(QuestionCommand, command_of(name))
    with _answering(), command.asked(words) as (asking, cut):
        view = View(history(cut), cut)
        check_policy(view)
        answer = complete(view, asking.ask(view))
        return json.loads(json.dumps(as_json(answer, cut)))


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Turn every way in which a question can end without an answer into a refusal."""
    try:
        yield
    except StakebookError:
        raise
    except click.ClickException as error:
        raise _no_answer(error.format_message()) from None
    except (click.exceptions.Exit, click.Abort):
        raise _no_answer("it ended without one") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _no_answer(f"an event is not as it must be ({error!r:.100})") from None


def _no_answer(why: str) -> Refused:
    return Refused(
        Refusal.NOT_PROVABLE, f"There is no answer: {why}.", "Ask the question itself to see why."
    )


def _no_bundle() -> Refused:
    return Refused(
        Refusal.BAD_NOTE,
        "It is no answer with its proofs.",
        "Give a file that `stakebook prove-answer` wrote.",
    )
