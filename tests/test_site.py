"""The documentation site: each page has one place in it, and it asks nothing of anybody."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from ruamel.yaml import YAML

from ledger.model.fact import STANDINGS
from projections.answers import OUTCOMES
from tests import ROOT

DOCS = ROOT / "docs"
PARTS = ["Start", "Tutorials", "How-to", "Explanation", "Reference", "Glossary"]


def pages_in(place: Any) -> list[str]:
    """The files that a place of the navigation names."""
    if isinstance(place, str):
        return [place]
    places = place.values() if isinstance(place, dict) else place
    return [page for one in places for page in pages_in(one)]


def test_every_page_has_one_place_in_the_navigation() -> None:
    site = YAML(typ="safe").load(DOCS / "mkdocs.yml")
    assert [part for one in site["nav"] for part in one] == PARTS
    files = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))
    assert sorted(pages_in(site["nav"])) == files, "name the page once in docs/mkdocs.yml"
    assert "plugins" not in site, "the one that searches in a folder asks an outside address"


class Page(HTMLParser):
    """What a page links to, what it fetches, and the places in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("href", "src", "srcset", "data", "poster", "action") and value:
                self.fetched.append(value)


@pytest.mark.whole
@pytest.mark.skipif(not find_spec("zensical"), reason="needs the extra docs")
def test_the_site_is_whole_and_asks_nothing_of_anybody(tmp_path: Path) -> None:
    hidden = shutil.ignore_patterns(".*", "__pycache__")
    copy = shutil.copytree(DOCS, tmp_path / "docs", ignore=hidden)
    command = [
        sys.executable,
        "-m",
        "zensical",
        "build",
        "--strict",
        "-f",
        str(copy / "mkdocs.yml"),
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    site = copy / ".site"
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    made = {str(path.relative_to(site).with_suffix(".md")) for path in pages}
    assert made == {"404.md", *(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))}
    assert not [problem for path in pages for problem in problems(path, pages)]
    for path in site.rglob("*.css"):
        styles = path.read_text(encoding="utf-8")
        assert not re.search(r"""(url\(|@import )\s*["']?(https?:)?//""", styles), path


def problems(path: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """What of a page asks an outside address or leads nowhere."""
    page = pages[path]
    for address in page.fetched:
        if re.match(r"(\w+:)?//", address) and "canonical" not in address:
            yield f"{path}: fetches {address}"
    for link in page.links:
        if re.match(r"(https?|mailto):", link) or path.name == "404.html":
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / unquote(name)).resolve() if name else path
        if not target.exists():
            yield f"{path}: {link} does not exist"
        elif anchor and anchor not in pages[target].ids:
            yield f"{path}: {link} names no place"


def test_the_glossary_has_the_words_that_answers_use() -> None:
    """How well something is told, what an answer is, and what the columns of some questions are."""
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8").casefold()
    columns = "banzhaf shapley swing veto concert attribution threshold notice basis capacity"
    columns += " disposal vesting verdict gross neutral disclosed asserted digest receipt"
    outcomes = [
        outcome.replace("-", " ") for outcome in OUTCOMES if outcome not in ("none", "answered")
    ]
    for word in (*STANDINGS, *outcomes, *columns.split()):
        assert word in glossary, word
    words = re.findall(r"^\| ([^|]*) \|", glossary, re.M)
    assert len(words) - words.count("word") - words.count("---") == len({*words} - {"word", "---"})
