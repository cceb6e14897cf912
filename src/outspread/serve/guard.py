"""What every request and every answer goes through: who may ask, how much, and what a page may do.

Only this machine is served, but any page of the web can make a browser on this machine ask. So the
host has to be the loopback address (a foreign name that resolves to it is refused), and a form of
another site is not taken.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST: Final = 10_000_000  # bytes of one request
HOSTS: Final = ("127.0.0.1", "localhost", "::1")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_SAFE: Final = ("GET", "HEAD")


class Guard:
    """Refuses what is not of this machine or too large, and adds the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = _refusal(str(scope["method"]), headers)
        if refusal:
            answer = PlainTextResponse(refusal[1], refusal[0])
            await answer(scope, receive, _with_headers(send))
        else:
            await self._app(scope, _limited(receive), _with_headers(send))


def _refusal(method: str, headers: Headers) -> tuple[int, str] | None:
    if _host_of(f"//{headers.get('host', '')}") not in HOSTS:
        return 421, "Ask for 127.0.0.1 or localhost; no other name is served here."
    if method not in _SAFE and not _is_own(headers):
        return 403, "This form is not of this application."
    if _is_large(headers.get("content-length", "0")):
        return 413, _too_large()
    return None


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_own(headers: Headers) -> bool:
    """Tell whether a request that changes something comes from our own pages or from no browser."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _is_large(length: str) -> bool:
    return not length.isascii() or not length.isdigit() or int(length) > LARGEST


def _too_large() -> str:
    return f"That is more than {LARGEST // 1_000_000} MB. Try fewer records at once."


def _limited(receive: Receive) -> Receive:
    """Stop reading a body that goes on, whatever length it has stated."""
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise HTTPException(413, _too_large())
        return message

    return limited


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sent
