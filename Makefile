# commonweal. `make` alone lists the targets. A fresh machine needs Go; scripts/setup.sh brings the rest.
# make keeps no state: Go's own caches do.

.DEFAULT_GOAL := help
SHELL := /bin/bash

TOOL := go tool -modfile=tools/go.mod

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run demo
run: ## the example initiative on http://localhost:8080 (needs Go alone)
	go run ./cmd/commonweal demo $(ARGS)
demo: run

.PHONY: build
build: ## the program, as bin/commonweal: one file, without C
	CGO_ENABLED=0 go build -trimpath -o bin/commonweal ./cmd/commonweal

.PHONY: test test-pg
test: ## everything: both databases, faults, browser journeys
	@scripts/test.sh $(PARTS)
test-pg: ## the store tests of one package on both databases: make test-pg PKG=./internal/gift
	@scripts/postgres.sh start && eval "$$(scripts/postgres.sh env)" && go test $(or $(PKG),./internal/...)

.PHONY: check lint
check: ## format, generated code, lint, catalogues, modules, race detector, full accessibility
	@scripts/check.sh $(PARTS)
lint: ## vet, staticcheck and golangci-lint
	@scripts/check.sh vet staticcheck golangci

.PHONY: generate format
generate: ## write what is generated: templ pages, and every go:generate
	$(TOOL) templ generate -log-level warn
	go generate ./...
format: ## gofumpt and templ fmt, in place
	$(TOOL) gofumpt -w .
	$(TOOL) templ fmt .

.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (30s)
	@scripts/fuzz.sh $(or $(FUZZTIME),30s)

.PHONY: bench
bench: ## ratios against a stated baseline, in one run, judged: make bench ONLY=PublicPages
	@scripts/bench.sh $(ONLY)

.PHONY: screenshots
screenshots: ## pictures of the pages, for the handbook, into docs/screenshots
	@scripts/screenshots.sh

.PHONY: add-string
add-string: ## a sentence in every language: AREA=gift KEY=gift.text.missing EN="…" ES="…"
	@go run ./scripts/addstring -area '$(AREA)' -key '$(KEY)' -en "$$EN" -es "$$ES"

.PHONY: postgres postgres-stop
postgres: ## start a PostgreSQL for tests, and say how to use it
	@scripts/postgres.sh start && scripts/postgres.sh env
postgres-stop: ## stop it
	@scripts/postgres.sh stop

.PHONY: clean
clean: ## remove what was built
	rm -rf bin e2e/node_modules
