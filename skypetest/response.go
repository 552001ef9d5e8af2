package skypetest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// jsonObject is a JSON object of a response.
type jsonObject = map[string]any

const (
	jsonContentType = "application/json; ver=1.0; charset=utf-8"
	htmlContentType = "text/html; charset=utf-8"
)

// bufferedResponse is a response before it is sent.
type bufferedResponse struct {
	status int
	header http.Header
	body   []byte
}

// jsonResponse is a response with a JSON body.
func jsonResponse(status int, v any) *bufferedResponse {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // keeps the body readable in the output of curl
	if err := enc.Encode(v); err != nil {
		panic(err) // v is made of maps, slices, strings, numbers and booleans
	}
	return &bufferedResponse{status, http.Header{"Content-Type": {jsonContentType}}, bytes.TrimSuffix(body.Bytes(), []byte("\n"))}
}

// setNonEmpty sets a member to a string unless that is empty.
func setNonEmpty(o jsonObject, name, value string) {
	if value != "" {
		o[name] = value
	}
}

// emptyResponse is a response without a body, as to every write: no client
// recorded what the service sends.
func emptyResponse(status int) *bufferedResponse {
	return &bufferedResponse{status: status, header: make(http.Header)}
}
