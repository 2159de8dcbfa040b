"""Pages in a real browser: without scripts, by keyboard alone, with requests to nowhere else.

The browser is the Chromium that is installed, or the one that STAKEBOOK_BROWSER names; where that
says ``needed``, a missing one is a failure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers import dated, new_ledger, party, run

pytestmark = pytest.mark.whole
NAME = "<script>document.title='run'</script>Evil"
TOLD = os.environ.get("STAKEBOOK_BROWSER", "")
FOUND = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
PROGRAM = FOUND if TOLD in ("", "needed") else TOLD
PAGES = (
    "/", "/c/acme", "/p/evil", "/e/9", "/check", "/deals", "/timeline", "/questions", "/what-if",
    "/explain/holdings/acme/evil", "/holdings", "/search?words=evil", "/graph/acme",
    "/diff/acme?from=as-of%3D2020&to=as-of%3D2024",
)  # fmt: skip


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of a ledger."""
    shares = {"share_class": "acme/common", "holder": "evil", "shares": "50"}
    folder = tmp_path_factory.mktemp("browser")
    with serving(
        new_ledger(folder, party("evil", name=NAME), dated("shares-issued", **shares))
    ) as at:
        yield at


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the alliance."""
    folder = tmp_path_factory.mktemp("alliance")
    assert run(folder / "none", "demo", "--into", str(folder)).code == 0
    with serving(folder / "alliance.db") as at:
        yield at


@contextmanager
def serving(ledger: Path) -> Iterator[str]:
    """A server of a ledger; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from cli.main import main; main()"
    words = [sys.executable, "-c", program, "--ledger", str(ledger), "serve", "--port", str(port)]
    server = subprocess.Popen(words, stderr=subprocess.PIPE)
    try:
        _wait(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise AssertionError(server.communicate()[1].decode())
        with socket.socket() as asked:
            if not asked.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.05)
    raise AssertionError("The server does not listen.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    if not PROGRAM and TOLD != "needed":
        pytest.skip("no Chromium is installed")
    if TOLD != "needed":
        pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
        yield launched
        launched.close()


def test_every_page_works_without_scripts_and_asks_nobody_else(browser: Any, origin: str) -> None:
    for scheme in ("light", "dark"):
        page = browser.new_page(java_script_enabled=False, color_scheme=scheme)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        for path in PAGES:
            assert page.goto(origin + path).status == 200, path
        hosts = {urlsplit(url).netloc for url in asked if not url.startswith("data:")}
        assert hosts == {urlsplit(origin).netloc}
        assert said == []
        page.close()


def test_no_name_runs_and_no_inline_script_would(browser: Any, origin: str) -> None:
    page = browser.new_page()
    for path in PAGES:
        page.goto(origin + path)
        assert page.title() != "run"
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s) }"
    )
    assert page.evaluate("() => window.ran") is None
    assert any("Content Security Policy" in text for text in refused)
    page.close()


def test_a_question_is_asked_by_keyboard_alone(browser: Any, origin: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{origin}/c/acme")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the menu
    assert page.url.endswith("#answer")
    page.keyboard.press("Tab")
    page.keyboard.type("2023-11-08")
    page.keyboard.press("Enter")
    page.wait_for_url("**as-of=2023-11-08**")
    assert "as of 2023-11-08" in page.content()
    page.locator("a", has_text="50").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/explain/holdings/acme/evil?**")
    assert "as-of=2023-11-08" in page.url
    page.close()


def test_nothing_is_wider_than_a_small_screen(browser: Any, origin: str) -> None:
    for width in (320, 1280):
        page = browser.new_page(viewport={"width": width, "height": 800})
        for path in PAGES:
            page.goto(origin + path)
            wide = page.evaluate("() => document.documentElement.scrollWidth")
            assert wide <= width, (path, wide)
        page.close()


def test_another_site_reads_nothing(browser: Any, origin: str, tmp_path: Path) -> None:
    file = tmp_path / "other.html"
    file.write_text("<!doctype html><title>other</title>")
    page = browser.new_page()
    page.goto(file.as_uri())
    read = "address => fetch(address, {mode: 'cors'}).then(r => r.text()).catch(() => 'refused')"
    assert page.evaluate(read, f"{origin}/api/v1/holdings") == "refused"
    page.set_content(f'<iframe src="{origin}/"></iframe>')
    assert "Acme" not in (page.frames[-1].content() if len(page.frames) > 1 else "")
    page.close()


CUT = "as-of=2024-09-30"
WALKS = (  # a question, the links that are followed, and what then is there to be read
    ("who controls Nissan Finance, and since when?",
     ("text=Nissan Finance Co., Ltd.", "text=Group"), ("recorded", "2002-12-31")),
    ("what limits what Renault may vote in Nissan, and who says so?",
     ("text=Nissan Motor Co.", "text=#384", "a[href^='/source/']"), ("What rests on it",)),
    ("which clauses were broken, from when until when, and why?",
     ("text=Breaches", "a[href^='/explain/breach/']"), ("Why",)),
    ("who left the board of Nissan?", ("text=Nissan Motor Co.", "text=Who came and went"),
     ("leaves the board of Nissan Motor",)),
    ("what changed when the trust sold for the second time?",
     ("text=Timeline", "a[href^='/e/310?']", "text=That day"), ("2024-03-27 to 2024-03-28",)),
    ("what would Renault vote in Nissan were there no cap?",
     ("text=Nissan Motor Co.", "text=#384", "text=Votes of nissan"),
     ("Supposed: 1 event, not recorded", "Renault Group")),
    ("what became of the investment in Ampere, and by which steps?",
     ("text=Deals", "text=Nissan Motor in Ampere"), ("committed", "considered")),
    ("where do sources disagree, and whom is it better to believe?", ("text=Conflicts",),
     ("Preferred (>)", "To settle")),
    ("how did Renault's part rise with no purchase?",
     ("text=Nissan Motor Co.", "text=Chart of capital"), ("by cancellation",)),
    ("why does Renault hold 16.19 %, and where is that written?",
     ("text=Nissan Motor Co.", "text=16.19", "a[href^='/e/298?']", "a[href^='/source/']"),
     ("IR BANK",)),
)  # fmt: skip


@pytest.mark.parametrize("keys", [False, True], ids=["by clicking", "by keyboard"])
def test_ten_questions_of_a_stranger_are_answered(browser: Any, alliance: str, keys: bool) -> None:
    page = browser.new_page(java_script_enabled=False)
    asked = set[str]()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for question, links, told in WALKS:
        page.goto(f"{alliance}/?{CUT}")
        for link in links:
            _follow(page, link, keys)
            assert "as-of=" in page.url, question
        text = page.inner_text("main")
        assert all(words in text for words in told), (question, page.url, text[:2000])
    assert asked == {urlsplit(alliance).netloc}
    page.close()


def test_what_was_known_on_a_day_is_asked_with_the_form(browser: Any, alliance: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{alliance}/c/nissan")
    page.fill("#l-as-of", "2023-11-08")
    page.fill("#l-known-by", "2023-02-06")
    page.keyboard.press("Enter")
    page.wait_for_url("**known-by=2023-02-06**")
    text = page.inner_text("main")
    assert "known by 2023-02-06" in text
    assert "became known after 2023-02-06" in text
    assert "Renault-Nissan trust" not in page.inner_text("section >> nth=0")
    page.close()


def _follow(page: Any, link: str, by_keyboard: bool) -> None:
    """Follow a link: with the mouse, or by going to it with the key Tab until it has the focus,
    which then is to be seen."""
    found = page.locator(link).locator("visible=true").first
    before = page.url
    if by_keyboard:
        for _ in range(1500):
            page.keyboard.press("Tab")
            if found.evaluate("one => (one.closest('a') || one) === document.activeElement"):
                break
        assert found.evaluate("one => getComputedStyle(one.closest('a')).outlineStyle") == "solid"
        page.keyboard.press("Enter")
    else:
        found.click()
    page.wait_for_url(lambda url: url != before)
