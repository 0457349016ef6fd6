#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that `make demo` works, and shows what the README says it does
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

demo_runs_to_the_end() {
	tests/demo >"$work/transcript" 2>"$work/errors" || cat "$work/errors" "$work/transcript"
}

# Numbers and the sum differ from machine to machine, and the width of columns
# with them.
masked() {
	sed -E 's/[0-9a-f]{64}/SUM/g; s/[0-9]+/N/g; s/ +/ /g; s/ +$//'
}

in_readme() {
	awk '/<!-- demo -->/ { on = 1; next }
		on && /^```/ { if (++fences == 2) exit; next }
		on && fences' README.md
}

demo_is_what_the_readme_shows() {
	# Without the empty line it begins with.
	sed -i "/./,\$!d" "$work/transcript"
	[[ -s $work/transcript ]] || echo "no transcript"
	diff <(in_readme | masked) <(masked <"$work/transcript")
}

run_tests "$@" -- demo_runs_to_the_end demo_is_what_the_readme_shows
