"""The ways by which a reminder leaves the instance: e-mail, a signed HTTP call (SMS, government WeChat), a file.

An administrator of the machine writes what the instance offers into `keys/gateways.json`, beside the other
secrets: a list of objects with `kind`, `name`, `label` and what the kind needs. A further kind is a `Gateway`
made known with `register`, from an AppConfig.ready.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused

FILE = "gateways.json"
LONGEST_ADDRESS = 200
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)


class Misconfigured(Exception):
    """`gateways.json` cannot be used; the text says what is wrong in one sentence."""


class NotSent(Exception):
    """The message certainly did not go out. again: whether a later attempt may succeed."""

    def __init__(self, sentence: str, *, again: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.again = again


class Unclear(Exception):
    """The message may or may not have gone out; the text says why in one sentence."""


@dataclass(frozen=True)
class Message:
    """What a gateway is given. id: the same for every attempt, so that a receiver may drop a second one."""

    id: str
    address: str
    subject: str
    text: str
    due_on: date


@dataclass(frozen=True)
class Gateway(ABC):
    """One way out. name: stored with what a person chose; label: what they read."""

    name: str
    label: str

    # What the person has to give; empty: nothing.
    address_label = ""

    def cleaned(self, address: str) -> str:
        """The address as it is kept. Raises Refused, saying what would do."""
        said = address.strip()
        if not said or len(said) > LONGEST_ADDRESS or not said.isprintable() or " " in said:
            raise Refused(_("Enter your number or account there, without spaces."))
        return said

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send, waiting no longer than a few seconds.

        Raises NotSent where the message certainly did not go out; any other exception leaves it unclear.
        """


class Entry:
    """One object of `gateways.json`; asks for what is in it and names what is wrong."""

    def __init__(self, said: Any, place: int) -> None:
        if not isinstance(said, dict):
            raise Misconfigured(_("Gateway %(n)d is not an object.") % {"n": place})
        self._said, self._place = dict(said), place

    def text(self, key: str, default: str | None = None, *, least: int = 1) -> str:
        """A text of at least `least` characters."""
        value = self._said.pop(key, default)
        if not isinstance(value, str) or (value != default and len(value) < least):
            raise self.wrong(key)
        return value

    def number(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._said.pop(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key)
        return value

    def choice(self, key: str, *values: str) -> str:
        """One of `values`, the first where nothing is said."""
        value = self._said.pop(key, values[0])
        if value not in values:
            raise self.wrong(key)
        return str(value)

    def wrong(self, key: str) -> Misconfigured:
        """The refusal of a value."""
        return Misconfigured(
            _("Gateway %(n)d: “%(key)s” is missing or not as docs/operations.md says.")
            % {"n": self._place, "key": key}
        )

    def end(self) -> None:
        """Refuse what nobody asked for: most likely a mistyped name."""
        for key in self._said:
            raise Misconfigured(
                _("Gateway %(n)d: “%(key)s” is not known here.") % {"n": self._place, "key": key}
            )


Build = Callable[[str, str, Entry], Gateway]
_kinds: dict[str, Build] = {}


def register(kind: str, build: Build) -> None:
    """Make a kind of gateway known. build(name, label, entry): takes what it needs from the entry."""
    _kinds[kind] = build


def offered() -> dict[str, Gateway]:
    """The gateways of this instance by name; a demonstration without a list has the file. Raises Misconfigured."""
    path = settings.INSTANCE.home / "keys" / FILE
    if not path.exists():
        trial = "file"
        return {trial: _kinds[trial](trial, _("Trial file"), Entry({}, 1))} if settings.INSTANCE.demo else {}
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(_("keys/gateways.json is not readable JSON.")) from error
    if not isinstance(said, list):
        raise Misconfigured(_("keys/gateways.json is not a list of gateways."))
    found: dict[str, Gateway] = {}
    for place, each in enumerate(said, 1):
        gateway = _gateway(Entry(each, place))
        if gateway.name in found:
            raise Misconfigured(_("Two gateways have the name “%(name)s”.") % {"name": gateway.name})
        found[gateway.name] = gateway
    return found


def _gateway(entry: Entry) -> Gateway:
    build = _kinds.get(entry.text("kind"))
    if build is None:
        raise entry.wrong("kind")
    name = entry.text("name")
    if not _NAME.fullmatch(name):
        raise entry.wrong("name")
    gateway = build(name, entry.text("label"), entry)
    entry.end()
    return gateway
