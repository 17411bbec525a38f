"""Asking the web: public addresses alone, politely, and never more than can be held.

`WebClient` is the door. Behind it `guard` reads an address, `networks` judges where its host
leads, `wire` connects to exactly what was judged, and `pace` keeps a distance between requests.
"""

from bulletin.fetching.client import WebClient
from bulletin.fetching.issuer import IssuerWeb
from bulletin.fetching.pace import Pace

__all__ = ["IssuerWeb", "Pace", "WebClient"]
