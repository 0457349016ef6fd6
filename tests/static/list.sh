#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the list of tests, and of what documents say of tests
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

listed() {
	awk '!/^#/ && NF { print $3 }' tests/list
}

# A program of tests is a file that lists or has some.
programs() {
	files 'tests/*.bats'
	files 'tests/static/*.sh' 'tests/kernel/*.sh'
	files 'tests/kernel/*.c' 'tests/lib/*.c' 'tests/fuzz/*.c' |
		grep -v harness | xargs grep -lE '^HARNESS_MAIN|= harness_run\(' | sed 's/\.c$//'
}

list_names_every_program() {
	comm -23 <(programs | sort) <(listed | sort) | sed 's/$/: not in tests\/list/'
}

list_names_nothing_else() {
	comm -13 <(programs | sort) <(listed | sort) | grep -vE '^tests/lib/linkage-' |
		sed 's/$/: in tests\/list, but no program/' || true
}

list_names_nothing_twice() {
	listed | sort | uniq -d
}

all_tests() {
	local program

	listed | while read -r program; do
		tests/program list "$program" 2>/dev/null || true
	done | cut -f 2
}

# What documents give as `name_of_a_test`: by how it begins, and in docs/acceptance.md whatever
# is in such quotes without more than letters, digits and underscores.
named_tests() {
	# shellcheck disable=SC2016  # the quotes of Markdown
	{
		files 'docs/*.md' | xargs grep -ohE '`(windows|sioctl|digest|raw|capture|inplace|context|life|limits|order|reject|register|bytes|physical|compat|oops|abi)_[a-z0-9_]+`'
		grep -ohE '`[a-z0-9_]+`' docs/acceptance.md
	} | tr -d '`' | sort -u
}

# It has to be one.
list_has_every_test_that_documents_name() {
	local known

	known=$(mktemp)
	all_tests | sort -u >"$known"
	named_tests | comm -23 - "$known" | sed 's/^/no such test: /'
	rm "$known"
}

run_tests "$@" -- list_names_every_program list_names_nothing_else \
	list_names_nothing_twice list_has_every_test_that_documents_name
