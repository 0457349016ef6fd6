#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the public headers, each by itself, and of the structs' layout
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Compiles a file that includes nothing but one header.
alone() {
	local header=$1

	shift
	echo "#include <$header>" | "$@" -Wall -Wextra -Wpedantic -Werror -Iuapi -Ilib \
		-fsyntax-only -
}

headers_uapi_as_c90() {
	local header

	while read -r header; do
		alone "${header#uapi/}" gcc -xc -std=c90
	done < <(files 'uapi/linux/*.h')
}

# In C++98 the kernel's own <linux/types.h> needs long long and __int128.
headers_uapi_as_cplusplus() {
	local header

	while read -r header; do
		alone "${header#uapi/}" g++ -xc++ -std=c++98 -Wno-long-long
	done < <(files 'uapi/linux/*.h')
}

headers_library_as_c90_and_cplusplus() {
	local header

	while read -r header; do
		alone "${header#lib/}" gcc -xc -std=c90
		alone "${header#lib/}" g++ -xc++ -std=c++98 -Wno-long-long
	done < <(files 'lib/kshm*.h')
}

headers_of_the_example_driver() {
	CPATH=examples/driver alone kshm_tally.h gcc -xc -std=c90
	CPATH=examples/driver alone kshm_tally.h g++ -xc++ -std=c++98 -Wno-long-long
}

stub_of_all() {
	stub >"$work/stub.c"
}

# Those of the ABI, whichever header has them.
structs() {
	files 'uapi/linux/*.h' | xargs sed -nE 's/^(struct [a-z0-9_]+) \{$/\1/p'
}

# A program that has every one in its debug information.
stub() {
	files 'uapi/linux/*.h' | sed -E 's|^uapi/(.*)|#include <\1>|'
	structs | awk '{ print $0, "object" NR ";" }'
}

layout() {
	# Two of them run at a time.
	"$@" -g -fno-eliminate-unused-debug-types -Iuapi -c -o "$work/$1.o" "$work/stub.c"
	structs | sed 's/struct //' | while read -r name; do
		pahole -C "$name" "$work/$1.o"
	done
}

headers_uapi_structs_have_no_holes() {
	local text

	stub_of_all
	text=$(layout gcc)
	[[ $(grep -c '^struct' <<<"$text") == $(structs | wc -l) ]] || echo "pahole missed a struct"
	grep -nE 'X{3}|hole|padding' <<<"$text" || true
	grep -E '/\* size:' <<<"$text" | sed -E 's/.*size: ([0-9]+).*/\1/' |
		awk '$1 % 8 { print "a struct of " $1 " bytes" }'
}

headers_uapi_layout_is_the_same_for_32_bits() {
	stub_of_all
	diff <(layout gcc) <(layout i686-linux-gnu-gcc)
}

# The holes that are there no order of the members would close.
headers_module_structs_could_not_be_smaller() {
	local modules module

	modules=$(tests/vm/modules)
	files 'module/*.[ch]' 'tests/module/*.[ch]' 'tests/authors/*.[ch]' | xargs sed -nE 's/^struct ([a-z_0-9]+) \{$/\1/p' |
		sort -u >"$work/ours"
	while read -r module; do
		[[ $(pahole "$module" | grep '^struct ' | grep -cwFf "$work/ours") != 0 ]] ||
			echo "pahole finds no struct in $module"
		pahole --packable "$module" | grep -wFf "$work/ours" |
			awk '{ print $1 ": " $2 " bytes, but could have " $3 }' || true
	done <<<"$modules" | sort -u
}

# In a kernel build, with nothing before it.
headers_driver_by_itself() {
	mkdir -p "$work/driver"
	echo '#include <linux/kshm_driver.h>' >"$work/driver/alone.c"
	echo 'MODULE_LICENSE("GPL");' >>"$work/driver/alone.c"
	echo "obj-m := alone.o" >"$work/driver/Kbuild"
	echo "ccflags-y := -I$top/module/include -I$top/uapi" >>"$work/driver/Kbuild"
	make -s -C "/usr/src/linux-headers-$(kernel_release)" M="$work/driver" W=1 \
		CONFIG_DEBUG_INFO_BTF_MODULES= modules
}

run_tests "$@" -- headers_uapi_as_c90 headers_uapi_as_cplusplus \
	headers_library_as_c90_and_cplusplus headers_of_the_example_driver \
	headers_uapi_structs_have_no_holes headers_uapi_layout_is_the_same_for_32_bits \
	headers_module_structs_could_not_be_smaller \
	headers_driver_by_itself
