package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutation removes a guard: old, which occurs once in the non-test sources of the
// package in dir, is replaced by with.
type mutation struct{ guard, dir, old, with string }

// label returns the package and the description of the guard.
func (m mutation) label() string { return m.dir + " " + m.guard }

// apply returns the file that contains the guard, and its source without the guard.
func (m mutation) apply() (file string, source []byte, err error) {
	all, err := filepath.Glob(filepath.Join(m.dir, "*.go"))
	if err != nil {
		return "", nil, err
	}
	var places []string
	for _, name := range all {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return "", nil, err
		}
		n := bytes.Count(text, []byte(m.old))
		for range n {
			places = append(places, name)
		}
		if n == 1 {
			file, source = name, bytes.Replace(text, []byte(m.old), []byte(m.with), 1)
		}
	}
	switch len(places) {
	case 1:
		return file, source, nil
	case 0:
		return "", nil, fmt.Errorf("%s: no source of the package contains %q", m.label(), m.old)
	default:
		return "", nil, fmt.Errorf("%s: %q is not unique: %s", m.label(), m.old, strings.Join(places, ", "))
	}
}

// writeOverlay writes the source without the guard to tmp, and beside it the file for
// the -overlay flag of the go command.
func (m mutation) writeOverlay(tmp string) (overlay string, err error) {
	file, source, err := m.apply()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	mutant := filepath.Join(tmp, "mutant.go")
	if err := os.WriteFile(mutant, source, 0o600); err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{original: mutant}})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(tmp, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}
