#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of what judges the tests: tests/check, tests/verdict, tests/caught,
# tests/check-checks, tests/vm/log, tests/static/tap.bash and tests/kernel/harness.c

tab=$'\t'
# What is judged here says so by itself.
unset TIMES

# verdict EXPECTED RESULTS: names of program p, and what it printed
verdict() {
	local names

	read -ra names <<<"$1"
	printf "p${tab}%s\n" "${names[@]}" >"$BATS_TEST_TMPDIR/expected"
	printf "p${tab}%s\n" "${@:2}" >"$BATS_TEST_TMPDIR/results"
	run tests/verdict "$BATS_TEST_TMPDIR"/{expected,results}
}

# last_line STATUS COUNT
last_line() {
	echo "$output"
	[ "$status" -eq "$1" ]
	[ "${lines[-1]}" = "$2" ]
}

log() {
	run tests/vm/log "$1" <<<"$2"
	echo "$output"
}

start="[    3.0] kshm: the plan starts"
oops="[    4.1] BUG: unable to handle page fault for address: ffff
[    4.1] #PF: supervisor write access in kernel mode
[    4.1] Oops: 0003 [#1] PREEMPT SMP NOPTI
[    4.1] RIP: 0010:store+0xc2/0x20e [kshm_test]
[    4.1] Call Trace:
[    4.1] ---[ end trace 0000000000000000 ]---
[    4.1] RIP: 0010:store+0xc2/0x20e [kshm_test]"
expected="supervisor write .* RIP: 0010:store\+0x"

@test "verdict passes when every expected test has passed" {
	verdict "a b" ">ok 1 - a" ">some output" ">ok 2 - b" ">1..2" "=0"
	last_line 0 "2 passed, 0 failed, 0 skipped"
}

@test "verdict reads the TAP of bats" {
	verdict "a b" ">1..2" ">ok 1 a" ">ok 2 b # skip why" "=0"
	last_line 0 "1 passed, 0 failed, 1 skipped"
	[ "${lines[0]}" = "skipped p: b: why" ]
}

@test "verdict fails with a skipped test where none may be" {
	printf 'p\t%s\n' a b >"$BATS_TEST_TMPDIR/expected"
	printf "p${tab}%s\n" ">ok 1 - a" ">ok 2 - b # SKIP why" "=0" >"$BATS_TEST_TMPDIR/results"
	run tests/verdict --no-skip "$BATS_TEST_TMPDIR"/{expected,results}
	last_line 1 "1 passed, 1 failed, 0 skipped"
	[[ $output == *"FAILED p: b (skipped: why)"* ]]
}

@test "verdict fails with a failed test and shows its output" {
	verdict "a b" ">ok 1 - a" ">the reason" ">not ok 2 - b" "=1"
	last_line 1 "1 passed, 1 failed, 0 skipped"
	[[ $output == *"FAILED p: b"*"the reason"* ]]
}

@test "verdict fails with a missing result" {
	verdict "a b" ">ok 1 - a" "=0"
	last_line 1 "1 passed, 1 failed, 0 skipped"
}

@test "verdict says in one line that a program has no result at all, and counts its tests" {
	printf 'p\ta\nq\ta\nq\tb\nr\ta\n' >"$BATS_TEST_TMPDIR/expected"
	printf "%s\n" "p${tab}>ok 1 - a" "p${tab}=0" "q${tab}># why" >"$BATS_TEST_TMPDIR/results"
	run tests/verdict "$BATS_TEST_TMPDIR"/{expected,results}
	last_line 1 "1 passed, 3 failed, 0 skipped"
	[ "${lines[0]}" = "FAILED q: all of its 2 tests (no result)" ]
	[ "${lines[1]}" = "    # why" ]
	[ "${lines[2]}" = "FAILED r: a (no result)" ]
}

@test "verdict fails with a result that is not in the list" {
	verdict "a" ">ok 1 - a" ">ok 2 - b" "=0"
	last_line 1 "1 passed, 1 failed, 0 skipped"
}

@test "verdict fails with a second result" {
	verdict "a" ">ok 1 - a" ">ok 2 - a" "=0"
	last_line 1 "1 passed, 1 failed, 0 skipped"
}

@test "verdict fails with a name twice in the list" {
	verdict "a a" ">ok 1 - a" "=0"
	last_line 1 "1 passed, 1 failed, 0 skipped"
}

@test "verdict fails with an exit status that no test explains" {
	verdict "a" ">ok 1 - a" "=139"
	last_line 1 "1 passed, 1 failed, 0 skipped"
}

@test "verdict fails with a skip that says not ok" {
	verdict "a b" ">ok 1 - a" ">not ok 2 # SKIP b" "=0"
	last_line 1 "1 passed, 2 failed, 0 skipped"
}

@test "verdict fails when nothing has passed" {
	verdict "a" ">ok 1 - a # SKIP why" "=0"
	last_line 1 "0 passed, 0 failed, 1 skipped"
}

@test "log passes what kmemleak says when its own allocation was made to fail" {
	log "" "$start
[    4.1] kmemleak: Cannot allocate a scan area, scanning the full object"
	[ "$status" -eq 0 ]
	log "" "$start
[    4.1] kmemleak: 1 new suspected memory leaks"
	[ "$status" -eq 1 ]
}

@test "log passes leaks of which it is said that they are the kernel's own, and no others" {
	log "" "$start
[    4.1] kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)
[    4.2] kshm: what leaked is the kernel's own"
	[ "$status" -eq 0 ]
	log "" "$start
[    4.2] kshm: what leaked is the kernel's own
[    4.3] kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)"
	[ "$status" -eq 1 ]
}

@test "log accepts what came before the plan" {
	log "" "[    1.0] WARNING: old
$start
[    4.0] kshm: loaded"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "log complains of a warning, an oops, a stall and a hung task" {
	local line

	for line in "WARNING: CPU: 1 PID: 7 at x.c:1" "Oops: 0002 [#1]" \
		    "rcu: INFO: rcu_preempt detected stalls" \
		    "INFO: task x:1 blocked for more than 120 seconds." \
		    "BUG: Bad rss-counter state mm:ffff type:MM_FILEPAGES"; do
		log "" "$start
[    4.0] $line"
		[ "$status" -eq 1 ]
		[[ $output == *"$line"* ]]
	done
}

@test "log complains when its beginning is gone" {
	log "" "[    4.0] kshm: loaded"
	[ "$status" -eq 1 ]
}

@test "log accepts the expected oops" {
	log "$expected" "$start
$oops"
	[ "$status" -eq 0 ]
}

@test "log complains of another oops" {
	log "RIP: 0010:load" "$start
$oops"
	[ "$status" -eq 1 ]
}

@test "log complains of the expected oops when it comes twice" {
	log "$expected" "$start
$oops
$oops"
	[ "$status" -eq 1 ]
}

@test "log complains when the expected oops does not come" {
	log "$expected" "$start"
	[ "$status" -eq 1 ]
}

@test "log complains of a warning beside the expected oops" {
	log "$expected" "$start
$oops
[    5.0] WARNING: CPU: 1 PID: 7 at x.c:1"
	[ "$status" -eq 1 ]
}

@test "a boot that ends in a breakpoint before kshm is there is QEMU's fault" {
	run tests/vm/lost-boot 0 <<<"[    3.6] Linux version 7.2
[    3.6] Oops: int3: 0000 [#1] SMP NOPTI
[    3.7] Kernel panic - not syncing: Fatal exception in interrupt"
	[ "$status" -eq 0 ]
}

@test "a boot that does not come to kshm in its time is QEMU's fault" {
	run tests/vm/lost-boot 123 <<<"[    1.8] mtrr: your CPUs had inconsistent MTRRdefType settings"
	[ "$status" -eq 0 ]
	run tests/vm/lost-boot 123 </dev/null
	[ "$status" -eq 0 ]
}

# Without a first process it stays where it is, as that of a lost breakpoint does.
@test "a machine whose kernel says nothing of kshm is stopped" {
	: >"$BATS_TEST_TMPDIR/initramfs"
	truncate -s 1M "$BATS_TEST_TMPDIR/disk"
	run tests/vm/machine --begin 2 "$BATS_TEST_TMPDIR" console=ttyS0 panic=0
	[ "$status" -eq 123 ]
	grep "terminating on signal 15" "$BATS_TEST_TMPDIR/qemu"
}

@test "what else ends a boot, or comes after kshm, is not" {
	run tests/vm/lost-boot 0 <<<"[    3.6] Linux version 7.2
[    3.6] Oops: 0000 [#1] SMP NOPTI"
	[ "$status" -eq 1 ]
	run tests/vm/lost-boot 0 <<<"[    3.6] kshm: the plan starts
[    3.6] Oops: int3: 0000 [#1] SMP NOPTI"
	[ "$status" -eq 1 ]
	run tests/vm/lost-boot 124 <<<"[    3.6] Linux version 7.2"
	[ "$status" -eq 1 ]
	run tests/vm/lost-boot 0 </dev/null
	[ "$status" -eq 1 ]
}

# As those of debug kernels are told on their command line.
@test "a machine that a warning ends says so, and what ran there" {
	local nonsense

	nonsense=01000000000000000100000000000000$(printf '%032d' 0)

	cat >"$BATS_TEST_TMPDIR/plan" <<-END
		echo 1 >/proc/sys/kernel/panic_on_warn
		note tests/one
		result tests/one =0
		note tests/other
		show root kshmctl call test misbehave --in hex:$nonsense
		nothing_left
	END
	run tests/vm/run --plan "$BATS_TEST_TMPDIR/plan" --results "$BATS_TEST_TMPDIR/results"
	echo "$output"
	[ "$status" -eq 125 ]
	[[ ${lines[0]} == "A warning that nobody expects ended the machine, in tests/other (its log: "*"):" ]]
	[[ ${lines[1]} == *"WARNING: "*request.c:* ]]
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/results")" = "tests/other${tab}># The machine ended while this ran." ]
	rm -r "$(sed -n '1s/.*(its log: \(.*\)\/console):$/\1/p' <<<"$output")"
}

warning="[    5.0] ------------[ cut here ]------------
[    5.0] WARNING: CPU: 1 PID: 7 at /x/mdl.c:1 kshm_mdl_lock+0x1/0x2 [kshm]
[    5.0] Call Trace:
[    5.0] ---[ end trace 0000000000000000 ]---"
mark="[    4.9] kshm: a warning is expected: mdl.c:"

@test "log accepts a warning that was expected" {
	log "" "$start
$mark
$warning
[    6.0] kshm: next"
	[ "$status" -eq 0 ]
}

@test "log complains of a warning that comes twice, or before it is expected" {
	log "" "$start
$mark
$warning
$warning"
	[ "$status" -eq 1 ]
	log "" "$start
$warning
$mark
$warning"
	[ "$status" -eq 1 ]
}

@test "log complains of another warning than the expected one" {
	log "" "$start
$mark
${warning//mdl.c/request.c}"
	[ "$status" -eq 1 ]
	[[ $output == *"did not come: mdl.c:"* ]]
}

@test "log complains of an expected warning that does not come, or does not end" {
	log "" "$start
$mark
$mark
$warning"
	[ "$status" -eq 1 ]
	log "" "$start
$mark
${warning%$'\n'*}"
	[ "$status" -eq 1 ]
}

report="[    5.0] kshm: verifier: status: a request ended with what is no errno; driver d"
report_mark="[    4.9] kshm: a report is expected: status"

@test "log accepts reports of the verifier that were expected, as often as they were" {
	log "" "$start
$report_mark
$report_mark
$report
$report"
	[ "$status" -eq 0 ]
}

@test "log complains of a report that was not expected, once more, or is another" {
	log "" "$start
$report"
	[ "$status" -eq 1 ]
	[[ $output == *"verifier: status"* ]]
	log "" "$start
$report_mark
$report
$report"
	[ "$status" -eq 1 ]
	log "" "$start
$report_mark
${report//status/operand}"
	[ "$status" -eq 1 ]
	[[ $output == *"did not come: status"* ]]
}

@test "log complains of an expected report that does not come" {
	log "" "$start
$report_mark"
	[ "$status" -eq 1 ]
}

# functions NAME...: what tests/static/tap.bash says of tests of these names
functions() {
	cat >"$BATS_TEST_TMPDIR/functions" <<-END
		set -euo pipefail
		. tests/static/tap.bash
		passes() { [[ ! \$(grep x /dev/null) ]]; ! false; if false; then :; fi; }
		fails_in_the_middle() { mkdir /dev/null/x 2>/dev/null; true; }
		fails_at_the_end() { false; }
		fails_in_a_pipe() { false | true; true; }
		prints() { echo something; }
		skips() { echo why; exit 77; }
		run_tests -- $*
	END
	run bash "$BATS_TEST_TMPDIR/functions"
	echo "$output"
}

@test "a shell function that fails anywhere is a failed test" {
	for name in fails_in_the_middle fails_at_the_end fails_in_a_pipe; do
		functions "$name" passes
		[ "$status" -eq 1 ]
		[ "${lines[0]}" = "not ok 1 - $name" ]
		[[ ${lines[2]} == *" failed: "* ]]
		[ "${lines[3]}" = "ok 2 - passes" ]
	done
}

@test "a shell function that succeeds is a passed test if it prints nothing" {
	functions passes skips
	[ "$status" -eq 0 ]
	[ "$output" = "ok 1 - passes
ok 2 - skips # SKIP why" ]
	functions prints passes
	[ "$status" -eq 1 ]
	[[ $output == *"# something"* ]]
}

# tree RESULT: where host/program passes, and lint/program's result is that
tree() {
	mkdir -p "$BATS_TEST_TMPDIR/tests/vm"
	cp tests/{check,program,verdict} "$BATS_TEST_TMPDIR/tests"
	cp tests/vm/places.bash "$BATS_TEST_TMPDIR/tests/vm"
	cd "$BATS_TEST_TMPDIR"
	for place in host lint; do
		printf '%s\tuser\t%s\n' "$place" "$place" >>tests/list
		printf '%s\n' "#!/bin/bash" "[[ \${1:-} != --list ]] || { echo $place; exit; }" \
			"echo 'ok 1 - $place'" >"$place"
	done
	sed -i "s/^echo 'ok.*/echo '$1'/" lint
	chmod +x host lint
	# With the count itself, and that of cases.
	printf '%s\n' "stock 3" "lint 2" >tests/counts
	# What it says before its rows, too.
	sed '/^#/!d' "$BATS_TEST_DIRNAME/../cases" >tests/cases.head
	cp tests/cases.head tests/cases
}

@test "check runs lint when it is told to, alone and without a word" {
	tree "ok 1 - lint"
	run tests/check --lint
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "2 passed, 0 failed, 0 skipped" ]
	run tests/check
	last_line 0 "3 passed, 0 failed, 0 skipped"
	[[ $output == *"here: host"* && $output != *lint* ]]
}

@test "check fails when there are not as many tests as there were" {
	tree "ok 1 - lint"
	echo "stock 4" >tests/counts
	run tests/check
	last_line 1 "2 passed, 1 failed, 0 skipped"
	[[ $output == *"FAILED tests/counts: the tests are as many as tests/counts says"*"of stock they are 3"* ]]
}

@test "check fails when lint has not as many tests as it had" {
	tree "ok 1 - lint"
	printf 'lint\tuser\tlint2\n' >>tests/list
	sed 's/lint/lint2/' lint >lint2
	chmod +x lint2
	run tests/check --lint
	last_line 1 "2 passed, 1 failed, 0 skipped"
	[[ $output == *"FAILED tests/counts: "*"of lint they are 3"* ]]
	# Some of them are not counted.
	run tests/check --lint lint
	last_line 0 "1 passed, 0 failed, 0 skipped"
}

@test "check runs what is for each kernel by lint, and with every other kernel" {
	tree "ok 1 - lint"
	printf 'each\tuser\teach\n' >>tests/list
	sed 's/lint/each/' lint >each
	chmod +x each
	printf '%s\n' "stock 3" "lint 3" "trixie 3" >tests/counts
	run tests/check --lint
	last_line 0 "3 passed, 0 failed, 0 skipped"
	KSHM_KERNEL=trixie run tests/check
	last_line 0 "3 passed, 0 failed, 0 skipped"
	[[ $output == *"here: each"* && $output != *host* ]]
	run tests/check
	last_line 0 "3 passed, 0 failed, 0 skipped"
	[[ $output != *each* ]]
}

@test "check runs those tests of a program that are named, or all if it is named, too" {
	tree "ok 1 - lint"
	cat >host <<-'END'
		#!/bin/bash
		names=("$@")
		[[ ${1:-} != --list ]] || { printf '%s\n' a "b c" d; exit; }
		((${#names[@]})) || names=(a "b c" d)
		printf 'ok 1 - %s\n' "${names[@]}"
	END
	run tests/check "host: b c" "host: d"
	last_line 0 "2 passed, 0 failed, 0 skipped"
	run tests/check "host: b c" host
	last_line 0 "3 passed, 0 failed, 0 skipped"
	run tests/check "guest: a"
	last_line 1 "check: not in tests/list: guest"
}

@test "some tests of a .bats file are run by their names, and no others" {
	# Not at the beginning of a line, where it would be one of this file.
	printf '@test "%s" { true; }\n' "a (b) is c.d" "a (b) is c.d, too" "a b is cxd" \
		"what is this [or *]?" >"$BATS_TEST_TMPDIR/some.bats"
	cp tests/program "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"
	run ./program run some.bats "a (b) is c.d" 'what is this [or *]?'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == $'some.bats\t>1..2\n'*"ok 1 a (b) is c.d"*"ok 2 what is "* ]]
	[[ $output != *too* && $output != *cxd* ]]
	run ./program run some.bats nothing
	[[ $output != *ok* ]]
}

# cases NUMBER ROW...: what check says of so many cases where the rows say how many
cases() {
	sed -i '/^echo "# cases/d' host
	echo "echo '# cases: host: $1'" >>host
	{
		cat tests/cases.head
		printf '%s\n' "${@:2}"
	} >tests/cases
	run tests/check
	echo "$output"
}

@test "check fails when a product has other cases than it had, is not known, or gone" {
	tree "ok 1 - lint"
	cases 7 $'host\thost\t7\t3'
	[ "$status" -eq 0 ]
	[[ $output == *"tests/cases: 7 cases of 1 products"* ]]
	# Each kernel has its column.
	KSHM_KERNEL=debug run tests/check host
	last_line 1 "1 passed, 1 failed, 0 skipped"
	cases 3 $'host\thost\t7\t3'
	[ "$status" -eq 1 ]
	KSHM_KERNEL=debug run tests/check host
	last_line 0 "2 passed, 0 failed, 0 skipped"
	cases 6 $'host\thost\t7'
	[ "$status" -eq 1 ]
	[[ $output == *"FAILED tests/cases: "*$'# host\thost\t6'* ]]
	cases 7
	[ "$status" -eq 1 ]
	cases 7 $'host\thost\t7' $'host\tgone\t8'
	[[ $output == *"FAILED tests/cases: "*$'# host\tgone\tno such test'* ]]
	# With what is named, of what that has.
	run tests/check host
	last_line 0 "2 passed, 0 failed, 0 skipped"
	printf 'other\tother\t8\n' >tests/cases
	sed -i '/# cases/d' host
	run tests/check host
	last_line 0 "1 passed, 0 failed, 0 skipped"
}

@test "a program in C tells all its notes, and how many cases it tried" {
	cat >"$BATS_TEST_TMPDIR/program.c" <<-'END'
		#include "harness.h"

		static void product(void **state)
		{
			for (int i = 0; i < 12; i++)
				harness_case();
			harness_note("one of %d", 2);
			harness_note("another");
		}

		static void nothing(void **state)
		{
		}

		static void much(void **state)
		{
			for (int i = 0; i < 300; i++)
				harness_note("%d", i);
		}

		static const struct CMUnitTest tests[] = {
			cmocka_unit_test(product), cmocka_unit_test(nothing), cmocka_unit_test(much),
		};

		HARNESS_MAIN(tests)
	END
	gcc -D_GNU_SOURCE -fsanitize=address -I tests/kernel -o "$BATS_TEST_TMPDIR/program" \
		"$BATS_TEST_TMPDIR/program.c" tests/kernel/harness.c -lcmocka
	run "$BATS_TEST_TMPDIR/program" product nothing
	[ "$status" -eq 0 ]
	[ "$output" = "ok 1 - product
# cases: product: 12
# note: product: one of 2
# note: product: another
ok 2 - nothing
1..2" ]
	run "$BATS_TEST_TMPDIR/program" much
	[ "$status" -eq 0 ]
	[ "${lines[100]}" = "# note: much: 99" ]
}

@test "check fails with lint that is skipped" {
	tree "ok 1 - lint # SKIP no reason"
	run tests/check --lint
	last_line 1 "1 passed, 1 failed, 0 skipped"
	[[ $output == *"FAILED lint: lint (skipped: no reason)"* ]]
}

# caught HEADER OUTPUT: what is said of a fault with these lines above it
caught() {
	printf '%s\n' "SPDX-License-Identifier: GPL-2.0" "It is wrong." "$1" "" "--- a/x" "+++ b/x" \
		"+Caught by: p: c" >"$BATS_TEST_TMPDIR/fault.patch"
	cat >"$BATS_TEST_TMPDIR/output" <<<"$2"
	run tests/caught "$BATS_TEST_TMPDIR"/{fault.patch,output}
	echo "$output"
}

@test "a fault is caught if the test fails that it names" {
	caught "Caught by: p: a" "FAILED p: a
FAILED p: b
    the reason"
	[ "$status" -eq 0 ]
	[ "$output" = "p: a (and 1 more)" ]
}

@test "a fault is caught if all tests fail that it names, and not if one of them passes" {
	caught "Caught by: p: a
Caught by: q: some words" "FAILED p: a
FAILED q: some words"
	[ "$status" -eq 0 ]
	[ "$output" = "p: a, q: some words" ]
	caught "Caught by: p: a
Caught by: q: some words" "FAILED p: a
FAILED q: other words"
	[ "$status" -eq 1 ]
	[ "$output" = "not caught by q: some words" ]
}

@test "a fault is not caught by another test, of its program or of another" {
	caught "Caught by: p: a" "FAILED p: b
FAILED q: a
FAILED p: a b"
	[ "$status" -eq 1 ]
	[ "$output" = "not caught by p: a" ]
}

@test "a fault is not caught by an exit status, a lost result or what a test prints" {
	caught "Caught by: p: a" "FAILED p: a (no result)
FAILED p: a (a second result)
FAILED p: exit status 139
    FAILED p: a"
	[ "$status" -eq 1 ]
	caught "Caught by: p: exit" "FAILED p: exit status 142"
	[ "$status" -eq 1 ]
}

@test "a fault of which something has to be said is not caught without that" {
	caught "Caught by: log: clean
Says: KASAN: .* in f" "FAILED log: clean
    # BUG: KASAN: slab-out-of-bounds in f+0x1"
	[ "$status" -eq 0 ]
	caught "Caught by: log: clean
Says: KASAN: .* in f" "FAILED log: clean
    # BUG: KASAN: slab-out-of-bounds in g+0x1"
	[ "$status" -eq 1 ]
	[ "$output" = "nothing says KASAN: .* in f" ]
	caught "Caught by: log: clean
Says: in f" "FAILED log: clean
$(yes "    # BUG: in f" | head -n 20000)"
	[ "$status" -eq 0 ]
}

@test "a fault that names no test is not caught" {
	caught "Says: x" "FAILED p: a
    x"
	[ "$status" -eq 1 ]
}

# planted HEADER: a tree with one fault, where the programs say what the file says that is
# named for the kernel and, with the fault, begins with "fault-"
planted() {
	local tree=$BATS_TEST_TMPDIR/tree

	mkdir -p "$tree"/{module,tests/{vm,faults}} "$BATS_TEST_TMPDIR/says"
	cp tests/check-checks tests/caught "$tree/tests"
	cp tests/vm/places.bash "$tree/tests/vm"
	cd "$tree"
	echo whole >module/file
	printf '.PHONY: tools tests\ntools tests:\n' >Makefile
	printf '%s\n' "guest user p" "debug user q" >tests/list
	printf '%s\n' "SPDX-License-Identifier: GPL-2.0" "It is wrong." "$1" "" "--- a/module/file" \
		"+++ b/module/file" "@@ -1 +1 @@" -whole +broken >tests/faults/it.patch
	# shellcheck disable=SC2016  # for the script
	printf '%s\n' "#!/bin/bash" 'mkdir -p "$1" && cp -rT . "$1/tree"' >tests/copy
	printf '%s\n' "#!/bin/bash" >tests/vm/modules
	cat >tests/check <<-'END'
		#!/bin/bash
		fault=
		grep -q whole module/file || fault=fault-
		echo "$fault$KSHM_KERNEL" "$@" >>"$SAYS/calls"
		! cat "$SAYS/$fault$KSHM_KERNEL" 2>/dev/null
	END
	chmod +x tests/{copy,check} tests/vm/modules
	export KSHM_CACHE=$BATS_TEST_TMPDIR/cache SAYS=$BATS_TEST_TMPDIR/says
}

# check_checks STATUS LINE: has to say that
check_checks() {
	run tests/check-checks
	echo "$output"
	[ "$status" -eq "$1" ]
	[[ $output == *"$2"* ]]
}

@test "check-checks runs the programs without the fault and with it" {
	planted "Caught by: p: a"
	echo "FAILED p: a" >"$SAYS/fault-stock"
	check_checks 0 "caught	it: p: a
2 passed, 0 failed, 0 skipped"
	[ "$(<"$SAYS/calls")" = "stock p: a
fault-stock p: a" ]
}

@test "check-checks fails with programs that fail without a fault, or do not with it" {
	planted "Caught by: p: a"
	check_checks 1 "not caught by p: a"
	echo "FAILED p: a" >"$SAYS/stock"
	check_checks 1 "without a fault, on kernel stock: one of p: a"
}

@test "check-checks fails with a program that crashes where its test should fail" {
	planted "Caught by: p: a"
	printf '%s\n' "FAILED p: exit status 139" "FAILED p: a (no result)" >"$SAYS/fault-stock"
	check_checks 1 "it: not caught by p: a"
}

@test "check-checks has a fault of debug kernels pass on the stock one" {
	planted "Caught by: q: a
With: p
On: debug"
	echo "FAILED q: a" >"$SAYS/fault-debug"
	check_checks 0 "caught	it: q: a
3 passed, 0 failed, 0 skipped"
	[ "$(<"$SAYS/calls")" = "stock p
debug p q: a
fault-stock p
fault-debug p q: a" ]
	echo "FAILED p: a" >"$SAYS/fault-stock"
	check_checks 1 "it: the stock kernel does not pass p"
}

# fuzzed WORDS: check-checks of a fault that the fuzzer is to find, of which it says them
fuzzed() {
	mkdir -p tests/fuzz
	cat >tests/fuzz/run <<-END
		#!/bin/bash
		grep -q whole module/file || { $1; exit 1; }
	END
	chmod +x tests/fuzz/run
	run tests/check-checks --fuzz
	echo "$output"
}

@test "check-checks has the fuzzer find what is planted, and nothing else" {
	planted "Caught by: p: a
Found: pages stay"
	fuzzed 'echo "FOUND: 3 pages stay pinned"'
	last_line 0 "2 passed, 0 failed, 0 skipped"
	fuzzed 'echo "FOUND: a crash"'
	last_line 1 "1 passed, 1 failed, 0 skipped"
	[[ $output == *"it: something else is found: a crash"* ]]
	fuzzed 'echo "no kernel"'
	last_line 1 "1 passed, 1 failed, 0 skipped"
	[[ $output == *"it: the fuzzer fails"* ]]
}

@test "a test that hangs has failed, in its own name" {
	cat >"$BATS_TEST_TMPDIR/hangs.c" <<-END
		#include <unistd.h>
		#include "harness.h"
		static void passes(void **state) { }
		static void hangs(void **state) { alarm(0); for (;;) pause(); }
		static const struct CMUnitTest tests[] = {
			cmocka_unit_test(passes), cmocka_unit_test(hangs),
			{ "comes_after", passes, NULL, NULL, NULL },
		};
		HARNESS_MAIN(tests)
	END
	cc -Itests/kernel -o "$BATS_TEST_TMPDIR/hangs" "$BATS_TEST_TMPDIR/hangs.c" tests/kernel/harness.c \
		-lcmocka
	KSHM_BOUND=1 run "$BATS_TEST_TMPDIR/hangs"
	echo "$output"
	[ "$status" -eq 1 ]
	[ "$output" = "ok 1 - passes
not ok 2 - hangs
# it does not end" ]
}

# checkpatch PERL: what style.sh says of a file where checkpatch.pl is that
checkpatch() {
	mkdir -p "$BATS_TEST_TMPDIR"/{scripts,lib,tests/{static,vm}}
	cp tests/static/{style.sh,tap.bash} "$BATS_TEST_TMPDIR/tests/static"
	cp tests/vm/places.bash "$BATS_TEST_TMPDIR/tests/vm"
	cd "$BATS_TEST_TMPDIR"
	touch scripts/{spelling.txt,const_structs.checkpatch} lib/file.c
	git init -q
	echo "$1" >scripts/checkpatch.pl
	printf '%s\n' '#!/bin/bash' "echo $PWD/scripts" >tests/static/linux-scripts
	chmod +x tests/static/linux-scripts
	export KSHM_CACHE=$PWD/cache
	run tests/static/style.sh style_checkpatch
	echo "$output"
}

@test "a checkpatch.pl that dies, or complains, has failed, and the next time again" {
	local perl

	for perl in 'die "of old age";' 'exit 2;' 'warn "what a file";'; do
		checkpatch "$perl"
		[[ ${lines[0]} == "not ok 1 - style_checkpatch" ]]
		cd "$OLDPWD"
		checkpatch "$perl"
		[[ ${lines[0]} == "not ok 1 - style_checkpatch" ]]
		cd "$OLDPWD"
	done
	checkpatch 'exit 0;'
	[[ ${lines[0]} == "ok 1 - style_checkpatch" ]]
}
