"""Text: lines, their runs and looks, and the Markdown that they become."""
