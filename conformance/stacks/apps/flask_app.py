"""Any path; its last segment decides, as in backend.py."""

import sys

import cors
from backend import OWN
from flask import Flask, Response, abort, redirect

app = Flask(__name__)
if hasattr(cors, "install"):
    cors.install(app)
else:
    app.wsgi_app = cors.Cors(app.wsgi_app)


@app.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def answer(path):
    last = path.rsplit("/", 1)[-1]
    if last == "500":
        raise RuntimeError("a broken handler")
    if last == "redirect":
        return redirect("items", 302)
    if last in ("401", "413", "502"):
        abort(int(last))
    if last not in ("items", "own"):
        abort(404)
    return Response("here\n", mimetype="text/plain", headers=dict(OWN) if last == "own" else {})


app.run("127.0.0.1", int(sys.argv[1]), threaded=True)
