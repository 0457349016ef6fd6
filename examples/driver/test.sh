#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the device "tally"
#
# For where the driver is loaded: `make test` runs it in a virtual machine.
set -euo pipefail

failures=0
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT

# Calls the control with options of kshmctl; prints the number, or the complaint.
count() {
	kshmctl call tally count --raw "$@" >"$dir/out" && od -An -tu8 "$dir/out" | tr -d ' '
}

# gives PATTERN COMMAND...
gives() {
	local wanted=$1 got

	shift
	got=$("$@" 2>&1) || true
	# shellcheck disable=SC2053  # a pattern
	if [[ $got == $wanted ]]; then
		echo "ok - $*"
	else
		echo "not ok - $*: \"$got\", not \"$wanted\""
		failures=$((failures + 1))
	fi
}

printf 'x%.0s' {1..10000} >"$dir/file"
gives 4 count --in text:s --data text:mississippi
gives 0 count --in text:q --data text:mississippi
gives 1 count --in hex:00 --data hex:01000203
gives 10000 count --in text:x --data "$dir/file"
gives 0 count --in text:x
gives "*2 bytes*at most 1 byte*" count --in text:xy --data "$dir/file"
gives "*7 bytes*at least 8 bytes*" count --in text:x --data "$dir/file" --out-len 7
((failures == 0))
