"""Any path; its last segment decides, as in backend.py."""

import cors
from backend import OWN
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse, RedirectResponse

api = FastAPI()


@api.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def answer(path: str):
    last = path.rsplit("/", 1)[-1]
    if last == "500":
        raise RuntimeError("a broken handler")
    if last == "redirect":
        return RedirectResponse("items", 302)
    if last in ("401", "413", "502"):
        raise HTTPException(int(last))
    if last not in ("items", "own"):
        raise HTTPException(404)
    return PlainTextResponse("here\n", headers=dict(OWN) if last == "own" else {})


app = api
if hasattr(cors, "install"):
    cors.install(api)
else:
    app = cors.Cors(api)
