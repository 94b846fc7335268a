"""One answered question of a form, in the shape in which it is kept, shown and counted. Pure."""

from dataclasses import dataclass

from bot.content import QuestionKind, Role


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave to one question; `label` is the question as it was asked.

    `number` is a scale's number, `places` the chosen options of a choice, counted from 0. `shown` is what a reader
    sees: "4 · All right", the chosen options joined, or the words as typed.
    """

    question_id: str
    kind: QuestionKind
    role: Role
    label: str
    number: int | None = None
    shown: str = ""
    places: tuple[int, ...] = ()

    @property
    def words(self) -> bool:
        """Whether it is somebody's own words."""
        return self.kind in ("short", "long")
