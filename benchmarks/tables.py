"""The holdings of a whole market from exported tables, by the queries of docs/analysis.md.

    python -m benchmarks.tables duckdb FOLDER AS_OF
    python -m benchmarks.tables polars FOLDER AS_OF

Each prints how many holdings there are, and the sum of their shares.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

ANALYSIS = Path(__file__).parents[1] / "docs/analysis.md"
NOW = "9999-12-31 23:59:59"


def documented(language: str, name: str) -> str:
    """The one block of the page in a language that begins with a comment of a name."""
    text = ANALYSIS.read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{language}\n(?:--|#) {name}\n(.*?)```", text, re.DOTALL)
    return str(found)


def in_duckdb(folder: str, as_of: str) -> list[int]:
    """The shares of every holding, by DuckDB."""
    import duckdb

    sql = documented("sql", "duckdb")
    for name in ("movements", "issuers"):
        sql = sql.replace(f"'{name}.parquet'", f"'{folder}/{name}.parquet'")
    asked = {"as_of": as_of, "known_by": "9999-12-31", "recorded_by": NOW, "floor": 3}
    found = duckdb.connect().execute(sql, asked)
    shares = [name for name, *_ in found.description].index("shares")
    return [row[shares] for row in found.fetchall()]


def in_polars(folder: str, as_of: str) -> list[int]:
    """The shares of every holding, by Polars."""
    names: dict[str, Any] = {}
    exec(documented("python", "polars"), names)
    return [row["shares"] for row in names["holdings"](folder, as_of).to_dicts()]


if __name__ == "__main__":
    shares = {"duckdb": in_duckdb, "polars": in_polars}[sys.argv[1]](*sys.argv[2:])
    print(len(shares), sum(shares))
