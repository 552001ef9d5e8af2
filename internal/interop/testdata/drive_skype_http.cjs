// The functions of skype-http about contacts and profiles. readAllContacts reads the pages
// after the first, which the client never asks for, with the client's own types.
"use strict";
const { connect } = require("skype-http");
const { getSelfProfile } = require("skype-http/api/get-self-profile");
const { $Contact } = require("skype-http/types/contact");
const { registerEndpoint } = require("skype-http/helpers/register-endpoint");
const { requestIo } = require("skype-http/request-io");
const { CookieJar, MemoryCookieStore } = require("tough-cookie");
const { drive } = require("./driver.cjs");

const host = "client-s.gateway.messenger.live.com";
const cookies = new MemoryCookieStore();
const skypeToken = (value) => ({ value, expirationDate: new Date(Date.now() + 86400000) });

function api(call) {
	const expirationDate = new Date(Date.now() + 86400000).toISOString();
	const raw = "registrationToken=" + call.registrationToken;
	return connect({
		state: {
			username: call.self,
			cookies: new CookieJar().serializeSync(),
			skypeToken: { value: call.skypeToken, expirationDate },
			registrationToken: { value: call.registrationToken, expirationDate, endpointId: "{1}", host, raw },
		},
	});
}

const done = () => null; // these functions return the client itself

drive({
	getSelfProfile: (call, token) => getSelfProfile(requestIo, cookies, skypeToken(token)),
	getContacts: async (call) => (await api(call)).getContacts(),
	getContactInvites: async (call) => (await api(call)).getContactInvites(),
	getContact: async (call, name) => (await api(call)).getContact(name),
	acceptContactRequest: async (call, name) => (await api(call)).acceptContactRequest(name).then(done),
	declineContactRequest: async (call, name) => (await api(call)).declineContactRequest(name).then(done),
	registerEndpoint: (call) => registerEndpoint(requestIo, cookies, skypeToken(call.skypeToken), host),
	readAllContacts: async (call) => {
		const contacts = [];
		const headers = { "X-Skypetoken": call.skypeToken };
		do {
			const uri = "https://contacts.skype.com/contacts/v2/users/" + call.self;
			const response = await requestIo.get({ uri, queryString: { page_size: "100", reason: "default" }, headers });
			contacts.push(...JSON.parse(response.body).contacts.map((entry) => {
				try {
					return $Contact.readJson(entry);
				} catch (error) {
					return { mri: entry.mri, unreadable: error.message };
				}
			}));
			headers["X-Skype-Continuation-Token"] = response.headers["x-skype-continuation-token"];
		} while (headers["X-Skype-Continuation-Token"]);
		return contacts;
	},
});
