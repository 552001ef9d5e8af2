"""Reads a vCard file with vobject, as CalDAV and CardDAV programs in Python do."""

import io
import json
import sys

import vobject

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
for card in vobject.readComponents(io.StringIO(text, newline="")):

    def values(name):
        return [line.value for line in card.contents.get(name, [])]

    def value(name):
        return "|".join(values(name))

    name = values("n")[0]
    places = values("adr")
    print(json.dumps({
        "uid": value("uid"),
        "shown": value("fn"),
        "first": name.given,
        "last": name.family,
        "suffix": name.suffix,
        "nickname": value("nickname"),
        "company": "|".join("|".join(units) for units in values("org")),
        "phones": [["|".join(line.params["TYPE"]), line.value] for line in card.contents.get("tel", [])],
        "birthday": value("bday"),
        "place": ["|".join(getattr(place, part) for place in places) for part in ("city", "region", "country")],
        "skype": value("x-skype"),
        "chat": value("impp"),
        "homepage": value("url"),
        "note": value("note"),
    }))
