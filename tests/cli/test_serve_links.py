"""Every question is reached by clicking, and every figure leads on: to its explanation, the
explanation to events, each event to its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cli.web.asked import served
from tests.helpers import dated, new_ledger, party, run
from tests.web import Read, Site, crawled

CUT = "as-of=2024-09-30"
LISTS = ("holdings", "votes", "group", "power", "diluted", "diff", "chart", "breaches", "radar")
APART = {"show", "search", "offer", "explain/offer"}  # an event, words, and no offer is recorded


class Cells(HTMLParser):
    """The cells of a page's tables: whether each is of figures, its text, and whether it leads
    anywhere."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[bool, str, bool]] = []
        self._right, self._text, self._led = False, "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th"):
            self._right, self._text, self._led = "right" in str(dict(attrs).get("class")), "", False
        self._led |= tag == "a"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.found.append((self._right, self._text.strip(), self._led))

    def handle_data(self, data: str) -> None:
        self._text += data


def figures(page: str) -> Iterator[tuple[str, bool]]:
    """The figures of a page's tables, each with whether it leads anywhere."""
    for right, text, led in Cells(page).found:
        if right and re.search(r"\d", text):
            yield text, led


def kind(link: str) -> str:
    """The question that an address asks, or the kind of its page."""
    first, *rest = link.partition("?")[0].strip("/").split("/")
    return f"{first}/{rest[0]}" if first == "explain" and rest else first


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A company with a holder, an agreement with a cap, and a director."""
    held = {"share_class": "acme/common", "holder": "bolt", "shares": "50", "key": "issue"}
    cap = {"clause": "cap", "kind": "voting-cap", "party": "bolt", "issuer": "acme",
           "percent": "15", "text": "At most 15%."}  # fmt: skip
    signed = {"agreement": "pact", "title": "The pact", "parties": ["acme", "bolt"]}
    return Site(new_ledger(
        tmp_path_factory.mktemp("links"), party("ann", kind="person"),
        dated("shares-issued", **held), dated("agreement-signed", **signed, clauses=[cap]),
        dated("director-appointed", company="acme", person="ann"),
    ))  # fmt: skip


def test_figures_of_a_company_lead_on(site: Site) -> None:
    for path in ("/holdings/acme", "/votes/acme", "/power/acme", "/chart/acme"):
        found = list(figures(site.get(f"{path}?{CUT}").text))
        assert found, path
        assert all(led for _, led in found), (path, found)


def test_trees_agreements_and_hints_lead_on(site: Site) -> None:
    tree = Read(site.get(f"/graph/acme?{CUT}").text).links
    assert f"/explain/holdings/acme/bolt?{CUT}" in tree
    governance = Read(site.get(f"/governance/acme?{CUT}").text).links
    assert f"/s/pact?{CUT}" in governance
    assert f"/governance/acme?clauses=1&{CUT}" in governance
    assert f"/votes/acme?totals=1&{CUT}" in Read(site.get(f"/holdings/acme?{CUT}").text).links
    assert f"/explain/breach/pact?{CUT}" in Read(site.get(f"/s/pact?{CUT}").text).links


def test_several_events_are_one_page(site: Site) -> None:
    page = Read(site.get("/e/issue/1").text)
    assert "2 events" in page.text
    assert [link.partition("?")[0] for link in page.links if "/e/" in link][:2] == [
        "/e/issue", "/e/1",
    ]  # fmt: skip
    assert site.get("/e/" + "/".join(["1"] * 51)).status == 404


def test_an_event_leads_to_what_it_changed_and_what_would_be_without_it(site: Site) -> None:
    links = Read(site.get(f"/e/issue?{CUT}").text).links
    between = [link for link in links if link.startswith("/diff?")]
    assert ["as-of%3D2023-11-07" in link and "as-of%3D2023-11-08" in link for link in between] == [
        True
    ]
    without = next(link for link in links if link.startswith("/holdings/acme?without="))
    assert "Supposed: 1 event, not recorded" in Read(site.get(without).text).text


def test_a_film_is_made_when_it_is_asked_for_and_may_run_its_script_alone(site: Site) -> None:
    asked = Read(site.get("/film/acme").text)
    assert "script" in asked.text
    whole = next(link for link in asked.links if "/film.html" in link)
    film = site.get(whole)
    policy = film.headers["content-security-policy"]
    assert film.status == 200
    assert re.search(r"script-src 'sha256-[^' ]+';", policy)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert site.get(whole).text == film.text
    assert site.get("/film/nobody").status == 404
    assert site.get("/p/nobody/film.html").status == 404
    assert Site(site.path, seconds=0.001).get("/p/acme/film.html").status in (202, 503)


def test_what_clauses_say_of_supposed_events_is_told_beside_the_answer(site: Site) -> None:
    event = '{"type": "shares-issued", "share_class": "acme/common", "holder": "bolt",'
    event += ' "shares": "900", "effective_on": "2024-01-01", "standing": "official"}'
    query = f"events={event.replace(' ', '%20')}&ask=holdings/acme?range=1&clauses=1&{CUT}"
    page = Read(site.get(f"/what-if?{query}").text).text
    assert "What clauses of agreements say" in page
    assert "(The pact)" in page
    assert "Supposed: 1 event, not recorded" in page


@pytest.mark.whole
def test_a_chart_is_a_picture_with_its_own_styles_and_no_script(site: Site) -> None:
    pytest.importorskip("matplotlib")
    answered = site.get(f"/p/acme/chart.svg?{CUT}")
    policy = answered.headers["content-security-policy"]
    assert answered.headers["content-type"] == "image/svg+xml"
    assert "<svg" in answered.text
    assert "script" not in policy
    assert site.get("/p/acme/chart.svg?out=/tmp/x").status == 400


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The pages of the alliance."""
    folder = tmp_path_factory.mktemp("alliance")
    assert run(folder / "none", "demo", "--into", str(folder)).code == 0
    return Site(folder / "alliance.db", seconds=60)


@pytest.mark.whole
def test_all_is_reached_by_clicking_and_leads_on(alliance: Site) -> None:
    """So many pages of each kind, from the first page on; each link is to a page that is there."""
    answered_kinds, bare, broken, sourced = set[str](), [], [], 0
    for link, answered in crawled(alliance, each=4):
        if answered.status != 200:
            broken.append((link, answered.status))
        if not answered.headers["content-type"].startswith("text/html"):
            continue
        page = Read(answered.text)
        if "section" not in {tag for tag, _ in page.elements}:
            continue  # a form that is still to be filled in
        name = kind(link)
        answered_kinds.add(name)
        if name in LISTS:
            bare += [(link, text) for text, led in figures(answered.text) if not led]
        if name.startswith("explain/"):
            told = re.search("No event at this cut|not known|none", page.text)
            assert told or any(re.match("/e/", one) for one in page.links), link
        if name == "e" and "/" not in link.partition("?")[0].removeprefix("/e/"):
            cites = [one for one in page.links if one.startswith("/source/")]
            assert cites or "none is cited" in page.text, link
            sourced += bool(cites)
    assert not broken
    assert not [one for one in bare if not one[0].startswith("/votes") or "totals" not in one[0]]
    assert sourced
    deals = [link for link in Read(alliance.get("/deals").text).links if link.startswith("/d/")]
    for link in [*dict.fromkeys(deals), "/holdings?holder=nissan&indirect=1"]:
        answered_kinds |= set(map(kind, Read(alliance.get(link).text).links))
    assert {one.path for one in served()} - APART <= answered_kinds


def test_a_figure_that_leads_on_keeps_the_sign_of_its_rounding(tmp_path: Path) -> None:
    """9,999 of 200,000 shares are no 5 %, and the page says so as the table does."""
    shares = {"share_class": "bolt/common", "key": "under"}
    ledger = new_ledger(
        tmp_path, dated("shares-issued", holder="fund-one", shares="9999", **shares),
        dated("shares-issued", holder="fund-two", **shares | {"key": "rest", "shares": "190001"}),
    )  # fmt: skip
    site = Site(ledger)
    for question in ("holdings", "votes", "power", "diluted"):
        told = run(ledger, question, "bolt", "--as-of=2024-01-01").out
        page = site.get(f"/{question}/bolt?as-of=2024-01-01").text
        assert "<5.00" in told
        found = [text for text, _ in figures(page)]
        assert "<5.00" in found, question
        assert ">95.00" in found, question
        assert not {"5.00", "95.00"} & {*found}, question
