"""Freezing: what an approver signs, and reading it back when it goes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from bulletin.errors import Refused
from bulletin.models.editions import CompiledIssue
from bulletin.models.issues import IssueContent, Sender, Snapshot

_CONTENT = TypeAdapter(IssueContent)
_SENDER = TypeAdapter(Sender)


def freeze(
    content: IssueContent,
    sender: Sender,
    compiled: CompiledIssue,
    *,
    approved_by: str = "",
    override_reason: str = "",
) -> Snapshot:
    """The snapshot of an issue. Its hash covers every byte that readers can come to see.

    approved_by: "" until somebody signs it.
    """
    document = {"content": _plain(asdict(content)), "sender": _plain(asdict(sender))}
    return Snapshot(
        hash=content_hash(document, compiled),
        document=document,
        compiled=compiled,
        approved_by=approved_by,
        override_reason=override_reason,
    )


def signed_by(snapshot: Snapshot, actor: str, override_reason: str = "") -> Snapshot:
    """The same snapshot, approved."""
    return replace(snapshot, approved_by=actor, override_reason=override_reason)


def content_hash(document: Mapping[str, Any], compiled: CompiledIssue) -> str:
    """SHA-256 of the content, the sender and their compiled form, as 64 hexadecimal digits."""
    signed = [document, compiled.subject, compiled.html, compiled.text]
    canonical = json.dumps(signed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def thaw(snapshot: Snapshot) -> tuple[IssueContent, Sender]:
    """The content and sender of a snapshot. Raises Refused if it is not what was signed."""
    document = snapshot.document
    if content_hash(document, snapshot.compiled) != snapshot.hash:
        raise Refused(
            "What was approved was changed in the database since, so it does not go out. "
            "Approve the issue again."
        )
    return (
        _CONTENT.validate_python(document["content"]),
        _SENDER.validate_python(document["sender"]),
    )


def _plain(value: Any) -> Any:
    """JSON values, with sets in one fixed order, so that equal contents hash alike."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
