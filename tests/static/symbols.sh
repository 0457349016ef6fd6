#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the symbols that the modules use and export, as they are built for the
# kernel that KSHM_KERNEL names, or the stock one
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

modules=("")
[[ ${1:-} == --list ]] || mapfile -t modules < <("$top/tests/vm/modules" | grep -v '/tests/')
symvers=${modules[0]%/*}/Module.symvers

# Those of the list that are exported by kernel.org's sources of a version.
upstream() {
	awk -v version="$1" '
	function number(text,	part)
	{
		split(text, part, ".")
		return part[1] * 1000 + part[2]
	}
	!/^#/ && number($2) <= number(version) { print $1 }' tests/static/upstream-symbols
}

# Debian exports more than kernel.org does; what is used must be of the latter.
# The list has a symbol a line: those used, each seen in an EXPORT_SYMBOL of
# kernel.org's sources. A new one is to be looked up there before it goes in.
symbols_used_are_exported_upstream() {
	local kernel version

	kernel=$(tests/vm/kernel)
	version=$(grep -oE '^[0-9]+\.[0-9]+' "$kernel/release")
	nm -u "${modules[@]}" | awk '$1 == "U" { print $2 }' | sort -u |
		comm -23 - <(awk '{ print $2 }' "$symvers" | sort) |
		comm -23 - <(upstream "$version" | sort) |
		sed "s/^/not in tests\/static\/upstream-symbols for $version: /"
}

symbols_exported_are_gpl_and_declared() {
	local symbol type

	while read -r _ symbol _ type _; do
		[[ $type == EXPORT_SYMBOL_GPL ]] || echo "$symbol: $type"
		grep -qE "\b$symbol\(" module/include/linux/kshm_driver.h ||
			echo "$symbol: not declared in <linux/kshm_driver.h>"
	done <"$symvers"
}

# A declaration that nothing exports would fail only when a driver uses it.
symbols_declared_are_exported() {
	local symbol

	grep -v '^ \*' module/include/linux/kshm_driver.h | grep -v '^#' |
		tr '\n' ' ' | grep -oE '\bkshm_[a-z_]+\([^{;]*\)[^{;]*;' |
		grep -oE '^kshm_[a-z_]+' | sort -u | while read -r symbol; do
		awk '{ print $2 }' "$symvers" | grep -qx "$symbol" || echo "$symbol: not exported"
	done
}

run_tests "$@" -- symbols_used_are_exported_upstream \
	symbols_exported_are_gpl_and_declared symbols_declared_are_exported
