"""Faults made on purpose: kills, power cuts, failing disks, wrong clocks, races.

Every promise has a control: a run without what keeps the promise, shown to break it.
A small number of each runs with all tests; ``pytest -m whole`` runs the numbers that are claimed.
Random choices come from one seed, printed at the end of the run and set by STAKEBOOK_SEED;
STAKEBOOK_FRESH=1 draws a new one.
"""

from __future__ import annotations

import os
import random

SEED = int(
    os.environ.get("STAKEBOOK_SEED")
    or (random.SystemRandom().randrange(10**9) if os.environ.get("STAKEBOOK_FRESH") else 20231108)
)
FIGURES: list[str] = []  # what the tests counted, printed at the end of the run
