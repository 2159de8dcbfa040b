"""A command at a terminal of its own, driven by a script: wait for a prompt, type, go on."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
_STEERING = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|[\r\x07]")


class Terminal:
    """A ``stakebook`` process behind a pseudo-terminal."""

    def __init__(self, ledger: Path, *words: str, **environment: str) -> None:
        command = [sys.executable, "-m", "tests.terminals", "--ledger", str(ledger), *words]
        self.said = ""
        self._seen = 0
        self.typed = 0
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            os.chdir(ROOT)
            os.environ.update({"TERM": "dumb", "COLUMNS": "80", **environment})
            os.execv(command[0], command)

    def expect(self, text: str, seconds: float = 30) -> None:
        """Wait until a text is said after all that was waited for before."""
        until = time.monotonic() + seconds
        while (found := self.said.find(text, self._seen)) < 0:
            assert self._read(until - time.monotonic()), f"{text!r} is not in:\n{self.said}"
        self._seen = found + len(text)

    def type(self, line: str) -> None:
        """Type a line."""
        self.typed += len(line) + 1
        os.write(self._end, line.encode() + b"\n")

    def press(self, keys: str) -> None:
        """Type keys without a line end."""
        self.typed += len(keys)
        os.write(self._end, keys.encode())

    def interrupt(self, text: str) -> None:
        """Press Ctrl-C until a text is said: one that comes just as a prompt begins to wait is
        heard only with the next key."""
        for _ in range(15):
            self.press("\x03")
            until = time.monotonic() + 2
            while text not in self.said[self._seen :] and self._read(until - time.monotonic()):
                pass
            if text in self.said[self._seen :]:
                return
        raise AssertionError(f"{text!r} is not in:\n{self.said}")

    def answer(self, *script: str) -> None:
        """Go through prompts and what is typed at each, one after the other."""
        for prompt, line in zip(script[::2], script[1::2], strict=True):
            self.expect(prompt)
            self.type(line)

    def end(self) -> int:
        """Wait for the process to end; its exit code."""
        while self._read(30):
            pass
        os.close(self._end)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self, seconds: float) -> bool:
        if not select.select([self._end], [], [], max(seconds, 0))[0]:
            return False
        try:
            read = os.read(self._end, 65_536)
        except OSError:  # the process has ended
            return False
        self.said += _STEERING.sub("", read.decode(errors="replace"))
        return bool(read)


if __name__ == "__main__":
    from cli.main import main

    main()
