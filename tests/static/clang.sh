#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that clang builds the modules, and that its analyzer finds nothing, in
# library, tool and tests neither
#
# In a copy of the tree in the cache, where what did not change is not looked at
# again. Whatever is said there counts; what was built is removed then, so that it is
# said the next time too.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

unset MAKEFLAGS		# of the make that called: its jobs are not this one's

# By the compiler too, for make does not see that it is another one.
dir=$cache/clang/$(cksum <<<"$top $(clang --version)" | cut -d ' ' -f 1)
copy=$dir/tree

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

# Runs a function on the copy, which may say what it usually says and nothing else.
quietly() {
	# Not local: at the exit they are needed still.
	usual=$1 build=$2 log=$dir/$2.log

	mkdir -p "$dir"
	exec 9>"$dir/lock"
	flock 9
	tests/copy "$dir"
	# Also when the function ends in the middle.
	trap 'grep -vE "$usual" "$log"; rm -rf "$copy" "$dir"/files*' EXIT
	"$build" >"$log" 2>&1
	(($(grep -cvE "$usual" "$log") == 0))
	trap - EXIT
}

clang_builds_and_analyzes_the_modules() {
	# That the kernel was built by another compiler is known.
	quietly '^(warning: the compiler differs|  The kernel was built by: |  You are using: )' build_modules
}

clang_analyzes_library_tool_and_tests() {
	quietly '^  [A-Z0-9]+ +[^ ]+$|^scan-build: (Using|Removing|No bugs found|Analysis run complete)' build_programs
}

run_tests "$@" -- clang_builds_and_analyzes_the_modules clang_analyzes_library_tool_and_tests
