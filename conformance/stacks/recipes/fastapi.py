# Follows https://fastapi.tiangolo.com/tutorial/cors/
# The expression has the form of the one in that list of arguments. It has to match the whole origin.
from fastapi.middleware.cors import CORSMiddleware


def install(app):
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["https://app.example.com"],
        allow_origin_regex=r"https://.*\.preview\.example\.com",
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        allow_credentials=True,
        max_age=600,
    )
