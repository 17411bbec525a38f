"""What the checks of an issue found, as its pages show it: put together, and with the way there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulletin.models.checks import Finding
from bulletin.models.reviews import Acceptance, fingerprint_of
from bulletin.pipeline.reviewing.proving import Proof
from bulletin.pipeline.voiding import OPEN_STATES

# What mends it is no field of an item or of the issue: whoever runs Bulletin has to see to it.
_FOR_ADMINS = frozenset({"no_sender_name", "no_postal_address"})
_FIELDS: Mapping[str, str] = {"standfirst": "opening line", "closing": "closing words"}
# As the fields of templates/desk/items/_form.html are called, where that is not what they hold.
_IN_FORM: Mapping[str, str] = {"roles": "readers", "actions": "action-1", "notes": "readers"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding on the page. jump: where it is mended, "" if nowhere; there: that place in words.

    key: what forms call it; mend: what a press would do about it, or "".
    """

    finding: Finding
    key: str
    jump: str
    there: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that say the same of several items, or one by itself. says: of all of them."""

    says: str
    findings: tuple[Shown, ...]

    @property
    def keys(self) -> list[str]:
        return [shown.key for shown in self.findings]

    @property
    def together(self) -> str:
        """What a press would do about all of them at once, or ""."""
        same = {shown.finding.code for shown in self.findings if shown.mend}
        if self.alone or same != {"readers_unchosen"}:
            return ""
        return f"These {len(self.findings)} are for everybody"

    @property
    def alone(self) -> Shown | None:
        """The only one, if it is."""
        return self.findings[0] if len(self.findings) == 1 else None


@dataclass(frozen=True, slots=True)
class Left:
    """Advice that is not followed, for one reason given by one person at one time."""

    acceptance: Acceptance
    group: Group


@dataclass(frozen=True, slots=True)
class Checked:
    """A proof as pages show it."""

    proof: Proof
    blocking: tuple[Group, ...]
    advice: tuple[Group, ...]
    left: tuple[Left, ...]

    @property
    def root(self) -> str:
        return f"/app/issues/{self.proof.issue.id}"

    @property
    def is_open(self) -> bool:
        """Whether what the issue says can still change."""
        return self.proof.issue.state in OPEN_STATES

    @property
    def in_short(self) -> str:
        """`2 to fix, 1 to consider, 14 in order`."""
        found = [f"{len(self.blocking)} to fix", f"{len(self.advice)} to consider"]
        if self.left:
            found.append(f"{len(self.left)} left as it is")
        return ", ".join([*found, f"{len(self.proof.passed)} passed"])


def checked(proof: Proof, mends: Mapping[str, str]) -> Checked:
    """mends: what a press would do about a finding, by its fingerprint."""
    root = f"/app/issues/{proof.issue.id}"
    return Checked(
        proof,
        tuple(_groups(proof.blocking, root, mends)),
        tuple(_groups(proof.advice, root, mends)),
        tuple(_left(proof, root)),
    )


def _groups(findings: Iterable[Finding], root: str, mends: Mapping[str, str]) -> Iterable[Group]:
    alike: dict[tuple[str, str], list[Shown]] = {}
    for place, finding in enumerate(findings):
        key = (finding.code, finding.several or str(place))
        alike.setdefault(key, []).append(_shown(finding, root, mends))
    return [_group(shown) for shown in alike.values()]


def _group(shown: list[Shown]) -> Group:
    first = shown[0].finding
    if len(shown) == 1:
        return Group(first.message, tuple(shown))
    end = "" if first.several.endswith((".", "?", "!")) else "."
    return Group(f"{len(shown)} items {first.several}{end}", tuple(shown))


def _left(proof: Proof, root: str) -> Iterable[Left]:
    together: dict[tuple[str, str, str, str], list[tuple[Shown, Acceptance]]] = {}
    for finding, accepted in proof.left:
        alike = finding.several or finding.message
        key = (finding.code, alike, accepted.reason, accepted.accepted_by)
        together.setdefault(key, []).append((_shown(finding, root, {}), accepted))
    for each in together.values():
        yield Left(each[0][1], _group([shown for shown, _ in each]))


def _shown(finding: Finding, root: str, mends: Mapping[str, str]) -> Shown:
    key = fingerprint_of(finding)
    jump, there = _way(finding, root)
    return Shown(finding, key, jump, there, mends.get(key, ""))


def _way(finding: Finding, root: str) -> tuple[str, str]:
    """Where something is mended, and what that place is called."""
    if finding.code in _FOR_ADMINS:
        return "", ""
    if finding.item_id is not None:
        place = f"{_IN_FORM.get(finding.field, finding.field) or 'item'}-{finding.item_id}"
        return f"{root}/compose?item={finding.item_id}#{place}", f"item {finding.item_id}"
    if finding.field and finding.field != "topic":
        name = _FIELDS.get(finding.field, finding.field)
        return f"{root}/compose/words#{finding.field}", f"the {name}"
    return f"{root}/compose", "the contents"
