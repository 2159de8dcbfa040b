"""What is read and what is drawn stands out from its ground, by the measure of WCAG 2.2."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cli
from cli.pictures import dot, plots

TEMPLATES = Path(cli.__file__).parent / "templates"
TEXT, LINES = 4.5, 3.0
_SCHEME = re.compile(r":root *\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z]+): *(#[0-9a-f]+)")
WORDS = ("ink", "faint", "quiet", "link", "visited", "alarm", "mark", "new")


def luminance(colour: str) -> float:
    """The relative luminance of ``#abc`` or ``#aabbcc``."""
    digits = colour.removeprefix("#")
    whole = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_black_on_white() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("style", ["web/style.css", "film.css"])
def test_words_stand_out_in_every_scheme(style: str) -> None:
    schemes = [
        dict(_COLOUR.findall(one)) for one in _SCHEME.findall((TEMPLATES / style).read_text())
    ]
    assert len(schemes) > 1
    for scheme in schemes:
        grounds = [scheme["paper"], *filter(None, [scheme.get("stripe")])]
        told = [scheme[name] for name in WORDS if name in scheme]
        assert all(contrast(one, ground) >= TEXT for one in told for ground in grounds)
        if "focus" in scheme:
            assert contrast(scheme["focus"], scheme["paper"]) >= LINES


def test_the_dark_scheme_is_not_printed() -> None:
    """What a dark screen shows would be faint on paper."""
    web, film = ((TEMPLATES / name).read_text() for name in ("web/style.css", "film.css"))
    assert "@media (prefers-color-scheme: dark)" not in web
    assert "color-scheme: light; --ink: #000" in film.partition("@media print")[2]


def test_paper_has_the_answer_whole_and_no_way_to_others() -> None:
    printed = (TEMPLATES / "web/style.css").read_text().partition("@page { size: A4")[2]
    assert re.search(r"\bnav, nav\.about \{ display: none; \}", printed)
    assert re.search(r"pre \{ overflow: visible; white-space: pre-wrap;", printed)


def test_lines_of_pictures_stand_out_on_white() -> None:
    drawn = [*plots._COLOURS, plots._FULL, *dot._COLOURS.values(), dot._UNCHANGED]
    drawn += re.findall(r'(?<!font)color="(#[0-9a-f]{6})"', dot._FRAME)
    assert all(contrast(colour, "#fff") >= LINES for colour in drawn)
    words = [*dot._COLOURS.values(), dot._UNCHANGED, *re.findall('fontcolor="(#.{6})"', dot._FRAME)]
    assert all(contrast(colour, "#fff") >= TEXT for colour in words)


def test_lines_of_a_chart_differ_by_more_than_their_colours() -> None:
    assert len(set(plots._SIGNS)) == len(plots._SIGNS) == len(set(plots._COLOURS))
