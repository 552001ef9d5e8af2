# What a contributor can run. Each line after ## is printed by "make help".

tool = go tool -modfile=tools/go.mod

.PHONY: help
help: ## this list
	@grep -E '^[a-z-]+:.* ## ' $(MAKEFILE_LIST) | sed 's/:.* ## /\t/' | expand -t 14

.PHONY: check
check: lint ## everything that has to pass, and all linters
	.ci/run

.PHONY: test
test: ## the tests
	go test ./...

.PHONY: race
race: ## the tests in random order, with the race detector
	go test -race -shuffle=on ./...

.PHONY: lint
lint: ## vet and linters
	go vet ./...
	$(tool) staticcheck ./...
	$(tool) golangci-lint run ./...

.PHONY: fix
fix: ## formats the code, and does what linters can do by themselves
	$(tool) golangci-lint fmt ./...
	$(tool) golangci-lint run --fix ./...

.PHONY: vuln
vuln: ## known vulnerabilities in what is used; needs the network
	$(tool) govulncheck ./...

.PHONY: fuzz-short
fuzz-short: ## every fuzz target for five seconds
	.ci/fuzz 5s

.PHONY: fuzz
fuzz: ## every fuzz target for ten minutes
	.ci/fuzz 10m

.PHONY: bench
bench: ## measures every figure beside its baseline and its target
	go test -run '^$$' -bench '^BenchmarkTargets$$' -benchtime 1x .
	go test -run '^$$' -bench . ./export

.PHONY: examples
examples: ## runs every example on sample data
	.ci/examples

.PHONY: reliability
reliability: ## measures every promise of SECURITY.md beside its bound
	go test -run 'Storm|Conformance|Redirect|Gateway|Refresh|Account|Outage|Hostile|Gzip|Truncation|WrongTypes|Cancel|Dawdling|FuzzLoop' -figures

.PHONY: storm
storm: ## 100,000 faults, and 10 million inputs to the fuzz targets
	go test -timeout 2h -run 'FaultStorm|FuzzLoop' -storm 100000 -fuzzloop 850000 -figures

.PHONY: mutate
mutate: ## removes each guard in turn: a test must miss it
	go run ./internal/cmd/mutate
