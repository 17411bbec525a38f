"""The inbox: from what somebody pastes to items that are sorted."""
