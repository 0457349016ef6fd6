#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that gcc, its analyzer and sparse have nothing to say
#
# In copies of the tree that are kept, where what did not change is not compiled again.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"
# shellcheck source-path=SCRIPTDIR source=kept.bash
. "${BASH_SOURCE[0]%/*}/kept.bash"

unset MAKEFLAGS		# of the make that called: its jobs are not this one's

kbuild() {
	local dir=$1

	shift
	make -s -C "/usr/src/linux-headers-$(kernel_release)" -j"$(nproc)" \
		M="$copy/$dir" CONFIG_DEBUG_INFO_BTF_MODULES= \
		W=1 C=1 CF=-D__CHECK_ENDIAN__ "$@" modules
}

build_modules() {
	local dir

	kbuild module
	for dir in tests/module tests/authors examples/driver; do
		kbuild "$dir" KSHM="$copy" \
			KBUILD_EXTRA_SYMBOLS="$copy/module/Module.symvers"
	done
}

build_programs() {
	make -s -C "$copy/lib" -j"$(nproc)" CFLAGS='-O2 -g -Werror -fanalyzer'
	make -s -C "$copy/tools" -j"$(nproc)" CFLAGS='-O2 -g -Werror -fanalyzer'
	make -s -C "$copy/tests" -j"$(nproc)" CFLAGS='-O2 -g -Werror'
}

warnings_of_module() {
	in_kept_copy sparse build_modules '^$' "$(gcc --version)" "$(sparse --version)"
}

warnings_of_library_tool_and_tests() {
	in_kept_copy gcc build_programs '^  [A-Z0-9]+ +[^ ]+$' "$(gcc --version)"
}

run_tests "$@" -- warnings_of_module warnings_of_library_tool_and_tests
