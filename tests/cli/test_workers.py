"""Work shared out to processes comes back in order, and no process is left behind."""

from __future__ import annotations

import multiprocessing
import operator
import os
from contextlib import closing, nullcontext
from functools import partial

import pytest

from cli.workers import made
from ledger.values.refusals import Refusal, Refused, StakebookError

NEGATED = partial(nullcontext, operator.neg)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_made_comes_in_the_order_of_the_tasks(jobs: int) -> None:
    tasks = list(range(30))
    assert list(made(NEGATED, tasks, jobs)) == [-n for n in tasks]
    with closing(made(NEGATED, ["no number", *tasks], jobs)) as coming, pytest.raises(TypeError):
        next(coming)
    assert not multiprocessing.active_children()


@pytest.mark.whole
def test_a_process_that_is_killed_is_said_and_the_others_end() -> None:
    with pytest.raises(StakebookError, match="--jobs 1"):
        list(made(partial(nullcontext, os._exit), [9] * 5, 2))
    assert not multiprocessing.active_children()


def _refuse(place: str) -> None:
    raise Refused(Refusal.FILE_TROUBLE, "It is gone.", "Look for it.", place)


@pytest.mark.whole
def test_a_refusal_of_another_process_is_the_same_here() -> None:
    with pytest.raises(Refused, match=r"here: It is gone. Look for it. \[R805 file-trouble\]"):
        list(made(partial(nullcontext, _refuse), ["here", "there"], 2))
