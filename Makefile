# `make help` explains the targets. Everything a newcomer needs is `make run` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
DATA ?= var
LISTEN ?= 127.0.0.1:8080
ASSETS := web/static/dist/manifest.json
MODEL := capture/detect/pretrained/model/.made
SOURCES := $(shell find cmd repository capture taxonomy search workflow web -name node_modules -prune -o -type f -not -name '*_test.go' -not -path 'web/static/dist/*' -print)
# The tests of these packages go without the race detector: their code runs in one goroutine (a mailbag is drawn in several, which the
# tests of cmd/docket watch), and under it their parsing and drawing takes eight times as long.
SINGLE := docket/capture/mail docket/capture/sample docket/workflow/thread
OTHERS = $(filter-out $(SINGLE),$(shell go list ./...))
# Everything is vetted as the tests are compiled, so that what is compiled for the one serves the other.
STATICCHECK = GOFLAGS="$$(go env GOFLAGS) -race" "$$(go tool -n staticcheck)"

.PHONY: help run build model install install-test test check ci lint vulnerabilities assets screens clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: install build ## install what is missing, build, start everything in ./var with demo users and sample post
	@bin/docket serve --data $(DATA) --listen $(LISTEN) --demo

build: bin/docket ## build bin/docket with its assets

bin/docket: go.mod go.sum $(SOURCES) $(ASSETS) $(MODEL)
	@echo "Building bin/docket (the first time takes some minutes) ..."
	@go build -o $@ ./cmd/docket

assets: $(ASSETS) ## bundle the scripts and styles of the screens

$(ASSETS): web/package.json web/package-lock.json $(shell find web/ui -type f 2>/dev/null)
	@echo "Bundling the assets ..."
	@cd web && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

model: $(MODEL) ## train the detection model that is built into the binary

$(MODEL): $(filter-out %_test.go,$(wildcard capture/detect/*.go)) $(wildcard capture/detect/training/* taxonomy/pack/cues/*)
	@echo "Training the detection model ..."
	@go run ./capture/detect/pretrained/make
	@touch $@

install: ## install the Debian packages that running needs
	@.ci/install run

install-test: ## install the Debian packages that the tests need
	@.ci/install test

check: assets model ## the quick one for every commit: format, vet, staticcheck, imports, unit tests
	@unformatted=$$(gofmt -l cmd repository capture taxonomy search workflow web | grep -v node_modules); \
		test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	go vet -race ./...
	$(STATICCHECK) ./...
	go test -vet=off -short -race -shuffle=on ./...

lint: assets ## what check does without the tests
	@unformatted=$$(gofmt -l cmd repository capture taxonomy search workflow web | grep -v node_modules); \
		test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	go vet -race ./...
	$(STATICCHECK) ./...
	cd web && npm run --silent check

test: install-test assets model ## install what the tests need and run all of them on the real parts
	go test -vet=off -race -shuffle=on -timeout 25m $(OTHERS)
	go test -vet=off -shuffle=on $(SINGLE)

ci: install-test lint vulnerabilities test ## what CI runs

screens: install-test build ## make the pictures in docs/screens anew, from a running Docket with sample post
	@go run ./web/gallery bin/docket docs/screens

vulnerabilities: ## scan the dependencies for known vulnerabilities, where the vulnerability database can be reached
	@.ci/vulnerabilities

clean: ## remove what was built; the data folder stays
	rm -rf bin web/static/dist web/node_modules
