"""docs/operations.md names settings, commands and messages that the program has."""

import re
from pathlib import Path

import click
import pytest

from gongkai.cli import COMMANDS, main

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "gongkai"
TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")
ROOMS = ("cli", "journal", "files", "review", "disclosure", "reporting", "channels", "config")
PROGRAM = "".join(path.read_text("utf-8") for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py")))
CALL = re.compile(r"(?:^|[ `/])gongkai (?!gongkai )((?:[a-z]+ ?){1,2})([^`\n#]*)", re.M)
# What stands for a number, a name or the rest of a sentence.
OPEN = re.compile(r"[NMK]|…|<[^>]*>|“|”|[A-Z]{3,}|/| |-{1,2}[a-z-]+")


def messages() -> list[str]:
    """Every Chinese message quoted in the first column of a table."""
    cells = [line.split(" | ")[0] for line in TEXT.splitlines() if line.startswith("| `")]
    quoted = [text for cell in cells for text in re.findall(r"`([^`]+)`", cell)]
    return [text for text in quoted if re.search(r"[一-鿿]{2}", text)]


@pytest.mark.parametrize("message", messages())
def test_a_message_is_said_by_the_program(message: str) -> None:
    pieces = [piece for piece in OPEN.split(message) if len(piece) >= 2]
    assert pieces
    assert [piece for piece in pieces if piece not in PROGRAM] == []


def test_the_settings_named_are_those_that_are_read() -> None:
    settings = (SOURCE / "config" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'environ\.get\("(GONGKAI_\w+)"', settings))
    table = set(re.findall(r"^\| `(GONGKAI_\w+)` \|", TEXT, re.M))
    assert table == read


def test_every_command_and_option_exists() -> None:
    context = click.Context(main)
    seen = 0
    for words, rest in CALL.findall(TEXT):
        names = words.split()
        command = main.get_command(context, names[0])
        assert command is not None, f"gongkai {names[0]}"
        if isinstance(command, click.Group):
            command = command.get_command(context, names[1])
            assert command is not None, f"gongkai {words}"
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"(--[a-z-]+)", rest)) - known == set(), f"gongkai {words}{rest}"
        seen += 1
    assert seen > 20
    assert {"init", "serve", "check", "backup", "restore", "journal"} <= set(COMMANDS)
