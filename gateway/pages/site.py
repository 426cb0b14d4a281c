"""The pages around the chat: privacy, imprint, accessibility, Leichte Sprache, sign language. Their texts belong to the operator."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from gateway import language, services
from gateway.conversation import Language
from gateway.pages import switch
from gateway.pages.plain import html
from gateway.pages.rendering import page
from gateway.pages.sections import sections
from gateway.settings import Settings
from gateway.texts import all_texts, text

router = APIRouter(include_in_schema=False)


@router.get("/datenschutz")
async def privacy(request: Request) -> HTMLResponse:
    """Return the privacy notice: what is stored is told by us, the rest by the operator."""
    settings, spoken = services.of(request).settings, language.of(request)
    told = {
        "days": settings.retention_bot_days,
        "tombstone_days": settings.retention_tombstone_days,
        "handoff_days": settings.retention_handoff_days,
        "callback_days": settings.retention_callback_days,
        "comment_days": settings.retention_comment_days,
        "audit_days": settings.retention_audit_days,
        "erase": text("chat.erase", spoken),
        "remember": text("chat.menu.remember", spoken),
    }
    facts = [fact.format(**told) for fact in all_texts(spoken)["pages"]["datenschutz"]["facts"]]
    return await _text_page(request, "datenschutz", facts)


@router.get("/impressum")
async def imprint(request: Request) -> HTMLResponse:
    """Return the imprint."""
    return await _text_page(request, "impressum")


@router.get("/barrierefreiheit")
async def accessibility(request: Request) -> HTMLResponse:
    """Return the accessibility statement: a draft after the model of the Land, until the operator has its own."""
    return await _text_page(request, "barrierefreiheit")


@router.get("/leichte-sprache")
async def easy_language(request: Request) -> HTMLResponse:
    """Return the text in Leichte Sprache; until there is one, who has to write it."""
    return await _text_page(request, "leichte-sprache")


@router.get("/gebaerdensprache")
async def sign_language(request: Request) -> HTMLResponse:
    """Return the way to the videos in sign language; until there are any, who has to make them."""
    return await _text_page(request, "gebaerdensprache")


async def _text_page(request: Request, name: str, facts: list[str] | None = None) -> HTMLResponse:
    own, spoken = services.of(request), language.of(request)
    ours = all_texts(spoken)["pages"][name].get("sections", ())
    content, in_german_only = _operator_text(own.settings, name, spoken)
    return await page(
        request,
        "text.html",
        title=text(f"pages.{name}.title", spoken),
        content=content,
        in_german_only=in_german_only,
        placeholder=text("pages.placeholder", spoken, file=f"{name}.md"),
        sections=sections(ours, own.shelf.named, public_url=own.settings.public_url, file=f"{name}.md"),
        facts=facts or [],
        languages=switch.links(request),
    )


def _operator_text(settings: Settings, name: str, spoken: Language) -> tuple[Markup | None, bool]:
    """Return DATA_DIR/texts/<name>.md as HTML (None until it is set), and whether it has no simple form (`<name>.einfach.md`).

    Read each time, so that a change shows at once.
    """
    simple = _read(settings, f"{name}.{language.SIMPLE}.md") if spoken == "de-simple" else None
    content = simple or _read(settings, f"{name}.md")
    return content, bool(content) and spoken == "de-simple" and not simple


def _read(settings: Settings, file: str) -> Markup | None:
    try:
        return html((settings.data_dir / "texts" / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
