package main

import (
	"debug/buildinfo"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What a user has set for the go command does not change what is built.
func TestSettingsOfTheUser(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "env")
	require.NoError(t, os.WriteFile(settings, []byte("GOAMD64=v3\nGOFLAGS=-tags=other\n"), 0o600))
	t.Setenv("GOENV", settings)
	t.Setenv("GOEXPERIMENT", "fieldtrack")
	t.Setenv("CGO_ENABLED", "1")
	printed, err := release{root: "."}.run(t.Context(), platform{"windows", "amd64"}, "env", "GOOS", "GOARCH", "GOFLAGS", "GOAMD64", "GOEXPERIMENT", "CGO_ENABLED")
	require.NoError(t, err)
	assert.Equal(t, "windows\namd64\n-trimpath -buildvcs=true -ldflags=-s -mod=readonly\nv1\n\n0\n", string(printed))
}

func TestFailingCommand(t *testing.T) {
	t.Parallel()
	_, _, err := release{root: "."}.buildProgram(t.Context(), host, t.TempDir())
	assert.ErrorContains(t, err, programPackage+": exit status 1\n")
	assert.ErrorContains(t, err, "directory not found")
}

func TestOrigin(t *testing.T) {
	t.Parallel()
	info := &buildinfo.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.time", Value: "2026-03-04T05:06:08Z"}}}
	got, err := originOf(info)
	require.NoError(t, err)
	assert.Equal(t, origin{version: "v0.1.0", time: time.Date(2026, time.March, 4, 5, 6, 8, 0, time.UTC)}, got)

	_, err = originOf(&buildinfo.BuildInfo{})
	assert.EqualError(t, err, "the program has no time of a commit in it")
}
