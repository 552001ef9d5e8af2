package skypetest

import "net/http"

// getAccount responds to the official client, which reads only registrationDate.
// No source has the response, and no date is in [Data].
func (x *exchange) getAccount() *bufferedResponse {
	return jsonResponse(http.StatusOK, jsonObject{"username": mriName(x.self.mri), "registrationDate": "2011-10-13T00:00:00Z"})
}

// updateOwnProfile changes members of the own profile.
func (x *exchange) updateOwnProfile() *bufferedResponse {
	body := struct {
		Payload map[string]any `json:"payload"`
	}{}
	switch {
	case !x.decodeJSON(&body):
		return x.malformedJSON()
	case body.Payload == nil:
		return x.missingParameters()
	}
	values := make(map[string]string)
	for name, value := range body.Payload {
		text, ok := value.(string) // null is the empty string
		if !ok && value != nil && isProfileText(name) {
			return x.errorResponse(http.StatusBadRequest, "The value of "+name+" is not a string")
		}
		if name == "gender" {
			if text, ok = genderWords[text]; !ok {
				return x.errorResponse(http.StatusBadRequest, "There is no such gender")
			}
		}
		values[name] = text
	}
	return x.setProfile(updatedProfile(x.self.profile, values, x.now))
}
