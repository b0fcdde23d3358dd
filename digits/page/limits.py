"""Let through the requests that the server can take, and refuse the others in a sentence.

An operator sets `MAX_CONCURRENT`, `MAX_WAITING` and `UPLOAD_TTL_S` by the environment variables of
these names after ``DIGITS_``.
"""

import json
import os
from functools import wraps

from anyio import CapacityLimiter, move_on_after, to_thread

from digits.image_file import MAX_FILE_BYTES
from digits.page import TEXT
from digits.page.settings import whole_number

# Readings at the same time: one that takes seconds must not hold up all others.
MAX_CONCURRENT = whole_number("DIGITS_MAX_CONCURRENT", max(4, os.cpu_count() or 1))
# Readings that wait: at 100 readings a second, which two cores give, for a second at most.
MAX_WAITING = whole_number("DIGITS_MAX_WAITING", 100)
# A message: the largest picture as base64, four bytes for three, and what is around it.
MAX_BODY_BYTES = MAX_FILE_BYTES * 7 // 5
# How long an upload is kept, in seconds; Gradio looks for old ones as often.
UPLOAD_TTL_S = whole_number("DIGITS_UPLOAD_TTL_S", 3600)
# How long a client that is still sending has to notice its refusal, in seconds.
LINGER_S = 10

_readings = CapacityLimiter(MAX_CONCURRENT)  # shared by all functions


def limited(work, busy):
    """Run a function in worker threads, for a limited number of callers at a time.

    Parameters
    ----------
    work : callable
        A plain function of one argument.
    busy : callable
        What it answers instead, given the same argument, if `MAX_WAITING` callers wait already.

    Returns
    -------
    coroutine function
        Of one argument, with the name, type hints and docstring of `work`. All functions made here
        share one limit of `MAX_CONCURRENT`.
    """

    @wraps(work)
    async def wait(argument):
        if _readings.statistics().tasks_waiting >= MAX_WAITING:
            return busy(argument)
        return await to_thread.run_sync(work, argument, limiter=_readings)

    return wait


class BodySizeLimit:
    """ASGI middleware that refuses bodies above `MAX_BODY_BYTES` and passes on complete ones only.

    A body is held in memory until all of it is there: of a request that is too large, or that was
    abandoned, the application sees nothing, so that nothing of it is left anywhere.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        """Answer a request with status 413 if its body is too large, else pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        too_large = int(declared) > MAX_BODY_BYTES
        body, more = bytearray(), True
        while more and not too_large:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            too_large = len(body) > MAX_BODY_BYTES
            more = message.get("more_body", False)
        if too_large:
            body.clear()
            await self._refuse(receive, send, more)
            return
        whole = iter([{"type": "http.request", "body": bytes(body), "more_body": False}])

        async def receive_whole():
            return next(whole, None) or await receive()

        await self.app(scope, receive_whole, send)

    @staticmethod
    async def _refuse(receive, send, more):
        answer = json.dumps({"file": "", "error": TEXT["too_large"]}).encode()
        headers = {
            b"content-type": b"application/json",
            b"content-length": str(len(answer)).encode(),
            b"connection": b"close",
        }
        await send({"type": "http.response.start", "status": 413, "headers": [*headers.items()]})
        await send({"type": "http.response.body", "body": answer, "more_body": True})
        # A connection that is closed while the client still sends is reset, and the answer lost:
        # what comes is thrown away until the client has stopped.
        with move_on_after(LINGER_S):
            while more:
                more = (await receive()).get("more_body", False)
        await send({"type": "http.response.body", "body": b""})
