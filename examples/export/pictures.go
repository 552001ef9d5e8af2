package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/skypecontacts/skypecontacts"
)

// pictureSource returns the picture of a person, or nil if it requested none. Its errors match
// those of the SDK.
type pictureSource func(context.Context, *skypecontacts.Contact) (*skypecontacts.Avatar, error)

const (
	maxPictureFailures   = 5 // in a row, before no more is requested
	pictureProgressEvery = 100
)

// pictures gets the pictures for a page, one at a time.
type pictures struct {
	ctx      context.Context //nolint:containedctx // of the one call of run
	get      pictureSource
	progress io.Writer
	got      int
	failures int   // in a row; maxPictureFailures of them end the requests
	failure  error // the last of them
}

// picture is the Picture of [export.Options].
func (p *pictures) picture(c *skypecontacts.Contact) (*skypecontacts.Avatar, error) {
	if p.failures == maxPictureFailures {
		return nil, nil
	}
	avatar, err := p.get(p.ctx, c)
	if ended := p.ctx.Err(); ended != nil {
		return nil, ended
	}
	if err != nil && !isAboutOnePicture(err) {
		p.failures++
		p.failure = err
		return nil, err
	}
	if avatar != nil || err != nil { // otherwise nothing may have been requested
		p.failures = 0
	}
	if avatar != nil {
		if p.got++; p.got%pictureProgressEvery == 0 {
			fmt.Fprintf(p.progress, "%d pictures\n", p.got)
		}
	}
	if errors.Is(err, skypecontacts.ErrNotFound) {
		err = nil // the person has none
	}
	return avatar, err
}

// isAboutOnePicture reports whether err says nothing about the next picture.
func isAboutOnePicture(err error) bool {
	for _, kind := range []error{
		skypecontacts.ErrNotFound, skypecontacts.ErrForbidden, skypecontacts.ErrRedirect, skypecontacts.ErrTooLarge,
		skypecontacts.ErrDecode, skypecontacts.ErrInvalid,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// note returns what the report says of the pictures, or "".
func (p *pictures) note() string {
	if p.failures < maxPictureFailures {
		return ""
	}
	return fmt.Sprintf("after %d failures in a row no more pictures were requested; the last: %v", maxPictureFailures, p.failure)
}

// servicePictures returns pictures by the service.
func servicePictures(client *skypecontacts.Client) pictureSource {
	return func(ctx context.Context, c *skypecontacts.Contact) (*skypecontacts.Avatar, error) {
		if c.MRI.Kind() != skypecontacts.KindSkype {
			return nil, nil
		}
		opts := skypecontacts.AvatarOptions{URL: c.Profile.AvatarURL, Size: skypecontacts.AvatarMedium}
		avatar, err := client.GetAvatar(ctx, c.MRI, opts)
		if errors.Is(err, skypecontacts.ErrInvalid) && opts.URL != "" { // an address of another form, of which nothing was sent
			opts.URL = ""
			avatar, err = client.GetAvatar(ctx, c.MRI, opts)
		}
		return avatar, err
	}
}

const (
	pictureTimeout  = 15 * time.Second
	maxPictureBytes = 256 << 10 // of export.Options.Picture
)

// webPictures returns pictures by their addresses in a file, without a token and without
// cookies. Only addresses of Skype's own hosts are requested: a file may come from anybody.
// One that failed is not requested again. [export.Write] asks for each person once, and few
// people have the same picture, so no picture is kept.
func webPictures(transport http.RoundTripper) pictureSource {
	client := &http.Client{
		Transport: transport, Timeout: pictureTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	failed := make(map[string]bool)
	return func(ctx context.Context, c *skypecontacts.Contact) (*skypecontacts.Avatar, error) {
		address := c.Profile.AvatarURL
		if !isPictureAddress(address) || failed[address] {
			return nil, nil
		}
		avatar, err := getPicture(ctx, client, address)
		if err != nil {
			failed[strings.Clone(address)] = true // without the row that it is part of
		}
		return avatar, err
	}
}

// isPictureAddress reports whether an address is one of Skype's pictures, by https.
func isPictureAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.User == nil && (u.Host == "avatar.skype.com" || u.Host == "api.skype.com")
}

// getPicture requests a picture. Its errors do not have the address, which may have a key.
func getPicture(ctx context.Context, client *http.Client, address string) (*skypecontacts.Avatar, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, skypecontacts.ErrInvalid
	}
	req.Header.Set("Accept", "image/*")
	resp, err := client.Do(req)
	if err != nil {
		if failure, is := errors.AsType[*url.Error](err); is {
			err = failure.Err
		}
		return nil, fmt.Errorf("no response: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := pictureStatus(resp.StatusCode); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxPictureBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the response ends early: %w", err)
	case len(data) > maxPictureBytes:
		return nil, skypecontacts.ErrTooLarge
	default:
		return &skypecontacts.Avatar{Data: data, MediaType: resp.Header.Get("Content-Type")}, nil
	}
}

// pictureStatus returns the error of a status.
func pictureStatus(status int) error {
	switch {
	case status == http.StatusOK:
		return nil
	case status >= 300 && status < 400:
		return skypecontacts.ErrRedirect
	case status == http.StatusNotFound, status == http.StatusGone:
		return skypecontacts.ErrNotFound
	case status == http.StatusForbidden, status == http.StatusUnauthorized, status == http.StatusBadRequest: // none has a token
		return skypecontacts.ErrForbidden
	default:
		return fmt.Errorf("%w: status %d", skypecontacts.ErrUnavailable, status)
	}
}
