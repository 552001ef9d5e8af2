package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"
)

// httpRenewer requests tokens from the fake.
type httpRenewer struct {
	http *http.Client
	url  string
}

// errRenewal is returned if there is no token; it says nothing of the account.
var errRenewal = errors.New("no token was issued")

func (r httpRenewer) renew(ctx context.Context, secret string) (string, time.Time, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, http.NoBody)
	if err != nil {
		return "", time.Time{}, errRenewal
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	resp, err := r.http.Do(request)
	if err != nil {
		return "", time.Time{}, errRenewal
	}
	defer resp.Body.Close() //nolint:errcheck // the body has been read
	var token renewed
	if resp.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&token) != nil {
		return "", time.Time{}, errRenewal
	}
	return token.Token, token.Expiry, nil
}
