"""Documents as PDF: the page of HTML, laid out by WeasyPrint, which is imported only here."""

from __future__ import annotations

import os
import warnings
from contextlib import redirect_stdout
from datetime import datetime
from io import StringIO
from typing import Any, NoReturn

import click

_EPOCH = "SOURCE_DATE_EPOCH"  # the moment that whoever cuts fonts to size writes into them


def pdf(page: str, made: datetime) -> bytes:
    """A page of HTML as PDF; the same bytes for the same page, fonts and moment.

    Raises UsageError where WeasyPrint or the libraries under it are missing.
    """
    weasyprint, before = library(), os.environ.get(_EPOCH)
    os.environ[_EPOCH] = str(max(int(made.timestamp()), 0))
    try:
        document: bytes = weasyprint.HTML(string=page, url_fetcher=_refuse).write_pdf()
    finally:
        if before is None:
            del os.environ[_EPOCH]
        else:
            os.environ[_EPOCH] = before
    return document


def _refuse(address: str, *_: Any, **__: Any) -> NoReturn:
    """A page has all that it needs: nothing is fetched."""
    raise ValueError(f"{address} is not fetched")


def library() -> Any:
    """WeasyPrint, which says nothing of its own while it looks for the libraries under it."""
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint
    except ImportError:
        raise click.UsageError(
            "Writing PDF needs WeasyPrint. Install it with: pip install 'stakebook[pdf]'"
        ) from None
    except OSError:  # it is there, and the libraries that it calls are not
        raise click.UsageError(
            "Writing PDF needs the library Pango. Install it with: apt-get install"
            " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian), brew install pango"
            " (macOS). Or write HTML, and print it to PDF from a browser."
        ) from None
    return weasyprint
