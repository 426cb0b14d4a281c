"""Where a Matrix homeserver delivers events (application service API, v1). It proves itself by the token of our registration."""

from __future__ import annotations

import secrets
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from gateway import errors, journal, services
from gateway.bodies import read
from gateway.channels import matrix
from gateway.channels.matrix import Matrix
from gateway.channels.messenger import LaterError, Post
from gateway.channels.post_office import PostOffice

PREFIX = "/_matrix/app/v1"
# A homeserver sends a transaction again until it is taken, and nothing else before it: too low a limit would stop the channel for all.
# Synapse puts up to 100 events into one, each of 64 KB at most, and adds to some what was there before them.
LIMIT = 16 * 1024 * 1024
CODES = {403: "M_FORBIDDEN", 404: "M_NOT_FOUND", 405: "M_UNRECOGNIZED", 413: "M_TOO_LARGE", 400: "M_NOT_JSON"}
NEEDS_CHAT = ("text", "press", "edit", "media")
router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.put("/transactions/{txn}")
async def transaction(request: Request, txn: str) -> Response:
    """Take events; 200 only when all of them stand in the inbox. The same ones again are known there by their ids."""
    messenger = _known(request)
    try:
        body = orjson.loads(await read(request, LIMIT))
    except orjson.JSONDecodeError:
        raise errors.invalid(None, "no_json") from None
    if not isinstance(body, dict) or not isinstance(body.get("events"), list):
        raise errors.invalid("events", "wrong_type")
    office = services.of(request).office
    try:
        posts = [post for event in body["events"] for post in _admitted(office, event, await _posts(messenger, event))]
    except LaterError:
        raise errors.unavailable() from None
    if posts:
        invited = {post.address for post in posts if post.kind == "invite"}  # these are looked at anyway
        strange = await office.strangers(matrix.NAME, {post.address for post in posts if post.kind in NEEDS_CHAT} - invited)
        await office.keep(matrix.NAME, [kept for post in posts for kept in _looked_at(post, strange)])
    return errors.json_response({})


@router.get("/users/{user_id}")
async def user(request: Request, user_id: str) -> Response:
    """Say whether a user is ours."""
    if user_id != _known(request).account.user_id:
        raise errors.not_found()
    return errors.json_response({})


@router.get("/rooms/{alias}")
async def room(request: Request, alias: str) -> Response:
    """No room has a name of ours."""
    _known(request)
    raise errors.not_found()


@router.post("/ping")
async def ping(request: Request) -> Response:
    """Say that we are here and that the token is right."""
    _known(request)
    return errors.json_response({})


def as_response(refused: errors.Refused) -> Response:
    """Return a refusal in the form that Matrix gives its errors."""
    status = 400 if refused.status == 422 else refused.status
    return errors.json_response({"errcode": CODES.get(status, "M_UNKNOWN"), "error": refused.message}, status, refused.headers)


def _known(request: Request) -> Matrix:
    """Return the channel; raises `Refused`: 404 where it is switched off, 403 without the token."""
    messenger = services.of(request).office.messengers.get(matrix.NAME)
    if not isinstance(messenger, Matrix):
        raise errors.not_found()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(token.encode(), messenger.account.hs_token.encode()):
        raise errors.forbidden()
    return messenger


async def _posts(messenger: Matrix, event: Any) -> list[Post]:
    """Return what an event asks of us. A malformed one is passed over: refusing it would stop all that come after it."""
    try:
        return await messenger.posts(event)
    except (KeyError, TypeError, AttributeError):
        journal.note("event_malformed", level="WARNING", channel=matrix.NAME)
        return []


def _admitted(office: PostOffice, event: Any, posts: list[Post]) -> list[Post]:
    """Return the posts of an event, none where its sender invites us too often: the invitation stays open, and may be made again."""
    if any(post.kind == "invite" for post in posts) and not office.admits_invitation(matrix.NAME, event["sender"]):
        journal.note("invitation_passed_over", level="WARNING", channel=matrix.NAME)
        return []
    return posts


def _looked_at(post: Post, strange: set[str]) -> list[Post]:
    """Return a post, after a look at its room where no conversation is held there yet."""
    is_strange = post.kind in NEEDS_CHAT and post.address in strange
    return [Post(f"{post.update}/chat", post.address, "look"), post] if is_strange else [post]
