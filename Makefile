# What a contributor can run. Each line after ## is printed by "make help".

# The modules of users, and a tool in one of them.
modules = . teamsauth otel examples/signin examples/bridge
tool = go -C $$module tool -modfile=$(CURDIR)/tools/go.mod
# The Go version that releases are built by. .ci/run tests with it too.
release_go = go1.27.3

.PHONY: help
help: ## prints this list
	@grep -E '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed 's/:.* ## /\t/' | expand -t 14

.PHONY: check
check: lint ## everything that has to pass, and all linters: some 20 minutes
	.ci/run

.PHONY: test
test: ## runs the tests
	for module in $(modules); do go -C $$module test ./... || exit 1; done

.PHONY: race
race: ## runs the tests in random order with the race detector
	for module in $(modules); do go -C $$module test -race -shuffle=on ./... || exit 1; done

.PHONY: lint
lint: ## runs vet and the linters
	for module in $(modules); do go -C $$module vet ./... || exit 1; done
	for module in $(modules); do $(tool) staticcheck ./... || exit 1; done
	for module in $(modules); do $(tool) golangci-lint run ./... || exit 1; done

.PHONY: fix
fix: ## formats the code and applies the fixes of the linters
	for module in $(modules); do $(tool) golangci-lint fmt ./... && $(tool) golangci-lint run --fix ./... || exit 1; done

.PHONY: vuln
vuln: ## looks for known vulnerabilities in the dependencies; needs the network
	for module in $(modules); do $(tool) govulncheck ./... || exit 1; done

.PHONY: fuzz-short
fuzz-short: ## runs every fuzz target for five seconds
	.ci/fuzz 5s

.PHONY: fuzz
fuzz: ## runs every fuzz target for ten minutes
	.ci/fuzz 10m

.PHONY: bench
bench: ## measures speed and memory and prints each figure beside its bounds: under three minutes on two idle cores
	go test -C internal/bench -count=1 -table

.PHONY: peers
peers: ## decodes a contact list by other JSON libraries and prints how long each takes
	go test -C internal/peers -count=1 -table

.PHONY: examples
examples: ## runs every example on sample data
	.ci/examples

.PHONY: importers
importers: ## prints what other address books read of 1,027 people; .ci/run installs those that are absent
	go test -C internal/importers -count=1 -table

.PHONY: interop
interop: ## prints what other clients of Skype read of skypetest; .ci/run installs those that npm has
	go test -C internal/interop -count=1 -table

.PHONY: browser
browser: ## opens the address book and the converter in headless Chromium; .ci/run installs it
	go test -C internal/browser -count=1 -table

.PHONY: pictures
pictures: ## takes the pictures of the README again
	go test -C internal/browser -count=1 -run Pictures -update

.PHONY: bridge
bridge: ## runs three processes for 1,000 accounts, breaks everything and prints the tables of docs/scale.md; two minutes
	go test -C examples/bridge -count=1 -table

.PHONY: reliability
reliability: ## measures each promise of SECURITY.md and prints it beside its bound
	go test -C internal/reliability -count=1 -figures

.PHONY: faults
faults: ## runs 100,000 random faults and 10 million inputs to the fuzz targets
	go test -C internal/reliability -count=1 -timeout 2h -run 'RandomFaults|FuzzLoop' -faults 100000 -fuzzloop 850000 -figures
	go test -count=1 -timeout 2h -run FuzzLoop -fuzzloop 850000 .

.PHONY: mutate
mutate: ## removes each guard in turn and checks that a test fails; takes an hour
	go run ./internal/cmd/mutate

.PHONY: apidiff
apidiff: ## compares the exported API with that of the last tag
	.ci/apidiff

# What is released is tested by the Go version that builds it.
dist dist-test: export GOTOOLCHAIN = $(release_go)

.PHONY: dist
dist: ## builds into dist/ what a release has attached: the converter for each system, the page, checksums
	rm -rf dist
	go run ./internal/cmd/dist -o dist

.PHONY: dist-test
dist-test: test browser ## runs the tests, also those in a browser, with the Go version of releases
