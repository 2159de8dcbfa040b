"""Times taken inside a process: of the clock, and of the processor."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple


class Taken(NamedTuple):
    """What one job took, in seconds of the clock and of the processor."""

    seconds: float
    cpu: float


def timed(job: Callable[[], object]) -> Taken:
    """What a job takes."""
    start, started = perf_counter(), process_time()
    job()
    return Taken(perf_counter() - start, process_time() - started)


def say(taken: Sequence[Taken]) -> None:
    """Print the medians as JSON, for ``benchmarks.measure``."""
    seconds, cpu = (median(column) for column in zip(*taken, strict=True))
    print(json.dumps({"seconds": seconds, "cpu": cpu}))
