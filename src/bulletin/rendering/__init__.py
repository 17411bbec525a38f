"""Rendering: an issue, compiled once to HTML and text, and cut into editions."""

from bulletin.rendering.cutting import Cutter
from bulletin.rendering.renderer import Renderer

__all__ = ["Cutter", "Renderer"]
