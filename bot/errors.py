"""The errors that cross rooms. None of them carries prose for a person: the catalogue has the words."""

from typing import Any

EXIT_OK = 0
EXIT_UNEXPECTED = 1
EXIT_SETTINGS = 2
EXIT_TOKEN = 3
EXIT_DATABASE = 4
EXIT_REVISION = 5
EXIT_INTENTS = 6
EXIT_CONTENT = 7
EXIT_DISCORD = 8


class Refusal(Exception):
    """An expected "no": a catalogue key and the data its sentence needs."""

    def __init__(self, key: str, **data: Any) -> None:
        super().__init__(key)
        self.key = key
        self.data = data


class StartError(Exception):
    """Evenkeel can't start or go on: one plain sentence for whoever runs it, and the exit code."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code


class TryAgain(Exception):
    """A delivery failed for now (5xx, 429, network); `after` is in seconds where the other side named a time."""

    def __init__(self, after: float | None = None) -> None:
        super().__init__(after)
        self.after = after


class RefusedForGood(Exception):
    """A delivery can never succeed as it stands; `reason` is a short token such as `forbidden` or `unknown_channel`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
