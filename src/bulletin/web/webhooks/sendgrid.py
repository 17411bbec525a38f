"""`POST /webhooks/sendgrid`: what SendGrid tells of copies.

Answers 204 once the events are committed, and never before: the provider repeats what was
answered in any other way, for 24 hours. Whoever cannot sign learns nothing from an answer.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from bulletin.errors import InvalidInput, NotFound, Refused
from bulletin.wiring import Services

PATH = "/webhooks/sendgrid"
MOST_BODY = 2_000_000  # bytes; the provider posts at 768 KB at the latest
_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"


def router(services: Services) -> APIRouter:
    """Raises Misconfigured if the key is set and is none."""
    routes = APIRouter()
    posts = services.posts

    def take(body: bytes, signature: str, timestamp: str) -> int:
        try:
            posts.take(body, signature, timestamp)
        except NotFound:
            return 404
        except Refused:
            return 403
        except InvalidInput:
            return 400
        return 204

    @routes.post(PATH)
    async def told(request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        signature = request.headers.get(_SIGNATURE, "")
        timestamp = request.headers.get(_TIMESTAMP, "")
        # In a thread: a database that takes its time must not keep the other pages waiting.
        return Response(status_code=await run_in_threadpool(take, body, signature, timestamp))

    return routes
