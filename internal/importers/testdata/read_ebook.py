"""Reads a vCard file with libebook-contacts, the library of GNOME's Evolution and Contacts."""

import json
import sys

import gi

gi.require_version("EBookContacts", "1.2")
from gi.repository import EBookContacts

END = "\r\nEND:VCARD\r\n"
PHONES = {"CELL": "mobile-phone", "HOME": "home-phone", "WORK": "business-phone"}

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    cards = file.read().split(END)[:-1]
for card in cards:
    person = EBookContacts.Contact.new_from_vcard(card + END)

    def value(name):
        return person.get_property(name) or ""

    name = value("name")
    places = [place for place in map(value, ("address-home", "address-work", "address-other")) if place]
    birthday = value("birth-date")
    chat = person.get_attribute("IMPP")
    print(json.dumps({
        "uid": value("id"),
        "shown": value("full-name"),
        "first": value("given-name"),
        "last": value("family-name"),
        "suffix": name.suffixes or "",
        "nickname": value("nickname"),
        "company": value("org"),
        "phones": [[kind, value(field)] for kind, field in PHONES.items() if value(field)],
        "birthday": "%04d-%02d-%02d" % (birthday.year, birthday.month, birthday.day) if birthday else "",
        "place": ["|".join(getattr(place, part) or "" for place in places) for part in ("locality", "region", "country")],
        "skype": "|".join(line.get_value() for line in person.get_attributes(EBookContacts.ContactField.IM_SKYPE)),
        "chat": chat.get_value() if chat else "",
        "homepage": value("homepage-url"),
        "note": value("note"),
    }))
