"""Answer a program's picture: at ``/predict``, as the MCP tool, and at ``POST /read``.

Nothing that a program names is fetched or opened, but an upload to this server.
"""

import logging
import os
from html import escape
from io import BytesIO
from pathlib import Path, PurePath
from string import Template
from typing import Literal
from urllib.parse import unquote, unquote_to_bytes

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field, TypeAdapter
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from digits import __version__
from digits.image_file import PictureError
from digits.page import TEXT
from digits.page.answers import decoded
from digits.page.content import page_file
from digits.page.limits import limited
from digits.program_answer import program_answer


class FoundDigit(BaseModel):
    """One of the digits."""

    digit: int = Field(description="0 to 9")
    verdict: Literal["digit", "unsure"] = Field(
        description="unsure: another digit competes, or something on the picture casts doubt"
    )
    probability: float = Field(description="calibrated probability of this digit")
    box: tuple[int, int, int, int] = Field(
        description="left, top, right and bottom in pixels of the upright picture"
    )
    line: int = Field(description="number of the line that it is in, from 0 at the top")


class Answer(BaseModel):
    """What was read in a picture."""

    file: str = Field(description="the name of the picture")
    verdict: Literal["digit", "unsure", "not_a_digit", "blank"] = Field(
        description="of the picture as one digit: digit (confident), unsure (another digit "
        "competes, or part of the picture is ambiguous), not_a_digit or blank"
    )
    digit: int | None = Field(description="the picture as one digit, 0 to 9; null if it is none")
    probabilities: list[float] = Field(
        description="calibrated probabilities of the digits 0 to 9 for the picture as one digit"
    )
    text: str = Field(description="all digits found, in reading order, a newline between lines")
    digits: list[FoundDigit] = Field(description="the same digits, one by one")


class Problem(BaseModel):
    """Why a picture was not read."""

    file: str = Field(description="the name of the picture")
    error: str = Field(description="a sentence that says what to do")


class PlainBlocks(gr.Blocks):
    """Blocks whose functions are given what a program has sent, unchanged.

    Otherwise Gradio looks for files in everything that is sent, at any depth: it downloads what
    has an address, and keeps what a session sent in memory.
    """

    async def preprocess_data(self, block_fn, inputs, state, explicit_call=False):
        """Give a function its inputs, None for those that are missing."""
        missing = [None] * len(block_fn.inputs)
        return [*inputs, *missing][: len(block_fn.inputs)]


class Picture(gr.HTML):
    """The parameter of ``/predict``: it describes itself and is not shown."""

    def api_info(self):
        """Accept a string, or a file as the clients of Gradio upload it."""
        mark = {"type": "object", "properties": {"_type": {"const": "gradio.FileData"}}}
        file = {"type": "object", "properties": {"path": {"type": "string"}, "meta": mark}}
        return {"anyOf": [file, {"type": "string"}]}

    def example_payload(self):
        """Return the picture of the examples on the API page."""
        return {"path": "seven.png", "url": "seven.png", "meta": {"_type": "gradio.FileData"}}


class Result(gr.HTML):
    """The answer of ``/predict``: it describes itself and is not shown."""

    def api_info(self):
        """Describe the answer."""
        return TypeAdapter(Answer | Problem).json_schema()

    def postprocess(self, value):
        """Leave the answer as it is."""
        return value


def add_predict(recognizer):
    """Add ``/predict`` to the page that is being built, which makes it the MCP tool, too.

    Parameters
    ----------
    recognizer : digits.Recognizer
    """
    picture = Picture(visible=False)
    uploads = Path(picture.GRADIO_CACHE).resolve()

    # MCP clients are told what Gradio finds in this form of docstring, one line a parameter.
    def read_digits(image):
        """Read the handwritten digits in a picture.

        Parameters:
            image: A picture, dark ink on light paper or light on dark: a data URL, or the address of an upload to this server.

        Returns:
            file: the name of the picture
            verdict: of the picture as one digit: "digit" (confident), "unsure" (another digit competes, or part of the picture is ambiguous), "not_a_digit" or "blank"
            digit: the picture as one digit, 0 to 9, or null if it is none
            probabilities: of the digits 0 to 9, of the picture as one digit
            text: all digits found, in reading order, a newline between lines
            digits: the same digits one by one, each with its verdict, probability, box and line
            error: a sentence, if the picture cannot be read; then only file and error are given
        """  # noqa: D406, D407, E501
        try:
            return program_answer(recognizer, _sent_picture(image, uploads), _sent_name(image))
        except PictureError as problem:
            return {"file": _sent_name(image), "error": str(problem)}
        except Exception:
            return _failed(_sent_name(image))

    def busy(image):
        return {"file": _sent_name(image), "error": TEXT["try_again"]}

    # Without triggers, only programs call it. Without the queue, a call is one request.
    gr.on(
        [],
        limited(read_digits, busy),
        picture,
        Result(visible=False),
        api_name="predict",
        queue=False,
        concurrency_limit=None,
    )


def http_api(recognizer):
    """Make the routes of plain HTTP: ``POST /read``, and what describes it.

    Parameters
    ----------
    recognizer : digits.Recognizer

    Returns
    -------
    fastapi.FastAPI
    """
    api = FastAPI(title=TEXT["name"], version=__version__, docs_url=None, redoc_url=None)

    def read_file(sent):
        try:
            found = program_answer(recognizer, *sent)
        except Exception:
            return JSONResponse(_failed(sent[1]), 500)
        return JSONResponse(found, 422 if "error" in found else 200)

    def busy(sent):
        problem = {"file": sent[1], "error": TEXT["try_again"]}
        return JSONResponse(problem, 503, {"Retry-After": "1"})

    read_file = limited(read_file, busy)
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": file}, "required": ["file"]}
    content = {"multipart/form-data": {"schema": form}, "image/*": {"schema": file}}

    @api.post(
        "/read",
        response_model=Answer,
        responses={status: {"model": Problem} for status in (413, 422, 500, 503)},
        openapi_extra={"requestBody": {"content": content, "required": True}},
    )
    async def read(request: Request):
        """Read the handwritten digits in a picture, the file of a form or the body itself."""
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return await read_file((BytesIO(await request.body()), ""))
        try:
            async with request.form(max_files=1) as fields:
                for field in fields.values():
                    if isinstance(field, UploadFile):
                        return await read_file((field.file, _sendable(field.filename)))
        except (HTTPException, LookupError, UnicodeError):  # a broken form, or several files
            pass
        return JSONResponse({"file": "", "error": TEXT["no_file"]}, 422)

    # Not FastAPI's own page, which loads its script from another server.
    @api.api_route("/docs", methods=["GET", "HEAD"], include_in_schema=False)
    def docs(request: Request):
        fields = {
            f"{model.__name__.lower()}_fields": "".join(
                f"<tr><th>{name}</th><td>{escape(field.description)}</td></tr>"
                for name, field in model.model_fields.items()
            )
            for model in (Answer, FoundDigit, Problem)
        }
        page = Template(page_file("docs.html"))
        return HTMLResponse(page.substitute(fields, address=escape(str(request.base_url))))

    return api


def _failed(name):
    """Answer what no picture should cause: a program gets a sentence, the log the reason."""
    logging.exception("A picture could not be read.")
    return {"file": name, "error": TEXT["failed"]}


def _sent_picture(sent, uploads):
    """Find the picture in what a program sent: its bytes, or the path of an upload."""
    texts = _texts(sent)
    for text in texts.values():
        head, comma, data = text.partition(",")
        if comma and head[:5].lower() == "data:":
            data = unquote_to_bytes(data)
            return BytesIO(decoded(data) if head.lower().endswith(";base64") else data)
    address = texts.get("path") or texts.get("url")
    if not address:
        raise PictureError(TEXT["no_file"])
    if "://" in address:
        _, of_upload, address = address.partition("/gradio_api/file=")
        if not of_upload:
            raise PictureError(TEXT["no_address"])
        address = unquote(address)
    try:
        path = Path(os.path.realpath(address))
    except (OSError, ValueError) as error:
        raise PictureError(TEXT["not_uploaded"]) from error
    if not path.is_relative_to(uploads):
        raise PictureError(TEXT["not_uploaded"])
    return path


def _sent_name(sent):
    """Name what a program sent."""
    texts = _texts(sent)
    name = texts.get("orig_name") or texts.get("path", "")
    name = "" if name[:5].lower() == "data:" else PurePath(name).name
    return _sendable(name)


def _sendable(name):
    """Replace what no answer can hold, such as half of a surrogate pair."""
    return name.encode(errors="replace").decode()


def _texts(sent):
    fields = {"path": sent} if isinstance(sent, str) else sent if isinstance(sent, dict) else {}
    return {name: text for name, text in fields.items() if isinstance(text, str)}
