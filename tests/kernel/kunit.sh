#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - the results of the KUnit tests, which ran when kshm.ko was loaded
#
# What KUnit says of each case, as the contract of tests/program has it. The names
# of the cases are in module/*_test.c.
set -euo pipefail
shopt -s nullglob

# tests/vm/files has the sources for the list.
names() {
	sed -nE 's/^\tKUNIT_CASE(_PARAM)?\((\w+).*/\2/p' module/*_test.c
}

results() {
	cat /sys/kernel/debug/kunit/kshm_*/results
}

# Those of the caller's words, or all.
wanted() {
	if (($#)); then
		printf '%s\n' "$@"
	else
		names
	fi
}

if [[ ${1:-} == --list ]]; then
	names
	exit
fi
nr=0
status=0
results=$(results)
while read -r name; do
	((++nr))
	if grep -qE "^ +ok [0-9]+ -? ?$name\$" <<<"$results"; then
		echo "ok $nr - $name"
	else
		echo "not ok $nr - $name"
		status=1
	fi
done < <(wanted "$@")
# shellcheck disable=SC2001  # of each line
((status == 0)) || sed 's/^/# /' <<<"$results"
echo "1..$nr"
exit "$status"
