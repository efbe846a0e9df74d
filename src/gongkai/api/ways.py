"""How each act is done by a call: the body it takes, the form that checks it, the use case that it runs.

Made from `act_views.PAGES`, so an act that gets a page is done by a call too. Only the decision is written out:
its page is a path of questions, and the list of a partial disclosure is a list here.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django import forms
from pydantic import BaseModel, Field

from gongkai.api.callers import Caller
from gongkai.api.form_bodies import Said, body_of, filled
from gongkai.applications import act_views, decisions, events, partial
from gongkai.applications.act_views import Page
from gongkai.applications.models import Application
from gongkai.applications.wizard_forms import DecisionForm

Fill = Callable[[Caller, Application, Any], Any]
Run = Callable[[Caller, Application, Any], Any]


@dataclass(frozen=True)
class Way:
    """The way of one act. fill: the form of a body, valid, or Problem (422); run: the use case with that form."""

    body: type[BaseModel]
    fields: Mapping[str, forms.Field]
    fill: Fill
    run: Run
    consequence: Any = ""


def _of_page(key: str, page: Page) -> Way:
    def fill(caller: Caller, case: Application, said: BaseModel) -> Any:
        return filled(page.form, said.model_dump(exclude_none=True), **_extra(page, caller, case))

    def run(caller: Caller, case: Application, form: Any) -> Any:
        return page.run(caller, case, dict(form.cleaned_data))

    fields = page.form.base_fields
    return Way(body_of(f"Act_{key}", fields), fields, fill, run, page.consequence)


def _extra(page: Page, caller: Caller, case: Application) -> dict[str, Any]:
    """What the form's constructor asks for. What a page begins with is not needed, and may open personal data."""
    asked = [
        name
        for name, each in inspect.signature(page.form.__init__).parameters.items()
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    if not asked:
        return {}
    made = page.prepare(caller, case)
    return {name: made[name] for name in asked if name in made}


class WithheldPart(Said):
    """A part of the information that is not given, and on which ground."""

    part: str = Field(min_length=1, max_length=partial.LONGEST)
    ground: Literal[tuple(partial.GROUNDS)]  # type: ignore[valid-type]
    reason: str = Field(min_length=1, max_length=partial.LONGEST)


def _decide_form(caller: Caller, case: Application, said: BaseModel) -> Any:
    given = said.model_dump(exclude_none=True)
    parts = given.pop("withheld", [])
    for place, part in enumerate(parts):
        given |= {f"{name}_{place}": value for name, value in part.items()}
    asked = any(row.type == "third_party_asked" for row in events.of(case))
    return filled(DecisionForm, given, outcome=given["outcome_key"], asked=asked, rows=len(parts))


def _decide() -> Way:
    words = "Of a partial disclosure: what is withheld, each part on its ground."
    withheld = (
        Annotated[list[WithheldPart], Field(max_length=partial.MOST)] | None,
        Field(None, description=words),
    )
    body = body_of("Act_decide", DecisionForm.base_fields, withheld=withheld)

    def run(caller: Caller, case: Application, form: DecisionForm) -> Any:
        return decisions.decide(caller, case, **form.said())

    return Way(body, DecisionForm.base_fields, _decide_form, run)


WAYS: Mapping[str, Way] = {"decide": _decide()} | {
    key: _of_page(key, page) for key, page in act_views.PAGES.items() if key != "decide"
}
