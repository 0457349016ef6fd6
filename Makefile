# SPDX-License-Identifier: GPL-2.0
# kshm - builds everything, runs it in a virtual machine
#
# V=1 shows the commands. KDIR=DIR names the kernel to build the modules for, in
# place of the one that is running. CONFIG_KSHM_DIGEST=n (or another symbol of
# Kconfig) leaves a driver out. PREFIX and DESTDIR say where things are installed.

running := $(shell uname -r)
KDIR ?= $(wildcard /lib/modules/$(running)/build)
PREFIX ?= /usr/local
INSTALL_MOD_PATH ?= $(DESTDIR)
SMARTCOLS := $(shell pkg-config --exists smartcols 2>/dev/null && echo found)

Q := @
ifeq ($(V),1)
Q :=
endif
MAKEFLAGS += --no-print-directory
export V PREFIX DESTDIR

.DEFAULT_GOAL := all
.PHONY: all
possible := lib $(if $(SMARTCOLS),tools) $(if $(KDIR),module)
all: $(possible)	## what can be built: library, tool, modules
	@$(say_no_smartcols)
	@$(say_no_headers)

# A word of what is missing, last, where it is seen.
say_no_smartcols = $(if $(SMARTCOLS),:,echo \
	"kshmctl is left out. On Debian: apt-get install pkg-config libsmartcols-dev")
say_no_headers = $(if $(KDIR),:,printf '%s\n' \
	"The modules are left out: there are no headers of the running kernel, $(running)." \
	"On Debian: apt-get install linux-headers-$(running). Or KDIR=DIR, for another kernel.")

.PHONY: module
module:		## kshm.ko and its drivers, for KDIR
	$(if $(KDIR),,$(error No headers of the running kernel, $(running). On Debian: apt-get install linux-headers-$(running). Or KDIR=DIR))
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/module modules

.PHONY: lib
lib:		## libkshm, shared and static
	$(Q)$(MAKE) -C lib

.PHONY: tools
tools: lib	## kshmctl
	$(Q)$(MAKE) -C tools

.PHONY: tests
tests: lib	## the test programs
	$(Q)$(MAKE) -C tests

.PHONY: load
load:		## inserts what was built into the running kernel, as root (PARAMS="gid=1000" for kshm.ko's parameters)
	$(Q)packaging/modules load $$PARAMS
load: override export PARAMS := $(value PARAMS)

.PHONY: unload
unload:		## removes it again, as root
	$(Q)packaging/modules unload

# What means something to make, to a shell or to pkg-config is refused in names of
# places, before anything is made there.
odd := $$ ' " ` \ | & ; < > ( ) [ ] { } * ? ! ~ % \#
check_place = $(if $(word 2,x$(value $1)x)$(strip $(foreach c,$(odd),$(findstring $c,$(value \
	$1)))),$(error $1 can have no blanks and none of $(odd): $1=$(value $1)))
ifneq ($(filter install modules_install,$(MAKECMDGOALS)),)
$(foreach place,PREFIX DESTDIR $(if $(filter file,$(origin INSTALL_MOD_PATH)),,INSTALL_MOD_PATH),$(call \
	check_place,$(place)))
$(if $(filter /%,$(PREFIX)),,$(error PREFIX has to begin with a slash: PREFIX=$(PREFIX)))
endif

# Each part is told the whole path, for it works in a directory of its own.
root = $(if $(DESTDIR),$(abspath $(DESTDIR)))
modules_root = $(if $(INSTALL_MOD_PATH),$(abspath $(INSTALL_MOD_PATH)))
places = DESTDIR='$(root)' PREFIX='$(PREFIX)'
# What drivers are built with: a mirror of the tree, so that KSHM of their
# Makefiles can be either.
driver_source = $(root)$(PREFIX)/src/kshm

.PHONY: install
install: lib $(if $(SMARTCOLS),tools)	## library, headers, tool, manuals, udev rule, below PREFIX
	$(Q)$(MAKE) -C lib install $(places)
	$(if $(SMARTCOLS),$(Q)$(MAKE) -C tools install $(places))
	$(Q)$(MAKE) -C docs install $(places)
	$(Q)install -D -m 644 -t '$(root)$(PREFIX)/lib/udev/rules.d' packaging/udev/60-kshm.rules
	$(Q)install -D -m 644 -t '$(driver_source)/module/include/linux' module/include/linux/kshm_driver.h
	$(Q)install -D -m 644 -t '$(driver_source)/uapi/linux' uapi/linux/*.h
	@$(say_no_smartcols)

# Debian's headers name another release than their kernel's own (utsrelease.h has
# that), no key to sign with, and no System.map, without which the kernel's rule
# leaves depmod out. The versions of kshm's symbols are for building drivers.
release = $(shell sed -nE 's/.*UTS_RELEASE "(.*)"/\1/p' $(KDIR)/include/generated/utsrelease.h)
signing = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

.PHONY: modules_install
modules_install: module	## modules, for KDIR, below INSTALL_MOD_PATH (or DESTDIR)
	$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/module INSTALL_MOD_PATH='$(modules_root)' \
		KERNELRELEASE=$(release) $(signing) cmd_depmod=: modules_install
	$(Q)install -m 644 module/Module.symvers \
		'$(modules_root)/lib/modules/$(release)/kshm.symvers'
	$(if $(modules_root),,$(Q)PATH="$$PATH:/sbin:/usr/sbin" depmod $(release))

.PHONY: demo
demo:		## a transcript of kshm at work, in a virtual machine (FILE=a file to work on)
	$(Q)tests/vm/packages build vm
	$(Q)$(MAKE) tools
	$(Q)tests/demo $${FILE:+"$$FILE"}

# What is typed reaches the programs as it is, through the environment, for to make
# and to the shell of a recipe a $ or a quote in it means something. Without DIR it
# is the directory of the shell that called, also with make -C.
demo: override export FILE := $(value FILE)
run shell: override export CMD := $(value CMD)
run shell: override export DIR := $(or $(value DIR),$(value PWD),$(CURDIR))
run shell: override export DRIVER := $(value DRIVER)
ifneq ($(filter demo run shell,$(MAKECMDGOALS)),)
MAKEOVERRIDES :=
endif

.PHONY: run
run:		## runs CMD='./program' in a virtual machine (DRIVER=file.ko or directory, DIR=directory for /src)
	$(Q)tests/vm/packages build vm
	$(Q)$(MAKE) -s tools >&2
	$(Q)tests/vm/user run

.PHONY: shell
shell:		## an interactive shell in a virtual machine (DRIVER= and DIR= as for run)
	$(Q)tests/vm/packages build vm
	$(Q)$(MAKE) -s tools >&2
	$(Q)tests/vm/user shell

# As many at a time as there are processors, unless the caller has said how many.
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: check
check:		## all tests but lint, most in a virtual machine (TESTS="programs of tests/list" for some)
	$(Q)tests/vm/packages build vm check
	$(Q)$(MAKE) $(jobs) tools tests
	$(Q)tests/check $(TESTS)

.PHONY: lint
lint:		## what can be seen without running the module (TESTS= as for check); prints its count alone when all is well
	$(Q)tests/vm/packages build vm check lint
	$(Q)$(MAKE) -s $(jobs) tools tests >/dev/null
	$(Q)tests/check --lint $(TESTS)

.PHONY: check-debug
check-debug:	## the tests of the virtual machine on a debug kernel, which is built once (TESTS= as for check)
	$(Q)tests/vm/packages build vm check debug
	$(Q)$(MAKE) $(jobs) tools tests
	$(Q)KSHM_KERNEL=debug tests/check $(TESTS)

.PHONY: coverage
coverage: check-debug	## the same, and how much of module/ they executed, by file
	$(Q)KSHM_KERNEL=debug tests/coverage

.PHONY: check-kernels
check-kernels:	## the same on the kernels of Debian's trixie and unstable (root: it makes roots of these suites)
	$(Q)tests/vm/packages build vm check kernels
	$(Q)$(MAKE) $(jobs) tools tests
	$(Q)status=0; other=$$(mktemp); trap 'rm -f $$other' EXIT; trap 'exit 1' INT TERM; \
	KSHM_KERNEL=unstable tests/check $(TESTS) >$$other 2>&1 & \
	KSHM_KERNEL=trixie tests/check $(TESTS) || status=1; \
	wait $$! || status=1; cat $$other; exit $$status

.PHONY: check-checks
check-checks:	## plants faults, each of which the test it names has to catch (FAULTS="names in tests/faults" for some)
	$(Q)tests/vm/packages build vm check debug
	$(Q)tests/check-checks $(FAULTS)

.PHONY: stress
stress:		## callers that fork and die, while memory is swapped, moved and merged (MINUTES=2 SEED=number)
	$(Q)tests/vm/packages build vm check stress
	$(Q)$(MAKE) $(jobs) tools tests
	$(Q)tests/stress/run

.PHONY: check-fuzz
check-fuzz: export MINUTES := $(MINUTES)
check-fuzz: export SEED := $(SEED)
check-fuzz:	## plants faults that the fuzzer has to find, each in MINUTES=10 (FAULTS= as for check-checks)
	$(Q)tests/vm/packages build vm check debug
	$(Q)tests/check-checks --fuzz $(FAULTS)

.PHONY: fuzz
fuzz: export MINUTES := $(MINUTES)
fuzz: export SEED := $(SEED)
fuzz: export REPLAY := $(REPLAY)
fuzz:		## fuzzes kshm on the debug kernel for MINUTES=2 (SEED=number; REPLAY=file of what was found)
	$(Q)tests/vm/packages build vm check debug
	$(Q)$(MAKE) $(jobs) tools tests
	$(Q)tests/fuzz/run

# Whatever fails, the rest runs.
.PHONY: check-all
check-all:	## everything, before a change is called done: some hours
	$(Q)status=0; for target in lint check check-debug check-kernels check-checks check-fuzz \
		"fuzz MINUTES=10" "stress MINUTES=10"; do \
		echo "make $$target"; $(MAKE) $$target || status=1; \
	done; KSHM_KERNEL=debug-unstable tests/check || status=1; exit $$status

.PHONY: bench
bench:		## what a request costs beside its peers, in instructions (root: it makes a root of unstable)
	$(Q)tests/vm/packages build vm bench kernels
	$(Q)bench/run

# Kbuild cleans with a kernel's headers only, but what they made can outlive them.
clean_module = $(if $(KDIR),$(MAKE) -C $(KDIR) M=$(CURDIR)/module clean,find module \
	\( -name '*.ko' -o -name '*.o' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \
	-o -name '.*.d' -o -name Module.symvers -o -name modules.order \) -delete)
.PHONY: clean
clean:		## removes what was built here (the test bed's cache stays)
	$(Q)$(clean_module)
	$(Q)$(MAKE) -C lib clean
	$(Q)$(MAKE) -C tools clean
	$(Q)$(MAKE) -C tests clean

.PHONY: help
help:		## this list
	@sed -nE 's/^([a-z_-]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 19
