# Follows https://flask-cors.readthedocs.io/en/latest/api.html#extension
# An origin that looks like a regular expression is one. The documentation has no example of one with subdomains; this one is escaped and anchored.
from flask_cors import CORS


def install(app):
    CORS(
        app,
        origins=["https://app.example.com", r"^https://([a-z0-9-]+\.)+preview\.example\.com$"],
        methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        supports_credentials=True,
        max_age=600,
    )
