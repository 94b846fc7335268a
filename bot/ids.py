"""Injected randomness: row ids in order of time, opaque keys for custom ids, references a person can read out."""

import random

from bot.clock import Clock, to_ms

# 1 January 2025 UTC. Forty-one bits of milliseconds from there last until 2094.
FIRST_MS = 1_735_689_600_000
_RANDOM_BITS = 22
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like another sign


class Ids:
    """Makes ids; the randomness is given, so that a test can repeat it."""

    def __init__(self, clock: Clock, source: random.Random) -> None:
        self._clock = clock
        self._random = source

    def new(self) -> int:
        """Return a positive 63-bit id, ordered by time like a Discord snowflake."""
        elapsed = max(0, to_ms(self._clock.now()) - FIRST_MS)
        return (elapsed << _RANDOM_BITS) | self._random.getrandbits(_RANDOM_BITS)

    def key(self) -> str:
        """Return 12 characters that nobody can guess (60 bits), safe inside a custom id."""
        return self._pick(_KEY_ALPHABET, 12)

    def reference(self) -> str:
        """Return a reference such as `7K2M-Q9XD`, shown with an apology and written in the log beside the cause."""
        return f"{self._pick(_REFERENCE_ALPHABET, 4)}-{self._pick(_REFERENCE_ALPHABET, 4)}"

    def _pick(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choice(alphabet) for _ in range(length))
