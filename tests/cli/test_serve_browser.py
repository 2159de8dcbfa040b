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
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers import dated, new_ledger, party

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
    ledger = new_ledger(
        tmp_path_factory.mktemp("browser"),
        party("evil", name=NAME),
        dated("shares-issued", **shares),
    )
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
