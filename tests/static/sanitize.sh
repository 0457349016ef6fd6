#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of library and tool under the sanitizers of gcc
#
# The tests of tests/list are run with a library and a tool that are built so, in a copy
# of the tree in the cache, of whichever checkout: all of them but those that left_out()
# has. Those of the library that need no module always run under the sanitizers:
# tests/lib/Makefile. The tool has one thread only.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

unset MAKEFLAGS		# of the make that called: its jobs are not this one's

# make does not see what changes of the compiler, or here.
dir=$cache/sanitize/$({ gcc --version; cat "$0"; } | cksum | cut -d ' ' -f 1)
address="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"
thread="-O1 -g -fsanitize=thread"
copy=$dir/address/tree

# What is not run so, and why.
left_out() {
	case $1 in
	# They are about how it is linked: one program that calls little, and one of the
	# ways is static, which no sanitizer can be.
	tests/lib/linkage-*) ;;
	# Thousands of processes, each of which takes long to start so, to print text.
	tests/cli/width.bats) ;;
	# They boot machines of their own; one for tools that it builds itself, the other
	# for documents, of which most of what it does is to spoil them.
	tests/cli/versions.bats|tests/cli/schema.bats) ;;
	# A tool that is ended with requests under way, and the holder of handle.bats, end
	# with memory that they have not freed: to be looked at.
	tests/cli/call_submit.bats|tests/cli/handle.bats) ;;
	# Not seen to pass so yet.
	tests/cli/section.bats|tests/cli/authors.bats|tests/cli/tracing.bats) ;;
	tests/cli/readme.bats|tests/cli/manual.bats|tests/cli/permission.bats) ;;
	*) return 1 ;;
	esac
}

# Programs of the list in a directory, of places that match.
programs() {
	local program

	awk -v dir="tests/$1/" -v place="^($2)\$" '!/^#/ && $1 ~ place && index($3, dir) == 1 { print $3 }' \
		"$top/tests/list" | while read -r program; do
		left_out "$program" || echo "$program"
	done
}

mapfile -t library < <(programs lib '(guest|text|stock)\+?')
mapfile -t tool < <(programs cli '.*')
# Those with several threads run once more, for what these do to each other.
mapfile -t threads < <(cd "$top" && printf '%s.c\n' "${library[@]}" | xargs grep -l pthread_create | sed 's/\.c$//')

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

# No program can have both; so the copy that is run gets those of the other, under names
# of their own.
add_threads() {
	local program

	for program in "${threads[@]}"; do
		cp "$dir/thread/tree/$program" "$copy/$program-thread"
		awk -v OFS='\t' -v program="$program" \
			'$3 == program { print "guest+", $2, program "-thread" }' "$top/tests/list"
	done >>"$copy/tests/list"
}

build() {
	tests/copy "$dir/address"
	tests/copy "$dir/thread"
	options | gcc -xc -c -o "$dir/options.o" -
	make -s -C "$copy/lib" CFLAGS="$address"
	make -s -C "$copy/tools" CFLAGS="$address" LDFLAGS="$dir/options.o"
	make -s -C "$copy/tests/lib" CFLAGS="$address" "${library[@]##*/}"
	make -s -C "$dir/thread/tree/tests/lib" CFLAGS="$thread" "${threads[@]##*/}"
	# What tests of the tool call beside it.
	make -s -C "$copy/tests" -o lib CC="gcc $address" cli/holder cli/sealer manual/built
	add_threads
	# A test of the tool asks git what there is.
	git init -q "$copy"
	cd "$copy"
	is_built_with __asan_report_load tools/kshmctl "${library[@]}"
	is_built_with __ubsan_handle tools/kshmctl "${library[@]}"
	is_built_with __tsan_read "${threads[@]/%/-thread}"
}

# Without the sanitizer the tests would pass as well.
is_built_with() {
	local symbol=$1 program

	shift
	for program; do
		[[ $(nm "$program") == *" $symbol"* ]] || { echo "$program: no $symbol"; return 1; }
	done
}

# What is skipped was not looked at.
check() {
	cd "$copy"
	tests/check "${library[@]}" "${threads[@]/%/-thread}" "${tool[@]}"
	[[ $(tail -n 1 "$dir/log") == *", 0 failed, 0 skipped" ]]
}

sanitize_library_and_tool() {
	mkdir -p "$dir"
	touch "$dir"
	find "$cache/sanitize" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -r {} +
	exec 9>"$dir/lock"
	flock 9
	trap 'cat "$dir/log"' EXIT
	build >"$dir/log" 2>&1
	check >"$dir/log" 2>&1
	trap - EXIT
}

run_tests "$@" -- sanitize_library_and_tool
