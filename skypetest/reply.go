package skypetest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
)

// object is a JSON object as it is on the wire.
type object = map[string]any

// reply is an answer that has not been sent yet.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// answer is a reply that has something to say.
func answer(v any) *reply { return answerStatus(http.StatusOK, v) }

func answerStatus(status int, v any) *reply {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // for those who read the answers of curl
	if err := enc.Encode(v); err != nil {
		panic(err) // the values are made here, of nothing that can fail
	}
	return &reply{status, http.Header{"Content-Type": {jsonType}}, bytes.TrimSuffix(body.Bytes(), []byte("\n"))}
}

const jsonType = "application/json; ver=1.0; charset=utf-8"

// done is the reply to a change: nobody recorded what the service said.
func done(status int) *reply { return &reply{status: status, header: make(http.Header)} }

// The shapes of error of the contacts hosts, of the api host and those like it,
// and of the gateway.
func messageFailure(_ int, text string) any {
	return object{"message": text, "stackTrace": nil}
}

func statusFailure(status int, text string) any {
	code := status * 100
	if status == http.StatusNotFound {
		code += 99
	}
	return object{"status": object{"code": code, "text": text}}
}

func codeFailure(status int, text string) any {
	return object{"errorCode": status, "message": text}
}

// refuse is an error in the shape of the service.
func (c *call) refuse(status int, text string) *reply {
	return answerStatus(status, c.service.failure(status, text))
}

// unauthorized is the reply to a token that is missing, unknown or expired.
func (c *call) unauthorized() *reply {
	switch c.service.mount {
	case contactsMount, contactsV1Mount:
		return c.refuse(http.StatusUnauthorized, "Skype token validation failed!")
	case messengerMount:
		r := c.refuse(http.StatusUnauthorized, "Authentication failed")
		r.header.Set("StatusText", "SkypeTokenExpired")
		return r
	case directoryMount:
		if !c.expired {
			return c.refuse(http.StatusForbidden, "Authentication failed")
		}
	}
	if c.expired {
		return c.refuse(http.StatusUnauthorized, "Skypetoken has expired")
	}
	return c.refuse(http.StatusUnauthorized, "Authentication failed")
}

// notSelf is the reply to a request about another account. The contacts hosts
// put it as if the token were wrong.
func (c *call) notSelf(name string) *reply {
	switch c.service.mount {
	case contactsMount, contactsV1Mount:
		return c.refuse(http.StatusUnauthorized, "Skype token validation failed!")
	default:
		return c.refuse(http.StatusForbidden, fmt.Sprintf("User '%s' is not authorized to request resource of user '%s'", bare(c.self.mri), name))
	}
}

// write sends a reply as it is meant to be.
func (c *call) write(w http.ResponseWriter, r *reply) {
	c.complete(r)
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the client may be gone
}

// complete adds the headers that every answer has.
func (c *call) complete(r *reply) {
	asked, answered := "X-Skype-Request-Id", "X-Skype-Request-Id"
	if c.service.mount == apiMount || c.service.mount == profileMount {
		asked, answered = "X-Stratus-Request", "X-Stratus-Request-Id"
	}
	r.header.Set(answered, cmp.Or(c.Header.Get(asked), fmt.Sprintf("%08x", c.number)))
	if r.status != http.StatusNoContent && r.status != http.StatusNotModified {
		r.header.Set("Content-Length", strconv.Itoa(len(r.body)))
	}
}
