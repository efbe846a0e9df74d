"""Reminders as lines of JSON in the instance folder, for trials and for a program that fetches them there."""

import json
import os
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.journal import clock
from gongkai.workbench.gateways import Entry, Gateway, Message, NotSent

FOLDER = "messages"


@dataclass(frozen=True)
class FileGateway(Gateway):
    """Appends to `messages/NAME.jsonl`, one line a message."""

    def cleaned(self, address: str) -> str:
        return ""

    def send(self, message: Message) -> None:
        line = json.dumps(
            {
                "id": message.id,
                "at": clock.now().isoformat(),
                "text": message.text,
                "due_on": message.due_on.isoformat(),
            },
            ensure_ascii=False,
        )
        folder = settings.INSTANCE.home / FOLDER
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            handle = os.open(folder / f"{self.name}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise NotSent(_("The file of messages cannot be written."), again=True) from error
        # One write, so that two processes never mix their lines.
        with os.fdopen(handle, "wb", buffering=0) as stream:
            stream.write(f"{line}\n".encode())


def build(name: str, label: str, entry: Entry) -> Gateway:
    """Needs nothing but its name."""
    return FileGateway(name, label)
