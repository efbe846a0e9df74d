"""What items say of each other: an interpretation of its policy, an answered question of its subject."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Interpretation(models.Model):
    """An item that explains a policy document (政策解读). A cache: of the draft until the first release, then of what
    is released, so that a draft never moves what the public reads (I10).

    policy: None where the interpreted document is another organ's.
    """

    item = models.OneToOneField("disclosure.Item", models.CASCADE, related_name="interpretation")
    policy = models.ForeignKey(
        "disclosure.Item", models.CASCADE, null=True, related_name="interpretations", verbose_name=_("policy")
    )
    form = models.CharField(_("form"), max_length=12, blank=True)

    def __str__(self) -> str:
        return f"{self.item_id} → {self.policy_id}"


class Question(models.Model):
    """An entry of the questions and answers (咨询答问库) as it was released: a cache of its release."""

    item = models.OneToOneField("disclosure.Item", models.CASCADE, related_name="question")
    subject = models.CharField(pgettext_lazy("question", "subject"), max_length=20)
    policy = models.ForeignKey(
        "disclosure.Item", models.SET_NULL, null=True, related_name="questions", verbose_name=_("policy")
    )
    # Of the first release, so that the newest of a subject are read along an index.
    released_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("subject", "-released_at", "-id"), name="question_by_subject")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.subject}"
