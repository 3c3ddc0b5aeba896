"""Errors of language files name the file and the key."""

import pytest

from languages import LanguageFileError, UnknownLanguage, loader, require


def test_unknown_language_lists_the_known():
    with pytest.raises(UnknownLanguage, match=r"'xx' is unknown.*en.*bn"):
        require(["en", "xx"])


def test_error_names_file_and_key(tmp_path, monkeypatch):
    monkeypatch.setattr(loader, "FOLDER", tmp_path / "languages")
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "xx.toml").write_text('review = "model"\n[language]\ncode = "xx"\n', "utf-8")
    loader.load.cache_clear()
    with pytest.raises(LanguageFileError, match=r"languages/xx.toml: .*language\.name: Field required"):
        loader.load("xx")
    loader.load.cache_clear()
