"""Every kind of page of the alliance, where each free text tries to be more than text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle, repeat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from cli.drafts import drafts_of
from cli.safe_text import safe
from tests import ROOT
from tests.helpers import accept, run
from tests.web import Read, Site, crawled

pytestmark = pytest.mark.whole
RECORDED = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>", "{{8191*8191}}{% raw %}${7*7}#{7}",
    "</title></desc></style></textarea><svg/onload=alert(3)>", "\u05d0\u05d1\u05d2 abc (\u05d3)",
    "javascript:alert(4)", "]]>--><!--&lt;&#60;\\n\\E<b>%s %(x)s {0}",
    "x" * 10_000, "data:text/html,<script>alert(5)</script>",
)  # fmt: skip
REFUSED = ("abc\u202edcba\u2066 \u200f", "\ue0000\ue001\ue002", "a\x00b\x1b[31m\r\nx: y")
TEXTS = frozenset([
    "note", "locator", "title", "publisher", "name", "text", "statement", "role", "reason",
    "unit", "matter", "about", "terms", "topic", "summary", "body", "place", "address", "aliases",
    "inferred_from", "scope",
])  # fmt: skip
SHORT = 100  # characters of a name
NEVER = frozenset(["script", "iframe", "object", "embed", "base", "b", "foreignobject"])


def attacked(value: Any, texts: Iterator[str], name: str = "") -> Any:
    """The fields of an event with a hostile text in place of each free one."""
    if isinstance(value, dict):
        return {n: attacked(one, texts, n) for n, one in value.items()}
    if isinstance(value, list):
        return [attacked(one, texts, name) for one in value]
    if name not in TEXTS or not isinstance(value, str):
        return value
    text = next(texts)
    return text[:SHORT] if name in ("name", "aliases", "publisher", "unit", "role") else text


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The alliance with hostile names, titles, notes and addresses."""
    path, texts = tmp_path_factory.mktemp("hostile") / "deal.db", cycle(RECORDED)
    assert run(path, "init").code == 0
    folders = ("alliance-press", "alliance-register")
    events, names = [], dict[str, str]()
    for draft in drafts_of(tuple(str(ROOT / "fixtures" / one) for one in folders)):
        event: Any = draft.event  # type: ignore[union-attr]
        registers = event.type == "party-registered"  # again, by the same name
        own = repeat(names.setdefault(event.party, next(texts))) if registers else texts
        data = attacked(event.data, own)
        events.append({"type": event.type, "key": draft.key} | data)
    accept(path, *events)
    return path


def assert_harmless(link: str, answered: Any) -> None:
    """No name of a page or a picture is anything but text."""
    assert answered.status in (200, 404), (link, answered.text[-500:])
    policy = answered.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'"), link
    assert "script" not in policy, link
    if answered.headers["content-type"] == "application/json":
        assert answered.headers["x-content-type-options"] == "nosniff"
        return
    page = Read(answered.text)
    tags = {tag for tag, _ in page.elements}
    assert not tags & NEVER, (link, tags & NEVER)
    assert all(not name.startswith("on") for _, given in page.elements for name in given), link
    addresses = [
        str(given[name])
        for _, given in page.elements
        for name in ("href", "src", "xlink:href", "action", "formaction")
        if name in given
    ]
    assert all(re.match(r"[/#]|https?://", one) for one in addresses), (link, addresses)
    assert "67092481" not in answered.text, link  # what braces would work out


def test_no_text_is_more_than_text_on_any_kind_of_page(ledger: Path) -> None:
    site, kinds = Site(ledger, seconds=60), set()
    for link, answered in crawled(site, each=2):
        kinds.add(link.split("?")[0].split("/")[1])
        assert_harmless(link, answered)
    assert {"c", "p", "e", "s", "d", "source", "explain", "register", "chart", "diff"} <= kinds


def test_json_gives_each_text_as_it_is_and_runs_nothing(ledger: Path) -> None:
    site = Site(ledger, seconds=60)
    for path in ("parties", "sources", "timeline", "claims?subject=nissan", "graph?party=nissan"):
        answered = site.get(f"/api/v1/{path}")
        assert answered.headers["content-type"] == "application/json"
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert json.loads(answered.text)["rows"]


def test_a_film_of_hostile_names_runs_its_own_script_alone(ledger: Path) -> None:
    answered = Site(ledger, seconds=300).get("/p/nissan/film.html?depth=1")
    assert answered.status == 200
    policy = answered.headers["content-security-policy"]
    assert policy.count("'sha256-") == 2
    assert "unsafe" not in policy
    scripts = [given for tag, given in Read(answered.text).elements if tag == "script"]
    assert [one.get("type") for one in scripts] == ["application/json", None]


@pytest.mark.parametrize("text", RECORDED + REFUSED)
def test_what_is_asked_for_is_text_too(ledger: Path, text: str) -> None:
    """Words of a search, a path, an option, a limit and a supposed event come back as text."""
    site, given = Site(ledger), quote(text[:2000], safe="")
    for link in (
        f"/search?words={given}", f"/c/{given}", f"/e/{given}", f"/e/{given}/{given}",
        f"/holdings/nissan?digits={given}", f"/holdings/nissan?as-of={given}", f"/{given}",
        f"/what-if?events={given}&ask=holdings/nissan", f"/what-if?events=x&ask={given}",
        f"/diff/nissan?from={given}&to=as-of%3D2024", f"/claims/nissan?policy=source:{given}",
        f"/p/{given}/graph.svg", f"/p/nissan/chart.svg?measure={given}", f"/film/{given}",
        f"/register/members/{given}", f"/?text={given}", f"/timeline?without={given}",
    ):  # fmt: skip
        answered = site.get(link)
        assert answered.status in (200, 400, 404), (link, answered.text[-300:])
        page = Read(answered.text)
        assert not {tag for tag, _ in page.elements} & NEVER, link
        assert all(not name.startswith("on") for _, a in page.elements for name in a), link
        assert "Traceback" not in answered.text
        assert "A fault in stakebook" not in page.text, (link, page.text)
        assert "\u202e" not in page.text or "value" in answered.text


def test_paths_and_queries_that_play_tricks_are_no_pages(ledger: Path) -> None:
    site = Site(ledger)
    for link, status in (
        ("/../etc/passwd", 404), ("/%2e%2e/%2e%2e/etc/passwd", 404), ("/style.css/..", 404),
        ("/..%2fpages.py", 404), ("/page.html", 404), ("/%00", 404), ("/e/" + "9" * 400, 404),
        ("/e/" + "/".join("1" * 200), 404), ("/%2f%2fevil.example", 404), ("/c/", 404),
        ("/holdings?" + "&".join(f"a{n}=1" for n in range(500)), 400),
        ("/holdings/nissan?issuer=renault&issuer=nissan", 400),
        ("/check?start=1e9", 400), ("/check?start=" + "9" * 40, 400),
        ("/what-if?ask=diff&events=x&from=ledger%3D/etc/passwd", 400),
    ):  # fmt: skip
        answered = site.get(link)
        assert answered.status == status, (link, answered.status, Read(answered.text).text[-200:])
        assert "root:" not in answered.text
        assert safe("A fault in stakebook") not in answered.text
