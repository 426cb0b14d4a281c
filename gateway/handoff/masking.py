"""Personal data that citizens type into a chat, replaced by short placeholders before a person or a log sees the text.

Phone numbers are found by `phonenumbers`, which knows the German numbering plan; addresses by the words of German street
names. Names of persons are not looked for. When in doubt between an address and a count, the address wins.
"""

from __future__ import annotations

import re

from phonenumbers import Leniency, PhoneNumberMatcher

MAIL, PHONE, ACCOUNT, ADDRESS = "[E-Mail]", "[Telefonnummer]", "[Kontonummer]", "[Anschrift]"

_MAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]+\s{0,2}(?:@|[(\[]\s?(?:at|ät)\s?[)\]])\s{0,2}"
    r"(?:(?:[\w-]+\.)+[^\W\d_]{2,}|[\w-]+(?:\s|\s?[.,]\s?)(?:de|com|net|org|eu|at|ch|info)\b)",
    re.IGNORECASE,
)
_IBAN_LENGTHS = {
    "DE": 22, "AT": 20, "CH": 21, "LI": 21, "LU": 20, "FR": 27, "BE": 16, "NL": 18, "IT": 27, "ES": 24, "PT": 25, "GB": 22, "IE": 22,
    "DK": 18, "SE": 24, "NO": 15, "FI": 18, "PL": 28, "CZ": 24, "SK": 24, "HU": 28, "SI": 19, "HR": 21, "RO": 24, "BG": 22, "GR": 27,
    "TR": 26, "EE": 20, "LV": 21, "LT": 20, "MT": 31, "CY": 28, "UA": 29, "RS": 22, "BA": 20,
}  # fmt: skip
_GAP = "[ \u00a0\u202f.-]{0,2}"
_IBAN_BODIES = "|".join(f"{country}(?:{_GAP}[0-9]){{2}}(?:{_GAP}[0-9A-Z]){{{n - 4}}}" for country, n in _IBAN_LENGTHS.items())
_IBAN = re.compile(rf"(?<![0-9A-Z])(?:IBAN)?({_IBAN_BODIES})(?![0-9])", re.IGNORECASE | re.ASCII)  # ASCII: int(c, 36) reads no "ſ"
_ACCOUNT_WORD = re.compile(r"(?:iban|konto)[^\d\n]{0,20}$", re.IGNORECASE)

_NEXT_AREA = r"\s0[1-9]\d{1,3}[\s/-]?\d{3}"
_ROUGH_PHONE = re.compile(rf"(?<![A-Z\d.,/-])(?<!\d[: ])(?:\+\s?49|0049|\(?0\s?[1-9])(?:(?!{_NEXT_AREA})[\d ()/-]){{4,26}}\d(?!\d)")
_PHONE_AFTER_WORD = re.compile(
    r"(\b(?:(?:tele)?fon|tel|handy|mobil|festnetz|(?:tele)?fax|ruf|durchwahl|(?:meine|unsere)\s(?=nummer|nr))-?(?:nummer|nr)?"
    r"[\s.:]{0,3}(?:(?:ist|lautet|die|unter)\s){0,2})\d(?:[ /-]{0,3}\d){4,12}(?!\d|[.,]\d)",
    re.IGNORECASE,
)
_DATE_OR_SHARE = re.compile(r"\d\d?[-/.]\d\d?[-/.](?:\d\d){1,2}|0\.\d.*", re.DOTALL)
_AGS = re.compile(r"08\s?[1-4]\s?\d\d\s?\d{3}")  # of Baden-Württemberg, where area codes begin with 06, 07 or 09
_KEY_WORD = re.compile(
    r"https?://\S*$|(?:\baz|aktenzeichen|(?:geschäfts|kenn)zeichen|\bags|\bars|schlüssel|kennziffer|vorgang|antrag|rechnung|drucksache)"
    r"(?:s?-?(?:nummer|nr))?[^\w\n]{0,3}(?:(?:ist|lautet)\s)?$",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)"
_UNIT = (
    r"(?:uhr|h|min\w*|stunden?|tagen?|tage|wochen?|monate?n?|jahre?n?|k?m|km/h|qm|m²|(?:kilo)?meter\w*|eur|euros?|tsd|tausend|mio|"
    r"millionen|mal|x|prozent|personen|leuten?|menschen|männer|frauen|kinder\w*|senior\w*|mitglieder\w*|(?:ein|be|an)wohner\w*|nachbar\w*|"
    r"haushalten?|haushalte|familien|läden|geschäfte\w*|betriebe\w*|gebäude\w*|neue\w*|weitere\w*|stück|"
    r"\w*(?:wohnungen|einheiten|häuser|bänken?|bäumen?|bäume|plätzen?|stellen|teilnehmer\w*|ehrenamtliche\w*))\b"
)
_STOP = (
    r"(?:(?:ein|unser|euer|dies|jed|kein|mein|dein|sein|ihr|welch|erst|zweit|dritt|best|letzt|nächst|ganz|frei|d)(?:e[rsnm]?|as)?|"
    r"von|vom|auf|im|am|zum|zur|in|an|mit|für|pro|je|ohne|und|oder|bei|seit|zu|ca|etwa|rund|nur|über|unter|hinter|immer|wieder|aber|"
    r"nach|bis|ab|wir|ich|noch|sind|ist|eine|haben|quartier|baustein|programm|stufe|phase|modul|absatz|"
    r"quartal|jahr|monat|teil|punkt|anhang|anlage|fall|kapitel|artikel|klasse|gruppe|handlungsfeld|\w{2,8}tag)\b"
)
_HOUSE = (
    r"\s{0,3}(?:(?:haus)?(?:nr|nummer)\.?\s{0,3})?\d{1,3}(?:\s?[a-k](?![^\W_]))?(?:\s?[-/–+]\s?\d{1,3}(?:\s?[a-k](?![^\W_]))?)?"
    rf"(?![^\W_])(?!\s?[.,:]\d(?!\d{{4}}\b))(?!\.\s?(?:\d|{_MONTH}))"
    rf"(?!\s{{0,3}}(?:(?:bis|und|oder|-)\s{{0,3}}\d+\s{{0,3}})?(?:[%€]|{_UNIT}))"
)
_TOWN = (
    rf"(?:(?:bad|sankt|st\.|schwäbisch)\s)?(?!{_STOP}|bitte\b|danke\b|da\b|dort\b)[^\W\d_][\w-]+"
    r"(?-i:\s(?:am|im|an\sder|ob\sder|bei|unter)\s[A-ZÄÖÜ]\w+)?"
)
_POSTCODE = rf"(?:D-?\s?)?(?!\d\d000)\d{{5}}(?![\w%€]|[.,]\d|\s{{0,3}}(?:[%€]|{_UNIT}))"
_TAIL = rf"(?:\s{{0,3}},?\s{{0,3}}(?:in\s)?{_POSTCODE}(?:\s+{_TOWN})?)?"
_ENDS_THERE = (
    rf"(?=\s{{0,3}}(?:$|[;!?)\]\"]|,?\s{{0,3}}(?:in\s)?{_POSTCODE}|[.,:](?!\d)|[-–](?!\d)|"
    r"(?:in|ist|bei|ab|bitte|danke|da|dort|hier|liegt|steht|wohn\w*|oder|und(?!\s{0,3}\d))\b))"
)
_NO_STREET = (
    r"(?:(?:bundes|landes|kreis|staats|schnell|umgehungs|durchgangs|einbahn|spiel|fahrrad)str|"
    r"(?:hin|rück|um|aus|über|durch|halb|rad|geh|fu(?:ß|ss)|schul|rettungs|förder|antrags|lösungs|verfahrens|bildungs|keines)weg|"
    r"\w{0,30}(?:arbeits|stell|spiel|park|sitz|pflege|betreuungs|kita|krippen|garten|ausbildungs|studien|heim|tages)platz|sackgasse)"
)
_STREET = (
    rf"(?<![\w-])(?:(?!{_NO_STREET})[^\W\d_](?:[\w-]|\.-)*(?:straße|strasse|str|weg|gasse|gässle|allee|platz|chaussee|damm|promenade)|"
    rf"(?!{_STOP})[^\W\d_][\w-]{{2,}}\s+(?:straße|strasse|str|gasse|allee|promenade)|"
    rf"(?!{_STOP})(?:[^\W\d_][\w-]+e[rs]\s+(?:weg|platz)|(?-i:[A-ZÄÖÜ])[\w-]+\s+weg))(?![^\W\d_])\.?{_HOUSE}"
)
_LAND = (
    r"(?:au|aue|\w{2,}enau|tal|tor|eck|hang|(?!handlungs|themen|um|aktions|aufgaben)\w{0,30}feld(?:e|ern?)?|"
    r"\w{0,30}(?:markt|bach|berg|rain|halde|grund|wasen|wiesen?|gärten|garten|acker|äcker|hof|kirche|brunnen|mühle|see|park|linden|"
    r"höhe|bühl|winkel|anger|teich|weiher|ried|mauer|schule|schulhaus|schloss|burg|steige|brühl|loh|wald|holz|heide|breite|neckar|"
    r"(?<!ä)ufer|(?<![aeo])ring|wall|graben|rathaus|platz|pfad|zeile|siedlung|brücke))"
)
_PLACED = r"(?:am|im|in\s{1,2}de[rn]|auf\s{1,2}de[rm]|an\s{1,2}der|unter\s{1,2}den|hinter\s{1,2}de[rm]|zum|zur|beim)"
_NAMED = rf"(?-i:Am|Im|Beim|Auf\sde[rm]|In\sde[rn]|An\sder|Zum|Zur)\s+(?!{_STOP})[^\W\d_][\w-]+"
_BY_PLACE = (
    rf"(?<![\w-])(?:{_PLACED}\s+{_LAND}|(?<=[\w,]\s){_NAMED}|"
    rf"\w{{3,30}}(?:halde|bühl|wasen|(?<!ter)rain|(?<!b)äcker|(?<![aeo])ring)){_HOUSE}{_ENDS_THERE}"
)
_LINE_ALONE = rf"^[ \t]*(?:(?=[^\W\d_]{{5}}){_LAND}|{_NAMED}){_HOUSE}\s{{0,3}}$"
_BEFORE_POSTCODE = rf"(?<![\w-])(?!{_STOP})[^\W\d_][\w-]+\.?{_HOUSE}(?=\s{{0,3}},?\s{{0,3}}(?:in\s)?{_POSTCODE}\s+{_TOWN})"
_ADDRESS = re.compile(rf"(?:{_STREET}|{_BY_PLACE}|{_LINE_ALONE}|{_BEFORE_POSTCODE}){_TAIL}", re.IGNORECASE | re.MULTILINE)
_AFTER_WORD = re.compile(
    rf"((?<!\[)(?:\bwohn(?:e|t|en|haft)|adresse|anschrift|gemeldet|zu\s?hause|daheim)\b[^\n\d.!?]{{0,40}}?(?<![\w-]))"
    rf"(?!{_STOP})[^\W\d_][\w-]+\.?{_HOUSE}{_ENDS_THERE}{_TAIL}",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """Return the text with e-mail addresses, phone numbers, IBANs and street addresses replaced by placeholders.

    Runs until nothing changes, so that masking twice is masking once; every replacement takes digits or an @ away.

    >>> masked("Anrufen: 0171 2345678, wohne in der Gartenstraße 17, 72070 Tübingen; es geht um 15.000 €")
    'Anrufen: [Telefonnummer], wohne in der [Anschrift]; es geht um 15.000 €'
    """
    while (fewer := _masked_once(text)) != text:
        text = fewer
    return text


def _masked_once(text: str) -> str:
    text = _MAIL.sub(MAIL, text)
    text = _IBAN.sub(_account, text)
    text = _without_phones(text)
    return _AFTER_WORD.sub(rf"\1{ADDRESS}", _ADDRESS.sub(ADDRESS, text))


def _account(match: re.Match[str]) -> str:
    known = _sum_fits(re.sub("[^0-9A-Za-z]", "", match[1])) or match[0] != match[1]
    return ACCOUNT if known or _ACCOUNT_WORD.search(match.string[: match.start()]) else match[0]


def _sum_fits(iban: str) -> bool:
    """Say whether the check digits fit (ISO 7064, mod 97): a typing error is masked only after a word such as Konto."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def _without_phones(text: str) -> str:
    """Mask valid numbers with their area code (350.000 is one without), then what only looks like a number."""
    for found in reversed(list(PhoneNumberMatcher(text, "DE", leniency=Leniency.VALID))):
        if found.raw_string.lstrip("( ")[0] in "+0" and not _is_key(text, found.start, found.raw_string):
            text = text[: found.start] + PHONE + text[found.end :]
    return _PHONE_AFTER_WORD.sub(rf"\1{PHONE}", _ROUGH_PHONE.sub(_rough_phone, text))


def _rough_phone(match: re.Match[str]) -> str:
    """Mask what looks like a number but is none by the plan: mistyped, glued to a word, two in a row."""
    long_enough = sum(c.isdigit() for c in match[0]) >= 7
    return PHONE if long_enough and not _is_key(match.string, match.start(), match[0]) else match[0]


def _is_key(text: str, start: int, raw: str) -> bool:
    """Say whether it is a date, a share, a key, a file number or part of a link, not a phone number."""
    return bool(_DATE_OR_SHARE.fullmatch(raw) or _AGS.fullmatch(raw) or _KEY_WORD.search(text[max(0, start - 200) : start]))
