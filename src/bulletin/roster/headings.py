"""Which column of a list is which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import process

from bulletin.errors import InvalidInput

# The contract's headings, in their order, and other names that lists use for them.
_NAMES: dict[str, tuple[str, ...]] = {
    "email": (
        "e-mail", "email address", "e-mail address", "e-mail addr", "mail", "work email",
        "contact email", "school email",
    ),
    "name": ("full name", "contact name", "contact", "display name", "staff name"),
    "roles": (
        "role", "role(s)", "job", "job title", "position", "post", "job role", "job roles",
        "responsibility", "responsibilities",
    ),
    "organisation": (
        "organization", "organisation name", "school", "school name", "establishment",
        "establishment name", "employer",
    ),
    "urn": ("school urn", "establishment urn"),
    "nation": ("country",),
    "phase": ("phase of education", "school phase"),
    "local_authority": ("la", "lea", "council", "local authority name", "la name"),
    "kind": ("subscriber kind", "subscriber type", "kind of subscriber"),
    "consent_basis": ("consent", "basis", "lawful basis", "basis for consent"),
    "consent_date": ("date of consent", "consent given", "consented on"),
}  # fmt: skip
FIELDS = tuple(_NAMES)
REQUIRED = ("email", "roles")


def loose(text: str) -> str:
    """A spelling without case, spaces and punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))


_BY_NAME = {loose(name): field for field in FIELDS for name in (field, *_NAMES[field])}


def recognised(headings: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many of the headings we can place."""
    known = _BY_NAME.keys() | {loose(column) for column in mapping}
    return sum(loose(heading) in known for heading in headings)


def field_of(heading: str) -> str:
    """The field that a heading names, or ""."""
    return _BY_NAME.get(loose(heading), "")


def columns(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """The position of every field that the list has.

    mapping: heading to field, and wins over what we recognise.
    Raises InvalidInput for a heading or field that does not exist, for two columns of one field,
    and if a required field has none.
    """
    chosen = _mapped(headings, mapping)
    taken = set(chosen.values())
    for position, heading in enumerate(headings):
        field = _BY_NAME.get(loose(heading))
        if field is None or position in taken or field in _mapped_fields(mapping):
            continue
        if field in chosen:
            first = headings[chosen[field]]
            raise InvalidInput(
                f"The columns '{first}' and '{heading}' both look like {field}. "
                f"Say which it is: --map '{first}={field}'"
            )
        chosen[field] = position
    missing = [field for field in REQUIRED if field not in chosen]
    if missing:
        raise InvalidInput(
            f"No column for {' and '.join(missing)}: the headings in row 1 are "
            f"{_listed(headings)}. Say which it is: --map 'COLUMN={missing[0]}'"
        )
    return chosen


def _mapped(headings: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for column, name in mapping.items():
        field = _field(name)
        if field in chosen:
            raise InvalidInput(f"--map names two columns for {field}: one field, one column.")
        chosen[field] = _position(column, headings)
    return chosen


def _mapped_fields(mapping: Mapping[str, str]) -> set[str]:
    return {_field(name) for name in mapping.values()}


def _field(name: str) -> str:
    field = _BY_NAME.get(loose(name))
    if field is None:
        raise InvalidInput(
            f"--map: there is no field '{name}'{_nearest(name, FIELDS)}. "
            f"There are {', '.join(FIELDS)}."
        )
    return field


def _position(column: str, headings: Sequence[str]) -> int:
    for spelling in (str.strip, loose):
        found = [at for at, heading in enumerate(headings) if spelling(heading) == spelling(column)]
        if found:
            return found[0]
    raise InvalidInput(
        f"--map: there is no column '{column}'{_nearest(column, headings)}. "
        f"The headings in row 1 are {_listed(headings)}."
    )


def _nearest(name: str, known: Sequence[str]) -> str:
    nearest = process.extractOne(name, known, score_cutoff=60)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""


def _listed(headings: Sequence[str]) -> str:
    shown = [f"'{heading.strip()[:40]}'" for heading in headings[:20] if heading.strip()]
    return ", ".join(shown) if shown else "empty"
