"""The documented function for Spark answers as the ledgers do; it is asked for by its mark.

    STAKEBOOK_SPARK=needed python -m pytest -m spark -n 0

With that variable a want of PySpark or of Java is a failure.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.time.cut import FLOORS
from ledger.time.view import Cut
from tests.projections.analysis import test_dataset
from tests.projections.analysis.test_dataset import (
    LARGE,
    Many,
    issue,
    split,
    told,
    write,
)
from tests.projections.analysis.test_tables import ANALYSIS, Held

pytestmark = pytest.mark.spark
many = test_dataset.many  # the fixture
ALONE = {  # small data, one core, nobody else
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """The one session of the run."""
    missing = [
        what for what, found in (("PySpark", _has_pyspark()), ("Java", _has_java())) if not found
    ]
    if missing:
        needed = os.environ.get("STAKEBOOK_SPARK") == "needed"
        (pytest.fail if needed else pytest.skip)(f"{' and '.join(missing)} is not installed")
    from pyspark.sql import SparkSession

    building = SparkSession.builder.master("local[1]")
    for name, value in ALONE.items():
        building = building.config(name, value)
    session = building.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def _has_java() -> bool:
    return bool(shutil.which("java") or os.environ.get("JAVA_HOME"))


def _has_pyspark() -> bool:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return False
    return True


def in_spark(spark: Any, folder: Path, cut: Cut) -> Held:
    """The holdings that the documented function answers with."""
    (code,) = re.findall(r"```python\n# spark\n(.*?)```", ANALYSIS, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    instant = (cut.recorded_by or "9999-12-31T23:59:59.999999Z").removesuffix("Z")
    floor = FLOORS[cut.standing]
    found = names["holdings"](spark, folder, cut.as_of, cut.known_by, instant, floor).collect()
    return {
        (row.ledger, row.share_class, row.holder): Fraction(row.shares)
        + Fraction(int(row.parts), int(row.common))
        for row in found
    }


def test_it_answers_for_each_ledger_at_every_cut(spark: Any, many: Many) -> None:
    answers = set()
    for cut, held in many.held(20):
        assert in_spark(spark, many.folder, cut) == held, cut
        answers.add(tuple(sorted(held.items())))
    assert len(answers) > 14, "the cuts differ in what they show"


def test_a_number_too_large_is_an_error(spark: Any, tmp_path: Path) -> None:
    write({"too large": told(issue(LARGE * 10**16), split("1000:1"))}, tmp_path)
    with pytest.raises(Exception, match=r"OVERFLOW|OUT_OF_RANGE"):
        in_spark(spark, tmp_path, Cut())
