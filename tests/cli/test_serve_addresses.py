"""What an address asks is answered: nothing in it is passed over, and no form forgets it."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from cli.web.addresses import Limits
from cli.web.films import Films
from tests.helpers import dated, new_ledger, run
from tests.web import Read, Site

PAGES = (
    "/", "/questions", "/what-if", "/c/acme", "/p/bolt", "/d/bid", "/s/acme", "/e/8", "/e/1/2",
    "/source/press", "/film/acme", "/register/members/acme", "/holdings/acme",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    shares = {"share_class": "acme/common", "holder": "fund-one", "shares": "50", "key": "issue"}
    held = {"share_class": "bolt/common", "holder": "acme", "shares": "7", "key": "bolts"}
    folder = tmp_path_factory.mktemp("addresses")
    return Site(
        new_ledger(folder, dated("shares-issued", **shares), dated("shares-issued", **held))
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_parameter_that_a_page_does_not_take_is_refused(site: Site, page: str) -> None:
    """A limit that is misspelt, or given twice, would else be an answer to another question."""
    misspelt = site.get(f"{page}?as_of=2019-01-01")
    assert misspelt.status == 400
    assert '"as_of" is no parameter of' in Read(misspelt.text).text
    assert "Did you mean as-of?" in Read(misspelt.text).text
    twice = site.get(f"{page}?as-of=2019-01-01&as-of=2024-01-01")
    assert twice.status == 400
    assert "as-of is given 2 times" in Read(twice.text).text


def test_a_subject_of_the_path_is_not_another_after_it(site: Site) -> None:
    assert site.get("/holdings/acme?issuer=bolt").status == 400
    assert site.get("/p/acme/graph.svg?party=bolt").status == 400
    assert site.get("/holdings/acme?issuer=acme").status == 200
    assert site.get("/holdings/acme?issuer=").status == 200


def submitted(page: str, text: str, **typed: str) -> str:
    """The address to which the form of a question goes, some of its fields typed anew."""
    read, fields, asks, chosen = Read(text), list[tuple[str, str]](), False, ""
    action = page.partition("?")[0]
    for tag, given in read.elements:
        if tag == "form":
            asks = given.get("class") == "question"
            action = str(given.get("action", action)) if asks else action
        if not asks:
            continue
        name = str(given.get("name"))
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            fields.append((name, typed.pop(name, str(given.get("value", "")))))
        if tag == "select":
            chosen = name
        if tag == "option" and "selected" in given and given.get("value") != "":
            fields.append((chosen, typed.pop(chosen, "any")))
    assert not typed
    return f"{action}?" + "&".join(f"{name}={value}" for name, value in fields)


def test_the_form_on_the_page_of_a_subject_asks_about_the_one_that_is_typed(site: Site) -> None:
    page = "/holdings/acme?as-of=2024-01-31"
    other = submitted(page, site.get(page).text, issuer="bolt")
    assert "Holdings in Bolt Ltd" in Read(site.get(other).text).text


def test_the_form_asks_again_what_was_asked(site: Site) -> None:
    page = "/holdings/acme?without=issue&without=bolts&as-of=2024-01-31"
    again = submitted(page, site.get(page).text)
    assert parse_qs(urlsplit(again).query)["without"] == ["issue", "bolts"]
    assert "Supposed: 2 events, not recorded" in Read(site.get(again).text).text


def test_a_form_with_an_empty_limit_has_a_page_as_without(site: Site) -> None:
    """All fields of a form are sent, those that are left empty too."""
    for page in ("/timeline", "/parties"):
        empty, none = (site.get(one).text.partition("<h1>")[2] for one in (f"{page}?limit=", page))
        assert Read(empty).text == Read(none).text


@pytest.mark.parametrize("number", ["", "9" * 5000, "x", "-1", "0", "1e3"])
@pytest.mark.parametrize("path", ["parties", "timeline", "sources", "holdings"])
def test_a_number_of_rows_is_one_or_is_refused(site: Site, path: str, number: str) -> None:
    answered = site.get(f"/api/v1/{path}?limit={number}")
    if number:
        assert answered.status == 400, answered.text
        assert json.loads(answered.text)["error"]["message"]
    else:
        whole = json.loads(site.get(f"/api/v1/{path}").text)
        assert {**json.loads(answered.text), "next": None} == {**whole, "next": None}
    assert site.get(f"/api/v1/{path}?offset={'9' * 5000}").status == 400
    assert site.get(f"/api/v1/{path}?limit={'9' * 30}").status in (200, 400)


def test_a_tag_that_a_proxy_weakened_is_known_again(site: Site) -> None:
    tag = site.get("/api/v1/parties").headers["etag"]
    for given in (f"W/{tag}", f'"other", W/{tag}'):
        assert site.get("/api/v1/parties", if_none_match=given).status == 304
    assert site.get("/api/v1/parties", if_none_match='W/"other"').status == 200


def test_a_film_is_kept_while_others_are_made(site: Site, monkeypatch: Any) -> None:
    made = list[str]()

    def make(_: Films, party: str, __: Any) -> str:
        made.append(party)
        return party

    monkeypatch.setattr(Films, "_make", make)
    films, names = Films(Path(site.path), 10), [f"p{n}" for n in range(8)]
    for name in [*names, *names]:
        assert films.film(name, {}, Limits({})) == name
    assert made == names
    films.film("one-more", {}, Limits({}))
    films.film(names[-1], {}, Limits({}))
    assert made == [*names, "one-more"]
    films.close()


def test_a_film_that_is_being_made_is_not_forgotten_for_another(site: Site) -> None:
    films = Films(Path(site.path), 10)
    running, done = Future[Any](), Future[Any]()
    done.set_result(None)
    kept: Any = films._made
    kept |= {"running": running} | {str(n): done for n in range(7)}
    films._forget()
    assert [*kept][:2] == ["running", "1"]
    films.close()


def test_the_address_that_is_told_is_answered(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address of this machine alone is served by its own name, no other one is."""
    served = dict[str, list[str]]()
    monkeypatch.setattr("cli.commands.serve.listening", lambda *_: socket())
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    for host, *allowed in (("127.0.0.1",), ("127.0.0.2",), ("::1",), ("0.0.0.0", "a.example")):
        kept = served[host] = list[str]()
        monkeypatch.setattr("cli.web.app.app", lambda _, hosts, kept=kept: kept.extend(hosts))
        words = ["--port", "8877", "--host", host, *(f"--allow-host={one}" for one in allowed)]
        outcome = run(site.path, "serve", *words)
        assert outcome.code == 0, outcome.err
    assert "127.0.0.2:8877" in served["127.0.0.2"]
    assert "[::1]:8877" in served["::1"]
    assert "a.example:8877" in served["0.0.0.0"]
    assert "0.0.0.0:8877" not in served["0.0.0.0"]
    assert "127.0.0.2:8877" not in served["127.0.0.1"]


@pytest.mark.parametrize("path", ["parties", "timeline", "deals", "search?words=acme"])
def test_what_takes_a_limit_of_its_own_takes_no_offset(site: Site, path: str) -> None:
    """An offset would pass over rows of those that the limit left, and the rest be none."""
    sign = "&" if "?" in path else "?"
    answered = site.get(f"/api/v1/{path}{sign}limit=2&offset=2")
    assert answered.status == 400
    assert "offset" in json.loads(answered.text)["error"]["message"]
    told = json.loads(site.get("/api/v1/openapi.json").text)["paths"]
    taken = {one["name"] for one in told[f"/api/v1/{path.partition('?')[0]}"]["get"]["parameters"]}
    assert "offset" not in taken
    part = json.loads(site.get("/api/v1/holdings?limit=1&offset=1").text)
    assert part["rows"] == json.loads(site.get("/api/v1/holdings").text)["rows"][1:2]
