"""Names of parties as they are compared and sorted: without legal form, case and accents."""

from __future__ import annotations

import re
import unicodedata

_FORMS = (  # of law, whole, with or without their dots
    "ab", "ag", "aktiengesellschaft", "aps", "as", "asa", "bhd", "bv", "co", "co kg", "company",
    "corp", "corporation", "gmbh", "gmbh & co kg", "inc", "incorporated", "kg", "kgaa", "kk",
    "limited", "llc", "llp", "lp", "ltd", "nv", "ohg", "oy", "oyj", "plc", "private limited",
    "pte", "pty", "sa", "sarl", "sàrl", "sas", "sasu", "sca", "se", "société anonyme", "sp z oo",
    "spa", "srl", "株式会社", "有限会社", "合同会社",
)  # fmt: skip
_WRITTEN = "|".join(
    r"\.?\s?".join(map(re.escape, form.replace(" ", "") if len(form) <= 4 else form.split()))
    for form in sorted(_FORMS, key=len, reverse=True)
)
_FORM_AFTER = re.compile(rf"(?:,\s*|\s+|(?<=[^\x00-\x7f]))(?:{_WRITTEN})\.?,?$", re.IGNORECASE)
_FORM_BEFORE = re.compile("^(?:株式会社|有限会社|合同会社)\\s*")


def short(name: str) -> str:
    """A name without its legal form: ``Nissan Motor`` for ``Nissan Motor Co., Ltd.``."""
    bare = _FORM_BEFORE.sub("", name)
    while (shorter := _FORM_AFTER.sub("", bare)) != bare and shorter.strip(" ,"):
        bare = shorter
    return bare or name


def folded(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and legal form."""
    letters = unicodedata.normalize("NFKD", short(name).casefold())
    return " ".join(re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c))))
