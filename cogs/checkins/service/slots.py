"""What a form is about, small enough for a custom id: which check-in, which questions, which day, whose post."""

from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from bot.errors import Refusal

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST = 13  # signs of the largest of Discord's numbers
_SEPARATOR = "."
_SET_SIGNS = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """`day` is the check-in day as it was shown, `post_day` the date of the post that it answers.

    `questions` is the mark of a set (`set_mark`): ids of sets may be long. `alone` came by "Just for me".
    """

    schedule_id: int
    questions: str
    day: date
    post_day: date | None = None
    alone: bool = False

    @property
    def key(self) -> str:
        """The slot as an id carries it: at most 42 characters."""
        post_day = packed(self.post_day.toordinal()) if self.post_day else ""
        parts = (packed(self.schedule_id), self.questions, packed(self.day.toordinal()), post_day)
        return _SEPARATOR.join((*parts, "a")) if self.alone else _SEPARATOR.join(parts)

    @classmethod
    def of(cls, key: str) -> "Slot":
        """Read an id's key. Raises `Refusal` for one of another form."""
        parts = key.split(_SEPARATOR)
        if len(parts) not in (4, 5) or not set(parts[1]) <= set(_DIGITS) or len(parts[1]) > _SET_SIGNS:
            raise Refusal("kit.refused.outdated")
        post_day = _date(parts[3]) if parts[3] else None
        return cls(unpacked(parts[0]), parts[1], _date(parts[2]), post_day, len(parts) == 5)


def set_mark(set_id: str) -> str:
    """Return the short mark of a set of questions."""
    return blake2b(set_id.encode(), digest_size=_SET_SIGNS // 2).hexdigest()


def packed(number: int) -> str:
    """Return a whole number, 0 or more, in 36 signs."""
    signs = ""
    while number:
        number, place = divmod(number, 36)
        signs = _DIGITS[place] + signs
    return signs or "0"


def unpacked(signs: str) -> int:
    """Return the number again. Raises `Refusal` for signs that are none."""
    if not signs or len(signs) > _LONGEST or not set(signs) <= set(_DIGITS):
        raise Refusal("kit.refused.outdated")
    number = int(signs, 36)
    if number >= 2**63:
        raise Refusal("kit.refused.outdated")
    return number


def _date(signs: str) -> date:
    ordinal = unpacked(signs)
    if not 0 < ordinal <= date.max.toordinal():
        raise Refusal("kit.refused.outdated")
    return date.fromordinal(ordinal)


@dataclass(frozen=True, slots=True)
class EntryKey:
    """What a button about an entry carries: which, in which edition it was shown, and what is wished."""

    entry_id: int
    edition: int
    wish: str = ""

    @property
    def key(self) -> str:
        """The key as an id carries it."""
        return _SEPARATOR.join((packed(self.entry_id), packed(self.edition), self.wish))

    @classmethod
    def of(cls, key: str) -> "EntryKey":
        """Read an id's key. Raises `Refusal` for one of another form."""
        entry_id, _, rest = key.partition(_SEPARATOR)
        edition, _, wish = rest.partition(_SEPARATOR)
        return cls(unpacked(entry_id), unpacked(edition), wish)
