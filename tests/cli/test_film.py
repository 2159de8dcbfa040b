"""The film: each state is the graph at its cut, and the file asks nobody for anything."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Any

import pytest

from cli.pictures.asked import AskedGraph
from cli.pictures.drawing import Drawing
from ledger.time.cut import Cut
from tests.helpers import assert_usage, dated, new_ledger, party, run

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = 'A "b" </script><script>alert(1)</script> & <!-- \u2028 {{ x }}'
AROUND_BOLT = AskedGraph("bolt", None, None, 150)
AROUND_NISSAN = AskedGraph("nissan", None, None, 150)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of two sales one becomes known a year later; a company of an odd name is in both."""
    of = {"share_class": "bolt/common"}
    sold = of | {"transferor": "fund-one", "transferee": "odd"}
    return new_ledger(
        tmp_path_factory.mktemp("film"),
        party("odd", name=HOSTILE.replace("\u2028", "")),
        dated("shares-issued", **of, holder="fund-one", shares=100, known_on="2023-11-08"),
        dated("shares-transferred", **sold, shares=30, known_on="2024-11-30"),
        dated("shares-transferred", **sold, shares=5, known_on="2024-02-01")
        | {"effective_on": "2024-01-31"},
    )


@pytest.fixture(scope="module")
def page(ledger: Path) -> str:
    return filmed(ledger, "bolt")


def filmed(ledger: Path, party: str, *words: str) -> str:
    out = ledger.parent / "film.html"
    out.unlink(missing_ok=True)
    outcome = run(ledger, "graph", party, "--film", str(out), *words)
    assert outcome.code == 0, outcome.err
    return out.read_text()


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="film">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def states(data: dict[str, Any]) -> Iterator[tuple[str, str, set[str], int]]:
    """Day and known day of each cell, what each edge says there, and how many are not known."""
    for k, known in enumerate(data["known"]):
        for d, day in enumerate(data["days"]):
            nodes, edges, _ = data["states"][data["cells"][k][d]]
            said = set()
            for number, (one, other) in enumerate(data["edges"]):
                if form := edges[number]:
                    names = [data["nodes"][n][nodes[n] - 1][2] for n in (one, other)]
                    words = data["forms"][number][form - 1][2].removesuffix(", (back)")
                    said.add(f"{' > '.join(names)}: {words}")
            yield day, known, said, data["missing"][k][d]


def told(drawing: Drawing) -> set[str]:
    names = drawing.names()
    return {f"{names[e.party]} > {names[e.of]}: {', '.join(e.lines)}" for e in drawing.edges}


def assert_each_state_is_the_graph(
    ledger: Path, asked: AskedGraph, page: str, first: int = 0, step: int = 1
) -> None:
    for day, known, said, missing in [*states(data_of(page))][first::step]:
        assert said == told(asked.at(ledger, Cut(day, known), "both")), (day, known)
        words = "--as-of", day, "--known-by", known, "--format", "json"
        answer = json.loads(run(ledger, "graph", asked.party, *words).out)
        assert (answer["hidden"] or {}).get("known_by") == missing


def test_each_state_is_the_graph_at_its_cut(ledger: Path, page: str) -> None:
    found = {(d, k): (said, n) for d, k, said, n in states(data_of(page))}
    assert_each_state_is_the_graph(ledger, AROUND_BOLT, page)
    early, late = found["2024-01-31", "2024-02-01"], found["2024-01-31", "2024-11-30"]
    assert early[1] == late[1] + 1
    assert "Fund-One > Bolt Ltd: 95.00%, controls" in early[0]
    assert "Fund-One > Bolt Ltd: 65.00%, controls" in late[0]


def test_a_film_is_the_same_twice_and_runs_nothing_but_its_own(ledger: Path, page: str) -> None:
    assert page == filmed(ledger, "bolt")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    for kind in ("style", "script"):
        (text,) = re.findall(f"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        own = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{own}'".replace("'", "&#39;") in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;;")
    assert set(re.findall(r"""["'(](https?:[^"')]*)""", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<[^>]*\s(?:src|on[a-z]+|style)=", page)


def test_the_words_of_edges_come_after_all_lines(page: str) -> None:
    drawn = re.findall(r'<g id="([enw])[0-9]+"', page)
    assert "".join(dict.fromkeys(drawn)) == "new"
    assert drawn == sorted(drawn, key="w".__eq__)
    assert drawn.count("e") == drawn.count("w") == len(data_of(page)["edges"])


def test_no_name_ends_the_script(page: str) -> None:
    assert page.count("<script") == page.count("</script>") == 2
    assert any("<script>alert" in form[2] for forms in data_of(page)["nodes"] for form in forms)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bolt", "--film", "a.htm"), "ends in .html"),
        (("bolt", "--film", "a.html", "--out", "a.svg"), "leave out --from, --to and --out"),
        (("fund-two", "--film", "a.html"), "nothing to film"),
        (("bolt", "--film", "a.html", "--max-nodes", "2"), "4 parties"),
    ],
)
def test_what_cannot_be_filmed_is_refused(
    ledger: Path, words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_usage(run(ledger, "graph", *words), said)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alliance")
    assert run("unused.db", "demo", "--into", str(folder / "demo")).code == 0
    return folder / "demo" / "alliance.db"


@pytest.fixture(scope="module")
def alliance_page(alliance: Path) -> str:
    return filmed(alliance, "nissan", "--as-of", "2026-11-26")


@pytest.mark.whole
@pytest.mark.parametrize("part", range(3))
def test_every_fourth_state_of_the_alliance_is_the_graph_at_its_cut(
    alliance: Path, alliance_page: str, part: int
) -> None:
    assert len(alliance_page.encode()) < 300_000
    assert_each_state_is_the_graph(alliance, AROUND_NISSAN, alliance_page, 4 * part, 12)


@pytest.fixture
def seen(alliance: Path, alliance_page: str) -> Iterator[Page]:
    """The film of the alliance in a browser, opened as a file; any request besides fails."""
    browsers = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(which, ("chromium", "google-chrome"))), None)
    if program is None:
        pytest.skip("no chromium is installed")
    file = alliance.parent / "film.html"
    file.write_text(alliance_page)
    troubles, requests = list[str](), list[str]()
    with browsers.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda said: troubles.append(said.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(f"{file.as_uri()}#as-of=2023-11-08&known-by=2023-11-08")
        yield page
        browser.close()
    assert troubles == []
    assert {url.partition("#")[0] for url in requests} == {file.as_uri()}


@pytest.mark.whole
def test_by_keyboard_alone_the_trust_is_lost_a_day_before_it_was_known(seen: Page) -> None:
    trust = seen.locator("#list li", has_text="Renault-Nissan trust").first
    assert "+ Natixis S.A. \u2192 Renault-Nissan trust: trustee" in seen.inner_text("#changes")
    assert trust.is_visible()
    assert seen.locator(".node:not(.off) text", has_text="Renault-Nissan trust").is_visible()
    seen.keyboard.press("Tab")
    seen.keyboard.press("Tab")
    assert seen.evaluate("document.activeElement.id") == "known"
    seen.keyboard.press("ArrowLeft")
    assert not trust.is_visible()
    assert not seen.locator(".node:not(.off) text", has_text="Renault-Nissan trust").count()
    assert "events not yet known" in seen.inner_text("#missing")
    assert "\u2212 Renault-Nissan trust \u2192 Nissan Motor Co." in seen.inner_text("#changes")
    assert seen.url.endswith("#as-of=2023-11-08&known-by=2023-07-26")
    assert seen.get_attribute("#known", "aria-valuetext") == "2023-07-26 to 2023-11-07"


@pytest.mark.whole
def test_who_asks_for_less_motion_sees_no_play(seen: Page) -> None:
    seen.clock.install()
    seen.keyboard.press("Space")
    before = seen.input_value("#day")
    seen.clock.run_for(2_000)
    assert int(seen.input_value("#day")) == int(before) + 1
    seen.emulate_media(reduced_motion="reduce")
    seen.locator("#play:disabled").wait_for()
    seen.clock.run_for(10_000)
    assert int(seen.input_value("#day")) == int(before) + 1


@pytest.mark.whole
def test_a_long_name_makes_no_page_wider_than_its_screen(seen: Page, tmp_path: Path) -> None:
    held = {"share_class": "acme/common", "holder": "long", "shares": "50"}
    events = party("long", name=f"Long {'x' * 190}"), dated("shares-issued", **held)
    file = tmp_path / "film.html"
    assert run(new_ledger(tmp_path, *events), "graph", "acme", "--film", str(file)).code == 0
    browser = seen.context.browser
    assert browser is not None
    for width in (320, 1280):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
