"""How the fields of a form look to a person, and what they ask for."""

from collections.abc import Iterator, Mapping
from typing import Any

from simcord.enums import SELECT_TYPES, ComponentType

# What is shown of a text that stands in a field already.
_EXCERPT = 60


def is_required(control: Mapping[str, Any]) -> bool:
    """Whether Discord lets no form go while this field is empty."""
    usually = control["type"] in (ComponentType.TEXT_INPUT, *SELECT_TYPES)
    return bool(control.get("required", usually))


def most_values(control: Mapping[str, Any]) -> int:
    """Return how many values a person can give this field."""
    if control["type"] == ComponentType.CHECKBOX_GROUP:
        return int(control.get("max_values") or len(control.get("options") or ()))
    return int(control.get("max_values") or 1) if control["type"] in SELECT_TYPES else 1


def drawn_field(label: str, hint: str, control: Mapping[str, Any], filled: Any) -> Iterator[str]:
    """Yield a field with what is filled in: `(•)` and `[x]` for what is chosen, `▾` for a list; `*` must be filled."""
    name = f"{label}{' *' if is_required(control) else ''}"
    kind = ComponentType(control["type"])
    if kind is ComponentType.CHECKBOX:
        yield f"[{'x' if filled else ' '}] {name}"
    elif kind is ComponentType.TEXT_INPUT:
        yield f"{name}: {_excerpt(str(filled or control.get('placeholder') or '…'))}"
    elif kind in (ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP):
        yield f"{name}:"
    else:
        yield f"{name}: {_list(control, filled)}"
    if hint:
        yield f"  {hint}"
    if kind in (ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP):
        yield from _in_sight(control, filled)


def _in_sight(control: Mapping[str, Any], filled: Any) -> Iterator[str]:
    one = control["type"] == ComponentType.RADIO_GROUP
    chosen = [filled] if one else filled or ()
    for option in control.get("options") or ():
        on = option["value"] in chosen
        sign = f"({'•' if on else ' '})" if one else f"[{'x' if on else ' '}]"
        yield f"  {sign} {_option(option)}"


def _list(control: Mapping[str, Any], filled: Any) -> str:
    options = control.get("options") or ()
    chosen = [str(one["label"]) for one in options if one["value"] in (filled or ())]
    offered = " / ".join(_option(one) for one in options)
    return f"({', '.join(chosen) or control.get('placeholder') or 'choose'} ▾) {offered}".rstrip()


def _option(option: Mapping[str, Any]) -> str:
    return f"{option['label']} ({option['description']})" if option.get("description") else str(option["label"])


def _excerpt(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= _EXCERPT else first[: _EXCERPT - 1].rstrip() + "…"
