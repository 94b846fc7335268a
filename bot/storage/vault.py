"""Encryption at rest of what a person wrote for themselves."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import EXIT_SETTINGS, StartError


class SealBroken(Exception):
    """A sealed value doesn't open: it was written under a key that is not among ours, or it was damaged."""


class Vault:
    """Seals with the newest key and opens with any (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, newest: Fernet, all_keys: MultiFernet) -> None:
        self._newest = newest
        self._all = all_keys

    @classmethod
    def from_keys(cls, keys: list[str]) -> "Vault":
        """Build a vault from keys, newest first; raises `StartError` (settings) for none or a misshapen one."""
        try:
            fernets = [Fernet(key) for key in keys]
            return cls(fernets[0], MultiFernet(fernets))
        except (ValueError, IndexError) as error:
            raise StartError(
                "EVENKEEL_KEY (or the file var/key) must hold Fernet keys: 44 characters each, newest first.",
                EXIT_SETTINGS,
            ) from error

    def seal(self, text: str) -> str:
        """Return the text under the newest key; a text of n bytes gives about 4/3 n + 100 characters."""
        return self._all.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text; raises `SealBroken`."""
        try:
            return self._all.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealBroken("a sealed value doesn't open with these keys") from error

    def rotate(self, sealed: str) -> str:
        """Return the same text under the newest key; raises `SealBroken`."""
        try:
            return self._all.rotate(sealed).decode()
        except InvalidToken as error:
            raise SealBroken("a sealed value doesn't open with these keys") from error

    def is_newest(self, sealed: str) -> bool:
        """Say whether the value is under the newest key already."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True
