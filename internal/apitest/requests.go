package apitest

import "github.com/skypecontacts/skypecontacts"

// Token and RegistrationToken are those of NewClient. Nothing that holds one of
// them may appear in a log, an error or a printed value.
const (
	Token             = "canary-skype-token"
	RegistrationToken = "canary-registration-token=="
)

// Headers as Transport.Requests returns them.
const (
	acceptHeader  = "Accept: application/json; ver=1.0\n"
	agentHeader   = "User-Agent: skypecontacts-go/" + skypecontacts.Version + "\n"
	tokenHeader   = "X-Skypetoken: " + Token + "\n"
	plainHeaders  = acceptHeader + agentHeader + tokenHeader + "\n"
	deltaHeaders  = acceptHeader + "If-None-Match: \"known\"\n" + agentHeader + tokenHeader + "\n"
	searchHeaders = acceptHeader + agentHeader + `X-Skypegraphservicesettings: {"experiment":"MinimumFriendsForAnnotationsEnabled",` +
		`"geoProximity":"disabled","minimumFriendsForAnnotationsEnabled":"true","minimumFriendsForAnnotations":2,"demotionScoreEnabled":"true"}` +
		"\n" + tokenHeader + "\n"
	jsonHeaders    = acceptHeader + "Content-Type: application/json\n" + agentHeader + tokenHeader + "\n"
	formHeaders    = acceptHeader + "Content-Type: application/x-www-form-urlencoded\n" + agentHeader + tokenHeader + "\n"
	pictureHeaders = "Accept: image/*,*/*;q=0.8\n" + agentHeader + tokenHeader + "\n"
	gifHeaders     = acceptHeader + "Content-Type: image/gif\n" + agentHeader + tokenHeader + "\n"
	gatewayAccept  = acceptHeader + "Behavioroverride: redirectAs404\n"
	gatewayToken   = "Registrationtoken: registrationToken=" + RegistrationToken + "\n" + agentHeader + "\n"
	gatewayHeaders = gatewayAccept + gatewayToken
	gatewayPut     = gatewayAccept + "Content-Type: application/json\n" + gatewayToken
)

// Base URLs with the account.
const (
	contactsURL = "https://contacts.skype.com/contacts/v2/users/self"
	legacyURL   = "https://contacts.skype.com/contacts/v1/users/self"
	gatewayURL  = "https://client-s.gateway.messenger.live.com/v1/users/ME"
)
