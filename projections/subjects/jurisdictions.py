"""Jurisdictions: of which country the law is that a jurisdiction names."""

from __future__ import annotations

_NAMES = {  # what the countries whose laws are known are called, other than by their codes
    "france": "fr", "japan": "jp", "germany": "de", "switzerland": "ch", "netherlands": "nl",
    "united-states": "us", "usa": "us", "united-kingdom": "gb", "great-britain": "gb", "uk": "gb",
    "england": "gb", "england-and-wales": "gb", "wales": "gb", "scotland": "gb",
    "northern-ireland": "gb",
}  # fmt: skip


def country_of(jurisdiction: str) -> str:
    """The code of the country of a jurisdiction: ``us`` of ``us-de``, ``gb`` of ``scotland``; a
    name of another country as it is, for ``denmark`` is not ``de``."""
    code = jurisdiction.partition("-")[0]
    return _NAMES.get(jurisdiction) or (_NAMES.get(code, code) if len(code) == 2 else jurisdiction)
