package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// modulePath is that of this module.
const modulePath = "github.com/skypecontacts/skypecontacts"

// The members of CycloneDX 1.6 that are written. There is no serial number: it would be
// another one in each run.
type (
	bom struct {
		Schema       string          `json:"$schema"`
		BOMFormat    string          `json:"bomFormat"`
		SpecVersion  string          `json:"specVersion"`
		Version      int             `json:"version"`
		Metadata     bomMetadata     `json:"metadata"`
		Components   []bomComponent  `json:"components"`
		Dependencies []bomDependency `json:"dependencies"`
	}
	bomMetadata struct {
		Timestamp string       `json:"timestamp"`
		Component bomComponent `json:"component"`
	}
	bomComponent struct {
		Type    string    `json:"type"`
		Ref     string    `json:"bom-ref"`
		Name    string    `json:"name"`
		Version string    `json:"version"`
		Hashes  []bomHash `json:"hashes,omitempty"`
		PURL    string    `json:"purl,omitempty"`
	}
	bomHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	bomDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

// billOfMaterials returns the list of the programs and of the modules in each of them.
func billOfMaterials(products []product, from origin) ([]byte, error) {
	release := module{path: modulePath, version: from.version}.component()
	release.Type = "application"
	list := bom{
		Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BOMFormat: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:     bomMetadata{Timestamp: from.time.Format(time.RFC3339), Component: release},
		Dependencies: []bomDependency{{Ref: release.Ref}},
	}
	var modules []bomComponent
	for _, p := range products {
		sum := sha256.Sum256(p.program)
		list.Components = append(list.Components, bomComponent{
			Type: "application", Ref: p.name, Name: p.name, Version: from.version, Hashes: []bomHash{{"SHA-256", hex.EncodeToString(sum[:])}},
		})
		linked := bomDependency{Ref: p.name}
		for _, m := range p.modules {
			c := m.component()
			linked.DependsOn = append(linked.DependsOn, c.Ref)
			if !slices.ContainsFunc(modules, func(other bomComponent) bool { return other.Ref == c.Ref }) {
				modules = append(modules, c)
			}
		}
		list.Dependencies = append(list.Dependencies, linked)
		list.Dependencies[0].DependsOn = append(list.Dependencies[0].DependsOn, p.name)
	}
	list.Components = append(list.Components, modules...)
	text, err := json.MarshalIndent(list, "", "  ")
	return append(text, '\n'), err
}

// component returns the module as a component. Its hash is that of go.sum, as other
// writers of CycloneDX have it: SHA-256 of the list of all files with their hashes.
func (m module) component() bomComponent {
	purl := fmt.Sprintf("pkg:golang/%s@%s", m.path, url.QueryEscape(m.version))
	c := bomComponent{Type: "library", Ref: purl, Name: m.path, Version: m.version, PURL: purl}
	if sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.sum, "h1:")); err == nil && len(sum) == sha256.Size {
		c.Hashes = []bomHash{{"SHA-256", hex.EncodeToString(sum)}}
	}
	return c
}
