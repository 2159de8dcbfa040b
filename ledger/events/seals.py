"""Seals: the keys that sign the history, as far as the history itself must tell of them."""

from ledger.events import fields as f
from ledger.events.base import RecordKeeping


class SigningKeyRotated(RecordKeeping, type="signing-key-rotated", stream="signing-keys", schema=2):
    """The key that signs checkpoints gives way to another, which it signs in itself.

    Recorded by `stakebook rotate-key`. The signature is over a text that only names the new key.
    """

    sentence = "Checkpoints are signed by another key from here on"
    example = {
        "old_key": "stakebook/0193a5c2-7e10-7c3b-9d5e-2f6a8b4c1d0e"
        "+8c2a8fd3+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c",
        "new_key": "stakebook/0193a5c2-7e10-7c3b-9d5e-2f6a8b4c1d0e"
        "+edaf7d21+AYE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU",
        "signature": "Ujx1pfcO23IzXhn6qh/OIMrImrnXgr8Hc/nOX6WU99Ho"
        "0aMDT4GoiNx9fastZU6p0pIUMZnBAqARTXmWjDENBw==",
    }

    old_key: f.Text
    new_key: f.Text
    signature: f.Text

    def check(self) -> None:
        from ledger.transparency.key_chain import rotated

        rotated({"old_key": self.old_key, "new_key": self.new_key, "signature": self.signature})
