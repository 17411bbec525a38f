"""Rendering: an issue, compiled once to HTML and text, and cut into editions."""

from bulletin.rendering.cutting import Cutter
from bulletin.rendering.folders import template_folders
from bulletin.rendering.letters import Stationery
from bulletin.rendering.logo import LogoFile, read_logo
from bulletin.rendering.pages import SiteTexts
from bulletin.rendering.renderer import Renderer
from bulletin.rendering.theme import checked_renderer, copy_templates, unused_files

__all__ = [
    "Cutter",
    "LogoFile",
    "Renderer",
    "SiteTexts",
    "Stationery",
    "checked_renderer",
    "copy_templates",
    "read_logo",
    "template_folders",
    "unused_files",
]
