"""What was sent for approval, who looked at what of it, and what advice was not followed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from bulletin.models.reviews import Acceptance, Decision, Review, TrialCopy
from bulletin.store.tables import accepted_findings, review_looks, reviews, trial_copies
from bulletin.store.upsert import upsert


class Reviews:
    """Reviews of issues, in one transaction. A decision is taken once and never changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, issue_id: int, content_hash: str, actor: str, now: datetime, remark: str) -> int:
        """Begin the review of a new version. Returns its number within the issue."""
        last = select(func.max(reviews.c.number)).where(reviews.c.issue_id == issue_id)
        number = (self._connection.scalar(last) or 0) + 1
        values = {
            "issue_id": issue_id,
            "number": number,
            "hash": content_hash,
            "asked_by": actor,
            "asked_at": now,
            "remark": remark,
            "decision": Decision.WAITING,
        }
        self._connection.execute(insert(reviews).values(values))
        return number

    def decide(
        self, issue_id: int, decision: Decision, now: datetime, *, by: str = "", reason: str = ""
    ) -> bool:
        """End the review that waits, if one does. False if none did."""
        statement = (
            update(reviews)
            .where(reviews.c.issue_id == issue_id, reviews.c.decision == Decision.WAITING)
            .values(decision=decision, decided_by=by, decided_at=now, reason=reason)
        )
        return self._connection.execute(statement).rowcount == 1

    def of(self, issue_id: int) -> list[Review]:
        """All reviews of an issue, newest first."""
        query = (
            select(reviews).where(reviews.c.issue_id == issue_id).order_by(reviews.c.number.desc())
        )
        return [_review(row) for row in self._connection.execute(query).mappings()]

    def waiting(self, issue_id: int) -> Review | None:
        """The review of an issue that waits for its decision."""
        query = select(reviews).where(
            reviews.c.issue_id == issue_id, reviews.c.decision == Decision.WAITING
        )
        row = self._connection.execute(query).mappings().first()
        return _review(row) if row else None

    def look(self, review_id: int, user_id: int, edition: str, now: datetime) -> None:
        """Put down that somebody opened an edition."""
        values = {
            "review_id": review_id,
            "user_id": user_id,
            "edition": edition,
            "looked_at": now,
        }
        self._connection.execute(
            upsert(self._connection, review_looks).values(values).on_conflict_do_nothing()
        )

    def looked_at(self, review_id: int, user_id: int) -> frozenset[str]:
        """The editions of a version that somebody opened."""
        query = select(review_looks.c.edition).where(
            review_looks.c.review_id == review_id, review_looks.c.user_id == user_id
        )
        return frozenset(self._connection.scalars(query))

    def accept(self, issue_id: int, acceptance: Acceptance) -> None:
        """Put down that advice is not followed; a second reason replaces the first."""
        values = {
            "issue_id": issue_id,
            "fingerprint": acceptance.fingerprint,
            "message": acceptance.message,
            "reason": acceptance.reason,
            "accepted_by": acceptance.accepted_by,
            "accepted_at": acceptance.accepted_at,
        }
        keys = ["issue_id", "fingerprint"]
        put = upsert(self._connection, accepted_findings).values(values)
        self._connection.execute(put.on_conflict_do_update(index_elements=keys, set_=values))

    def take_back(self, issue_id: int, fingerprint: str) -> bool:
        """Let advice count again. False if nobody had accepted it."""
        statement = delete(accepted_findings).where(
            accepted_findings.c.issue_id == issue_id,
            accepted_findings.c.fingerprint == fingerprint,
        )
        return self._connection.execute(statement).rowcount == 1

    def accepted(self, issue_id: int) -> dict[str, Acceptance]:
        """What was accepted of an issue, by the fingerprint of the finding."""
        query = select(accepted_findings).where(accepted_findings.c.issue_id == issue_id)
        return {
            row.fingerprint: Acceptance(
                row.fingerprint, row.message, row.reason, row.accepted_by, row.accepted_at
            )
            for row in self._connection.execute(query)
        }

    def keep_trial(self, trial: TrialCopy) -> int:
        """Put down a copy that is about to be sent to the team. Returns its number."""
        values = {
            "issue_id": trial.issue_id,
            "address": trial.address,
            "edition": trial.edition,
            "sent_by": trial.sent_by,
            "sent_at": trial.sent_at,
            "outcome": trial.outcome,
            "detail": trial.detail,
        }
        statement = insert(trial_copies).values(values).returning(trial_copies.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def settle_trial(self, trial: TrialCopy) -> None:
        """Put down what became of it."""
        statement = update(trial_copies).where(trial_copies.c.id == trial.id)
        self._connection.execute(statement.values(outcome=trial.outcome, detail=trial.detail))

    def trials_since(self, actor: str, since: datetime) -> list[datetime]:
        """When somebody had copies sent to the team lately, oldest first."""
        query = (
            select(trial_copies.c.sent_at)
            .where(trial_copies.c.sent_by == actor, trial_copies.c.sent_at > since)
            .order_by(trial_copies.c.sent_at)
        )
        return list(self._connection.scalars(query))

    def trials_of(self, issue_id: int, most: int) -> list[TrialCopy]:
        """The last copies of an issue that were sent to the team, newest first."""
        query = (
            select(trial_copies)
            .where(trial_copies.c.issue_id == issue_id)
            .order_by(trial_copies.c.id.desc())
            .limit(most)
        )
        return [_trial(row) for row in self._connection.execute(query).mappings()]


def _review(row: RowMapping) -> Review:
    return Review(
        id=row["id"],
        issue_id=row["issue_id"],
        number=row["number"],
        hash=row["hash"],
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        decision=Decision(row["decision"]),
        remark=row["remark"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        reason=row["reason"],
    )


def _trial(row: RowMapping) -> TrialCopy:
    return TrialCopy(
        id=row["id"],
        issue_id=row["issue_id"],
        address=row["address"],
        edition=row["edition"],
        sent_by=row["sent_by"],
        sent_at=row["sent_at"],
        outcome=row["outcome"],
        detail=row["detail"],
    )
