"""The pages of an output folder as a web application for one machine.

`app` makes it, `serve` runs it on 127.0.0.1. It reads; nothing that is given to it is kept.
"""

from outspread.serve.pages import app, serve

__all__ = ["app", "serve"]
