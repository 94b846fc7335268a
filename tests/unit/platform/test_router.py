"""The way of a press or a form to its handler."""

import pytest

from bot.discordkit import Press, is_private, pressed, say
from bot.errors import Refusal
from bot.policy import Standing
from bot.text import t
from tests.unit.platform.desk import AUTOCOMPLETE, COMMAND, FORM, ROBIN, SERVER, SHOWN, UPDATED, Desk


class Rooms:
    """A feature's handlers."""

    def __init__(self) -> None:
        self.presses: list[Press] = []

    @pressed("care", "claim", action="care.claim")
    async def claim(self, press: Press) -> None:
        self.presses.append(press)
        await press.answer.redraw(say("I see you."))

    @pressed("me", "words", action="me.settings")
    @pressed("me", "other", action="me.settings")
    async def words(self, press: Press) -> None:
        self.presses.append(press)

    @pressed("me", "refuses", action="me.settings")
    async def refuses(self, press: Press) -> None:
        raise Refusal("kit.refused.not_yours")

    @pressed("me", "breaks", action="me.settings")
    async def breaks(self, press: Press) -> None:
        raise ZeroDivisionError

    @pressed("me", "openly", action="me.settings", public=True)
    async def openly(self, press: Press) -> None:
        await press.answer.show(say("For everybody."))

    @pressed("me", "turns", action="me.settings")
    async def turns(self, press: Press) -> None:
        self.presses.append(press)
        await press.turn(say("The next page."))

    @pressed("me", "lost", action="me.no_such_action")
    async def lost(self, press: Press) -> None:
        self.presses.append(press)


class Twin:
    @pressed("me", "words", action="me.settings")
    async def words(self, press: Press) -> None:
        """Claims what the other has."""


@pytest.fixture
def rooms(desk: Desk) -> Rooms:
    rooms = Rooms()
    desk.router.collect(rooms)
    desk.chair.who = Standing(ROBIN, SERVER, facilitator=True)
    return rooms


async def test_a_press_reaches_its_handler_with_all_it_says(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:care:claim:row-7", values=["a", "b"]))
    [press] = rooms.presses
    assert (press.key, press.submission, press.values) == ("row-7", "", ("a", "b"))
    assert press.who.user_id == ROBIN
    assert [call.kind for call in desk.line.calls] == [UPDATED]


async def test_a_form_reaches_its_handler_with_its_words_and_its_mark(desk: Desk, rooms: Rooms) -> None:
    components = [
        {"type": 18, "component": {"type": 4, "custom_id": "name", "value": "  Robin "}},
        {"type": 18, "component": {"type": 3, "custom_id": "kind", "values": ["1", "2"]}},
    ]
    await desk.router.route(desk.press("ek1:me:words:k#mark", kind=FORM, components=components))
    [press] = rooms.presses
    assert (press.key, press.submission) == ("k", "mark")
    assert press.words("name") == "Robin"
    assert press.words("kind") == ""
    assert press.words("missing") == ""
    assert press.chosen("kind") == ("1", "2")
    assert press.chosen("name") == ("  Robin ",)
    assert press.chosen("missing") == ()


async def test_radio_and_checkbox_groups_are_read_alike(desk: Desk, rooms: Rooms) -> None:
    components = [
        {"type": 18, "component": {"type": 21, "custom_id": "who", "value": "me"}},
        {"type": 18, "component": {"type": 21, "custom_id": "left", "value": None}},
        {"type": 18, "component": {"type": 22, "custom_id": "helped", "values": ["tea", "walk"]}},
        {"type": 18, "component": {"type": 22, "custom_id": "none", "values": []}},
    ]
    await desk.router.route(desk.press("ek1:me:words:", kind=FORM, components=components))
    [press] = rooms.presses
    assert press.chosen("who") == ("me",)
    assert press.chosen("left") == ()
    assert press.chosen("helped") == ("tea", "walk")
    assert press.chosen("none") == ()


async def test_a_turn_redraws_a_message_of_ones_own(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:me:turns:", private=True))
    assert rooms.presses[0].private
    assert [call.kind for call in desk.line.calls] == [UPDATED]


async def test_a_turn_below_a_public_message_answers_one_person_and_leaves_it(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:me:turns:"))
    assert not rooms.presses[0].private
    [call] = desk.line.calls
    assert call.kind == SHOWN
    assert call.private


async def test_a_form_that_a_command_opened_has_no_message_to_redraw(desk: Desk, rooms: Rooms) -> None:
    interaction = desk.interaction(FORM, {"custom_id": "ek1:me:turns:", "components": []})
    assert not is_private(interaction)
    await desk.router.route(interaction)
    [call] = desk.line.calls
    assert call.kind == SHOWN
    assert call.private


async def test_one_method_may_answer_two_verbs(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:me:words:"))
    await desk.router.route(desk.press("ek1:me:other:"))
    assert len(rooms.presses) == 2


@pytest.mark.parametrize("custom_id", ["ek1:care:gone:", "ek1:nothing:claim:7"])
async def test_an_id_of_ours_that_nobody_knows_is_told_kindly(desk: Desk, rooms: Rooms, custom_id: str) -> None:
    await desk.router.route(desk.press(custom_id))
    [call] = desk.line.calls
    assert call.private
    assert t("kit.refused.outdated") in call.text
    assert rooms.presses == []


@pytest.mark.parametrize("custom_id", ["", "someone-elses", "ek2:care:claim:7", "ek1:care", "ek1:CARE:claim:7"])
async def test_an_id_that_is_not_ours_is_left_alone(desk: Desk, rooms: Rooms, custom_id: str) -> None:
    await desk.router.route(desk.press(custom_id))
    assert desk.line.calls == []
    assert rooms.presses == []


@pytest.mark.parametrize("kind", [COMMAND, AUTOCOMPLETE])
async def test_commands_and_suggestions_go_another_way(desk: Desk, rooms: Rooms, kind: int) -> None:
    await desk.router.route(desk.interaction(kind, {"custom_id": "ek1:care:claim:7", "name": "x", "type": 1}))
    assert rooms.presses == []


async def test_two_handlers_for_one_verb_are_refused(desk: Desk, rooms: Rooms) -> None:
    with pytest.raises(ValueError, match="me:words"):
        desk.router.collect(Twin())


async def test_the_policy_is_asked_again_on_every_press(desk: Desk, rooms: Rooms) -> None:
    custom_id = "ek1:care:claim:row-7"
    await desk.router.route(desk.press(custom_id))
    desk.chair.who = Standing(ROBIN, SERVER)
    await desk.router.route(desk.press(custom_id))
    desk.chair.who = Standing(ROBIN, None)
    await desk.router.route(desk.press(custom_id))
    assert len(rooms.presses) == 1
    assert desk.chair.asked == 3
    assert t("kit.refused.facilitator") in desk.line.calls[1].text
    assert t("kit.refused.server_only") in desk.line.calls[2].text
    assert all(call.private for call in desk.line.calls[1:])


async def test_an_action_the_policy_does_not_name_is_refused(desk: Desk, rooms: Rooms) -> None:
    desk.chair.who = Standing(ROBIN, SERVER, admin=True)
    await desk.router.route(desk.press("ek1:me:lost:"))
    assert rooms.presses == []
    assert t("kit.refused.unknown") in desk.line.calls[0].text


async def test_a_refusal_is_told_and_any_other_error_goes_on(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:me:refuses:"))
    assert t("kit.refused.not_yours") in desk.line.calls[0].text
    with pytest.raises(ZeroDivisionError):
        await desk.router.route(desk.press("ek1:me:breaks:"))
    await desk.front.quiet()  # also what failed is over


async def test_an_open_answer_is_open_only_by_the_routes_own_word(desk: Desk, rooms: Rooms) -> None:
    await desk.router.route(desk.press("ek1:me:openly:"))
    assert not desk.line.calls[0].private


async def test_what_is_under_way_is_known_and_counted(desk: Desk) -> None:
    class Slow:
        @pressed("me", "slow", action="me.settings")
        async def slow(self, press: Press) -> None:
            assert not desk.front._idle.is_set()

    desk.router.collect(Slow())
    await desk.router.route(desk.press("ek1:me:slow:"))
    await desk.front.quiet()
    assert 'evenkeel_interaction_seconds_count{action="me.settings"} 1.0' in desk.metrics.render().decode()
