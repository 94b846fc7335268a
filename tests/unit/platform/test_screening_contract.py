"""Who posts a person's words asks first; who screens answers with what to show."""

from collections.abc import Sequence

from bot.discordkit import Block, Screening, Text


async def test_with_nobody_who_looks_nothing_is_held() -> None:
    assert await Screening().hold(1, 2, ["anything"]) is None


async def test_the_first_look_that_finds_something_is_shown() -> None:
    asked: list[tuple[str, int, int, tuple[str, ...]]] = []
    screening = Screening()

    async def calm(guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        asked.append(("calm", guild_id, user_id, tuple(texts)))
        return None

    async def worried(guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        asked.append(("worried", guild_id, user_id, tuple(texts)))
        return (Text("Are you safe?"),) if "storm" in texts else None

    async def never(guild_id: int, user_id: int, texts: Sequence[str]) -> tuple[Block, ...] | None:
        raise AssertionError

    screening.register(calm)
    screening.register(worried)
    assert await screening.hold(1, 2, ["sun"]) is None
    screening.register(never)
    assert await screening.hold(1, 2, ["sun", "storm"]) == (Text("Are you safe?"),)
    assert asked[-2:] == [("calm", 1, 2, ("sun", "storm")), ("worried", 1, 2, ("sun", "storm"))]
