"""An open form: its fields by label, and what is filled in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simcord import InteractionResult
from simcord.enums import SELECT_TYPES, ComponentType

from rehearsal.script.controls import drawn_field, is_required, most_values
from rehearsal.script.steps import Value

_YES = {"yes": True, "no": False}


class StepError(Exception):
    """A person could not do this here; one sentence says why."""


@dataclass
class Form:
    """A form that the bot shows somebody."""

    shown: InteractionResult
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._payload: dict[str, Any] = self.shown.modal or {}
        for _label, control in self.fields():
            filled = _prefilled(control)
            if filled is not None:
                self.values[control["custom_id"]] = filled

    @property
    def title(self) -> str:
        return str(self._payload.get("title") or "")

    def fields(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield every field with its label, from the top."""
        for component in self._payload.get("components") or ():
            if component.get("type") == ComponentType.LABEL:
                yield str(component.get("label") or ""), component["component"]
            elif component.get("type") == ComponentType.ACTION_ROW:
                for child in component.get("components") or ():
                    yield str(child.get("label") or ""), child

    def words(self) -> str:
        """Return everything a person reads on the form."""
        return "\n".join([self.title, *self.lines()])

    def lines(self) -> Iterator[str]:
        """Yield the form as it looks now, from the top: each field with its hint and with what stands in it."""
        for component in self._payload.get("components") or ():
            if component.get("content"):
                yield from str(component["content"]).splitlines()
            control = component.get("component") or next(iter(component.get("components") or ()), None)
            if control is not None:
                label = str(component.get("label") or control.get("label") or "")
                hint = str(component.get("description") or "")
                yield from drawn_field(label, hint, control, self.values.get(str(control["custom_id"])))

    def fill(self, label: str, values: Sequence[Value], entity: Callable[[Value, int], Any]) -> None:
        """Fill the field with this label; `entity` finds the person, role or channel of a value.

        Raises `StepError` where there is no such field or it does not take these values.
        """
        control = self._field(label)
        kind = ComponentType(control["type"])
        custom_id = str(control["custom_id"])
        if len(values) > most_values(control):
            raise StepError(f"“{label}” takes {most_values(control)} at most")
        if kind is ComponentType.TEXT_INPUT:
            self.values[custom_id] = _typed(label, control, values[0].text)
        elif kind is ComponentType.CHECKBOX:
            if values[0].text not in _YES:
                raise StepError(f"“{label}” is filled with yes or no")
            self.values[custom_id] = _YES[values[0].text]
        elif control.get("options"):
            chosen = [_option(label, control, value.text) for value in values]
            self.values[custom_id] = chosen[0] if kind is ComponentType.RADIO_GROUP else chosen
        elif kind in SELECT_TYPES:
            self.values[custom_id] = [entity(value, kind) for value in values]
        else:
            raise StepError(f"“{label}” is a field that a scenario can't fill")

    def clear(self, label: str) -> None:
        """Empty the field with this label. Raises `StepError` where that can't be done in Discord either."""
        control = self._field(label)
        kind, custom_id = ComponentType(control["type"]), str(control["custom_id"])
        if kind is ComponentType.RADIO_GROUP and self.values.get(custom_id) is not None:
            raise StepError(f"one of “{label}” stays chosen: choose another one")
        if kind is ComponentType.CHECKBOX:
            self.values[custom_id] = False
        else:
            self.values.pop(custom_id, None)

    def check(self) -> None:
        """Raise `StepError` where Discord would not let the form go: a field that must be filled in is empty."""
        for label, control in self.fields():
            filled = self.values.get(str(control["custom_id"]))
            shortest = int(control.get("min_length") or 0)
            if filled in (None, "", []) and is_required(control):
                raise StepError(f"“{label}” must be filled in")
            if isinstance(filled, str) and filled and len(filled) < shortest:
                raise StepError(f"“{label}” takes {shortest} characters at least; these are {len(filled)}")

    def _field(self, label: str) -> Mapping[str, Any]:
        fields = list(self.fields())
        for name, control in fields:
            if name.casefold() == label.casefold():
                return control
        there = ", ".join(f"“{name}”" for name, _control in fields)
        raise StepError(f"the form has no field “{label}”; it has {there}")


def _typed(label: str, control: Mapping[str, Any], text: str) -> str:
    longest = control.get("max_length")
    if longest is not None and len(text) > longest:
        raise StepError(f"“{label}” takes {longest} characters at most; these are {len(text)}")
    return text


def _option(label: str, control: Mapping[str, Any], wanted: str) -> str:
    for option in control["options"]:
        if str(option["label"]).casefold() == wanted.casefold():
            return str(option["value"])
    there = ", ".join(f"“{option['label']}”" for option in control["options"])
    raise StepError(f"“{label}” does not offer “{wanted}”; it offers {there}")


def _prefilled(control: Mapping[str, Any]) -> Any:
    """Return what Discord's client sends for a field nobody touches, or nothing."""
    kind = ComponentType(control["type"])
    if kind is ComponentType.TEXT_INPUT:
        return control.get("value") or None
    if kind is ComponentType.CHECKBOX:
        return bool(control.get("default"))
    defaults = [str(option["value"]) for option in control.get("options") or () if option.get("default")]
    if kind is ComponentType.RADIO_GROUP:
        return defaults[0] if defaults else None
    return defaults or None
