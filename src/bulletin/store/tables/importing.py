"""Tables of the desk: lists of readers on their way in."""
