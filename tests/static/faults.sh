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
	done < <(files 'tests/faults/*.patch')
}

faults_change_the_module_alone() {
	files 'tests/faults/*.patch' | xargs grep -HE '^(---|\+\+\+) ' | grep -vE ' [ab]/module/' || true
}

# What is above the patch but for the first line.
header() {
	sed -nE '/^(---|diff) /q; 2,$p' "$1"
}

# What is broken, in a sentence, and who notices; and nothing that nobody reads.
faults_say_what_they_are() {
	local file

	while read -r file; do
		grep -qE '^[A-Z0-9].*\.$' < <(header "$file" | sed -n 1p) || echo "$file: line 2 is no sentence"
		grep -qE '^Caught by: ' < <(header "$file" | sed -n 2p) || echo "$file: line 3 names no test"
		header "$file" | sed 1d | grep -vE '^$|^(Caught by: [a-z0-9_/.-]+: .|With: [a-z0-9_/.-]+$|On: debug$|(Says|Found): .)' |
			sed "s|^|$file: |" || true
	done < <(files 'tests/faults/*.patch')
}

# values KEY: of all faults, with the kernel that they are seen on
values() {
	local file kernel

	while read -r file; do
		kernel=$(header "$file" | sed -n 's/^On: //p')
		header "$file" | sed -n "s/^$1: /${kernel:-stock}\t/p"
	done < <(files 'tests/faults/*.patch') | sort -u
}

faults_run_listed_programs() {
	{
		values "Caught by" | sed 's/: .*//'
		values With
	} | cut -f 2 | sort -u |
		grep -vxFf <(awk '!/^#/ { print $3 }' tests/list; printf 'tests/vm/%s\n' nothing-left run) |
		sed 's/$/: not in tests\/list/' || true
}

# The tests of a program on a kernel, as a fault names them. That a machine runs to its end
# has no program that lists it.
tests_of() {
	case $2 in
	tests/vm/run)	echo "$2: a machine runs the tests to the end" ;;
	*)		KSHM_KERNEL=$1 tests/program list "$2" 2>/dev/null | sed 's/\t/: /' ;;
	esac
}

# One that goes, or gets another name, takes its faults along.
faults_are_caught_by_tests_that_there_are() {
	local named kernel program tests

	named=$(values "Caught by")
	while read -r kernel program; do
		tests=$(tests_of "$kernel" "$program")
		[[ $tests ]] || { echo "$program: cannot list its tests"; continue; }
		sed -n "s|^$kernel\t\($program: .*\)|\1|p" <<<"$named" | grep -vxF -- "$tests" |
			sed 's/$/: no such test/' || true
	done < <(values "Caught by" | sed 's/: .*//' | sort -u)
}

# What ends a boot fails for many reasons, and whatever a fault is to be seen by there.
faults_that_end_a_boot_say_how() {
	local file

	while read -r file; do
		grep -qE '^Caught by: tests/vm/(run:|nothing-left: (the kernel log|no memory))' < <(header "$file") ||
			continue
		grep -q '^Says: ' < <(header "$file") || echo "$file: nothing it says"
	done < <(files 'tests/faults/*.patch')
}

# They have to pass on the stock kernel, or another would not be needed.
faults_of_debug_kernels_run_on_the_stock_one() {
	local file

	while read -r file; do
		grep -qx 'On: debug' < <(header "$file") || continue
		grep -qxFf <(awk '$1 ~ /^(guest|text|stock|movable)\+?$/ { print $3 }' tests/list) \
			< <(header "$file" | sed -nE 's/^With: //p; s/^Caught by: (.*): .*/\1/p') ||
			echo "$file: no program of the stock kernel"
	done < <(files 'tests/faults/*.patch')
}

# As many as there were: one that is hard to catch does not go.
faults_do_not_become_fewer() {
	local -a all
	local wanted

	mapfile -t all < <(files 'tests/faults/*.patch')
	wanted=$(sed '/^#/d' tests/faults/count)
	[[ ${#all[@]} == "$wanted" ]] ||
		echo "there are ${#all[@]} faults; tests/faults/count says $wanted"
}

run_tests "$@" -- faults_apply faults_change_the_module_alone faults_say_what_they_are \
	faults_run_listed_programs faults_are_caught_by_tests_that_there_are \
	faults_that_end_a_boot_say_how faults_of_debug_kernels_run_on_the_stock_one \
	faults_do_not_become_fewer
