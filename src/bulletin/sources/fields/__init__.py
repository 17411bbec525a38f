"""Fields: what the lines of one item say: source, dates, actions, nations, roles."""
