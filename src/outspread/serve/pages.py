"""The application: its addresses, and how it is run."""

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import polars as pl
import uvicorn
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from outspread.errors import OutspreadError, ReadError, StoreError
from outspread.plan.pack.load import own_pack
from outspread.serve.guard import HEADERS, LARGEST, Guard
from outspread.serve.people import extent_choices, find_people, search_of, site_choices
from outspread.serve.trial import Workshop, examples, given_of
from outspread.serve.views import STATIC, ListView, Outcome, TryView, render, static_file
from outspread.write.report.case import Case, read_case
from outspread.write.report.html import stylesheet
from outspread.write.report.page import Links, page_csv, patient_page, story_fhir, story_json
from outspread.write.report.person import person_html
from outspread.write.tables import story_date

ADDRESS: Final = "127.0.0.1"
STYLE: Final = "/static/report.css"
MOST_FIELDS: Final = 200
MOST_TRIES: Final = 16  # that wait for a worker at once; they do not hold up the pages
LIMIT_WORDS: Final = f"{LARGEST // 1_000_000} MB"


def app(folder: Path) -> FastAPI:
    """Make the application that shows one output folder.

    Parameters
    ----------
    folder
        As `outspread run` wrote it.

    Raises
    ------
    StoreError
        W005 not an output folder, W010 no story in it.
    """
    story_date(folder)
    workshop = Workshop()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _pages_at_once()
        made.state.tries = CapacityLimiter(MOST_TRIES)
        yield
        workshop.close()

    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    made.state.folder = folder
    made.state.workshop = workshop
    made.add_middleware(Guard)
    for path, endpoint in PAGES.items():
        made.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)
    made.add_api_route("/try", try_records, methods=["POST"], response_model=None)
    made.add_exception_handler(HTTPException, _refused)
    made.add_exception_handler(OutspreadError, _failed)
    made.add_exception_handler(Exception, _broken)
    return made


def serve(folder: Path, *, port: int) -> None:
    """Run the application on this machine until it is interrupted.

    Nothing of a request is logged, neither its address nor what made it fail.

    Raises
    ------
    StoreError
        As `app`; W011 where the port is taken.
    """
    made = app(folder)
    logging.getLogger("uvicorn.error").addFilter(_without_content)
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((ADDRESS, port))
        except OSError as error:
            message = f"W011: port {port} is taken or not allowed. Give another one: --port 8766"
            raise StoreError(message) from error
        config = uvicorn.Config(made, access_log=False, log_level="warning")
        uvicorn.Server(config).run(sockets=[place])


def _pages_at_once() -> int:
    """Pages made at a time; more would only take turns on the same cores."""
    return max(4, 2 * pl.thread_pool_size())


def _without_content(record: logging.LogRecord) -> bool:
    """Reduce a fault to its kind: the words of an exception may be those of a record."""
    if record.exc_info and record.exc_info[0]:
        record.msg = f"A page failed: {record.exc_info[0].__name__}"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True


def list_page(request: Request) -> Response:
    """Show the list of patients, searched."""
    folder: Path = request.app.state.folder
    search = search_of(request.query_params)
    found = find_people(folder, search)
    parts = {"q": search.words, "extent": search.extent, "site": search.site, "after": found.after}
    view = ListView(
        folder=folder.resolve().name,
        as_of=f"{story_date(folder)}",
        search=search,
        found=found,
        extents=extent_choices(),
        sites=site_choices(),
        next_query=urlencode({name: part for name, part in parts.items() if part}),
    )
    return HTMLResponse(render("list.html", view=view))


def patient(request: Request) -> Response:
    """Show the page of one patient."""
    case = _case(request)
    own = urlencode({"id": case.patient_id})
    links = Links(
        style=STYLE,
        back="/",
        person=f"/person?{own}",
        share=f"/share.html?{own}",
        story=f"/story.json?{own}",
        course=f"/course.csv?{own}",
        fhir=f"/mcode.json?{own}",
    )
    return HTMLResponse(patient_page(case, links=links))


def person(request: Request) -> Response:
    """Show the page in plain words for the person."""
    case = _case(request)
    back = f"/patient?{urlencode({'id': case.patient_id})}"
    return HTMLResponse(person_html(case, style=STYLE, back=back))


def share_file(request: Request) -> Response:
    """Give a copy of one patient's page for sharing, as a file that needs nothing else."""
    return _download(patient_page(_case(request), share=True), "text/html", "patient.html")


def story_file(request: Request) -> Response:
    """Give one patient's story as JSON."""
    return _download(story_json(_case(request)), "application/json", "story.json")


def course_file(request: Request) -> Response:
    """Give one patient's course as CSV."""
    return _download(page_csv(_case(request)), "text/csv", "course.csv")


def mcode_file(request: Request) -> Response:
    """Give one patient's story as an mCODE bundle."""
    return _download(story_fhir(_case(request)), "application/fhir+json", "mcode.json")


def try_page(request: Request) -> Response:
    """Show the page on which records can be tried."""
    view = TryView(examples=examples(), limit=LIMIT_WORDS)
    return HTMLResponse(render("try.html", view=view))


async def try_records(request: Request) -> Response:
    """Tell the story of records that were sent, and keep nothing."""
    workshop: Workshop = request.app.state.workshop
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=LARGEST) as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        sent = form.get("file")
        file = await sent.read() if isinstance(sent, UploadFile) else None
    try:
        given = given_of(fields, file)
        outcome = await to_thread.run_sync(workshop.tell, given, limiter=request.app.state.tries)
    except (ReadError, StoreError) as error:
        return _tried(Outcome(error=str(error)))
    return HTMLResponse(outcome.page) if outcome.page else _tried(outcome)


def style(request: Request) -> Response:
    """Give the style of the patient page."""
    return _file(stylesheet().encode(), "text/css")


def static(request: Request) -> Response:
    """Give one of our own files."""
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    return _file(static_file(name), STATIC[name])


def no_icon(request: Request) -> Response:
    """Answer the browser that there is no icon."""
    return Response(status_code=204)


PAGES: Final[dict[str, Callable[[Request], Response]]] = {
    "/": list_page,
    "/patient": patient,
    "/person": person,
    "/share.html": share_file,
    "/story.json": story_file,
    "/course.csv": course_file,
    "/mcode.json": mcode_file,
    "/try": try_page,
    "/favicon.ico": no_icon,
    STYLE: style,
    "/static/{name}": static,
}


def _case(request: Request) -> Case:
    return read_case(request.app.state.folder, request.query_params.get("id", ""), pack=own_pack())


def _tried(outcome: Outcome) -> Response:
    """Show what became of records that were tried."""
    is_read = not outcome.error
    view = TryView(examples=examples(), limit=LIMIT_WORDS, outcome=outcome, is_read=is_read)
    return HTMLResponse(render("try.html", view=view), 200 if is_read else 422)


def _download(content: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _file(content: bytes, kind: str) -> Response:
    return Response(content, media_type=kind)


def _error_page(status: int, title: str, text: str) -> Response:
    page = render("error.html", title=title, text=text)
    return HTMLResponse(page, status, headers=dict(HEADERS))


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    if status == 404:
        return _error_page(404, "There is no such page", "The list of patients leads on.")
    said = error.detail if isinstance(error, HTTPException) else ""
    return _error_page(status, "This cannot be done", said)


def _failed(request: Request, error: Exception) -> Response:
    """Tell an error that outspread has raised on purpose; its words hold nothing of a record."""
    is_missing = str(error).startswith("W007")
    title = "There is no such patient" if is_missing else "This cannot be shown"
    return _error_page(404 if is_missing else 500, title, str(error))


def _broken(request: Request, error: Exception) -> Response:
    return _error_page(500, "This page failed", "That is a fault of outspread, not of the records.")
