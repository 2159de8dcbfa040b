"""Work shared out to processes: results come in the order of the tasks, whoever makes them."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.resource_tracker import ensure_running
from typing import Any, TypeVar

from ledger.values.refusals import StakebookError

Task = TypeVar("Task")
Made = TypeVar("Made")
Start = Callable[[], AbstractContextManager[Callable[[Task], Made]]]  # that pickle can name

AHEAD = 4  # tasks for each process that may be made before an earlier one


def made(start: Start[Task, Made], tasks: Sequence[Task], jobs: int) -> Generator[Made]:
    """What is made of each task, in their order, by so many processes; by this one if it is one.

    ``start`` gives what makes it, in each process once. Raises what was raised there, and
    StakebookError if a process is ended from outside.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        with start() as make:
            yield from map(make, tasks)
        return
    with ExitStack() as running:
        idle = [running.enter_context(_process(start)) for _ in range(jobs)]
        busy, found, given = dict[Connection, int](), dict[int, Made](), 0
        for wanted in range(len(tasks)):
            while wanted not in found:
                while idle and given < min(len(tasks), wanted + AHEAD * jobs):
                    _send(idle[-1], tasks[given])
                    busy[idle.pop()], given = given, given + 1
                ready = wait([*busy])
                for one in [one for one in busy if one in ready]:
                    found[busy.pop(one)] = _received(one)
                    idle.append(one)
            yield found.pop(wanted)


@contextmanager
def _process(start: Start[Any, Any]) -> Iterator[Connection]:
    """A process that makes things, and the connection to it; it ends with this one."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(start, theirs), daemon=True)
    ensure_running()  # else it is started below, and unblocks what is blocked there
    unheard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # Ctrl-C is for us alone
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, unheard)
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.kill()
        process.join()


def _work(start: Start[Any, Any], connection: Connection) -> None:
    """Make what is asked for, until nobody asks any more."""
    try:
        with start() as make:
            while True:
                task = connection.recv()
                try:
                    answer: tuple[Any, Exception | None] = make(task), None
                except Exception as error:  # it is raised where the task was given
                    answer = None, error
                connection.send(answer)
    except (EOFError, ConnectionError):
        return


def _send(connection: Connection, task: object) -> None:
    try:
        connection.send(task)
    except ConnectionError:
        raise _ended() from None


def _received(connection: Connection) -> Any:
    try:
        made, error = connection.recv()
    except (EOFError, ConnectionError):
        raise _ended() from None
    if error is not None:
        raise error
    return made


def _ended() -> StakebookError:
    return StakebookError(
        "A process that shared in the work was ended from outside, perhaps for want of memory;"
        " nothing was written. Run it again with --jobs 1."
    )
