# Everything that one does with Paidan from a checkout. `make` alone lists it.

GOLANGCI_VERSION := v2.12.2
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

# Data sets for tests and benchmarks; what needs them is skipped where they are absent.
PAIDAN_DATA ?= ../shared/data
override PAIDAN_DATA := $(abspath $(PAIDAN_DATA))
export PAIDAN_DATA

ARGS ?=
BENCH ?= .
BENCHTIME ?= 1s

# The console is built when its sources are newer than its last build.
ifneq ($(wildcard web/package.json),)
WEB_SOURCES := $(shell find web -name node_modules -prune -o -path web/dist -prune -o -path web/e2e -prune -o -type f \
	! -name '*.go' ! -name '*.md' -print)
NPM_STAMP := web/node_modules/.installed
WEB_PAGE := web/dist/index.html
endif

.DEFAULT_GOAL := help

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-11s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  make run ARGS='--listen :9000'    make bench BENCH=Solve BENCHTIME=5s"

.PHONY: setup
setup: tools $(NPM_STAMP) ## Install what is missing: system packages (apt), Go modules, npm packages
	@scripts/install-packages.sh
	@go mod download

.PHONY: tools
tools:
	@scripts/check-tools.sh

web/node_modules/.installed: web/package-lock.json | tools
	cd web && npm ci --no-audit --no-fund
	@touch $@

.PHONY: web
web: $(WEB_PAGE) ## Build the console into web/dist, if its sources changed

web/dist/index.html: $(WEB_SOURCES) $(NPM_STAMP)
	cd web && npm run build
	@touch web/dist/.gitkeep $@

.PHONY: build
build: tools web ## Build bin/paidan, the console inside
	go build -trimpath -o bin/paidan ./cmd/paidan

.PHONY: run
run: setup build ## Build all and serve a demonstration city (ARGS=…)
	./bin/paidan serve --demo $(ARGS)

.PHONY: test
test: setup build ## All tests: Go with vet and the race detector, the console's units, the browser's
	GOGC=400 scripts/in-memory.sh go test -race -vet=all -trimpath -timeout 9m ./...
ifneq ($(WEB_PAGE),)
	cd web && npm test
	cd web && npm run e2e
endif

.PHONY: bench
bench: ## Go benchmarks (BENCH=regexp, BENCHTIME=1s)
	go test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem ./...

.PHONY: bench-redis
bench-redis: ## Install the Redis that `paidan bench positions` measures beside (Debian, Ubuntu; as root)
	apt-get install -y --no-install-recommends redis-server

.PHONY: lint
lint: tools $(NPM_STAMP) ## Linters, with the import rules; the first run compiles golangci-lint, which takes minutes
	$(GOLANGCI) run
ifneq ($(WEB_PAGE),)
	cd web && npm run lint && npm run typecheck
endif

.PHONY: fmt
fmt: ## Format the Go code
	gofmt -s -w $$(git ls-files '*.go')

.PHONY: generate
generate: tools $(NPM_STAMP) ## Generate the OpenAPI description, the console's types, the lifecycle picture
	go generate ./...
ifneq ($(WEB_PAGE),)
	cd web && npm run generate
endif

.PHONY: check
check: tools ## Prove that nothing is unformatted and no generated file has drifted
	@bad=$$(gofmt -s -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "make fmt changes: $$bad" >&2; exit 1; }
	go vet -trimpath ./...
	go mod tidy -diff
	@scripts/check-drift.sh

.PHONY: clean
clean: ## Remove what was built (data stay)
	rm -rf bin web/node_modules
	find web/dist -mindepth 1 ! -name .gitkeep -delete
