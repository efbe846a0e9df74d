"""How long a case has for its answer, and why: by law, by analogy, or by an order (rulebook 4.3, 4.5).

The clock counts every term alike; what differs is the number of days, the words that open the explanation and
their articles. Art. 41 names no term for the amendment of a record, and a decision that orders an answer anew may
name none: both follow art. 33 by analogy, and say so.
"""

from dataclasses import dataclass
from datetime import date

from gongkai.rulebook.norms import cite, norm

ANSWER_DAYS = 20
ANSWER_LAW = cite("regulation", 33, 2)


@dataclass(frozen=True, slots=True)
class AnswerTerm:
    """A term of `days` counted working days. `opening` begins the explanation; `law`: its articles."""

    opening: str
    law: tuple[str, ...]
    days: int = ANSWER_DAYS

    def __post_init__(self) -> None:
        if not 1 <= self.days <= ANSWER_DAYS:
            raise ValueError(f"a term for an answer has 1 to {ANSWER_DAYS} working days")


@dataclass(frozen=True, slots=True)
class Order:
    """A day by which a decision or judgment, received `on`, orders the agency to answer: nothing moves it.

    `law`: the decision or judgment, as it is cited.
    """

    on: date
    until: date
    law: str

    @property
    def words(self) -> str:
        return f"{self.law}责令于 {self.until} 前答复，期限由其确定，不因补正、征求意见或者缴费变动"


STATUTORY = AnswerTerm(f"收到申请，自次日起{ANSWER_DAYS}个工作日内答复", (cite("regulation", 31), ANSWER_LAW))


def amendment(days: int = ANSWER_DAYS) -> AnswerTerm:
    """The term of a request to amend a record: art. 33 by analogy, or fewer days where the agency set them.

    ValueError for more days than art. 33 gives.
    """
    return AnswerTerm(
        f"收到更正申请；条例第四十一条未规定期限，本机关参照第三十三条办理，自次日起{days}个工作日内答复",
        (cite("regulation", 41), ANSWER_LAW),
        days,
    )


def anew(*, ordered: bool) -> AnswerTerm:
    """The term of an answer that is ordered anew; `ordered`: its last day is set by an Order."""
    if ordered:
        return AnswerTerm("收到责令重新答复的决定或者判决", ())
    return AnswerTerm(
        "收到责令重新答复的决定或者判决；其中未定期限，"
        f"本机关参照条例第三十三条办理，自次日起{ANSWER_DAYS}个工作日内重新答复",
        (ANSWER_LAW,),
    )


def not_the_same_again(on: date, *, court: bool) -> tuple[str, str]:
    """What an answer anew may not be, by the law in force on the day of the order: (words, article).

    The article is empty for a reconsideration decided under the law before 2024, whose text the rulebook lacks.
    """
    words = "不得以同一事实和理由作出与原答复相同或者基本相同的答复"
    if court:
        return words, cite("litigation_law", 71)
    exception = "（复议机关以违反法定程序为由撤销的除外）"
    return words + exception, cite("reconsideration_law", 64, 2) if norm("reconsideration_law").holds(
        on
    ) else ""
