#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the planted faults, short of running them: tests/check-checks does
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All in one directory: what one adds is taken away again before the next.
faults_apply() {
	local file

	cp -r --parents module "$work"
	while read -r file; do
		if patch -d "$work" -p1 -f --fuzz=0 -s --no-backup-if-mismatch -r - <"$file"; then
			patch -d "$work" -p1 -f -R -s --no-backup-if-mismatch <"$file"
		else
			echo "$file: does not apply"
			cp -r --parents module "$work"
		fi
	done < <(files 'tests/faults/*')
}

faults_change_the_module_alone() {
	files 'tests/faults/*' | xargs grep -HE '^(---|\+\+\+) ' | grep -vE ' [ab]/module/' || true
}

# What is broken, in a sentence, and who notices.
faults_say_what_they_are() {
	local file

	while read -r file; do
		sed -n 2p "$file" | grep -qE '^[A-Z0-9].*\.$' || echo "$file: line 2 is no sentence"
		sed -n 3p "$file" | grep -qE '^Caught by: [a-z0-9_/.-]+(, [a-z0-9_/.-]+)*$' ||
			echo "$file: line 3 names no program"
	done < <(files 'tests/faults/*')
}

faults_are_caught_by_listed_programs() {
	files 'tests/faults/*' | xargs sed -nE 's/^Caught by: //p' | sed 's/, /\n/g' | sort -u |
		grep -vxFf <(awk '!/^#/ { print $3 }' tests/list; echo tests/vm/nothing-left) |
		sed 's/$/: not in tests\/list/' || true
}

# As many as there were: one that is hard to catch does not go.
faults_do_not_become_fewer() {
	local -a all

	mapfile -t all < <(files 'tests/faults/*.patch')
	((${#all[@]} >= 20)) || echo "only ${#all[@]} faults"
}

run_tests "$@" -- faults_apply faults_change_the_module_alone faults_say_what_they_are \
	faults_are_caught_by_listed_programs faults_do_not_become_fewer
