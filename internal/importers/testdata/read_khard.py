"""Reads a vCard file with khard, which has each person in a file of an address book."""

import json
import logging
import os
import sys
import tempfile

from khard.address_book import VdirAddressBook
from khard.carddav_object import CarddavObject
from khard.query import AnyQuery

logging.disable(logging.CRITICAL)
END = b"\r\nEND:VCARD\r\n"


def text(values):
    """Returns a value of which khard may have several, each a text or parts of one."""
    if isinstance(values, str):
        return values
    return "|".join(text(value) for value in values)


with open(sys.argv[1], "rb") as file:
    cards = file.read().split(END)[:-1]
with tempfile.TemporaryDirectory() as folder:
    book = VdirAddressBook("imported", folder)
    path = os.path.join(folder, "person.vcf")
    for card in cards:
        with open(path, "wb") as file:
            file.write(card + END)
        person = CarddavObject.from_file(book, path, AnyQuery(), ["Skype"])
        places = [place for places in person.post_addresses.values() for place in places]
        birthday = person.birthday
        print(json.dumps({
            "uid": person.uid,
            "shown": person.formatted_name,
            "first": text(person._get_first_names()),
            "last": text(person._get_last_names()),
            "suffix": text(person._get_name_suffixes()),
            "nickname": text(person.nicknames),
            "company": text(person.organisations),
            "phones": [[kind, number] for kind, numbers in person.phone_numbers.items() for number in numbers],
            "birthday": birthday.strftime("%Y-%m-%d") if birthday else "",
            "place": [text([text(place[part]) for place in places]) for part in ("city", "region", "country")],
            "skype": text(person._get_private_objects().get("Skype", [])),
            "chat": "",
            "homepage": text(person.webpages),
            "note": text(person.notes),
        }))
