// The functions of skype-web-api about contacts and profiles, and the part of login that
// needs no password.
"use strict";
const { default: SkypeWebApi } = require("skype-web-api");
const { default: registerEndpoint } = require("skype-web-api/lib/api/registerEndpoint");
const { drive } = require("./driver.cjs");

const api = (call) => new SkypeWebApi({ skypeToken: { value: call.skypeToken }, registrationToken: { value: call.registrationToken } });

drive({
	getContacts: (call) => api(call).getContacts(),
	getMyUserProfile: (call) => api(call).getMyUserProfile(),
	getUserProfile: (call, name) => api(call).getUserProfile(name),
	getUserProfiles: (call, names) => api(call).getUserProfiles(names),
	registerEndpoint: (call) => registerEndpoint(call.skypeToken),
});
