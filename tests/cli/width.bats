# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl's listings on terminals of different widths, and piped;
# root's, who becomes others
# shellcheck disable=SC2154  # bats sets output and status

# state NAME: a command that runs another one as somebody, or where something lacks
state() {
	cat >"$BATS_FILE_TMPDIR/$1"
	chmod +x "$BATS_FILE_TMPDIR/$1"
}

setup_file() {
	state permitted <<-'END'
		#!/bin/bash
		exec setpriv --reuid tester --regid tester --init-groups "$@"
	END
	state nobody <<-'END'
		#!/bin/bash
		exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	END
	# As it is for a moment while kshm.ko is unloaded.
	state deviceless <<-'END'
		#!/bin/bash
		[ "$1" = - ] || exec unshare -m "$0" - "$@"
		mount -t tmpfs none /sys/class/kshm && exec "${@:2}"
	END
	state moduleless <<-'END'
		#!/bin/bash
		[ "$1" = - ] || exec unshare -m "$0" - "$@"
		for dir in /sys/class /sys/module /dev/kshm; do
			mount -t tmpfs none "$dir" || exit
		done
		exec "${@:2}"
	END
	[ "$("$BATS_FILE_TMPDIR/permitted" id -u)" -eq 1000 ]
	[ "$("$BATS_FILE_TMPDIR/nobody" id -u)" -eq 65534 ]
	[ "$("$BATS_FILE_TMPDIR/deviceless" ls -A /sys/class/kshm)" = "" ]
	[ ! "$("$BATS_FILE_TMPDIR/moduleless" ls -d /sys/class/kshm /sys/module/kshm /dev/kshm/null)" ]
}

# in_state STATE COMMAND...
in_state() {
	local state=$BATS_FILE_TMPDIR/$1

	shift
	"$state" "$@"
}

# on WIDTH STATE WORD...: what kshmctl prints to a terminal so wide
on() {
	local width=$1 state=$BATS_FILE_TMPDIR/$2

	shift 2
	script -qc "stty cols $width rows 50; exec $state kshmctl $*" /dev/null </dev/null | tr -d '\r'
}

# What is there but for the blanks: each character, and how often.
characters() {
	tr -d '[:space:]' | fold -w 1 | sort | uniq -c
}

listings() {
	printf '%s\n' doctor "device list" "device show digest" "device show test" \
		"device show null" "device show digset" "handle list" info version "explain 0x9c402408" \
		"explain EACCES" "code decode 0x9c402408 0xffffffff" help "section list" "section show ring"
}

# fits WIDTH STATE [LISTINGS]: no line is longer, and nothing is lost that is there when piped
fits() {
	local words

	while read -r words; do
		echo "$1 $2 kshmctl $words"
		# shellcheck disable=SC2086  # words
		on "$1" "$2" $words >"$BATS_TEST_TMPDIR/shown" </dev/null
		cat "$BATS_TEST_TMPDIR/shown"
		[ "$(wc -L <"$BATS_TEST_TMPDIR/shown")" -le "$1" ]
		# shellcheck disable=SC2086  # words
		diff <(in_state "$2" kshmctl $words </dev/null 2>&1 | characters) \
			<(characters <"$BATS_TEST_TMPDIR/shown")
	done < <("${3:-listings}")
}

# Those that say something else where something lacks.
lacking() {
	printf '%s\n' doctor "device list" "device show digest" info \
		"call digest sha256 --method copied --out-len 32"
}

doctor() {
	echo doctor
}

@test "listings fit a terminal of 80 columns, whole" {
	fits 80 permitted
}

@test "listings fit a terminal of 200 columns, whole" {
	fits 200 permitted
}

@test "without the right listings fit a terminal, whole" {
	fits 80 nobody lacking
	fits 200 nobody lacking
}

@test "without a device listings fit a terminal, whole" {
	fits 80 deviceless lacking
	fits 200 deviceless lacking
}

@test "without the module listings fit a terminal, whole" {
	fits 80 moduleless lacking
	fits 200 moduleless lacking
}

@test "the doctor's sentences are folded where a terminal is narrow" {
	fits 50 permitted doctor
	fits 50 nobody doctor
	on 50 permitted doctor >"$BATS_TEST_TMPDIR/shown"
	grep -q '^memlock .* regions count$' "$BATS_TEST_TMPDIR/shown"
}

@test "piped listings have a line for each row" {
	[ "$(kshmctl device list | wc -l)" -eq "$(($(kshmctl device list --json | jq '.devices | length') + 1))" ]
	[ "$(kshmctl device show test | wc -l)" -eq "$(($(kshmctl device show test --json | jq '.controls | length') + 1))" ]
	COLUMNS=20 kshmctl device show test | diff - <(kshmctl device show test)
}

# A heading, the checks, and below an empty line what to do about the wrong ones.
@test "the piped doctor has a line for each check and each remedy" {
	for state in permitted nobody deviceless moduleless; do
		wanted=$(in_state "$state" kshmctl doctor --json | jq '[.checks[] | select(.ok | not)] as $wrong |
			1 + (.checks | length) + if $wrong == [] then 0 else 1 + ($wrong | length) end') || true
		in_state "$state" kshmctl doctor >"$BATS_TEST_TMPDIR/piped" || true
		cat "$BATS_TEST_TMPDIR/piped"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/piped")" -eq "$wanted" ]
	done
}

@test "piped, what is wrong is one line on standard error" {
	for state in deviceless moduleless; do
		for words in "device show null" "call null nop"; do
			# shellcheck disable=SC2086  # words
			run in_state "$state" kshmctl $words
			echo "$state $words: $output"
			[ "$status" -eq 3 ]
			[ "${#lines[@]}" -eq 1 ]
			# shellcheck disable=SC2086  # words
			[ -z "$(in_state "$state" kshmctl $words 2>/dev/null)" ]
		done
	done
	[ "$(in_state deviceless kshmctl device list 2>&1)" = "kshmctl: there are no devices" ]
}
