"""A small, sound `data/` folder to break on purpose."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 22)

CLOSING = "Don't stop suddenly; talk to your prescriber."

PLAIN_BODY = (
    "You are not alone with this. Many people have sat where you sit now, late at night, with a cup of tea going "
    "cold. It can help to tell one other person how the day was. A few words will do, and no one needs the whole "
    "story.\n\nIf you would rather listen, that is fine too. You can come and go as you like, and you can say as much "
    "or as little as suits you today."
)
"""Two paragraphs that no rule objects to: 82 words."""

FRONT: Mapping[str, str] = {
    "id": "a-quiet-evening",
    "code": "A1",
    "title": "A quiet evening",
    "topic": "peers",
    "audience": "everyone",
    "tone": "calm",
    "tags": "[evening, quiet]",
    "status": "sourced",
    "claims": (
        "\n  - says: Groups of peers can be a comfort.\n    source: A review\n    year: 2016\n"
        "    address: https://example.org/review"
    ),
    "reviewed": "2026-11-22",
    "reviewed_by": '""',
    "review_by": "2027-05-22",
    "question": "What makes an evening quiet for you?",
    "see_also": "[another-evening]",
}

TOPICS = '[peers]\nname = "Support among peers"\ndescription = "What groups give."\n'

STANDING = 'status = "{status}"\nlast_checked = "2026-11-22"\nlast_verified = ""\nverified_by = ""\n'

LINE = (
    '[[line]]\nid = "us-one"\ncountry = "US"\ncountry_name = "United States"\nservice = "One"\nkind = "crisis"\n'
    'call = "555-0100"\naddress = "https://example.org"\nsource_seen = "a page"\n'
)

EMERGENCY = (
    '[[emergency]]\ncountry = "US"\ncountry_name = "United States"\nnumber = "911"\nsource_seen = "general knowledge"\n'
)

ELSEWHERE = (
    '[elsewhere]\nservice = "A directory"\nnote = "Lines by country."\naddress = "https://example.org"\n'
    'source_seen = "a page"\n'
)

WHY = (
    "It often feels that way before the first time. Many people only listen at first, and a group is glad of them. "
    "Being there is a way of taking part, too."
)
"""A reason that no rule objects to: 31 words."""

_THINGS = (
    "anchor apple basket bell bench blanket bottle bridge button candle compass cup drawer feather fence garden glove "
    "hammer island jar kite ladder lantern lemon map mirror needle oar pebble ribbon spoon"
)
THINGS = _THINGS.split()
"""What the prompts of a made folder are about: 31, as many as a group needs."""

SEARCH_WORDS = '[phrases]\n"fits" = ["seizure"]\n\n[spellings]\nbehaviour = "behavior"\n'

_FAMILY = '[[family]]\nname = "one"\nabout = "One thing."\ntense = "now"\nphrases = ["{phrase}"]\n'
SCREENING: Mapping[str, str] = {
    "words": '[lists]\nfillers = ["just"]\n\n[spellings]\nim = "i am"\n',
    "guards": (
        'harmless = ["sinking feeling"]\nown_voice = ["i think"]\n\n'
        '[[guard]]\nname = "negation"\nabout = "It is not so."\nplace = "before"\nphrases = ["not"]\n'
    ),
    "self_harm_now": _FAMILY.format(phrase="I ~ am sinking"),
    "emergency_now": _FAMILY.format(phrase="boat is/has sinking/sunk"),
}
"""The files of screening, on boats."""


def snippet_text(body: str = PLAIN_BODY, changes: Mapping[str, str | None] | None = None, **more: str) -> str:
    """A snippet file; `None` leaves a key out, other changes replace what is written after the colon."""
    fields = {**FRONT, **(changes or {}), **more}
    front = "".join(f"{key}: {value}\n" for key, value in fields.items() if value is not None)
    return f"---\n{front}---\n\n{body}\n"


def statement_text(**changes: str) -> str:
    """A statement of a quiz file on the snippet that `make_data` always writes; changes are TOML values."""
    fields = {
        "id": '"listening-counts"',
        "snippet": '"another-evening"',
        "says": '"Somebody who only listens takes part, too."',
        "answer": "true",
        "why": f'"{WHY}"',
    }
    return "[[statement]]\n" + "".join(f"{key} = {value}\n" for key, value in (fields | changes).items())


def quiz_text(*texts: str) -> str:
    """A quiz file: the given statements, filled up to six sound ones, of which every second is true."""
    more = (
        statement_text(id=f'"sound-{place}"', answer="true" if place % 2 else "false") for place in range(len(texts), 6)
    )
    return "\n".join((*texts, *more))


def prompt_text(**changes: str) -> str:
    """A prompt of the prompts file that no rule objects to; changes are TOML values."""
    fields = {"id": '"a-walk"', "text": '"Say you went for a walk. Who or what would you like to meet on the way?"'}
    return "[[prompt]]\n" + "".join(f"{key} = {value}\n" for key, value in (fields | changes).items())


def prompts_text(*texts: str) -> str:
    """A prompts file: the given prompts before as many sound ones as a group needs."""
    more = (
        prompt_text(id=f'"{thing}"', text=f'"The {thing} lies on the table. What would you put beside the {thing}?"')
        for thing in THINGS
    )
    return "\n".join((*texts, *more))


def question_text(of: str = "a-short-one", /, **changes: str | None) -> str:
    """A question of the questions file, a mood of five words; changes are TOML values, `None` leaves a key out."""
    fields: dict[str, str | None] = {
        "id": '"mood"',
        "kind": '"scale"',
        "role": '"mood"',
        "label": '"How are you?"',
        "lowest": "1",
        "highest": "5",
        "words": '["Low", "Lowish", "So-so", "All right", "Good"]',
    }
    told = (f"{key} = {value}\n" for key, value in (fields | changes).items() if value is not None)
    return f"[[{of}.question]]\n" + "".join(told)


def questions_text(*questions: str, key: str = "a-short-one", **changes: str) -> str:
    """A questions file with one set; changes are TOML values of the set."""
    fields = {"name": '"A short one"', "description": '"One question, for a start."'} | changes
    told = "".join(f"{part} = {value}\n" for part, value in fields.items())
    return "\n".join((f"[{key}]\n{told}", *(questions or (question_text(key),))))


def line_of(text: str, start: str) -> int:
    """The number of the first line that starts with `start`."""
    return next(number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(start))


def support_text(line: str = LINE, emergency: str = EMERGENCY, elsewhere: str = ELSEWHERE) -> str:
    """A file of support lines with one entry of each kind."""
    seen, unchecked = STANDING.format(status="seen"), STANDING.format(status="needs_check")
    return f"{line}{seen}\n{emergency}{unchecked}\n{elsewhere}{unchecked}"


def make_data(folder: Path, *snippets: str, **files: str) -> Path:
    """Writes a data folder: given snippets (by their id) beside a second sound one, given files by their stem."""
    data = folder / "data"
    (data / "snippets").mkdir(parents=True)
    other = snippet_text(id="another-evening", code="A2", title="Another evening", see_also="[]")
    for text in (*(snippets or (snippet_text(),)), other):
        name = next((line[4:] for line in text.split("\n") if line.startswith("id: ")), "nameless")
        (data / "snippets" / f"{name}.md").write_text(text, encoding="utf-8")
    for stem, text in (
        {
            "topics": TOPICS,
            "support_lines": support_text(),
            "search_words": SEARCH_WORDS,
            "prompts": prompts_text(),
            "questions": questions_text(),
        }
        | files
    ).items():
        (data / f"{stem}.toml").write_text(text, encoding="utf-8")
    (data / "screening").mkdir()
    for name, text in SCREENING.items():
        (data / "screening" / f"{name}.toml").write_text(text, encoding="utf-8")
    (data / "quiz").mkdir()
    (data / "quiz" / "peers.toml").write_text(quiz_text(), encoding="utf-8")
    return data
