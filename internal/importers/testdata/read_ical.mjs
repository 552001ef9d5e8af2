// Reads a vCard file with ical.js, the library of Thunderbird and Nextcloud.

import { readFileSync } from "node:fs";
import ICAL from "ical.js";

for (const card of ICAL.parse(readFileSync(process.argv[2], "utf8"))) {
	const person = new ICAL.Component(card);
	const text = (value) => (Array.isArray(value) ? value.map(text).join("|") : String(value));
	const value = (name) => person.getAllProperties(name).map((property) => text(property.getValues())).join("|");
	const name = person.getFirstPropertyValue("n");
	const places = person.getAllProperties("adr").map((property) => property.getFirstValue());
	console.log(JSON.stringify({
		uid: value("uid"),
		shown: value("fn"),
		first: text(name[1]),
		last: text(name[0]),
		suffix: text(name[4]),
		nickname: value("nickname"),
		company: value("org"),
		phones: person.getAllProperties("tel").map((phone) => [phone.getParameter("type"), phone.getFirstValue()]),
		birthday: value("bday"),
		place: [3, 4, 6].map((part) => places.map((place) => text(place[part])).join("|")),
		skype: value("x-skype"),
		chat: value("impp"),
		homepage: value("url"),
		note: value("note"),
	}));
}
