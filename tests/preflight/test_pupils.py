"""No child may be recognisable (requirement 46), and nobody else is taken for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from checked import ISSUE, codes, findings, with_item
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.models.checks import Level
from bulletin.models.items import Note
from bulletin.preflight.numbers import childs_number

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UCI_LETTERS = "ABCDEFGHKLMRTVWXY"


@pytest.mark.parametrize(
    "text",
    [
        "Contact us about A123456789012.",
        "Their number, u80120000100a, was shared.",
        "Entered as 123450161234B in May.",
        "On the letter: 943 476 5919.",
        "NHS number: 400 000 0000",
        "UPN H8012",
        "The child (date of birth: 03/04/2015) moved.",
        "DOB 2015-04-03",
        "She was born on 3 April 2015.",
        "d.o.b. 3rd of April 2015",
        "Born 3 April 2015 and in care since.",
        "DOB: 03/04/15",
        "ULN: 2024123456",
    ],
)
def test_what_may_identify_a_pupil_is_pointed_out(text: str) -> None:
    for content in (
        with_item(body=text),
        with_item(notes=(Note("dsl", text),)),
        replace(ISSUE, intro=text),
    ):
        (finding,) = findings(content)
        assert (finding.code, finding.level) == ("pupil_data", Level.ADVISORY)


@pytest.mark.parametrize(
    "text",
    [
        "We thank the pupil Sam Sample for the drawing.",
        "Ada Specimen, Year 9, told us why.",
        "Ada Specimen (Y9) told us why.",
        "Ada Specimen in Year 9B told us why.",
        "Bodhi O’Sample of 7C won the prize.",
        "Zoë Exemplar-Smith, aged 12, spoke.",
        "The 14-year-old Ravi Placeholder was asked.",
        "Yesterday Sam Sample, Year 4, found it.",
        "J.S. (9B) was absent.",
        "J. S., Year 9, was absent.",
        "JB in 7C was absent.",
        "A student called Mina King was late.",
        "**Ada Specimen**, Year 9, told us why.",
        "Ada Specimen (Year 9) was excluded.",
        "Ada Specimen, Year 9, has been bullied.",
        "Ada Specimen (Year 9) is our new head girl.",
        "Ada Specimen (Year 9), who also sings, came.",
        "Ada Specimen, a Year 9 pupil, and others.",
        "Ada Specimen (Year 9 pupil) and others.",
        "Ada Specimen (Year 9) did not come.",
        "We met Ada Specimen (Year 9)’s mother.",
        "Ada Specimen (Year 9) launched a campaign.",
        "Congratulations to Ada Specimen (Year 9).",
        "The winners: Ada Specimen, Year 9, and Ravi Placeholder, Year 8.",
        "A drawing by Ada Specimen, Year 9",
        "Ravi Placeholder (aged 8)",
        "Ravi Placeholder, age 8, sang.",
        "Ravi Placeholder aged 8 sang.",
        "Ravi Placeholder, who is 8, sang.",
        "Ada Specimen and Ravi Placeholder, aged 11 and 12, sang.",
        "Bodhi O’Sample (7C)",
        "Concerns about Ada Specimen of Year 9 were passed on.",
        "Ada Specimen, who is in Y9, was there.",
        "Her name is Ada Specimen and she is a Year 4 pupil.",
        "Ravi P. (Year 4) has a plan.",
        "Pupils Ada Specimen and Ravi Placeholder, both Year 3, spoke.",
        "Ravi Placeholder, 14, of Exampleton, left home.",
        "Ravi Placeholder, 9, was seen near the gate.",
        "Zoë Exemplar (13) said that it had been deleted.",
        "We are with the family of Ravi Placeholder, Year 10.",
    ],
)
def test_a_name_beside_what_only_pupils_have_is_pointed_out(text: str) -> None:
    assert codes(with_item(body=text)) == ["pupil_data"]


@pytest.mark.parametrize(
    "text",
    [
        # Numbers of other kinds.
        "Ask for the date of birth on the form. Published 3 April 2026.",
        "Call 020 7946 0000 or quote AB12.",
        "Call +44 943 476 5919, or from abroad on 943 476 5919.",
        "ISBN 9434765919 and order 9434765918.",
        "A unique pupil number is given to each pupil. UPN: see the guide.",
        "Order number B123456789012 and charity 1234567.",
        "The charity was born in a kitchen.",
        "Ring NHS 111, or the NHS number on the card.",
        "The unique learner number 2024 to 2025 guidance, and UPN: 2025-26 guidance.",
        "Children born 1 September 2020 to 31 August 2021 start school.",
        "Children born 01/09/2020 - 31/08/2021, or born 1 September 2021 and after.",
        "The writer was born on 12 June 1929.",
        # Counts after places and bodies.
        "Reviews were held in Greater Exampleton (12), West Exampleshire (9) and Hale Hamlets (8).",
        "South West (3), North East (4)",
        "Exampleton Arena, 12, and Press Release (5)",
        # Books, quizzes and heroes beside a year group.
        "Ada Specimen, Year 10",
        "Ada Specimen (Year 9) is a new unit.",
        "Ada Specimen (Year 9) has been updated.",
        "Ada Specimen (Year 9) is now available, and Sam Sample (Year 8) written by a teacher.",
        "A reading list: Sam Sample (Year 6), Ada Specimen (Year 5) and Ravi Placeholder (Year 8).",
        "Exampleton Quiz (Year 4)",
        "St Exemplar in Year 5",
        "Sample Helpline, aged 11 to 18, and Sample Helpline (age 11+)",
        "Sample Helpline, aged 16 and over",
        "the student Loans Company",
        # Authors, public figures, staff.
        "Written by Ada Specimen. Year 9 pupils took part.",
        "Children's Commissioner Ravi Placeholder spoke to Year 6.",
        "Ada Specimen, Head of Year 9, leads it.",
        "Ada Specimen, Year 9 tutor, leads it.",
        "Mr Sam Sample (Year 6) teaches it.",
        "Sam Sample, 45, is a governor.",
        "The review of the death of Sam Sample was published.",
        "Ravi Placeholder, 61, of Exampleton, taught there.",
        "Ravi Placeholder, Assistant Head of Year 10, replies.",
        "Judge Ada Specimen, 74, retired.",
        "The reviews of Child Q and Ravi were published on 9 March.",
        "Pupils Against Bullying, Year 9 ambassadors, apply now.",
        "The Start of Year 7 pack, and Key Stage 2, 14 May.",
        "North Exampleton, 14, was the first, then South Exampleton, 9, of Exampleshire.",
        # Subjects, bodies and materials beside a year group.
        "Online Safety, Year 9 resources",
        "Mental Health (Year 9)",
        "Sex Education in Year 6",
        "Oak School, Year 7",
        "Exampleshire Council (Year 6)",
        "Digital Literacy in Year 7, Healthy Relationships in Year 8",
        "Working Together, 12 chapters",
        "Pupil Premium, Student Minds and Child Exploitation",
        "support for student Mental Health Teams",
        "PE in 5B, RE (3A) and IT of 4C",
        "Key Stage 3 (Year 9)",
        "A.I. in Year 9 lessons",
        "Anti-Bullying Week: Year 7 pack",
        "a child Protection Conference",
    ],
)
def test_nobody_and_nothing_else_is_taken_for_a_pupil(text: str) -> None:
    assert "pupil_data" not in codes(with_item(body=text))


def test_whoever_is_named_as_source_or_author_is_left_in_peace() -> None:
    assert codes(with_item(source="Ada Specimen, Example Institute")) == []


@given(st.from_regex(r"[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True))
@settings(max_examples=30)
def test_a_pupil_number_is_known_by_its_check_letter_alone(rest: str) -> None:
    digits = [UPN_LETTERS.index(one) if one.isalpha() else int(one) for one in rest]
    right = sum(place * digit for place, digit in enumerate(digits, 2)) % 23
    known = [letter for letter in UPN_LETTERS if childs_number(f"It is {letter}{rest}.")]
    assert known == [UPN_LETTERS[right]]


@given(st.from_regex(r"[0-9]{5}[0-9A-E][0-9]{6}", fullmatch=True))
@settings(max_examples=30)
def test_a_candidate_identifier_is_known_by_its_check_letter_alone(body: str) -> None:
    digits = [ord(one) - 64 if one.isalpha() else int(one) for one in body]
    right = sum((16 - place) * digit for place, digit in enumerate(digits)) % 17
    known = [letter for letter in UCI_LETTERS if childs_number(f"It is {body}{letter}.")]
    assert known == [UCI_LETTERS[right]]


@given(st.integers(400_000_000, 499_999_999), st.sampled_from(["", " ", "-"]))
@settings(max_examples=30)
def test_an_nhs_number_is_known_by_its_last_digit(body: int, gap: str) -> None:
    digits = f"{body}"
    total = sum((10 - place) * int(digit) for place, digit in enumerate(digits))
    right = (11 - total % 11) % 11
    for last in range(10):
        written = gap.join((digits[:3], digits[3:6], f"{digits[6:]}{last}"))
        assert bool(childs_number(f"See {written}, please.")) is (last == right)
