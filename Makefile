# Gonggu: every command a newcomer needs. `make help` lists them.
# Sources are found by wildcard: a new file, test or service needs no line here.

MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/bash

BUILD ?= build
CC    := $(if $(shell command -v ccache 2>/dev/null),ccache )gcc
STACK := deploy/local/stack

# ---- flags ---------------------------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wformat=2 -Wimplicit-fallthrough -Wtrampolines \
        -Wbidi-chars=any -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-missing-field-initializers -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero \
          -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -fexceptions -fPIE
ifeq ($(SANITIZE),1)
OPT     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDFLAGS := -pie -fsanitize=address,undefined
else
OPT     := -O2 -g -D_FORTIFY_SOURCE=3
LDFLAGS := -pie
endif
LDFLAGS += -Wl,--as-needed -Wl,-z,relro,-z,now,-z,noexecstack
CFLAGS  := -std=gnu11 -D_GNU_SOURCE= $(OPT) $(WARN) $(HARDEN) -pthread -I.
LIBS    := -levhtp -levent -levent_pthreads -lmariadb -lhiredis -lrdkafka -lcjson -lcbor -lwslay -lcrypto -largon2 \
           -lcurl -lutf8proc -lhpdf -lvips -lgobject-2.0 -lglib-2.0 -lpthread -lm

# ---- what there is -------------------------------------------------------------------------------------------------
SERVICES    := $(patsubst services/%/main.c,%,$(wildcard services/*/main.c))
COMMON_SRC  := $(wildcard libcommon/*.c)
PROTO_SRC   := $(wildcard proto/*.c)
SERVICE_SRC := $(foreach s,$(SERVICES),$(wildcard services/$s/*.c))
TEST_SRC    := $(wildcard libcommon/test/test_*.c proto/test/test_*.c services/*/test/test_*.c)
IT_SRC      := $(wildcard libcommon/test/it_*.c services/*/test/it_*.c)# need real servers: built and run by deploy/local/test
BENCH_SRC   := $(wildcard tests/bench/c/*.c)# bare limits that `make bench` measures ours against
ALL_SRC     := $(COMMON_SRC) $(PROTO_SRC) $(SERVICE_SRC) $(TEST_SRC) $(IT_SRC) $(BENCH_SRC) \
               $(wildcard services/*/cmd/*.c)

obj       = $(patsubst %.c,$(BUILD)/obj/%.o,$1)
# The service a file belongs to; a micro bench belongs to the one its name begins with (pay_transfers.c).
service_of = $(if $(filter services/%,$1),$(word 2,$(subst /, ,$1)),$(if $(filter tests/bench/c/%,$1),$(filter $(SERVICES),$(firstword $(subst _, ,$(notdir $1))))))

COMMON_LIB := $(BUILD)/libcommon.a
PROTO_LIB  := $(BUILD)/libproto.a
BINARIES   := $(SERVICES:%=$(BUILD)/bin/gonggu-%)
TESTS      := $(TEST_SRC:%.c=$(BUILD)/test/%)
BENCHES    := $(BENCH_SRC:tests/bench/c/%.c=$(BUILD)/bench/%)
ITS        := $(IT_SRC:%.c=$(BUILD)/test/%)
ifneq ($(TEST),)
TESTS      := $(foreach t,$(TESTS),$(if $(findstring $(TEST),$t),$t))
endif

##@ Every day
.PHONY: all
all: build compile_commands.json ## build everything (the default)

.PHONY: build
build: $(BINARIES) $(BUILD)/bin/gonggu-verify ## build the services into build/bin

.PHONY: run
run: ## install what is missing, build, start the market on 127.0.0.1:8080
	@deploy/local/run

.PHONY: stop
stop: ## stop the local stack; no process stays behind
	@$(STACK) down

.PHONY: status
status: ## what runs, and whether it is ready
	@$(STACK) status

.PHONY: logs
logs: ## follow the logs (S=deal for one service)
	@$(STACK) logs $(S)

.PHONY: restart
restart: build ## restart all service instances (S=deal for one service)
	@$(STACK) restart $(S)

.PHONY: scale
scale: ## change the number of instances: make scale deal=3
	@$(STACK) scale $(foreach s,$(SERVICES),$(if $($s),$s=$($s)))

.PHONY: deploy
deploy: build ## rolling restart, one instance at a time (S=deal for one service)
	@$(STACK) roll $(S)

##@ Proof
.PHONY: test
test: ## everything: unit, lint self-test, integration, journeys, on a stack of its own
	@deploy/local/test

.PHONY: unit
unit: $(TESTS) ## unit tests (TEST=name picks)
	@tools/unit $(TESTS)

.PHONY: e2e
e2e: ## integration and journey tests on the test stack, which stays up (TEST=name picks)
	@deploy/local/test --e2e "$(TEST)"

.PHONY: its
its: $(ITS)

.PHONY: test-long
test-long: ## the long forms of the tests (TEST=name picks; sizes by environment, see docs/testing.md)
	@deploy/local/test --long "$(TEST)"

.PHONY: bench
bench: ## ours and the peers side by side (WHAT=name picks one); writes docs/performance.*
	@deploy/local/bench "$(WHAT)"

.PHONY: benches
benches: $(BENCHES)

.PHONY: asan
asan: ## unit tests under ASan and UBSan
	@$(MAKE) --no-print-directory BUILD=build/asan SANITIZE=1 unit

.PHONY: lint
lint: $(BINARIES) ## layout, cppcheck, rules of the house, drift of printed documents
	@tools/lint --all

.PHONY: screens
screens: ## photographs the client's screens into docs/screens (with `make run` up)
	@GONGGU_STACK=$${GONGGU_STACK:-run} node tests/lib/screens.mjs docs/screens

##@ Making
.PHONY: deps
deps: ## install what is missing (Debian packages, Kafka's jars, node packages)
	@deploy/local/deps

.PHONY: fmt
fmt: ## clang-format all C files
	@clang-format -i $(wildcard libcommon/*.[ch] libcommon/test/*.[ch] proto/*.[ch] proto/test/*.[ch] \
	    services/*/*.[ch] services/*/test/*.[ch] services/*/cmd/*.[ch])

.PHONY: docs
docs: $(BINARIES) ## print the API documents again (proto/gen, docs/api, docs/*.md)
	@tools/docs .

.PHONY: watch
watch: ## build and run unit tests at every change of a source
	@tools/watch

.PHONY: new-service
new-service: ## lay out a service that builds and tests: make new-service NAME=x
	@tools/new-service "$(NAME)"

.PHONY: clean
clean: ## remove what was built (not the data, not the downloads)
	rm -rf build/obj build/bin build/test build/asan build/*.a build/sources.list compile_commands.json

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# ---- how it is made ------------------------------------------------------------------------------------------------
# libvips shows GLib in its header; nothing else does.
$(BUILD)/obj/libcommon/picture_vips.o: EXTRA := -isystem /usr/include/glib-2.0 \
    -isystem $(wildcard /usr/lib/*/glib-2.0/include)

# A service may quote its own headers without a path; nobody else's folder is searched.
$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CFLAGS) $(EXTRA) $(addprefix -Iservices/,$(call service_of,$<)) -MMD -MP -MF $(@:.o=.d) -MT $@ \
	    -c -o $@.$$$$ $< && mv -f $@.$$$$ $@

$(COMMON_LIB): $(call obj,$(COMMON_SRC))
$(PROTO_LIB): $(call obj,$(PROTO_SRC))
$(COMMON_LIB) $(PROTO_LIB):
	@mkdir -p $(@D)
	@echo "  AR    $@"
	@rm -f $@.$$$$ && ar rcs $@.$$$$ $^ && mv -f $@.$$$$ $@

define service_rules
$(BUILD)/bin/gonggu-$1: $(call obj,$(wildcard services/$1/*.c)) $(PROTO_LIB) $(COMMON_LIB)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS) -o $$@.$$$$$$$$ $$^ $$(LIBS) && mv -f $$@.$$$$$$$$ $$@
endef
$(foreach s,$(SERVICES),$(eval $(call service_rules,$s)))

define test_rules
$(BUILD)/test/$1: $(call obj,$1.c) \
    $(call obj,$(filter-out %/main.c,$(wildcard $(addprefix services/,$(addsuffix /*.c,$(call service_of,$1)))))) \
    $(PROTO_LIB) $(COMMON_LIB)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS) -o $$@.$$$$$$$$ $$^ -lcmocka $$(LIBS) && mv -f $$@.$$$$$$$$ $$@
endef
$(foreach t,$(TEST_SRC:.c=) $(IT_SRC:.c=),$(eval $(call test_rules,$t)))

define bench_rules
$(BUILD)/bench/$1: $(call obj,tests/bench/c/$1.c) \
    $(call obj,$(filter-out %/main.c,$(wildcard $(addprefix services/,$(addsuffix /*.c,$(call service_of,tests/bench/c/$1)))))) \
    $(PROTO_LIB) $(COMMON_LIB)
	@mkdir -p $$(@D)
	@echo "  LD    $$@"
	@$$(CC) $$(LDFLAGS) -o $$@.$$$$$$$$ $$^ $$(LIBS) && mv -f $$@.$$$$$$$$ $$@
endef
$(foreach b,$(BENCH_SRC:tests/bench/c/%.c=%),$(eval $(call bench_rules,$b)))

# Checks a proof of pay's ledger without pay: its rules and nothing of its service.
$(BUILD)/bin/gonggu-verify: $(call obj,services/pay/cmd/verify.c services/pay/ledger.c services/pay/merkle.c) $(PROTO_LIB) \
    $(COMMON_LIB)
	@mkdir -p $(@D)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@.$$$$ $^ $(LIBS) && mv -f $@.$$$$ $@

# `make deal` builds one service.
.PHONY: $(SERVICES)
$(foreach s,$(SERVICES),$(eval $s: $(BUILD)/bin/gonggu-$s))

# The list of sources, touched only when it changes; what depends on "which files exist" depends on it.
build/sources.list: FORCE
	@mkdir -p build
	@printf '%s\n' $(sort $(ALL_SRC)) | cmp -s - $@ || printf '%s\n' $(sort $(ALL_SRC)) > $@

compile_commands.json: build/sources.list Makefile
	@{ echo '['; sep=''; while read -r f; do \
	    own=''; case $$f in services/*) own=" -I$$(cut -d/ -f1-2 <<< $$f)";; esac; \
	    printf '%s{"directory": "%s", "file": "%s", "command": "gcc %s%s -c %s"}' \
	        "$$sep" "$(CURDIR)" "$$f" "$(CFLAGS)" "$$own" "$$f"; sep=$$',\n'; \
	done < build/sources.list; printf '\n]\n'; } > $@

.PHONY: FORCE
FORCE:

-include $(patsubst %.c,$(BUILD)/obj/%.d,$(ALL_SRC))
