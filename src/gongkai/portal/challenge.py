"""The bot defence of the public forms, one for all of them.

Each form carries a signed token and a proof-of-work challenge (altcha) that the browser solves while one
types: nothing to see, hear or puzzle out (信息无障碍). Without a script the form is sent without the proof; it
is then taken only after some seconds, and the rooms take fewer such forms from one network in an hour.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altcha
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from gongkai.agencies.policy import Refused

TOKEN, ANSWER, TRAP = "challenge_token", "challenge_answer", "challenge_website"
LIFETIME = 4 * 60 * 60
# Nobody reads and fills in a form in less; a program without a proof has to wait.
QUICKEST = 5
# Sixteen zero bits: about a second in a browser.
PREFIX = "0000"
LONGEST_ANSWER = 4000
_SALT = "gongkai.portal.challenge"


@dataclass(frozen=True)
class Proof:
    """A form that passed. token: names this one form, so that it is taken once; worked: with a proof of work."""

    token: str
    worked: bool


def issue() -> dict[str, str]:
    """A fresh challenge for partials/challenge.html: {"token", "challenge" (JSON)}."""
    token = secrets.token_hex(16)
    made = altcha.create_challenge(
        "SHA-256",
        1,
        key_prefix=PREFIX,
        expires_at=int(time.time()) + LIFETIME,
        data={"form": token},
        hmac_secret=settings.SECRET_KEY,
    )
    return {"token": signing.dumps(token, salt=_SALT), "challenge": json.dumps(made.to_dict())}


def check(sent: Mapping[str, Any]) -> Proof:
    """Judge the challenge fields of a form that was sent. Raises Refused with what to do; the form is kept."""
    if sent.get(TRAP):
        raise Refused(_("Leave the field for machines empty and send the form again."))
    try:
        token: str = signing.loads(str(sent.get(TOKEN, "")), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise Refused(_("This form was open for too long; send it once more.")) from error
    if _solved(str(sent.get(ANSWER, "")), token):
        return Proof(token, True)
    try:
        signing.loads(str(sent.get(TOKEN, "")), salt=_SALT, max_age=QUICKEST)
    except signing.SignatureExpired:
        return Proof(token, False)
    raise Refused(_("This form was sent very quickly; wait some seconds and send it again."))


def _solved(answer: str, token: str) -> bool:
    if not answer or len(answer) > LONGEST_ANSWER:
        return False
    try:
        payload = altcha.Payload.from_base64(answer)
        data = payload.challenge.parameters.data or {}
        # A challenge that somebody else signed is refused here; an easier one was never signed by us.
        return data.get("form") == token and bool(
            altcha.verify_solution(payload, settings.SECRET_KEY).verified
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
