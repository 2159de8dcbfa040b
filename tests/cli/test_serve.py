"""Pages and JSON of a ledger: only read, only by their own reader, and as the commands answer."""

from __future__ import annotations

import asyncio
import gc
import json
import weakref
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from cli.commands.serve import hosts_of
from cli.context import today
from cli.safe_text import safe
from cli.screen import Screen
from cli.web.addresses import Limits, path_of
from cli.web.asked import served
from cli.web.html import html
from cli.web.pages import Pages, rows_at_once
from cli.web.visit import Visit
from ledger.time.view import View
from projections.subjects.register_at_cut import RegisterAtCut
from tests.helpers import assert_usage, dated, new_ledger, party, run, stored
from tests.web import HOST, Read, Site

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
SOURCE = {
    "type": "source-registered", "source": "press", "kind": "press", "title": HOSTILE,
    "publisher": "The <b>Paper</b>", "published_on": "2023-11-08", "key": "source",
}  # fmt: skip
PATHS = (
    "/", "/questions", "/c/acme", "/p/bolt", "/p/evil", "/d/bid", "/s/acme", "/e/8",
    "/source/press",
    "/conflicts", "/check", "/claims/acme", "/radar/acme?rule=FR-L233-7", "/graph/acme",
    "/explain/holdings/acme/evil?full=1", "/explain/votes/acme/bolt", "/timeline?sources=1",
    "/diff?from=as-of%3D2020&to=as-of%3D2024", "/search?words=alert", "/votes/acme?lots=1",
    "/governance/acme", "/deals", "/pending", "/sources", "/restatements", "/holdings?holder=evil",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which names, titles and texts try to be more than text."""
    offer = dated("offer-made", key="bid", offer="bid", offeror="evil", kind="tender")
    shares = {
        "share_class": "acme/common",
        "holder": "evil",
        "shares": "50",
        "citations": ["press"],
    }
    return new_ledger(
        tmp_path_factory.mktemp("serve"),
        SOURCE,
        party("evil", name=HOSTILE),
        offer | {"share_class": "acme/common", "note": HOSTILE},
        dated("shares-issued", key="issue", **shares),
        dated(
            "claim-recorded", subject="acme", attribute="mood", value=HOSTILE, citations=["press"]
        ),
    )


@pytest.fixture(scope="module")
def site(ledger: Path) -> Site:
    return Site(ledger)


def test_only_the_own_host_is_answered_exactly_and_with_its_port(site: Site) -> None:
    for host in ("", "evil.example", "evil.example:8877", "localhost", "localhost:80", HOST + "."):
        assert site.get("/", host=host).status == 421, host
    assert site.get("/api/v1/holdings", host="evil.example:8877").status == 421
    assert site.get("/", host=HOST.upper()).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"])
def test_no_other_method_is_answered(site: Site, ledger: Path, method: str) -> None:
    before = stored(ledger)
    for address in ("/", "/api/v1/holdings", "/api/v1/openapi.json", "/nowhere"):
        answered = site.get(address, method)
        assert (answered.status, answered.headers["allow"]) == (405, "GET, HEAD")
    assert stored(ledger) == before


def test_another_site_gets_nothing_but_a_navigation(site: Site) -> None:
    for mode in ("no-cors", "cors", "same-origin", ""):
        for where in ("cross-site", "same-site"):  # the latter is another port of this machine
            other = {"sec_fetch_site": where, "sec_fetch_mode": mode}
            assert site.get("/api/v1/holdings", **other).status == 403
    navigated = site.get("/", sec_fetch_site="cross-site", sec_fetch_mode="navigate")
    assert navigated.status == 200
    assert not [name for name in navigated.headers if name.startswith("access-control")]


def test_every_answer_forbids_what_pages_do_not_need(site: Site) -> None:
    for address in ("/", "/nowhere", "/style.css", "/api/v1/holdings", "/api/v1/nowhere"):
        headers = site.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert "script" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "set-cookie" not in headers


def test_only_what_was_asked_for_is_answered(site: Site) -> None:
    """JSON: what is wrong is told with the number of the refusal; nothing reads a file."""
    for address, status, refusal in (
        ("/api/v1/holdings?issuer=nobody", 404, "R702"), ("/api/v1/holdings?nix=1", 400, "R202"),
        ("/api/v1/radar?issuer=acme&rules=/etc/passwd", 400, "R202"),
        ("/api/v1/holdings?with=/etc/passwd", 400, "R202"),
        ("/api/v1/graph?party=acme&out=/tmp/x.svg", 400, "R202"),
        ("/api/v1/diff?from=ledger%3D/etc/passwd&to=as-of%3D2024", 400, None),
        ("/api/v1/holdings?as-of=nix", 400, "R205"), ("/api/v1/votes", 400, None),
        ("/api/v1/holdings?issuer=acme&issuer=bolt", 400, None),
        ("/api/v1/graph?party=acme&from=as-of%3D2020", 400, None),
        ("/api/v1/timeline?limit=0", 400, None), ("/api/v1/parties?limit=x", 400, None),
    ):  # fmt: skip
        answered = site.get(address)
        error = json.loads(answered.text)["error"]
        assert answered.status == error["status"] == status, answered
        assert (error["refusal"] or "").split(" ")[0] == (refusal or ""), answered
        assert "Traceback" not in answered.text


def test_an_unchanged_answer_is_not_sent_again(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    site = Site(ledger)
    first = site.get("/api/v1/parties")
    again = site.get("/api/v1/parties", if_none_match=first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    assert run(ledger, "append", "party-registered", "--party", "new", "--kind", "company",
               "--name", "New").code == 0  # fmt: skip
    after = site.get("/api/v1/parties", if_none_match=first.headers["etag"])
    assert after.status == 200
    assert "New" in after.text


@pytest.mark.parametrize("path", ["parties", "timeline"])
def test_what_is_paged_goes_on_until_its_end(site: Site, path: str) -> None:
    """From page to page every row is there, as on one page for all."""

    def links(address: str) -> tuple[list[str], str]:
        elements = Read(site.get(address).text).elements
        hrefs = [str(a["href"]).partition("?")[0] for tag, a in elements if tag == "a"]
        following = [str(a["href"]) for _, a in elements if a.get("rel") == "next"]
        return [one for one in hrefs if one[:3] in ("/p/", "/c/", "/e/")], "".join(following)

    whole, _ = links(f"/{path}?limit=500&as-of=2024-01-31")
    found, address = list[str](), f"/{path}?limit=3&as-of=2024-01-31"
    while address:
        shown, address = links(address)
        found += shown
    assert set(found) == set(whole)
    assert len(whole) > 3


def test_rows_are_sent_in_parts(site: Site) -> None:
    address, rows = "/api/v1/parties?limit=2", []
    while address:
        part = json.loads(site.get(address).text)
        assert len(part["rows"]) <= 2
        rows += part["rows"]
        address = part["next"]
    assert rows == json.loads(site.get("/api/v1/parties").text)["rows"]


def test_rows_that_are_found_one_by_one_are_sent_in_parts_too(site: Site) -> None:
    whole = json.loads(site.get("/api/v1/owners?all=1").text)["rows"]
    assert len(whole) > 1
    address, rows = "/api/v1/owners?all=1&limit=1", []
    while address:
        part = json.loads(site.get(address).text)
        assert len(part["rows"]) == 1
        rows += part["rows"]
        address = part["next"]
    assert rows == whole


def test_the_description_names_every_question_and_its_parameters(site: Site) -> None:
    told = json.loads(site.get("/api/v1/openapi.json").text)
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == {f"/api/v1/{one.path}" for one in served()}
    taken = {one["name"] for one in told["paths"]["/api/v1/radar"]["get"]["parameters"]}
    assert {"issuer", "rule", "as-of", "known-by", "recorded-by", "standing", "policy"} <= taken
    assert not taken & {"with", "rules", "calendar", "format", "labels", "out"}


def test_what_takes_too_long_is_given_up_and_more_than_a_few_at_once_wait(ledger: Path) -> None:
    assert Site(ledger, seconds=0).get("/c/acme").status == 503
    assert Site(ledger, most=1).get("/c/acme").status == 200

    async def many() -> list[int]:
        site = Site(ledger, most=1)
        asked = [site.asked("/api/v1/holdings") for _ in range(3)]
        return [answered.status for answered in await asyncio.gather(*asked)]

    assert sorted(asyncio.run(many())) == [200, 503, 503]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_leaves_nothing_that_only_a_search_for_cycles_finds(ledger: Path, path: str) -> None:
    gc.disable()
    try:
        assert not any(one() for one in _worked_out(ledger, path))
    finally:
        gc.enable()


def _worked_out(ledger: Path, path: str) -> list[weakref.ref[Any]]:
    """The views and registers that there are when a page is made, none of which is needed then."""
    address = urlsplit(path)
    query, parts = parse_qs(address.query), [one for one in address.path.split("/") if one]
    with Visit(ledger, 600) as visit:
        html(Pages(visit, query, Limits.of(query)).page(parts), None)
        history = visit.looked_up(ledger, lambda index: index)
        found = [one for one in gc.get_objects() if isinstance(one, View | RegisterAtCut)]
        views = ((one, one if isinstance(one, View) else one.view) for one in found)
        return [weakref.ref(one) for one, view in views if view.history is history]


def test_head_is_answered_without_a_body(site: Site) -> None:
    answered = site.get("/c/acme", "HEAD")
    assert (answered.status, answered.text) == (200, "")


@pytest.mark.parametrize("path", PATHS)
def test_names_are_text_on_every_page(site: Site, path: str) -> None:
    answered = site.get(path)
    page = Read(answered.text)
    assert answered.status == 200, page.text
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "object", "b"}
    assert all(not name.startswith("on") for _, given in page.elements for name in given)
    assert all("style" not in given for _, given in page.elements)
    assert [
        a["src"] for tag, a in page.elements if tag == "img" and "graph.svg" not in str(a)
    ] == []
    assert "ue000" not in answered.text
    assert all(link.startswith(("/", "#")) for link in page.links)
    labels = [a["for"] for tag, a in page.elements if tag == "label" and "for" in a]
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    assert set(labels) <= set(ids)


def test_every_link_of_every_page_keeps_the_cut_and_leads_somewhere(site: Site) -> None:
    cut = "as-of=2024-01-31&known-by=2025&standing=reported"
    seen: set[str] = set()
    for path in ("/c/acme", "/e/12"):
        for link in Read(site.get(f"{path}?{cut}").text).links:
            if link.startswith("/") and "api/v1" not in link:
                assert all(part in link for part in cut.split("&")), link
                seen.add(link)
    leading = {link.split("/")[1].split("?")[0]: link for link in sorted(seen)}  # one of each kind
    assert {"c", "p", "e", "source", "explain", "register"} <= leading.keys()
    assert not {link for link in leading.values() if site.get(link).status != 200}


def test_pictures_and_registers_are_shown_with_their_own_styles_alone(site: Site) -> None:
    for path in ("/c/acme/graph.svg", "/p/evil/graph.svg", "/register/members/acme"):
        answered = site.get(f"{path}?as-of=2024-01-31")
        assert answered.status == 200, answered.text
        assert "2024-01-31" in answered.text
        assert "ue000" not in answered.text
        assert "<script" not in answered.text
        policy = answered.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert ("'sha256-" in policy) == ("<style" in answered.text)


def test_figures_lead_to_explanations_to_events_to_sources(site: Site) -> None:
    cut = "as-of=2024-01-31"
    assert f"/explain/holdings/acme/evil?{cut}" in Read(site.get(f"/c/acme?{cut}").text).links
    explained = Read(site.get(f"/explain/holdings/acme/evil?{cut}").text).links
    events = [link for link in explained if link.startswith("/e/")]
    assert events
    assert any("/source/press?" in link for link in Read(site.get(events[0]).text).links)


def test_addresses_of_sources_are_links_only_to_the_web(tmp_path: Path) -> None:
    addresses = {"a": "https://example.com/x?a=1&b=2", "b": "javascript:alert(1)", "c": "data:,x"}
    sources = [
        SOURCE | {"source": f"s-{n}", "key": n, "address": address}
        for n, address in addresses.items()
    ]
    site = Site(new_ledger(tmp_path, *sources))
    found = {n: Read(site.get(f"/source/s-{n}").text) for n in addresses}
    outside = [
        [a for t, a in p.elements if "outside" in str(a.get("class"))] for p in found.values()
    ]
    assert [[a["href"] for a in one] for one in outside] == [[addresses["a"]], [], []]
    assert outside[0][0]["rel"] == "external noreferrer"


QUESTIONS: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("holdings", ("acme",), {}), ("votes", ("acme",), {"range": "1"}),
    ("holdings", (), {"holder": "evil", "indirect": "1"}), ("timeline", (), {}),
    ("explain/holdings", ("acme", "evil"), {"full": "1"}), ("parties", (), {}),
    ("explain/votes", ("acme", "bolt"), {}), ("conflicts", (), {}), ("check", (), {}),
    ("governance", ("acme",), {}), ("deals", ("bid",), {}), ("claims", ("acme",), {}),
    ("diff", ("acme",), {"from": "as-of=2020", "to": "as-of=2024"}), ("show", ("#1",), {}),
    ("search", ("alert",), {}), ("group", ("acme",), {}), ("graph", ("acme",), {}),
    ("restatements", (), {}), ("sources", (), {}), ("pending", (), {}),
)  # fmt: skip
DAYS = ("2019", "2020-06-30", "2023-11-08", "2024-01-31")


class Plain(Visit):
    """A visit that marks nothing as leading somewhere."""

    def linked(self, text: str, kind: str, *ids: str) -> str:
        return text


def told(screen: Screen) -> list[str]:
    """Everything that a screen says."""
    lines = [line for block in screen.blocks for line in block.lines]
    closing = [text for block in screen.blocks for text in (block.heading, *block.closing)]
    cells = [text for line in lines for text in (*line.cells, *line.under)]
    return [screen.title, screen.remark, *screen.notes, *closing, *cells]


def assert_same(ledger: Path, site: Site, asked: Any, cut: dict[str, str]) -> None:
    """A question is answered alike by its command, in JSON and on its page."""
    path, ids, given = asked
    command, given = path.split("/"), {**given, **cut}
    options = [f"--{n}" if v == "1" else f"--{n}={v}" for n, v in given.items()]
    question = next(one for one in served() if one.path == path)
    of = dict(zip(question.arguments(), ids, strict=False))
    query = urlencode({**given, **of})
    whole = run(ledger, *command, "--format=json", *options, "--", *ids)
    assert site.get(f"/api/v1/{path}?{query}").text == whole.out, whole.err
    most = rows_at_once(question, {name: [id] for name, id in of.items()})
    limit = [f"--limit={most}"] if most else []
    words = [*command, "--labels=names", *options, *limit, "--", *ids]
    with Visit(ledger, 60) as visit, Plain(ledger, 60) as plain:
        said = told(plain.told(words))
        assert [visit.plain(text) for text in told(visit.told(words))] == [*map(safe, said)]
    page = Read(site.get(f"{path_of(*command, *ids)}?{urlencode(given)}").text).text
    for text in said:
        assert " ".join(safe(text).split()) in page


@pytest.mark.parametrize("question", QUESTIONS[::3], ids=str)
def test_an_answer_is_the_same_by_command_by_json_and_on_a_page(
    ledger: Path, site: Site, question: Any
) -> None:
    assert_same(ledger, site, question, {"as-of": "2024-01-31"})


@pytest.mark.whole
@pytest.mark.parametrize("seed", range(20))
def test_answers_are_the_same_at_random_cuts(ledger: Path, site: Site, seed: int) -> None:
    chance = Random(seed)
    for question in QUESTIONS:
        cut = {
            "as-of": chance.choice(DAYS),
            "standing": chance.choice(["any", "reported", "official"]),
            "policy": chance.choice(["standing", "latest", "source:press"]),
        }
        cut |= chance.choice([{}, {"known-by": chance.choice(DAYS)}])
        assert_same(ledger, site, question, cut)


def test_it_listens_for_others_only_where_a_name_is_allowed(ledger: Path) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "ledger.example", "::"):
        refused = run(ledger, "serve", "--host", host)
        assert_usage(refused, "Whoever reaches", "--allow-host")
    assert_usage(run(ledger, "serve", "--host", "192.0.2.1", "--allow-host", "a"), "another --port")
    assert_usage(run(ledger, "serve", "--allow-host", "http://a"), "not the name of a host")
    assert hosts_of(["a.example"], 80)[-1] == "a.example"
    assert HOST in hosts_of([], 8877)


def test_what_is_supposed_is_told_as_such_and_never_recorded(site: Site, ledger: Path) -> None:
    before = stored(ledger)
    event = dated("shares-issued", share_class="acme/common", holder="bolt", shares="850")
    asking = {"events": json.dumps(event), "ask": "holdings/acme", "as-of": "2024"}
    page = Read(site.get(f"/what-if?{urlencode(asking)}").text).text
    assert "Supposed: 1 event, not recorded: Holdings in Acme plc" in page
    assert "950" in page
    wrong = Read(site.get(f"/what-if?{urlencode(asking | {'events': 'nix'})}").text).text
    assert "[R" in wrong
    assert "/tmp" not in wrong
    assert stored(ledger) == before
    without = Read(site.get("/holdings/acme?without=issue").text).text
    assert "Supposed: 1 event, not recorded" in without


def test_what_a_what_if_cannot_do_as_asked_is_said(site: Site) -> None:
    """Only what differs of a question that has no such answer; limits that clauses do not heed."""
    event = dated("shares-issued", share_class="acme/common", holder="bolt", shares="850")
    asking = {"events": json.dumps(event), "ask": "check", "only": "1"}
    page = site.get(f"/what-if?{urlencode(asking)}")
    assert page.status == 400
    assert "by what differs alone" in page.text
    limited = asking | {"ask": "holdings/acme", "clauses": "1", "known-by": "2024"}
    text = Read(site.get(f"/what-if?{urlencode(limited)}").text).text
    assert "What clauses of agreements say, by all that is recorded" in text


def test_an_address_to_be_cited_says_all_of_the_cut(site: Site) -> None:
    links = Read(site.get("/c/acme?standing=official").text).links
    cited = [link for link in links if "recorded-by" in link]
    assert [link.partition("?")[0] for link in cited] == ["/c/acme"]
    assert all(f"{name}=" in cited[0] for name in ("as-of", "recorded-by", "standing"))
    assert site.get(cited[0]).status == 200


def test_an_address_to_be_cited_shows_the_same_for_good(site: Site) -> None:
    """Whatever is recorded later is not in it, and ``today`` is the day that it was."""
    limits = {"as-of": "today", "known-by": "today", "recorded-by": "2999-01-01"}
    page = site.get(f"/c/acme?{urlencode(limits)}").text
    (cited,) = (link for link in Read(page).links if link.startswith("/c/acme?") and "T" in link)
    given = {name: value for name, (value,) in parse_qs(cited.partition("?")[2]).items()}
    assert given["as-of"] == given["known-by"] == today().isoformat()
    assert given["recorded-by"] < "2999"


def test_a_party_of_many_trusts_leads_to_all_its_parts_in_them(tmp_path: Path) -> None:
    """The first page looks at some of the trusts of a trustee, and says so."""
    settled = [
        dated("trust-settled", trust=f"t{n:02}", settlors=["acme"], trustees=["bolt"],
              beneficiaries=[{"party": "acme"}], key=f"t{n}")
        for n in range(12)
    ]  # fmt: skip
    parties = [party(f"t{n:02}", kind="trust") for n in range(12)]
    site = Site(new_ledger(tmp_path, *parties, *settled))
    first = site.get("/").text
    assert first.count("all its parts in trusts") == 2
    whole = site.get("/parties/bolt").text
    assert "7 more" in whole
    assert "all its parts in trusts" not in whole


def test_what_takes_too_long_of_all_of_a_large_ledger_asks_of_what(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Restatements, as of" in Read(site.get("/restatements").text).text
    monkeypatch.setattr("cli.web.pages._LARGE", 0)
    for question in ("restatements", "holdings"):
        asking = Read(site.get(f"/{question}").text).text
        assert f"{question.capitalize()}, as of" not in asking
    assert "Holdings in Acme plc" in Read(site.get("/holdings/acme").text).text
