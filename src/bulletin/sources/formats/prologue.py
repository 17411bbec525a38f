"""The top of an XML document, where it could declare entities: billion laughs, foreign files."""

from __future__ import annotations

import io
from typing import Any, Final
from xml.sax import SAXException  # the exception; what parses is defusedxml
from xml.sax.handler import ContentHandler, feature_external_ges  # names, no parser

from defusedxml import DefusedXmlException, sax

from bulletin.errors import InvalidInput

_CHUNK: Final = 1 << 14


class _RootReached(SAXException):
    """Entities are declared above the root element; what comes below it is not looked at."""


class _Prologue(ContentHandler):
    def startElement(self, name: str, _attrs: Any) -> None:  # noqa: N802  # the SAX interface
        raise _RootReached(name)


def refuse_entities(document: bytes) -> None:
    """Raises InvalidInput if an XML document declares entities (requirement 73).

    It may name a document type otherwise, as old feeds do. What is no XML at all is left to
    whoever parses it.
    """
    parser = sax.make_parser()
    parser.setContentHandler(_Prologue())
    # The address of a document type is not asked, so it does no harm.
    parser.forbid_external = False
    parser.setFeature(feature_external_ges, False)
    stream = io.BytesIO(document)
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
    except DefusedXmlException as error:
        raise InvalidInput(
            "This file was refused: it declares entities of XML, by which a few lines become "
            "gigabytes. Copy the news from where it is shown, and paste it as text."
        ) from error
    except SAXException:
        return
