#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of Kconfig and of what is built from it
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

conf() {
	echo "/usr/lib/linux-kbuild-6.1/scripts/kconfig/conf"
}

# A configuration with what kshm depends on, as the kernel's own Kconfig has it.
around() {
	cat <<-END
		config MODULES
			bool
			default y
			modules
		config MMU
			def_bool y
		config NET
			def_bool y
		config SHMEM
			def_bool y
		config MEMFD_CREATE
			def_bool y
		config EVENTFD
			def_bool y
		config 64BIT
			def_bool y
		config HIGHMEM
			bool
		config KUNIT
			def_tristate m
		config KUNIT_ALL_TESTS
			def_bool y
		config CRYPTO
			tristate
		config CRYPTO_HASH
			tristate
		source "$top/Kconfig"
	END
}

kconfig_parses_without_a_word() {
	around >"$work/Kconfig"
	(cd "$work" && KCONFIG_CONFIG=all.config "$(conf)" -s --allmodconfig Kconfig)
	grep '^CONFIG_KSHM' "$work/all.config" | grep -vE '=m$|_TEST=y$' || true
	[[ $(grep -c '^CONFIG_KSHM' "$work/all.config") == $(defined | wc -l) ]]
}

defined() {
	sed -nE 's/^config (KSHM.*)/\1/p' Kconfig | sort
}

kconfig_symbols_are_those_that_are_used() {
	diff <(defined) <(grep -ohE 'CONFIG_KSHM[A-Z_]*' module/Kbuild | sed 's/CONFIG_//' |
		grep -v '^KSHM_COMPAT' | sort -u)
	# None may be known to the code and not to Kconfig.
	{ files 'module/*.c' 'module/*.h' | xargs grep -ohE 'CONFIG_KSHM[A-Z_]*' || true; } |
		sed 's/CONFIG_//' | sort -u | comm -23 - <(defined)
}

kconfig_depends_on_what_each_needs() {
	sed -nE '/^config KSHM_/,/^$/p' Kconfig | grep -cE 'depends on KSHM( |$)' |
		grep -qx "$(defined | grep -c KSHM_)" || echo "a driver does not depend on KSHM"
	grep -c '^	help$' Kconfig | grep -qx "$(defined | wc -l)" || echo "help is missing"
}

# Of what is compiled in the tree already, nothing is compiled again.
built_with() {
	mkdir -p "$work/tree"
	rm -f "$work"/tree/module/*.ko
	files 'module/*' 'uapi/*' Kconfig Makefile | tar -c -T - | tar -x -C "$work/tree"
	make -s -C "$work/tree" module KDIR="/usr/src/linux-headers-$(kernel_release)" \
		CONFIG_DEBUG_INFO_BTF_MODULES= "$@" >"$work/log" 2>&1 || cat "$work/log"
	(cd "$work/tree/module" && echo *.ko)
}

kconfig_builds_all_by_default_and_leaves_out_what_is_said() {
	[[ $(built_with) == "kshm.ko kshm_copy.ko kshm_digest.ko kshm_event.ko kshm_sioctl.ko" ]] || echo "not all are built by default"
	[[ $(built_with CONFIG_KSHM_DIGEST=n) == "kshm.ko kshm_copy.ko kshm_event.ko kshm_sioctl.ko" ]] ||
		echo "CONFIG_KSHM_DIGEST=n does not leave digest out"
}

run_tests "$@" -- kconfig_parses_without_a_word \
	kconfig_symbols_are_those_that_are_used kconfig_depends_on_what_each_needs \
	kconfig_builds_all_by_default_and_leaves_out_what_is_said
