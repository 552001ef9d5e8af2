package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBillOfMaterials(t *testing.T) {
	t.Parallel()
	library := module{path: "stdlib", version: "1.27.3"}
	text := module{path: "golang.org/x/text", version: "v0.43.0", sum: "h1:1QivrlhwAsnMOcqgOdl9my7s9OyZl8O5/UGUTJVXoWc="}
	got, err := billOfMaterials([]product{
		{name: "program", program: []byte("abc"), modules: []module{library, text}},
		{name: "page", modules: []module{library}},
	}, origin{version: "v0.1.0+dirty", time: sampleTime})
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": {"timestamp": "2026-03-04T05:06:08Z", "component": {
			"type": "application", "name": "github.com/skypecontacts/skypecontacts", "version": "v0.1.0+dirty",
			"bom-ref": "pkg:golang/github.com/skypecontacts/skypecontacts@v0.1.0%2Bdirty",
			"purl": "pkg:golang/github.com/skypecontacts/skypecontacts@v0.1.0%2Bdirty"
		}},
		"components": [
			{"type": "application", "bom-ref": "program", "name": "program", "version": "v0.1.0+dirty", "hashes": [
				{"alg": "SHA-256", "content": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]},
			{"type": "application", "bom-ref": "page", "name": "page", "version": "v0.1.0+dirty", "hashes": [
				{"alg": "SHA-256", "content": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]},
			{"type": "library", "bom-ref": "pkg:golang/stdlib@1.27.3", "name": "stdlib", "version": "1.27.3", "purl": "pkg:golang/stdlib@1.27.3"},
			{"type": "library", "bom-ref": "pkg:golang/golang.org/x/text@v0.43.0", "name": "golang.org/x/text", "version": "v0.43.0",
				"purl": "pkg:golang/golang.org/x/text@v0.43.0", "hashes": [
				{"alg": "SHA-256", "content": "d508afae587002c9cc39caa039d97d9b2eecf4ec9997c3b9fd41944c9557a167"}]}
		],
		"dependencies": [
			{"ref": "pkg:golang/github.com/skypecontacts/skypecontacts@v0.1.0%2Bdirty", "dependsOn": ["program", "page"]},
			{"ref": "program", "dependsOn": ["pkg:golang/stdlib@1.27.3", "pkg:golang/golang.org/x/text@v0.43.0"]},
			{"ref": "page", "dependsOn": ["pkg:golang/stdlib@1.27.3"]}
		]
	}`, string(got))
}
