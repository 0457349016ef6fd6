#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that gcc, its analyzer and sparse have nothing to say
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

# A copy of what is built, so that everything is compiled anew.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

fresh_copy() {
	rm -rf "$copy/tree"
	mkdir "$copy/tree"
	files 'module/*' 'uapi/*' 'lib/*' 'tools/*' 'tests/*' 'examples/*' VERSION |
		tar -c -T - | tar -x -C "$copy/tree"
}

kbuild() {
	local dir=$1

	shift
	make -s -C "/usr/src/linux-headers-$(kernel_release)" -j"$(nproc)" \
		M="$copy/tree/$dir" CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules
}

warnings_of_module() {
	local dir

	fresh_copy
	kbuild module W=1 C=2 CF=-D__CHECK_ENDIAN__
	for dir in tests/module tests/authors examples/driver; do
		kbuild "$dir" W=1 C=2 CF=-D__CHECK_ENDIAN__ KSHM="$copy/tree" \
			KBUILD_EXTRA_SYMBOLS="$copy/tree/module/Module.symvers"
	done
}

warnings_of_library_tool_and_tests() {
	fresh_copy
	make -s -C "$copy/tree/lib" CFLAGS='-O2 -g -Werror -fanalyzer' >/dev/null
	make -s -C "$copy/tree/tools" CFLAGS='-O2 -g -Werror -fanalyzer' >/dev/null
	make -s -C "$copy/tree/tests" CFLAGS='-O2 -g -Werror' >/dev/null
}

run_tests "$@" -- warnings_of_module warnings_of_library_tool_and_tests
