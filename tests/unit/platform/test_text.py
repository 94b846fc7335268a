from pathlib import Path

import pytest

from bot.text import MissingText, load_catalogue, t
from bot.text.catalogue import DATA_DIR, limit_of


def write(folder: Path, words: str) -> Path:
    (folder / "demo.toml").write_text(words, encoding="utf-8")
    return folder


def test_a_sentence_takes_its_data_and_its_plural(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, '[found]\none = "{count} text"\nother = "{count} texts"\n'))
    assert catalogue.text("demo.found", count=1) == "1 text"
    assert catalogue.text("demo.found", count=3) == "3 texts"


def test_what_is_missing_is_a_mistake_in_the_code(tmp_path: Path) -> None:
    catalogue = load_catalogue(write(tmp_path, 'hello = "Hello {name}"\n'))
    with pytest.raises(MissingText):
        catalogue.text("demo.goodbye")
    with pytest.raises(MissingText, match="name"):
        catalogue.text("demo.hello", other=1)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"demo\.toml"):
        load_catalogue(write(tmp_path, "hello = \n"))
    with pytest.raises(ValueError, match=r"demo\.count"):
        load_catalogue(write(tmp_path, "count = 3\n"))


def test_every_shipped_text_fits_its_place() -> None:
    catalogue = load_catalogue(DATA_DIR / "texts")
    assert catalogue.entries
    for key, entry in catalogue.entries.items():
        for words in [entry] if isinstance(entry, str) else entry.values():
            assert 0 < len(words) <= limit_of(key), key


def test_words_of_people_cannot_reach_into_the_template() -> None:
    assert "{reference}" in t("kit.error.unexpected", reference="{reference}")
