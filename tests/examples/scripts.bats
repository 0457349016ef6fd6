# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the example scripts, with the module loaded

setup() {
	scripts=$PWD/examples/scripts
	mkdir "$BATS_TEST_TMPDIR/files"
	cd "$BATS_TEST_TMPDIR/files"
}

# A call that holds a page lasts until it is let go.
hold() {
	kshmctl call test hold -m to-driver --data text:x >/dev/null 3>&- &
	until kshmctl info --json | jq -e '.info[0].system_pages > 0'; do
		sleep 0.1
	done
}

release() {
	kshmctl call test release
}

teardown() {
	release
	wait
}

odd_files() {
	local name

	# shellcheck disable=SC2016  # these are names
	for name in plain ' blank' -dash --data 'back\slash' $'new\nline' $'both\\\n' $'cr\rx' \
		'star*' 'quote"`$x' text:x hex:zz $'\xff\xfe' '#hash' $'tab\tx'; do
		printf '%s' "of $name" >"./$name"
	done
	: >empty
	head -c 100001 /dev/urandom >large
}

# verify-sums has to say all that sha256sum says, but for why it cannot read.
same_as_sha256sum() {
	local status=0 wanted=0

	"$scripts/verify-sums" "$@" >../out 2>../err || status=$?
	sha256sum -c "$1" >../out.wanted 2>../err.wanted || wanted=$?
	cmp ../out ../out.wanted
	[ "$status" -eq "$wanted" ]
	diff <(grep -E 'WARNING|no properly' ../err) \
		<(grep -E 'WARNING|no properly' ../err.wanted | sed 's/^sha256sum/verify-sums/')
}

# The last block of code in the examples' README.
readme() {
	awk '/^```/ { on = !on; if (on) text = ""; next } on { text = text $0 "\n" }
		END { printf "%s", text }' README.md
}

@test "what the README of the examples types works" {
	cd "$scripts/.."
	[ "$(readme | wc -l)" -eq 5 ]
	readme | while read -r line; do
		bash -euo pipefail -c "$line"
	done >"$BATS_TEST_TMPDIR/out"
	grep -qx 'verify-sums: OK' "$BATS_TEST_TMPDIR/out"
	grep -q '^KSHM_SIOCTL_METHOD_BUFFERED *0x9c402408' "$BATS_TEST_TMPDIR/out"
	grep -qE '^ +1048576( +[0-9]+){3}$' "$BATS_TEST_TMPDIR/out"
}

@test "verify-sums finds good files good, whatever their names are" {
	odd_files
	sha256sum -- * >../sums
	same_as_sha256sum ../sums
	[ "$(grep -c ': OK$' ../out)" -eq "$(grep -c . ../sums)" ]
	[ ! -s ../err ]
	sha256sum --tag -- * >../sums
	same_as_sha256sum ../sums
	sha256sum -b -- * | tr abcdef ABCDEF >../sums
	run same_as_sha256sum ../sums
	sha256sum "$PWD/plain" >../sums
	same_as_sha256sum ../sums
}

@test "verify-sums finds every change" {
	odd_files
	sha256sum -- * >../sums
	printf X | dd of=large bs=1 seek=65000 conv=notrunc 2>/dev/null
	same_as_sha256sum ../sums
	[ "$(grep -c ': FAILED$' ../out)" -eq 1 ]
	grep -qx 'large: FAILED' ../out
	[ "$(cat ../err)" = "verify-sums: WARNING: 1 computed checksum did NOT match" ]
	echo more >>$'new\nline'
	echo more >empty
	same_as_sha256sum ../sums
	[ "$(grep -c ': FAILED$' ../out)" -eq 3 ]
	grep -qxF '\new\nline: FAILED' ../out
}

@test "verify-sums tells what it cannot read and goes on" {
	odd_files
	sha256sum -- * >../sums
	rm -- -dash $'new\nline'
	chmod 0 plain
	same_as_sha256sum ../sums
	[ "$(grep -c ': FAILED open or read$' ../out)" -eq 3 ]
	grep -qx 'text:x: OK' ../out
	[[ $(cat ../err) == *"there is no file ./-dash"*"plain (Permission denied)"*"3 listed files could not be read"* ]]
}

@test "verify-sums tells why of a file that is longer than a request may be" {
	truncate -s 5G long
	echo "$(printf '%064d' 0)  long" >../sums
	run "$scripts/verify-sums" ../sums
	[ "$status" -eq 1 ]
	[[ $output == "kshmctl: "*"(EDQUOT)."*"long: FAILED open or read"*"1 listed file could not be read" ]]
}

@test "verify-sums tells of lines that are none" {
	odd_files
	{
		echo "# a comment"
		echo
		echo "no sum at all"
		sha256sum plain
		printf '%s\r\n' "$(sha256sum empty)"
		sha256sum large | cut -c 2-
		printf '\\%064d  bad\\escape\n' 0
		printf '%s' "$(sha256sum plain)"
	} >../sums
	same_as_sha256sum ../sums
	[ "$(cat ../err)" = "verify-sums: WARNING: 3 lines are improperly formatted" ]
	echo nothing >../sums
	same_as_sha256sum ../sums
	: >../sums
	same_as_sha256sum ../sums
}

@test "verify-sums takes a directory and standard input" {
	mkdir ' -sub'
	echo x >' -sub/file'
	(cd ./' -sub' && sha256sum file) >sums
	[ "$("$scripts/verify-sums" sums ' -sub')" = "file: OK" ]
	[ "$("$scripts/verify-sums" - ' -sub' <sums)" = "file: OK" ]
	run "$scripts/verify-sums" sums no-such-directory
	[ "$status" -eq 1 ]
	[[ $output == "verify-sums: "*"not a directory"* ]]
	run "$scripts/verify-sums" no-such-file
	[ "$status" -eq 1 ]
	[[ $output == "verify-sums: no-such-file: "* ]]
}

@test "ci-gate lets pass where all is well" {
	run "$scripts/ci-gate" digest sioctl
	[ "$status" -eq 0 ]
	[[ $output == "ci-gate: all "*" checks are well" ]]
}

@test "ci-gate stops at a device that is not there" {
	run "$scripts/ci-gate" digest no-such-device
	[ "$status" -eq 3 ]
	[[ $output == "ci-gate: device no-such-device: not there;"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "nothing-pinned is silent when nothing is" {
	run "$scripts/nothing-pinned"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "nothing-pinned complains of a call that holds a page" {
	hold
	run "$scripts/nothing-pinned"
	[ "$status" -eq 1 ]
	[[ $output == "nothing-pinned: "[1-9]*" pages ("*" bytes) are pinned or copied, "* ]]
	run "$scripts/nothing-pinned" --grace 1
	[ "$status" -eq 1 ]
	[[ $output == *"all the 1 seconds: see kshmctl handle list and kshmctl section list" ]]
	release
	wait
	run "$scripts/nothing-pinned"
	[ "$status" -eq 0 ]
}

@test "nothing-pinned waits as long as it may for a call to end" {
	local pid child

	hold
	"$scripts/nothing-pinned" --grace 1000 3>&- &
	pid=$!
	# It sleeps when it has found a page.
	until child=$(cat "/proc/$pid/task/$pid/children") &&
		[ "$(cat "/proc/${child%% *}/comm" 2>/dev/null)" = sleep ]; do
		jobs -rp | grep -qx "$pid"
		sleep 0.05
	done
	release
	wait "$pid"
}

@test "compare-methods makes a table of methods and sizes" {
	run "$scripts/compare-methods" --repeat 3 4K 100 4096
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 4 ]
	[ "${lines[0]}" = "null nop: nanoseconds, the median of 3 calls" ]
	[[ ${lines[1]} =~ ^\ +BYTES\ +copied\ +to-driver\ +from-driver\ +raw$ ]]
	[[ ${lines[2]} =~ ^\ +100(\ +[0-9]+){4}$ ]]
	[[ ${lines[3]} =~ ^\ +4096(\ +[0-9]+){4}$ ]]
}

@test "compare-methods gives JSON, of any control" {
	"$scripts/compare-methods" --json --repeat 2 --call digest sha256 1K 64K >json
	[ "$(jq -c '[.times[] | [.size, .method, .calls, .status]]' json)" = \
		'[[1024,"copied",2,0],[1024,"to-driver",2,0],[1024,"raw",2,0],[65536,"copied",2,0],[65536,"to-driver",2,0],[65536,"raw",2,0]]' ]
	jq -e 'all(.times[]; .least_ns <= .median_ns)' json
}

@test "compare-methods shows what failed and why" {
	run "$scripts/compare-methods" --repeat 2 --call test bounds 8
	[ "$status" -eq 1 ]
	[[ $output == *"compare-methods: The in operand has 0 bytes"*"(EMSGSIZE)."* ]]
	[[ ${lines[-1]} =~ ^\ +8\ +-$ ]]
	run "$scripts/compare-methods" --call no-such-device nop
	[ "$status" -eq 3 ]
	[[ $output == "compare-methods: "*no-such-device* ]]
	run "$scripts/compare-methods" --call null no-such-control
	[ "$status" -eq 3 ]
	[[ $output == *"has no control no-such-control"* ]]
}

@test "on-message runs a command for each message, and ends with the one that fails" {
	cat >'command' <<-'END'
		#!/bin/sh
		cat >>got
		echo "$1 $2" >>got
		[ "$2" != stop ]
	END
	chmod +x command
	"$scripts/on-message" example ./command with 3>&- &
	on_message=$!
	for text in one ' two  words ' stop; do
		until [ "$(kshmctl call event send --in text:example --data "text:$text" --json | jq '.call[0].detail')" -ge 1 ]; do
			kill -0 "$on_message"
			sleep 0.1
		done
	done
	until [ "$(tail -n 1 got)" = "with stop" ]; do
		kill -0 "$on_message"
		sleep 0.1
	done
	! wait "$on_message" || false
	[ "$(cat got)" = "$(printf 'with %s\n' one ' two  words ' stop)" ]
}
