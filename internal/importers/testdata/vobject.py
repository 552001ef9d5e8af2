"""Reads vCards from standard input with vobject and prints a line of JSON for each."""

import io
import json
import sys

import vobject

text = sys.stdin.buffer.read().decode("utf-8")
for card in vobject.readComponents(io.StringIO(text, newline="")):
    first = {name: lines[0] for name, lines in card.contents.items()}

    def value(name):
        return first[name].value if name in first else ""

    name, address = value("n"), value("adr")
    print(json.dumps({
        "uid": value("uid"),
        "shown": value("fn"),
        "first": name.given,
        "last": name.family,
        "suffix": name.suffix,
        "nickname": value("nickname"),
        "company": "".join(value("org")),
        "phones": [[line.params["TYPE"][0], line.value] for line in card.contents.get("tel", [])],
        "birthday": value("bday"),
        "place": [address.city, address.country] if address else ["", ""],
        "skype": value("x-skype"),
        "chat": value("impp"),
        "homepage": value("url"),
        "note": value("note"),
    }))
