# The commands of the project. Plain `make` lists them.

# Captured test data; absent data is reported as not run, and is a failure in CI (OCHENTA_REQUIRE_SUITES).
export OCHENTA_CPU_TESTS ?= $(abspath ../shared/cpu-tests)
export OCHENTA_OPL_TESTS ?= $(abspath ../shared/opl-tests)

PREFIX ?= /usr/local
ROMS := .build/test-roms
REFERENCE := .build/picture-reference
SWIFT := swift
# Tests look inside modules, which needs another build: it has a folder of its own.
TESTABLE := --scratch-path .build-test -Xswiftc -enable-testing
BUILD := $(SWIFT) build -c release --explicit-target-dependency-import-check error

.PHONY: help setup demo test build install uninstall bench lint format roms rom-reference suites pictures accuracy demonstrations golden picture-reference

help:
	@echo 'make demo           build, and run a small DOS program of ours'
	@echo 'make install        copy ochenta, once it is built, to PREFIX/bin ($(PREFIX)/bin); make uninstall removes it'
	@echo 'make test           set-up, lint, build, all tests'
	@echo 'make bench          speed against other emulators, where they are installed'
	@echo 'make lint           check the style of the sources'
	@echo 'make format         correct the layout of the sources'
	@echo 'make roms           assemble test-roms into $(ROMS)'
	@echo 'make accuracy       run all captured processor tests and write the tables of docs/accuracy.md'
	@echo 'make pictures       draw the pictures of the README anew'
	@echo 'make demonstrations assemble demos into the sources'
	@echo 'make rom-reference  compare the test programs with another DOS (see docs/testing.md)'
	@echo 'make golden         store the pictures that tests compare with anew (docs/golden.md); look at each that changes'
	@echo 'make picture-reference  let QEMU and DOSBox show the same, in $(REFERENCE)'
	@echo 'make setup          install what is missing from apt'

setup:
	@scripts/setup

build: setup
	$(BUILD) --product ochenta

# Does not build, so that nothing is compiled as root.
install:
	@test -x .build/release/ochenta || { echo 'install: not built yet: make build' >&2; exit 1; }
	install -D -m 755 .build/release/ochenta "$(DESTDIR)$(PREFIX)/bin/ochenta"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/ochenta"

roms: setup
	@scripts/build-test-roms $(ROMS)

demo: build roms
	@echo
	.build/release/ochenta --display stdio $(ROMS)/DEMO.COM

suites:
	@scripts/check-suites

test: setup roms suites lint
	$(BUILD) $(TESTABLE) --build-tests
	$(SWIFT) test -c release $(TESTABLE) --skip-build

bench: setup
	@scripts/build-bench .build/bench
	$(BUILD) --product ochenta
	$(BUILD) --product ochenta-bench
	.build/release/ochenta-bench .build/bench $(ROUNDS)
	.build/release/ochenta-bench --opl
	.build/release/ochenta-bench --pictures .build/bench
	.build/release/ochenta-bench --sound

rom-reference: roms
	@scripts/run-rom-reference $(ROMS)

golden: roms
	$(BUILD) $(TESTABLE) --build-tests
	OCHENTA_UPDATE_GOLDEN=1 $(SWIFT) test -c release $(TESTABLE) --skip-build --filter GoldenTests
	@git status --short Tests/GoldenTests/Golden

picture-reference: roms
	@scripts/reference/all $(ROMS) $(REFERENCE)

# The program's own pixels; what shape they had on the monitor is said where they are shown.
PICTURE := .build/release/ochenta --display none --speed max
MANDEL = $(PICTURE) --script docs/pictures/mandel.steps --screenshot docs/pictures/$(1).png $(2) $(ROMS)/MANDEL.COM $(3)

pictures: build roms
	$(PICTURE) --script docs/pictures/prompt.steps --screenshot docs/pictures/prompt.png $(ROMS)
	$(call MANDEL,vga,,V)
	$(call MANDEL,planes,,P)
	$(call MANDEL,cga,-m at286,A)
	$(call MANDEL,composite,-m at286 --set video.composite=old,A)
	$(call MANDEL,hercules,-m hercules --set machine.processor=80286 --set machine.clock_mhz=12,H)

demonstrations: setup
	@scripts/update-demonstrations

accuracy: build suites
	@scripts/update-accuracy .build/release/ochenta

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests
