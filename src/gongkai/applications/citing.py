"""The article that a letter cites (rulebook 5.2): the one on which its outcome or its act rests, not any words.

Further articles may stand beside it. Where no article is express (要求确认或者重新出具已获取信息, the editable
sub-reasons of 其他处理), the letter names the norm on which it rests.
"""

from django.utils.translation import gettext as _

from gongkai.applications import partial, wording
from gongkai.applications.models import Letter, Matter
from gongkai.rulebook.amendments import AMENDMENTS
from gongkai.rulebook.citations import articles, first_article, names_a_norm, uncited
from gongkai.rulebook.letters import LETTER_KINDS
from gongkai.rulebook.norms import together
from gongkai.rulebook.outcomes import OUTCOMES

ELEMENT = "law"


def wanted(letter: Letter) -> tuple[str, ...]:
    """The articles that a letter has to cite: of a decision the first of its outcome, of a partial disclosure
    those of every ground too; of a notice the one of its standard text. Empty where no article is express."""
    decision = letter.decision
    if decision is None:
        return _standard(letter)
    if decision.outcome in AMENDMENTS:
        return AMENDMENTS[decision.outcome].law[:1]
    first = [each for each in OUTCOMES[decision.outcome].law[:1] if articles(each)]
    parts = partial.parts_of(letter)
    grounds = [partial.GROUNDS[each.ground].law[0] for each in parts.withheld] if parts is not None else []
    return tuple(dict.fromkeys((*first, *grounds)))


def _standard(letter: Letter) -> tuple[str, ...]:
    own = wording.amendment_texts(letter.kind) if letter.application.matter == Matter.AMENDMENT else {}
    return of_standard(own.get(ELEMENT, "") or wording.TEMPLATES[letter.kind].texts.get(ELEMENT, ""))


def of_standard(text: str) -> tuple[str, ...]:
    """The article on which the standard text of a letter rests: the first that it cites."""
    first = first_article(text)
    return (first,) if first else ()


def fault(text: str, citations: tuple[str, ...]) -> str:
    """What is wrong with a text that cites the law, in one sentence; empty for a sound one, and for no text."""
    if not text.strip():
        return ""
    if lacking := uncited(text, citations):
        return _("“%(element)s” does not cite %(articles)s, on which this letter rests.") % {
            "element": _label(),
            "articles": together(lacking),
        }
    if not names_a_norm(text):
        return _("“%(element)s” names no norm: write its title and article.") % {"element": _label()}
    return ""


def _label() -> str:
    [label] = {
        each.label for kind in LETTER_KINDS.values() for each in kind.required() if each.key == ELEMENT
    }
    return label
