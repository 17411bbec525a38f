"""How well pasted news is understood, measured on examples that we labelled ourselves."""
