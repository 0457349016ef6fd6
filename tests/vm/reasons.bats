#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of tests/reasons, which judges the lines that no test executes
# shellcheck disable=SC2154  # bats sets BATS_TEST_TMPDIR, run the status and the output

tab=$'\t'

setup() {
	mkdir "$BATS_TEST_TMPDIR/sources"
	cat >"$BATS_TEST_TMPDIR/sources/a.c" <<-'END'
		static int first(int a)
		{
		    if (a)
		        return 1;
		    if (a > 1)
		        return 1;
		    return 2;
		}

		__printf(2, 0)
		static int second(int a,
		          int b)
		{
		    return 2;	/* of b */
		}
		MACRO(third)
	END
}

# reasons KIND "NUMBER..." ROW...: all lines have code, those were not executed; words of a
# row have bars between them
reasons() {
	local numbers=" $2 " line times

	printf '%s\n' "${@:3}" | tr '|' '\t' >"$BATS_TEST_TMPDIR/rows"
	for line in {1..16}; do
		times=1
		[[ $numbers != *" $line "* ]] || times=0
		printf 'a.c\t%d\t%d\n' "$line" "$times"
	done >"$BATS_TEST_TMPDIR/lines"
	run tests/reasons "$1" "$BATS_TEST_TMPDIR"/{rows,sources} <"$BATS_TEST_TMPDIR/lines"
	echo "$output"
}

passes() {
	reasons "$@"
	[ "$status" -eq 0 ]
	[ "$output" = "" ]
}

# fails WHAT WHICH KIND...
fails() {
	reasons "${@:3}"
	[ "$status" -eq 1 ]
	[ "$output" = "$1:"$'\n'"${2//|/$tab}" ]
}

new="not executed, and without a reason in tests/uncovered"
gone="in tests/uncovered, and not, or not as often, in module/"
bad="no row, or without a reason, in tests/uncovered"

@test "what was executed needs no reason, and what was not has one" {
	passes debug "" "# file|function|line|when|why"
	passes debug "7 11 12 16" \
		"a.c|first|return 2;|never|a reason" \
		"a.c|second|static int second(int a,|never|a reason" \
		"a.c|second|int b)|never|a reason" \
		"a.c|-|MACRO(third)|never|a reason"
	passes debug "14" "a.c|second|return 2; /* of b */|seldom|a reason"
}

@test "a reason is that of a line of its function" {
	fails "$new" "a.c|first|return 2;" debug "7"
	fails "$new" "a.c|second|int b)" debug "7 12" "a.c|first|return 2;|never|a reason"
}

@test "of lines that say the same in one function each needs a reason" {
	fails "$new" "a.c|first|return 1;" debug "4 6" "a.c|first|return 1;|never|a reason"
	passes debug "4 6" "a.c|first|return 1;|never|a reason" \
		"a.c|first|return 1;|seldom|another"
}

@test "a row whose line is not there, or not as often, is told" {
	fails "$gone" "a.c|second|return 1;" debug "" "a.c|second|return 1;|seldom|a reason"
	fails "$gone" "b.c|first|return 1;" debug "" "b.c|first|return 1;|seldom|a reason"
	fails "$gone" "a.c|first|return 2;" debug "" "a.c|first|return 2;|seldom|a reason" \
		"a.c|first|return 2;|debug-unstable|a reason"
}

@test "a row without a reason, or of no kind that there is, is told" {
	fails "$bad" "a.c|first|return 2;|seldom" debug "" "a.c|first|return 2;|seldom"
	fails "$bad" "a.c|first|return 2;|seldom|" debug "" "a.c|first|return 2;|seldom|"
	fails "$bad" "a.c|first|return 2;|often|a reason" debug "" \
		"a.c|first|return 2;|often|a reason"
}

@test "a row of one kernel is none on another" {
	passes debug "7" "a.c|first|return 2;|debug|a reason"
	fails "$new" "a.c|first|return 2;" debug-unstable "7" "a.c|first|return 2;|debug|a reason"
	passes debug-unstable "" "a.c|first|return 2;|debug|a reason"
}

@test "a row that says never is told when its line is executed, and nothing fails" {
	reasons debug "" "a.c|first|return 2;|never|a reason"
	[ "$status" -eq 0 ]
	[ "$output" = "# note: nothing needs its row of tests/uncovered: a.c first return 2;" ]
	reasons debug "" "a.c|first|return 2;|debug|a reason"
	[[ $output == "# note: "* ]]
	passes debug "" "a.c|first|return 2;|seldom|a reason"
}
