{{ header }}
# Wrap the application, so that preflights are answered before authentication and errors have the headers, too:
#   from cors import Cors
#   app = Flask(__name__)
#   app.wsgi_app = Cors(app.wsgi_app)

import re

{% include "decide.py" %}


class Cors:
    """A WSGI application around another."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        decision = decide(
            environ["REQUEST_METHOD"],
            environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
            environ.get("HTTP_ORIGIN"),
            environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"),
            environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
        )
        if decision is None:
            return self.app(environ, start_response)
        is_preflight, lines, varies = decision
        removed = REPLACED.union(name.lower() for name in lines)

        def start_with_headers(status, headers, exc_info=None):
            headers = [(name, value) for name, value in headers if name.lower() not in removed]
            headers += lines.items()
            if varies:
                headers.append(("Vary", "Origin"))
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        if is_preflight:
            start_with_headers("204 No Content", [])
            return []
        return self.app(environ, start_with_headers)
