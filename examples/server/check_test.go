package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheckHealth(t *testing.T) {
	t.Parallel()
	url := start(t)["url"].(string)
	require.NoError(t, run(t.Context(), []string{"-check", url + "/healthz"}, io.Discard))
	require.ErrorContains(t, run(t.Context(), []string{"-check", url + "/nothing"}, io.Discard), "404")

	moved := httptest.NewServer(http.RedirectHandler(url+"/healthz", http.StatusFound))
	defer moved.Close()
	require.ErrorContains(t, checkHealth(t.Context(), moved.URL), "302")
	moved.Close()
	require.Error(t, checkHealth(t.Context(), moved.URL), "nobody listens")
	require.Error(t, checkHealth(t.Context(), "127.0.0.1:8080"), "not a URL")
}
