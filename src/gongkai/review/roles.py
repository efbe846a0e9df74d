"""Which role takes which step, and in which state a review waits for it."""

from gongkai.agencies.models import Role
from gongkai.review.models import ReviewState

STEP_ROLES = {1: Role.HANDLER, 2: Role.REVIEWER, 3: Role.APPROVER}
STEP_OF_STATE = {
    ReviewState.State.STEP1: 1,
    ReviewState.State.STEP2: 2,
    ReviewState.State.STEP3: 3,
}
