"""SMTP: whatever a server does, what we believe of each copy is what became of it."""

from __future__ import annotations

from collections import Counter

from consigned import readers
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_smtp import Fault, Moment, ScriptedServer, Stage

from bulletin.errors import TransportError
from bulletin.models.deliveries import Outcome, Receipt
from bulletin.transports.smtp import SmtpTransport

COPIES = 6
STAGES = (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.BODY, Stage.DOT, Stage.IDLE, Stage.RSET)
ACTS = (
    Fault.DROP, Fault.CLOSE, "421 4.7.0 enough", "450 4.2.1 later", "451 4.3.0 later",
    "550 5.1.1 no", "552 5.3.4 too big", "503 5.5.1 out of step", "354 go on", "250 well",
    "250-well\r\n250 indeed", "250 once\r\n250 twice", "what?", "2", "550-half",
)  # fmt: skip
MOMENTS = st.tuples(st.integers(1, 4), st.integers(1, COPIES), st.sampled_from(STAGES))


@settings(max_examples=50)
@given(
    faults=st.dictionaries(MOMENTS, st.sampled_from(ACTS), max_size=8),
    pipelining=st.booleans(),
    limit=st.integers(1, 4),
)
def test_what_we_believe_of_a_copy_is_what_became_of_it(
    faults: dict[tuple[int, int, Stage], str | Fault], pipelining: bool, limit: int
) -> None:
    """Requirement 79: nothing lost, nothing doubled, and at most one in doubt a connection."""

    def script(moment: Moment) -> str | Fault | None:
        act = faults.get((moment.connection, moment.transaction, moment.stage))
        # A yes to what it has not read yet is a lie that nobody can tell from a yes.
        return None if moment.stage is Stage.BODY and act and act.startswith("2") else act

    found: dict[int, Receipt] = {}
    offers = ("PIPELINING",) if pipelining else ()
    with ScriptedServer(script, offers=offers) as server:
        transport = SmtpTransport(server.at_port(), timeout=0.1, messages_per_connection=limit)
        try:
            for receipt in transport.send(readers(COPIES)):
                assert receipt.delivery_id not in found
                found[receipt.delivery_id] = receipt
        except TransportError:
            pass
        else:
            assert len(found) == COPIES
        transport.close()
    taken = Counter(server.recipients())
    for number in range(1, COPIES + 1):
        outcome = found[number].outcome if number in found else None
        times = taken[f"reader{number}@school.example"]
        if outcome is Outcome.SUBMITTED:
            assert times == 1
        elif outcome is Outcome.UNCERTAIN:
            assert times <= 1
        else:
            assert times == 0
    assert all(each.wire for each in server.accepted if each.recipients), "an empty message left"
