package main

import (
	"debug/buildinfo"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

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
	commit := debug.BuildSetting{Key: "vcs.time", Value: "2026-03-04T05:06:08Z"}
	for _, test := range []struct {
		name     string
		settings []debug.BuildSetting
		want     origin
		err      string
	}{
		{"a commit", []debug.BuildSetting{{Key: "vcs", Value: "git"}, commit, {Key: "vcs.modified", Value: "false"}}, origin{version: "v0.1.0", time: sampleTime}, ""},
		{"changed since", []debug.BuildSetting{commit, {Key: "vcs.modified", Value: "true"}}, origin{}, `the sources differ from the commit: "git status" lists the changes`},
		{"no git", nil, origin{}, "the program has no time of a commit in it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := originOf(&buildinfo.BuildInfo{Main: debug.Module{Version: "v0.1.0"}, Settings: test.settings})
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.err)
			}
			assert.Equal(t, test.want, got)
		})
	}
}
