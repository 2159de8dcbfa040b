"""stakebook prove-answer"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import progress
from cli.output import is_stdout, out_option, output, refuse_taken
from cli.page import say
from ledger.storage.opening import peek
from ledger.storage.server import Place


@click.command("prove-answer", context_settings={"ignore_unknown_options": True})
@out_option
@click.argument("question", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(path: Place, out: Path, question: tuple[str, ...]) -> None:
    """Answer QUESTION as of the newest checkpoint, and prove what the answer rests on.

    The bundle holds the question, the answer, every event looked at with its proof, the checkpoint
    and the version of the rules. `stakebook verify FILE --key VKEY` checks it, and answers the
    question again, without the ledger.

    \b
    Example:
      stakebook prove-answer --out stake.json holdings nissan --as-of 2023-11-08
    """
    from cli.answer_proof import prove_answer

    refuse_taken(out)
    with progress("hashing", peek(path).position) as advance:
        bundle = prove_answer(path, question, advance)
    with output(out) as stream:
        stream.write(str(bundle).encode())
    if not is_stdout(out):
        say(f"wrote {out}: the answer rests on {len(bundle.proofs)} events")
