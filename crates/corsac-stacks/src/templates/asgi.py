{{ header }}
# Wrap the whole application, not with `add_middleware`: only then do unhandled errors have the headers, too.
#   from cors import Cors
#   app = FastAPI()
#   ...
#   app = Cors(app)  # last; run it with `uvicorn main:app`, because `fastapi run` looks for a FastAPI object

import re

{% include "decide.py" %}


class Cors:
    """An ASGI application around another."""

    def __init__(self, app):
        self.app = app

    def __getattr__(self, name):
        return getattr(self.app, name)

    async def __call__(self, scope, receive, send):
        decision = None
        if scope["type"] == "http":
            def header(wanted):
                lines = [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
                return ", ".join(lines) if lines else None

            decision = decide(scope["method"], scope["path"], header(b"origin"), header(b"access-control-request-method"), header(b"access-control-request-headers"))
        if decision is None:
            await self.app(scope, receive, send)
            return
        is_preflight, lines, varies = decision
        removed = REPLACED.union(name.lower() for name in lines)

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                headers = [(name, value) for name, value in message.get("headers", []) if name.decode("latin-1").lower() not in removed]
                headers += [(name.lower().encode(), value.encode("latin-1")) for name, value in lines.items()]
                if varies:
                    headers.append((b"vary", b"Origin"))
                message = {**message, "headers": headers}
            await send(message)

        if is_preflight:
            await send_with_headers({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send_with_headers)
