"""Tables of the desk: terms, holidays, and the rules by which issues go out."""
