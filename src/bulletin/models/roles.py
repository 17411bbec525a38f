"""The roles a new installation starts with (requirement 57). From then on roles are data."""

from __future__ import annotations

from bulletin.models.people import Role

DEFAULT_ROLES: tuple[Role, ...] = (
    Role(
        "dsl",
        "designated safeguarding lead",
        "DSL",
        (
            "designated safeguarding person",  # Wales
            "dsp",
            "designated safeguarding officer",
            "dso",
            "designated teacher for child protection",  # Northern Ireland
            "child protection coordinator",  # Scotland
            "safeguarding lead",
            "lead dsl",
        ),
    ),
    Role(
        "deputy_dsl",
        "deputy designated safeguarding lead",
        "Deputy DSL",
        (
            "ddsl",
            "deputy safeguarding lead",
            "assistant dsl",
            "dep dsl",
            "deputy dsp",
            "deputy designated safeguarding person",
            "deputy child protection coordinator",
        ),
    ),
    Role(
        "headteacher",
        "headteacher",
        "Head",
        ("head", "principal", "headmaster", "headmistress", "executive headteacher", "ht"),
    ),
    Role("governor", "governor", "Governor", ("school governor", "parent governor", "gov")),
    Role(
        "safeguarding_governor",
        "safeguarding link governor",
        "Safeguarding governor",
        ("safeguarding governor", "link governor", "governor for safeguarding"),
    ),
    Role(
        "chair",
        "chair of governors",
        "Chair",
        ("chair of governing body", "chair of trustees", "chair of the board", "cog"),
    ),
    Role("trustee", "trustee", "Trustee", ("academy trustee", "trust board member")),
    Role(
        "senco",
        "special educational needs coordinator",
        "SENCO",
        (
            "sendco",
            "senco/sendco",
            "sen coordinator",
            "send coordinator",
            "alnco",  # Wales: additional learning needs
            "aln coordinator",
            "additional learning needs coordinator",
        ),
    ),
    Role(
        "designated_teacher",
        "designated teacher for looked-after children",
        "Designated teacher",
        ("designated teacher", "lac designated teacher", "designated teacher lac"),
    ),
    Role("social_worker", "social worker", "Social worker", ("sw", "school social worker")),
    Role(
        "lado",
        "local authority designated officer",
        "LADO",
        ("designated officer", "local authority designated officer lado"),
    ),
    Role("virtual_head", "virtual school head", "Virtual head", ("virtual headteacher", "vsh")),
    Role(
        "mat_safeguarding_lead",
        "multi-academy trust safeguarding lead",
        "Trust lead",
        ("mat safeguarding lead", "trust safeguarding lead", "trust dsl", "mat dsl"),
    ),
    # All staff get updates (requirement 54), not only those with a duty of their own.
    Role(
        "staff",
        "teacher or other member of school staff",
        "Staff",
        (
            "teacher",
            "class teacher",
            "form tutor",
            "teaching assistant",
            "ta",
            "hlta",
            "learning support assistant",
            "support staff",
            "office staff",
            "school office",
            "early years practitioner",
            "nursery nurse",
            "school staff",
            "member of staff",
            "all staff",
        ),
    ),
)
