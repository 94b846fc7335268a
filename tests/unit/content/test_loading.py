"""Loading a whole folder: what a sound one gives, and that every fault names its file and line."""

import time
from pathlib import Path

import pytest

from bot.content import Content, ContentFaults, Fault, load_content
from tests.unit.content.made import PLAIN_BODY, TOPICS, line_of, make_data, snippet_text, support_text

FILE = "data/snippets/a-quiet-evening.md"


def faults_of(data: Path) -> list[Fault]:
    with pytest.raises(ContentFaults) as raised:
        load_content(data)
    return list(raised.value.faults)


def test_a_sound_folder_loads_whole(tmp_path: Path) -> None:
    content = load_content(make_data(tmp_path))
    snippet = content.library.get("a-quiet-evening")
    assert snippet is not None
    assert snippet.body == PLAIN_BODY
    assert snippet.tags == ("evening", "quiet")
    assert snippet.claims[0].year == "2016"
    assert snippet.reviewed.isoformat() == "2026-11-22"
    assert snippet.see_also == ("another-evening",)
    assert content.library.get("nothing") is None
    assert [item.id for item in content.library.by_topic("peers")] == ["a-quiet-evening", "another-evening"]
    assert content.library.by_topic("nothing") == ()
    assert content.search_words.phrases["fits"] == ("seizure",)
    assert content.search_words.spellings["behaviour"] == "behavior"


def test_the_library_is_ordered_by_code_with_numbers_counted(tmp_path: Path) -> None:
    texts = [
        snippet_text(id=f"s-{code.lower()}", code=code, title=f"Title {code}", see_also="[]")
        for code in ("B1", "A10", "A9")
    ]
    library = load_content(make_data(tmp_path, *texts)).library
    assert [snippet.code for snippet in library] == ["A2", "A9", "A10", "B1"]
    assert len(library) == 4


def test_lines_wrapped_inside_a_paragraph_are_joined_and_lists_are_kept(tmp_path: Path) -> None:
    wrapped = PLAIN_BODY.replace("at night, with", "at night,\nwith").replace("\n\n", "\n\n- one\n- two\n\n")
    snippet = load_content(make_data(tmp_path, snippet_text(wrapped))).library.get("a-quiet-evening")
    assert snippet is not None
    assert "at night, with a cup" in snippet.body
    assert "\n\n- one\n- two\n\n" in snippet.body


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"title": None}, "---", "'title' is missing"),
        ({"title": "x" * 61}, "title", "'title' has 61 characters; at most 60"),
        ({"title": ""}, "title", "'title' is empty"),
        ({"id": "another"}, "id", "'id' must be the file's name"),
        ({"code": "1A"}, "code", "'code' must be a letter and a number like 'A1', not '1A'"),
        ({"topic": "weather"}, "topic", "'weather' is not a topic of topics.toml"),
        ({"audience": "all"}, "audience", "'audience' must be one of everyone, peers, family, not 'all'"),
        ({"tone": "loud"}, "tone", "'tone' must be one of careful, calm, not 'loud'"),
        ({"tags": "[]"}, "tags", "'tags' is empty"),
        ({"tags": "evening"}, "tags", "'tags' must be a list"),
        ({"tags": "[Evening]"}, "tags", "an item of 'tags' must be lower-case words of at most 30 characters"),
        ({"tags": "[evening, evening]"}, "tags", "'evening' stands twice in 'tags'"),
        ({"status": "checked"}, "status", "'status' must be one of needs_check, sourced, not 'checked'"),
        ({"claims": "[]"}, "status", "a snippet with status 'sourced' needs at least one claim"),
        ({"reviewed": "2026-02-30"}, "reviewed", "'reviewed' must be a real date like 2026-11-22, not '2026-02-30'"),
        ({"review_by": "22.5.2027"}, "review_by", "'review_by' must be a real date like 2026-11-22, not '22.5.2027'"),
        ({"reviewed_by": None}, "---", "'reviewed_by' is missing"),
        ({"question": "Tell us."}, "question", "'question' must end with a question mark"),
        ({"see_also": "[nowhere]"}, "see_also", "'see_also' names 'nowhere', which does not exist"),
        ({"see_also": "[a-quiet-evening]"}, "see_also", "'see_also' names the snippet itself"),
        ({"mood": "fine"}, "mood", "unknown key 'mood'"),
        ({"tone": "calm\ntone: careful"}, "tone: careful", "'tone' is written twice"),
    ],
)
def test_a_fault_in_the_front_matter_names_file_and_line(
    tmp_path: Path, changes: dict[str, str | None], key: str, message: str
) -> None:
    text = snippet_text(changes=changes)
    data = make_data(tmp_path, text)
    written = data / "snippets" / "a-quiet-evening.md"
    if not written.exists():
        (data / "snippets" / "another.md").rename(written)
    line = 2 if key == "---" else line_of(text, key)
    found = faults_of(data)
    assert any(fault.path == FILE and fault.line == line and message in fault.message for fault in found), found


@pytest.mark.parametrize(("key", "value"), [("code", "A2"), ("title", "Another Evening")])
def test_two_snippets_with_one_code_or_title_are_a_fault_of_the_second(tmp_path: Path, key: str, value: str) -> None:
    [fault] = faults_of(make_data(tmp_path, snippet_text(changes={key: value})))
    assert fault.path == "data/snippets/another-evening.md"
    assert fault.line == line_of(snippet_text(), key)
    assert fault.message == f"'{key}' is the same as in {FILE}"


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("source: B\n    year: 2016\n    address: https://b.org", "'says' is missing"),
        ("says: A\n    year: 2016\n    address: https://b.org", "'source' is missing"),
        ("says: A\n    source: B\n    address: https://b.org", "'year' is missing"),
        ("says: A\n    source: B\n    year: 2016", "'address' is missing"),
        ("says: A\n    source: B\n    year: 16\n    address: https://b.org", "'year' must be a year or 'n.d.'"),
        ("says: A\n    source: B\n    year: n.d.\n    address: b.org", "'address' must be an http or https address"),
        ("says: A\n    source: B\n    year: n.d.\n    address: ftp://b.org", "'address' must be an http or https"),
        ("says: A\n    source: B\n    year: n.d.\n    address: https://me:pw@b.org", "'address' must be an http or"),
        ("says: A\n    source: B\n    year: n.d.\n    address: https://localhost/x", "'address' must be an http or"),
        (
            "says: A\n    source: B\n    year: n.d.\n    address: https://b.org/a b",
            "'address' must be an http or https",
        ),
        ("says: A\n    source: B\n    year: n.d.\n    address: https://b.org\n    page: 3", "unknown key 'page'"),
    ],
)
def test_a_claim_needs_what_it_says_its_source_year_and_address(tmp_path: Path, claim: str, message: str) -> None:
    found = faults_of(make_data(tmp_path, snippet_text(claims=f"\n  - {claim}")))
    assert any(fault.path == FILE and message in fault.message for fault in found), found
    assert all(10 <= fault.line <= 15 for fault in found), found


def test_a_claim_without_a_year_says_so_and_is_sound(tmp_path: Path) -> None:
    claim = "\n  - says: A\n    source: B\n    year: n.d.\n    address: http://b.org/x?id=1&n=%22a%22"
    assert isinstance(load_content(make_data(tmp_path, snippet_text(claims=claim))), Content)


def test_an_unchecked_snippet_may_wait_for_its_sources(tmp_path: Path) -> None:
    data = make_data(tmp_path, snippet_text(status="needs_check", claims="[]"))
    assert len(load_content(data).library) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("Too short.", "the body has 2 words; 60 to 110"),
        ("word " * 110 + "end.", "the body has 111 words; 60 to 110"),
        (f"{'w' * 9} " * 89 + "w" * 11, "the body has 901 characters; at most 900"),
        (PLAIN_BODY.replace("\n\n", " \n\n"), "spaces at the end of the line"),
        ("# Title\n\n" + PLAIN_BODY, "a body is paragraphs and lists, without headings"),
    ],
)
def test_a_fault_of_the_body_is_found(tmp_path: Path, body: str, message: str) -> None:
    found = faults_of(make_data(tmp_path, snippet_text(body)))
    assert any(message in fault.message for fault in found), found


def test_a_body_of_exactly_sixty_and_a_hundred_and_ten_words_is_sound(tmp_path: Path) -> None:
    for words in (60, 110):
        data = make_data(tmp_path / str(words), snippet_text("Here is " + "tea " * (words - 3) + "now."))
        assert len(load_content(data).library) == 2


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"just words", 1, "front matter between two '---' lines"),
        (b"---\nid: a\n", 1, "front matter between two '---' lines"),
        (b"---\nid: [a\n---\n\nx\n", 3, "this is not YAML"),
        (b"---\n- a\n---\n\nx\n", 2, "expected lines of the form 'key: value'"),
        (b"---\na: &x 1\nb: *x\n---\n\nx\n", 2, "anchors and aliases have no place here"),
        (b"---\na: 1\n--- \nb: 2\n---\n\nx\n", 4, "a second document starts here"),
        (b"---\na: {b: {c: {d: {e: 1}}}}\n---\n\nx\n", 2, "nested too deeply"),
        (b"---\nid: a\n\n\xff\n---\n", 4, "the file is not UTF-8 text"),
        ("---\nid: a\n---\n\nm\u200bg\n".encode(), 5, "a character that nobody can see (U+200B)"),
    ],
)
def test_a_file_that_is_no_snippet_is_refused_with_its_line(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    data = make_data(tmp_path)
    (data / "snippets" / "odd.md").write_bytes(content)
    found = [fault for fault in faults_of(data) if fault.path == "data/snippets/odd.md"]
    assert any(fault.line == line and message in fault.message for fault in found), found


def test_hostile_nesting_is_a_fault_and_not_a_crash(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    (data / "snippets" / "odd.md").write_text(f"---\na: {'[' * 7000}{']' * 7000}\n---\n\nx\n")
    assert any("nested too deeply" in fault.message for fault in faults_of(data))
    (data / "snippets" / "odd.md").write_text(f"---\na: {'x' * 20000}\n---\n\nx\n")
    assert any("front matter is longer" in fault.message for fault in faults_of(data))


def test_other_files_and_an_empty_folder_are_faults(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    (data / "snippets" / "notes.txt").write_text("x")
    assert [str(fault) for fault in faults_of(data)] == [
        "data/snippets/notes.txt:1: only snippets (.md files) belong in this folder"
    ]
    for path in (data / "snippets").iterdir():
        path.unlink()
    assert [str(fault) for fault in faults_of(data)] == ["data/snippets:1: there are no snippets"]


def test_a_missing_file_is_one_fault_that_names_it(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    (data / "support_lines.toml").unlink()
    assert [str(fault) for fault in faults_of(data)] == [
        "data/support_lines.toml:1: the file can't be read: No such file or directory"
    ]


def test_all_faults_are_told_at_once_in_order(tmp_path: Path) -> None:
    data = make_data(tmp_path, snippet_text(tone="loud", mood="x"), topics=TOPICS + "[weather\n", support_lines="x")
    found = faults_of(data)
    assert found == sorted(found)
    assert {fault.path for fault in found} == {FILE, "data/topics.toml", "data/support_lines.toml"} | {
        "data/snippets/another-evening.md"  # its topic is gone with the topics
    }


@pytest.mark.parametrize(
    ("topics", "line", "message"),
    [
        (TOPICS + '[Weather]\nname = "W"\ndescription = "D"\n', 4, "'Weather' must be lower-case letters"),
        (TOPICS + '[weather]\nname = "W"\n', 4, "'description' is missing"),
        (TOPICS + f'[weather]\nname = "{"W" * 46}"\ndescription = "D"\n', 5, "'name' has 46 characters; at most 45"),
        (TOPICS + '[weather]\nname = "W"\ndescription = "You should read it."\n', 4, "should"),
        (TOPICS + '[weather]\nname = "W"\ndescription = "D"\ncolour = "x"\n', 7, "unknown key 'colour'"),
    ],
)
def test_a_fault_of_the_topics_is_found(tmp_path: Path, topics: str, line: int, message: str) -> None:
    found = faults_of(make_data(tmp_path, topics=topics))
    assert any(f.path == "data/topics.toml" and f.line == line and message in f.message for f in found), found


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ("[phrases]\n[spellings]\nA = 'b'\n", 3, "'A' must be a lower-case word"),
        ("[phrases]\n\"Fits\" = ['x']\n[spellings]\n", 2, "'Fits' must be lower-case words"),
        ("[phrases]\nfits = 'x'\n[spellings]\n", 2, "'words' must be a list"),
        ("[phrases]\n", 1, "'spellings' is missing"),
        ("[phrases]\n[spellings]\na = 'b'\nb = 'c'\n", 2, "'a' leads to 'b', which leads on"),
    ],
)
def test_a_fault_of_the_search_words_is_found(tmp_path: Path, words: str, line: int, message: str) -> None:
    found = faults_of(make_data(tmp_path, search_words=words))
    assert any(f.path == "data/search_words.toml" and f.line == line and message in f.message for f in found), found


def test_eighty_four_snippets_load_quickly(tmp_path: Path) -> None:
    texts = [
        snippet_text(
            id=f"s-{place}", code=f"{'ABCDEF'[place // 20]}{place % 20 + 3}", title=f"T {place}", see_also="[]"
        )
        for place in range(83)
    ]
    data = make_data(tmp_path, *texts, support_lines=support_text())
    load_content(data)
    spent = []
    for _ in range(5):
        start = time.thread_time()
        assert len(load_content(data).library) == 84
        spent.append(time.thread_time() - start)
    # 60 ms of processor time were measured with room to spare; twice that leaves room for slow machines.
    assert min(spent) < 0.12
