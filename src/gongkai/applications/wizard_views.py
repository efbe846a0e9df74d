"""Deciding on a guided path: one question a page, then what the outcome needs, then what will follow.

Every answer travels in the form itself, so going back loses nothing and no script is needed; nothing of it stands
in an address, because it tells of the applicant.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gongkai.agencies.pages import actor_of, staff_only
from gongkai.agencies.policy import Actor, Refused, allowed
from gongkai.applications import decisions, events, explained, lapsing, partial, personal, states, wizard
from gongkai.applications.models import Application, CaseEvent
from gongkai.applications.steps import STEPS, Step
from gongkai.applications.views import case_for, with_article
from gongkai.applications.wizard_forms import ROWS, DecisionForm
from gongkai.rulebook.outcomes import OUTCOMES

ON = "on"
LAST = STEPS[-1]
_KEYS = [step.key for step in STEPS]


@staff_only
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The question at which the reader is; POST goes on, back, or decides."""
    case = case_for(request, pk)
    actor = actor_of(request)
    if not allowed(actor, "application.decide", case.agency):
        raise Http404
    path = Path(request, actor, case)
    if request.method == "POST" and path.to == "confirm":
        return path.confirm()
    return path.show()


class Path:
    """Where the reader is on the path, from what the form carries."""

    def __init__(self, request: HttpRequest, actor: Actor, case: Application) -> None:
        self.request, self.actor, self.case = request, actor, case
        self.said: QueryDict = request.POST
        self.rows: list[CaseEvent] = events.of(case)
        self.verdicts = wizard.found_for(actor, case, self.rows)
        # A form sent without saying where to go is a finished one.
        self.to = str(self.said.get("to", "confirm" if "outcome_key" in self.said else ""))
        self.outcome = str(self.said.get("outcome_key") or request.GET.get("outcome", ""))
        if self.outcome not in OUTCOMES:
            self.outcome = ""
        self.answers = {key: str(self.said.get(f"at_{key}", "")) for key in _KEYS}
        self.problem = ""
        # Kept from the first page on: who decides is told of a decision that came in between.
        self.seen = str(self.said.get("seen") or ("" if self.said else states.decision_in_force(self.rows)))
        self.step = self._where()

    def _where(self) -> Step:
        """The question to show, after the answer to the last one was taken."""
        named = {step.key: step for step in STEPS}
        now = named.get(str(self.said.get("step", "")))
        if now is None:
            if not self.outcome:
                return STEPS[0]
            self.answers[wizard.step_of(self.outcome).key] = self.outcome
            return LAST
        position = _KEYS.index(now.key)
        if now is not LAST and "answer" in self.said:
            self._take(now, str(self.said["answer"]))
        if self.to == "back":
            if now is LAST and self.outcome:
                return wizard.step_of(self.outcome)
            return STEPS[max(0, position - 1)]
        if self.to.removeprefix("step:") in named and self.to.startswith("step:"):
            return named[self.to.removeprefix("step:")]
        if self.to != "next" or now is LAST:
            return now
        answer = self.answers[now.key]
        if not answer:
            self.problem = _("Choose an answer to this question.")
            return now
        if answer in OUTCOMES:
            refusal = decisions.barred(self.case, self.rows, answer)
            if refusal is not None:
                self.problem = with_article(refusal)
                return now
            return LAST
        following = STEPS[position + 1]
        if following is LAST:
            self.problem = _(
                "No outcome is chosen yet: say how the information is given, or go back to a question."
            )
            return now
        return following

    def _take(self, step: Step, answer: str) -> None:
        """Keep the answer to a question; an outcome takes the place of one chosen before."""
        if answer in step.exits:
            for key in _KEYS:
                if self.answers[key] in OUTCOMES:
                    self.answers[key] = ON if _KEYS.index(key) < _KEYS.index(step.key) else ""
            self.outcome = answer
        elif answer == ON and self.answers[step.key] == self.outcome:
            self.outcome = ""
        else:
            answer = answer if answer == ON else ""
        self.answers[step.key] = answer

    def form(self, *, sent: bool) -> DecisionForm:
        """The fields of the last question, as typed so far."""
        number = str(self.said.get("parts", ""))
        rows = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else ROWS
        rows += ROWS if self.to == "more" else 0
        asked = any(row.type == "third_party_asked" for row in self.rows)
        carried = {"outcome": self.outcome, "asked": asked, "rows": rows}
        if sent:
            return DecisionForm(self._typed(), **carried)
        typed = {name: self.said[name] for name in self.said if name in DecisionForm(**carried).fields}
        own = {"outcome_key": self.outcome, "seen": self.seen}
        # Where a term was missed the letter waits drafted; a person reads it and finds whether there was good reason.
        begun = {"facts": lapsing.FACTS[self.outcome]} if self.outcome in lapsing.FACTS else {}
        return DecisionForm(initial=begun | typed | own, **carried)

    def _typed(self) -> QueryDict:
        data = self.said.copy()
        data["outcome_key"] = self.outcome
        return data

    def confirm(self) -> HttpResponse:
        """Decide; where that is refused, the form with what was typed."""
        form = self.form(sent=True)
        if form.is_valid():
            try:
                letter = decisions.decide(self.actor, self.case, **form.said())
            except Refused as refusal:
                form.add_error(None, with_article(refusal))
            else:
                messages.success(self.request, _("Decided; the letter is drafted."))
                return redirect("applications:letter_edit", pk=letter.pk)
        self.step = LAST
        return self._page(form, None)

    def show(self) -> HttpResponse:
        """The question, or at the last one the fields, or what will follow."""
        if self.step is not LAST:
            return self._page(None, None)
        form = self.form(sent=self.to == "see")
        foreseen = None
        if self.to == "see" and form.is_valid():
            try:
                foreseen = decisions.foresee(self.actor, self.case, **form.said())
            except Refused as refusal:
                form.add_error(None, with_article(refusal))
        return self._page(form, foreseen)

    def _page(self, form: DecisionForm | None, foreseen: decisions.Foreseen | None) -> HttpResponse:
        wanted = personal.show(self.actor, self.case, "decide")[1]
        shown = set(form.fields) if form is not None and foreseen is None else set()
        refused = self.verdicts["decide"] if not self.verdicts["decide"].allowed else None
        context = {
            "case": self.case,
            "title": _("Decide: %(number)s") % {"number": self.case.number},
            "wanted": wanted.excerpt,
            "deadline": explained.deadline_of(self.case, explained.term_of(self.case)),
            "step": self.step,
            "position": _KEYS.index(self.step.key) + 1,
            "steps": wizard.trail(self.answers, self.step.key),
            "lines": wizard.on_file(self.step, self.actor, self.case, self.rows),
            "exits": wizard.exits(self.step, self.case, self.rows, self.verdicts),
            "instead": wizard.instead(self.step, self.case, self.verdicts),
            "answer": self.answers[self.step.key],
            "may_go_on": self.step.key not in _KEYS[-2:],
            "problem": self.problem,
            "form": form,
            "foreseen": foreseen,
            "partly": self.outcome == partial.OUTCOME,
            "chosen": OUTCOMES[self.outcome] if self.outcome else None,
            "carried": self._carried(shown),
            "refused": refused,
            "earlier": [step for step in STEPS if self.answers[step.key] and step is not self.step],
            "cancel_url": reverse("applications:case", args=[self.case.pk]),
        }
        return render(self.request, "applications/decide.html", context)

    def _carried(self, shown: set[str]) -> list[tuple[str, str]]:
        """Everything said so far that this page does not ask, as hidden fields."""
        fields = {f"at_{key}": answer for key, answer in self.answers.items()}
        fields["outcome_key"] = self.outcome
        fields["seen"] = self.seen
        form = self.form(sent=False)
        fields["parts"] = str(form.rows or ROWS)
        known = [
            name for name in self.said if name in _TYPED or name.startswith(("part_", "ground_", "reason_"))
        ]
        fields |= {name: str(self.said[name]) for name in known}
        return [(name, value) for name, value in fields.items() if value and name not in shown]


_TYPED = ("sub_reason", "third_party", "no_good_reason", "opened", "facts", "law")
