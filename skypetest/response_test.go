package skypetest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJSONResponse(t *testing.T) {
	t.Parallel()
	assert.Equal(t, &bufferedResponse{
		status: http.StatusCreated,
		header: http.Header{"Content-Type": {"application/json; ver=1.0; charset=utf-8"}},
		body:   []byte(`{"mood":"<b>tea & cake</b>"}`),
	}, jsonResponse(http.StatusCreated, jsonObject{"mood": "<b>tea & cake</b>"}))
	// As encoding/json escapes, and in one order.
	assert.Equal(t, "{\"a\":\"\\u2028\",\"b\":\"caf\ufffd\",\"c\":[]}",
		string(jsonResponse(http.StatusOK, jsonObject{"c": []string{}, "b": "caf\xc3", "a": "\u2028"}).body))
	assert.Panics(t, func() { jsonResponse(http.StatusOK, make(chan int)) })
}

func TestEmptyResponse(t *testing.T) {
	t.Parallel()
	assert.Equal(t, &bufferedResponse{status: http.StatusOK, header: http.Header{}}, emptyResponse(http.StatusOK))
}
