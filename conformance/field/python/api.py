"""The situations of people with FastAPI: the CORS layer is inside, and its list has a slash too many."""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(
    CORSMiddleware,
    allow_origins=["http://localhost:3000/", "http://localhost:4200", "https://app.shop.test"],
    allow_credentials=True,
    allow_methods=["GET"],
    allow_headers=["content-type"],
)


@app.get("/items")
@app.put("/items")
def items():
    return []


@app.get("/shelf/")
def shelf():
    return []


@app.get("/crash")
def crash():
    raise KeyError("customer_id")
