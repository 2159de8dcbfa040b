"""A process beside this one that works ahead: it answers questions in order while this one goes on.

It is a fresh interpreter, in a session of its own, so that an interruption at the terminal is for
this process alone; and it ends when its questions do, whatever becomes of this one. Questions and
answers are plain values.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from struct import Struct
from threading import Thread
from typing import Any
from zlib import crc32

from ledger.values.refusals import Refusal, Refused

AHEAD = 3  # questions that wait for their answers
MUCH = 20_000  # lines, or events, that are worth a process
_IN, _OUT = 0, 1  # the descriptors of standard input and output
_HEAD = Struct("!QI")  # before a value: its length in bytes, and their checksum
_MOST = 2**20  # bytes that are read at once
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; from ledger.storage.beside import serve;"
    " from {0.__module__} import {0.__name__} as answer; serve(answer)"
)
Answer = Callable[[Any], Any]


def cores() -> int:
    """How many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def answered(answer: Answer, questions: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each question with what a function of a module says of it there.

    Raises Refused where the process cannot be started, or ends before it has answered.
    """
    waiting, beside = deque[Any](), None
    try:
        for question in questions:
            beside = beside or _Beside(answer)
            beside.tell(question)
            waiting.append(question)
            if len(waiting) > AHEAD:
                yield waiting.popleft(), beside.hear()
        while beside and waiting:
            yield waiting.popleft(), beside.hear()
    finally:
        if beside:
            beside.end()


class _Beside:
    """The process, which is told questions and heard in the same order."""

    def __init__(self, answer: Answer) -> None:
        from subprocess import DEVNULL, PIPE, Popen  # slow to load, and seldom needed

        words = [sys.executable, "-P", "-c", _PROGRAM.format(answer), *sys.path]
        try:
            self._process = Popen(
                words, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, bufsize=0, start_new_session=True
            )
        except OSError as error:
            raise _refused(f"cannot be started: {error.strerror}") from None
        streams = self._process.stdin, self._process.stdout
        self._questions, self._answers = (one.fileno() for one in streams if one is not None)

    def tell(self, question: Any) -> None:
        try:
            _write(self._questions, question)
        except OSError:
            raise self._ended() from None

    def hear(self) -> Any:
        try:
            return _read(self._answers)
        except (OSError, EOFError):
            raise self._ended() from None
        except ValueError:
            raise _refused("sent what did not arrive as it was sent") from None

    def end(self) -> None:
        self._process.kill()
        with suppress(OSError):  # what was not told yet is told to nobody
            self._process.communicate()

    def _ended(self) -> Refused:
        code = self._process.wait()
        return _refused(f"was ended by signal {-code}" if code < 0 else f"ended with code {code}")


def serve(answer: Answer) -> None:
    """Answer what standard input asks, on standard output, until it ends."""
    questions = SimpleQueue[Any]()
    Thread(target=_listen, args=(questions,), daemon=True).start()
    while (question := questions.get()) is not None:
        _write(_OUT, answer(question))


def _listen(questions: SimpleQueue[Any]) -> None:
    """Take in what is asked while something is answered, so that nobody waits for the other."""
    with suppress(EOFError, ValueError):
        while True:
            questions.put(_read(_IN))
    questions.put(None)


def _write(descriptor: int, value: Any) -> None:
    """Write all of a value: the system takes a part where a process is stopped and continued, and
    under PYTHONUNBUFFERED a stream of Python's loses the rest."""
    raw = marshal.dumps(value)
    left = memoryview(_HEAD.pack(len(raw), crc32(raw)) + raw)
    while left:
        left = left[os.write(descriptor, left) :]


def _read(descriptor: int) -> Any:
    length, checksum = _HEAD.unpack(_exactly(descriptor, _HEAD.size))
    raw = _exactly(descriptor, length)
    if crc32(raw) != checksum:
        raise ValueError("What came through the pipe is not what was sent.")
    return marshal.loads(raw)


def _exactly(descriptor: int, length: int) -> bytes:
    """So many bytes, which may come in parts."""
    parts = list[bytes]()
    while length:
        part = os.read(descriptor, min(length, _MOST))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _refused(what: str) -> Refused:
    return Refused(
        Refusal.WORKER_ENDED,
        f"The process that works beside this one {what}.",
        "Nothing was recorded; run it again, with --jobs 1 to start no other process.",
    )
