"""Evidence for an inspection: who acknowledged which issue, and who has not for a year."""

from bulletin.pipeline.evidence.inquiry import Evidence, Opened

__all__ = ["Evidence", "Opened"]
