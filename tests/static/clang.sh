#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that clang builds the modules, and that its analyzer finds nothing, in
# library, tool and tests neither
#
# In a copy of the tree that is kept, where what did not change is not looked at again.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"
# shellcheck source-path=SCRIPTDIR source=kept.bash
. "${BASH_SOURCE[0]%/*}/kept.bash"

unset MAKEFLAGS		# of the make that called: its jobs are not this one's

# What the configuration of a kernel says that clang 14 has built. The headers are
# those of one that gcc has built, and some of what gcc does clang cannot.
configuration=(
	CONFIG_CC_IS_CLANG=y CONFIG_CLANG_VERSION=140006
	CONFIG_CC_IS_GCC= CONFIG_GCC_VERSION=0
	CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough
	CONFIG_CC_HAS_AUTO_VAR_INIT_ZERO_ENABLER=y
	CONFIG_FTRACE_MCOUNT_USE_CC= CONFIG_FTRACE_MCOUNT_USE_OBJTOOL=y
	CONFIG_RETHUNK= CONFIG_SLS=
	# There is no vmlinux to make types for BPF from.
	CONFIG_DEBUG_INFO_BTF_MODULES=
)

# Of each file that is compiled. Values that are never read are in the headers too.
analyze="clang --analyze -Xclang -analyzer-disable-checker=deadcode.DeadStores -Xclang -analyzer-werror -Xclang -analyzer-output=text"

kbuild() {
	local part=$1

	shift
	make -s -C "/usr/src/linux-headers-$(kernel_release)" -j"$(nproc)" \
		CC=clang LD=ld.lld W=1 KCFLAGS=-Werror C=1 CHECK="$analyze" CHECKFLAGS= \
		"${configuration[@]}" CONFIG_CC_VERSION_TEXT="$(clang --version | head -n 1)" \
		M="$copy/$part" "$@" modules
}

build_modules() {
	local part

	kbuild module
	for part in tests/module tests/authors examples/driver; do
		kbuild "$part" KSHM="$copy" \
			KBUILD_EXTRA_SYMBOLS="$copy/module/Module.symvers"
	done
}

# gcc compiles, and what it compiles is analyzed. Not the examples: that a driver
# writes to what they give it, the analyzer cannot know.
build_programs() {
	local part

	for part in lib tools tests; do
		# After the library, or they would be made anew with the tests.
		[[ $part != tests ]] || make -s -C "$copy/tests" examples
		scan-build --status-bugs -o "$copy/reports" \
			make -s -C "$copy/$part" -j"$(nproc)" CFLAGS="-O1 -g"
	done
}

clang_builds_and_analyzes_the_modules() {
	# That the kernel was built by another compiler is known.
	in_kept_copy clang build_modules \
		'^(warning: the compiler differs|  The kernel was built by: |  You are using: )' \
		"$(clang --version)"
}

clang_analyzes_library_tool_and_tests() {
	in_kept_copy scan-build build_programs \
		'^  [A-Z0-9]+ +[^ ]+$|^scan-build: (Using|Removing|No bugs found|Analysis run complete)' \
		"$(clang --version)" "$(gcc --version)"
}

run_tests "$@" -- clang_builds_and_analyzes_the_modules clang_analyzes_library_tool_and_tests
