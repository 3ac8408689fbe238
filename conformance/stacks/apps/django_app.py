"""Any path; its last segment decides, as in backend.py."""

import sys

import cors
import django
from backend import OWN
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import re_path

MIDDLEWARE = ["cors.CorsMiddleware", "django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
# The file has a middleware, or is a part of the settings.
SETTINGS = {name: value for name, value in vars(cors).items() if name in ("INSTALLED_APPS", "MIDDLEWARE") or name.startswith("CORS_")}
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for these tests only",
    LOGGING_CONFIG=None,
    **{"MIDDLEWARE": MIDDLEWARE, **SETTINGS},
)


def answer(request, path):
    last = path.rsplit("/", 1)[-1]
    if last == "500":
        raise RuntimeError("a broken handler")
    if last == "redirect":
        return HttpResponseRedirect("items")
    if last in ("401", "413", "502"):
        return HttpResponse(status=int(last))
    if last not in ("items", "own"):
        raise Http404
    return HttpResponse("here\n", content_type="text/plain", headers=dict(OWN) if last == "own" else {})


urlpatterns = [re_path("^(.*)$", answer)]
if __name__ == "__main__":
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

    from django.core.wsgi import get_wsgi_application

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Handler(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    django.setup()
    server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
    server.set_app(get_wsgi_application())
    server.serve_forever()
