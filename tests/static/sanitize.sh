#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of library and tool under the sanitizers of gcc
#
# The tests that there are run with a library and a tool that are built so, in a copy
# of the tree in the cache, of whichever checkout. Those of the library that need no
# module always run under the sanitizers: tests/lib/Makefile. The tool has one thread
# only.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

unset MAKEFLAGS		# of the make that called: its jobs are not this one's

dir=$cache/sanitize/$(cksum <<<"$(gcc --version)" | cut -d ' ' -f 1)
address="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
thread="-O1 -g -fsanitize=thread"
copy=$dir/address/tree

library=(control copy_out device_io_control handle info listing refusal region region_limit removal section_map)
# Not those that take a thousand processes: a start takes long here.
tool=({offline,unloaded,device,call}.bats)

# A signal is no exit status that a test of the tool could expect. Leaks are looked
# for when it ends.
options() {
	cat <<-'END'
		const char *__asan_default_options(void)
		{
			return "abort_on_error=1";
		}

		const char *__ubsan_default_options(void)
		{
			return "abort_on_error=1:print_stacktrace=1";
		}
	END
}

# Threads are for the one sanitizer, everything else for the other two.
build() {
	tests/copy "$dir/address"
	tests/copy "$dir/thread"
	options | gcc -xc -c -o "$dir/options.o" -
	make -s -C "$copy/lib" CFLAGS="$address"
	make -s -C "$copy/tools" CFLAGS="$address" LDFLAGS="$dir/options.o"
	make -s -C "$copy/tests/lib" CFLAGS="$address" "${library[@]}"
	make -s -C "$dir/thread/tree/tests/lib" CFLAGS="$thread" threads
	cp "$dir/thread/tree/tests/lib/threads" "$copy/tests/lib"
	# A test of the tool asks git what there is.
	git init -q "$copy"
	cd "$copy"
	is_built_with __asan_report_load tools/kshmctl "${library[@]/#/tests/lib/}"
	is_built_with __ubsan_handle tools/kshmctl "${library[@]/#/tests/lib/}"
	is_built_with __tsan_read tests/lib/threads
}

# Without the sanitizer the tests would pass as well.
is_built_with() {
	local symbol=$1 program

	shift
	for program; do
		[[ $(nm "$program") == *" $symbol"* ]] || { echo "$program: no $symbol"; return 1; }
	done
}

check() {
	cd "$copy"
	tests/check tests/lib/threads "${library[@]/#/tests/lib/}" \
		"${tool[@]/#/tests/cli/}"
}

sanitize_library_and_tool() {
	mkdir -p "$dir"
	exec 9>"$dir/lock"
	flock 9
	trap 'cat "$dir/log"' EXIT
	build >"$dir/log" 2>&1
	check >"$dir/log" 2>&1
	trap - EXIT
}

run_tests "$@" -- sanitize_library_and_tool
