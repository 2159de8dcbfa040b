"""Runs the example notebook, cell after cell, and writes beside each what it shows.

Run as ``python docs/notebook.py`` after changing a cell or what an answer shows; it makes the
ledger of the demo in a folder of its own.
"""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from contextlib import chdir, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOTEBOOK = Path(__file__).with_suffix(".ipynb")


def notebook(folder: Path) -> str:
    """The notebook with its outputs, run in a folder that has the demo."""
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    codes = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    with chdir(folder):
        for number, cell in enumerate(codes, 1):
            outputs = _outputs("".join(cell["source"]), names, number)
            cell |= {"execution_count": number, "outputs": outputs}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _outputs(code: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """What a cell prints, and what its last expression is, as Jupyter keeps it."""
    body = ast.parse(code).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(ast.unparse(last), names) if last else None
    text = printed.getvalue()
    said = {"name": "stdout", "output_type": "stream", "text": text.splitlines(keepends=True)}
    found = [said] if text else []
    if value is not None:
        shown = {"execution_count": number, "output_type": "execute_result", "metadata": {}}
        found.append({"data": _shown(value), **shown})
    return found


def _shown(value: Any) -> dict[str, list[str]]:
    html = getattr(value, "_repr_html_", None)
    told = {"text/plain": repr(value)} | ({"text/html": html()} if html else {})
    return {kind: text.splitlines(keepends=True) for kind, text in told.items()}


def main() -> None:
    """Run the notebook, and keep what it shows."""
    with TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("stakebook")), "demo"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        made = notebook(Path(folder))
    NOTEBOOK.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
