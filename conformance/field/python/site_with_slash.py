"""The situations of people with Django: a slash is added outside the CORS layer."""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path

OUTSIDE, CORS = "django.middleware.common.CommonMiddleware", "corsheaders.middleware.CorsMiddleware"

settings.configure(
    DEBUG=sys.argv[2] == "debug",
    SECRET_KEY="of a test",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["localhost", "127.0.0.1"],
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=[OUTSIDE, CORS],
    CORS_ALLOWED_ORIGINS=["http://localhost:3000"],
)


def login(_):
    return JsonResponse({})


urlpatterns = [path("api/login/", login), path("api/quiet", login)]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


django.setup()
make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), handler_class=Quiet).serve_forever()
