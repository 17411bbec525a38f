"""Nations and roles: only what the text plainly says (requirements 56, 57)."""

from __future__ import annotations

import pytest

from bulletin.models.items import Nation
from bulletin.sources.fields.scope import nations, roles

E, W, S, NI = Nation.ENGLAND, Nation.WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("New rules for schools in England.", (E,)),
        ("It is for colleges in England and Wales.", (E, W)),
        ("Councils across Scotland must reply.", (S,)),
        ("The duty applies to Northern Ireland.", (NI,)),
        ("A form (England only).", (E,)),
        ("New code for lockers (Wales)", (W,)),
        ("Wales: new code for lockers", (W,)),
        ("Northern Ireland\nNew code for lockers", (NI,)),
        ("The new guidance for Wales is shorter.", (W,)),
        ("Children in England wait longer for keys.", (E,)),
        ("It describes the child protection system in England.", (E,)),
        ("Welsh schools must keep a register.", (W,)),
        ("Scottish local authorities have replied.", (S,)),
        ("England’s children’s homes are full.", (E,)),
        ("In Scotland, head teachers must reply.", (S,)),
        ("The law in Scotland has changed.", (S,)),
        ("Schools in England, Wales and Northern Ireland can apply.", (E, W, NI)),
        ("SCHOOLS IN ENGLAND ONLY", (E,)),
        ("A plan for children under two in Wales has been laid.", (W,)),
        ("Pupils aged 5 to 7 in England have been asked.", (E,)),
        ("It is not compulsory, but schools in England may use it.", (E,)),
        ("Schools in the Isle of Man must reply.", (Nation.ISLE_OF_MAN,)),
        ("The rules apply to Jersey and Guernsey.", (Nation.JERSEY, Nation.GUERNSEY)),
        ("Nation: NI", (NI,)),
        ("Nations: Eng, Wales", (E, W)),
        ("Country: england", (E,)),
        ("Applies to: UK", (E, W, S, NI)),
        ("Guidance for schools across the UK.", (E, W, S, NI)),
        ("A briefing for all UK schools about gates", (E, W, S, NI)),
        ("It is for schools in the UK.", (E, W, S, NI)),
        ("It asks operators in England, Scotland and Wales to check gates.", (E, W, S)),
        ("A UK-wide survey of caretakers", (E, W, S, NI)),
        ("It applies in all four nations.", (E, W, S, NI)),
    ],
)
def test_a_scope_that_is_named_is_kept(text: str, named: tuple[Nation, ...]) -> None:
    assert nations(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "The Door Commissioner for England has written.",
        "The Bill is before the UK Parliament.",
        "It is also available in Welsh.",
        "All UK ministers have written.",
        "The report counts what is known of gates among children in the UK.",
        "She lives in England and Wales.",
        "It took three years in England and Wales.",
        "The rule does not apply to schools in Wales.",
        "Unlike schools in Scotland, they must reply.",
        "She was born in England.",
        "No school in Wales is affected.",
        "The Bank of England has a key.",
        "The Church of England has published rules.",
        "Public Health England was closed.",
        "The Scottish Government has written.",
        "Schools in New South Wales have new keys.",
        "Schools in New England have new keys.",
        "Schools in New Jersey have keys.",
        "The University of South Wales studied keys.",
        "A jersey was found in jersey cloth.",
        "Schools in the Republic of Ireland have keys.",
        "Welsh language lessons for staff",
    ],
)
def test_a_nation_that_is_no_scope_is_not_guessed_at(text: str) -> None:
    assert nations(text) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It is aimed at Designated safeguarding leads (DSLs) and senior leaders.", ("dsl",)),
        ("The guide is for headteachers, school governors and SENCOs.",
         ("headteacher", "governor", "senco")),
        ("It intends to support governors and trustees within schools.", ("governor", "trustee")),
        ("Audience: virtual school heads; social workers", ("social_worker", "virtual_head")),
        ("A new guide for DSLs", ("dsl",)),
        ("Governors should ask to see the register.", ("governor",)),
        ("DSLs and headteachers are asked to check the list.", ("dsl", "headteacher")),
        ("Who is this for?\nHeadteachers and governors", ("headteacher", "governor")),
        ("For headteachers and governors who sit on panels.", ("headteacher", "governor")),
        ("Aimed at all governors: a short film.", ("governor",)),
        ("Audience: all staff", ("staff",)),
        ("Suitable for teaching assistants and class teachers.", ("staff",)),
        ("The toolkit on keys and locks for caretakers and SENDCOs", ("senco",)),
        ("Of interest to LADOs and trust safeguarding leads.", ("lado", "mat_safeguarding_lead")),
        ("Webinar for deputy DSLs and designated teachers", ("deputy_dsl", "designated_teacher")),
        ("Training for safeguarding link governors", ("safeguarding_governor",)),
        ("Aimed primarily at chairs of governors.", ("chair",)),
        ("It is relevant for all newly appointed DSLs in primary schools.", ("dsl",)),
        ("We want to hear from headteachers in Wales.", ("headteacher",)),
        ("Guidance for governing bodies", ("governor",)),
        ("Resources for school social workers", ("social_worker",)),
    ],
)  # fmt: skip
def test_an_audience_that_is_named_is_kept(text: str, named: tuple[str, ...]) -> None:
    assert roles(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "The DSL rang the office.",
        "Although aimed at care staff, DSLs will find it of interest.",
        "Governors met in May.",
        "A headteacher was convicted.",
        "The inquiry found that the headteacher should have known.",
        "Headteachers should have known, said the judge.",
        "The ministry asks governors, headteachers and parents whether there should be one.",
        "Guidance for heads of year",
        "It is not aimed at governors.",
        "It was a hard year for headteachers.",
        "The report was sent to the chair of governors.",
    ],
)
def test_a_role_that_is_only_mentioned_is_no_audience(text: str) -> None:
    assert roles(text) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("POLICY | Isle of Man: a new duty", (Nation.ISLE_OF_MAN,)),
        ("How to look after a child at home, in England.", (Nation.ENGLAND,)),
        ("A paragraph on coaches, for clubs in Wales.", (Nation.WALES,)),
        ("Members in England and Wales can ring.", (Nation.ENGLAND, Nation.WALES)),
        ("Every nursery in Scotland has one.", (Nation.SCOTLAND,)),
        ("Area: Scotland", (Nation.SCOTLAND,)),
        ("The duty covers Wales.", (Nation.WALES,)),
        ("Tutors working in Jersey have one.", (Nation.JERSEY,)),
        ("They spent their holidays in Jersey.", ()),
        ("The team went to Scotland.", ()),
    ],
)
def test_people_bodies_and_whole_sentences_have_a_nation(
    text: str, named: tuple[Nation, ...]
) -> None:
    assert nations(f"A heading\n{text}") == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It is for school social workers and SENCOs.", {"social_worker", "senco"}),
        ("Relevant to: LADOs", {"lado"}),
        ("Who: governors", {"governor"}),
        ("FAO DSLs", {"dsl"}),
        ("For the attention of headteachers", {"headteacher"}),
        ("Audience\nDSLs", {"dsl"}),
        ("A course for designated teachers on sleep", {"designated_teacher"}),
        ("The inspector has written to the governing bodies.", set()),
        ("Designated safeguarding leads get it by post.", set()),
    ],
)
def test_an_audience_may_be_named_in_any_line(text: str, named: set[str]) -> None:
    assert set(roles(f"A heading\n{text}")) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Figures by council for England and Wales.", (Nation.ENGLAND, Nation.WALES)),
        ("Scottish survey of school nurses", (Nation.SCOTLAND,)),
        ("The trust has asked school nurses in Scotland how often they lock up.",
         (Nation.SCOTLAND,)),
        ("It was written for headteachers and business managers in Wales.", (Nation.WALES,)),
        ("Figures and prizes for England fans.", ()),
        ("A Scottish study room was painted.", ()),
    ],
)  # fmt: skip
def test_figures_and_surveys_say_whose_they_are(text: str, named: tuple[Nation, ...]) -> None:
    assert nations(text) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("It asks headteachers and governing boards in particular.", ("headteacher", "governor")),
        ("Sessions for designated safeguarding leads and their deputies run weekly.",
         ("dsl", "deputy_dsl")),
        ("Sessions for governors and their deputies run weekly.", ("governor",)),
        ("It asks parents in particular; headteachers were asked before.", ()),
    ],
)  # fmt: skip
def test_those_asked_in_particular_and_their_deputies_are_the_audience(
    text: str, named: tuple[str, ...]
) -> None:
    assert set(roles(text)) == set(named)


def test_a_denial_in_the_title_says_nothing_of_the_audience_below_it() -> None:
    text = "Keys that nobody does not walk out with\nFor DSLs and governors\nKeys are kept."
    assert set(roles(text)) == {"dsl", "governor"}
