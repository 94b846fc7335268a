"""Checks requests and answers against Discord's own description of its REST API, where it is present."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.wire.discord_server.values import Json

SETTING = "EVENKEEL_DISCORD_OPENAPI"
FILE_NAME = "discord-openapi.json"
_BASE = "urn:discord"
# Discord reads a snowflake and a permission set from a number or from text; the description names one of
# the two, and discord.py sends the other. Both ways of writing are the same value.
_EITHER_WAY = {
    "SnowflakeType": {"anyOf": [{"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}, {"type": "integer", "minimum": 0}]},
}
_PERMISSIONS = frozenset({"allow", "deny", "permissions", "default_member_permissions"})


def find_description(start: Path | None = None) -> Path | None:
    """Where Discord's description lies: the setting's file, else `shared/discord-openapi.json` beside a parent.

    Raises FileNotFoundError when the setting names a file that is not there: a check asked for must not
    vanish.
    """
    named = os.environ.get(SETTING)
    if named:
        path = Path(named)
        if not path.is_file():
            raise FileNotFoundError(f"{SETTING} names a file that does not exist")
        return path
    here = (start or Path(__file__)).resolve()
    for folder in here.parents:
        for candidate in (folder / "shared" / FILE_NAME, folder.parent / "shared" / FILE_NAME):
            if candidate.is_file():
                return candidate
    return None


class ApiDescription:
    """Discord's OpenAPI file with a validator per request body and answer, each made on first use."""

    def __init__(self, document: Json) -> None:
        self.document = _with_both_writings(document)
        self.checked = 0
        resource: Resource[Any] = DRAFT202012.create_resource(self.document)
        self._registry: Registry[Any] = Registry().with_resource(_BASE, resource)
        self._validators: dict[str, Any] = {}
        templates: list[str] = sorted(document["paths"], key=_specificity)
        self._paths = [(_pattern(template), template) for template in templates]

    @classmethod
    def read(cls, path: Path) -> ApiDescription:
        """Reads the file; raises OSError or orjson.JSONDecodeError when it cannot."""
        return cls(orjson.loads(path.read_bytes()))

    def template_of(self, method: str, path: str) -> str | None:
        """The described path template of a concrete path, or None when Discord has no such route."""
        for pattern, template in self._paths:
            if pattern.fullmatch(path) and method.lower() in self.document["paths"][template]:
                return template
        return None

    def check_request(
        self, method: str, path: str, query: Mapping[str, str], body: Any, *, multipart: bool = False
    ) -> list[str]:
        """Every way in which a request differs from the description; an unknown route is one of them."""
        self.checked += 1
        template = self.template_of(method, path)
        if template is None:
            return [f"{method} {path}: Discord has no such route"]
        pointer = f"/paths/{_escape(template)}/{method.lower()}"
        operation = self.document["paths"][template][method.lower()]
        faults = self._check_query(template, method, query)
        content = operation.get("requestBody", {}).get("content")
        if body is None:
            if operation.get("requestBody", {}).get("required"):
                faults.append("the body is missing")
        elif content is None:
            faults.append("a body is sent where none is described")
        else:
            kind = "multipart/form-data" if multipart and "multipart/form-data" in content else "application/json"
            faults += self._faults(f"{pointer}/requestBody/content/{_escape(kind)}/schema", body)
        return [f"{method} {template}: {fault}" for fault in faults]

    def check_answer(self, method: str, template: str, status: int, body: Any) -> list[str]:
        """Every way in which this server's own answer differs from what Discord describes for the status."""
        described = self.document["paths"].get(template, {}).get(method.lower())
        if described is None:
            return []
        answer = described["responses"].get(str(status))
        if answer is None:
            return [f"{method} {template}: answer {status} is not described"]
        if body is None:
            return [] if "content" not in answer else [f"{method} {template}: answer {status} lacks its body"]
        pointer = f"/paths/{_escape(template)}/{method.lower()}/responses/{status}/content/application~1json/schema"
        return [f"{method} {template} answer {status}: {fault}" for fault in self._faults(pointer, body)]

    def _check_query(self, template: str, method: str, query: Mapping[str, str]) -> list[str]:
        item = self.document["paths"][template]
        known = {
            parameter["name"]: parameter
            for parameter in [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
            if parameter["in"] == "query"
        }
        faults = [f"query {name} is not described" for name in query if name not in known]
        for name, parameter in known.items():
            if name in query:
                if not _reads_as(query[name], parameter["schema"]):
                    faults.append(f"query {name}: {query[name]!r} does not fit")
            elif parameter.get("required"):
                faults.append(f"query {name} is missing")
        return faults

    def _faults(self, pointer: str, value: Any) -> list[str]:
        validator = self._validators.get(pointer)
        if validator is None:
            validator = Draft202012Validator({"$ref": f"{_BASE}#{pointer}"}, registry=self._registry)
            self._validators[pointer] = validator
        if validator.is_valid(value):
            return []
        clearest = [_clearest(error) for error in validator.iter_errors(value)]
        return [f"{error.json_path}: {_short(error.message)}" for error in clearest]


@cache
def described() -> ApiDescription | None:
    """The description of this machine, read once a process, or None where the file is absent."""
    path = find_description()
    return None if path is None else ApiDescription.read(path)


def report_line() -> str:
    """One line for the test report: how many requests were checked, or plainly that none could be."""
    description = described()
    if description is None:
        return f"Discord API description: ABSENT, requests were not checked against it (set {SETTING})"
    checked = f", {description.checked} requests checked against it" if description.checked else ""
    return f"Discord API description: present{checked}"


def _clearest(error: ValidationError) -> ValidationError:
    """Goes down into the alternative that was meant: the one whose own `type` fits what was sent."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
        meant = min(branches.values(), key=_foreignness)
        error = meant[0]
    return error


def _foreignness(errors: list[ValidationError]) -> tuple[bool, int]:
    wrong_kind = any(
        (len(error.relative_path) == 0 and error.validator == "type")
        or (list(error.relative_path) == ["type"] and error.validator in {"enum", "const", "oneOf"})
        for error in errors
    )
    return wrong_kind, len(errors)


def _with_both_writings(document: Json) -> Json:
    schemas = document["components"]["schemas"]
    for name, schema in _EITHER_WAY.items():
        schemas[name] = schema
    for name, schema in schemas.items():
        if not name.endswith("Request"):
            continue
        for key, value in schema.get("properties", {}).items():
            if key in _PERMISSIONS and "integer" in _types(value):
                value["type"] = [*_types(value), "string"]
                value["pattern"] = "^[0-9]+$"
    return document


def _types(schema: Json) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _reads_as(text: str, schema: Json) -> bool:
    kinds = _types(schema)
    if "boolean" in kinds:
        return text.lower() in {"true", "false", "1", "0"}
    if "integer" in kinds:
        return bool(re.fullmatch(r"-?[0-9]+", text)) and schema.get("minimum", int(text)) <= int(text) <= schema.get(
            "maximum", int(text)
        )
    if schema.get("$ref", "").endswith("/SnowflakeType"):
        return text.isdigit()
    return True


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z_0-9]+\\\}", "[^/]+", re.escape(template)))


def _specificity(template: str) -> tuple[int, str]:
    return template.count("{"), template


def _escape(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _short(message: str) -> str:
    # A body may hold a person's words; what failed is said by the path, so a long value is cut.
    return message if len(message) <= 200 else f"{message[:120]} ... {message[-60:]}"
