# SPDX-License-Identifier: GPL-2.0
# kshm - builds everything, runs it in a virtual machine
#
# V=1 shows the commands; KDIR=DIR names the kernel to build the module for;
# CONFIG_KSHM_DIGEST=n (or another symbol of Kconfig) leaves a driver out.

KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(lastword $(shell ls -dv /usr/src/linux-headers-*-amd64 2>/dev/null)))

Q := @
ifeq ($(V),1)
Q :=
endif
MAKEFLAGS += --no-print-directory
export V

.DEFAULT_GOAL := all
.PHONY: all
all: $(if $(KDIR),module,no-headers) lib tools	## module (if there are kernel headers), library, tool

.PHONY: no-headers
no-headers:
	@echo "No kernel headers: the module is left out (see tests/vm/packages build)"

.PHONY: module
module:		## kshm.ko and its drivers, for KDIR
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

.PHONY: demo
demo:		## a transcript of kshm at work, in a virtual machine (FILE=a file to work on)
	$(Q)tests/vm/packages build vm
	$(Q)$(MAKE) tools
	$(Q)tests/demo $(if $(FILE),'$(FILE)')

.PHONY: check
check:		## all tests, most in a virtual machine (TESTS="programs of tests/list" for some)
	$(Q)tests/vm/packages build vm check
	$(Q)$(MAKE) tools tests
	$(Q)tests/check $(TESTS)

.PHONY: bench
bench:		## what a request costs beside its peers, in instructions (root: it makes a root of unstable)
	$(Q)tests/vm/packages build vm bench
	$(Q)bench/run

.PHONY: clean
clean:		## removes what was built here (the test bed's cache stays)
	$(if $(KDIR),$(Q)$(MAKE) -C $(KDIR) M=$(CURDIR)/module clean)
	$(Q)$(MAKE) -C lib clean
	$(Q)$(MAKE) -C tools clean
	$(Q)$(MAKE) -C tests clean

.PHONY: help
help:		## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  \1\t\2/p' Makefile | expand -t 12
