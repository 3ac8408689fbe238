{{ header }}
# Put it first, before SecurityMiddleware and CommonMiddleware, which redirect, and before authentication:
#   MIDDLEWARE = ["cors.CorsMiddleware", ...]
# CORS does not turn off Django's CSRF check: a page that writes with the session's cookie also needs CSRF_TRUSTED_ORIGINS and the header X-CSRFToken, which the
# policy has to allow, and from another site cookies with SameSite=None and Secure.

import re

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

{% include "decide.py" %}


class CorsMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        decision = decide(
            request.method,
            request.path,
            request.headers.get("Origin"),
            request.headers.get("Access-Control-Request-Method"),
            request.headers.get("Access-Control-Request-Headers"),
        )
        if decision is None:
            return self.get_response(request)
        is_preflight, lines, varies = decision
        response = HttpResponse(status=204) if is_preflight else self.get_response(request)
        for name in REPLACED:
            del response[name]
        for name, value in lines.items():
            response[name] = value
        if varies:
            patch_vary_headers(response, ["Origin"])
        return response
