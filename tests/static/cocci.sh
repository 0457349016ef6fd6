#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that the kernel's own semantic patches find nothing in the modules
#
# Those of scripts/coccinelle, as the kernel's `make coccicheck MODE=report` runs them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Those that are not run, and why.
left_out='
api/check_bq27xxx_data	tables of one driver, and it wants a compiler of OCaml
null/badzero		wants it too; sparse says the same: warnings.sh
'

semantic_patches() {
	find "$1" -name '*.cocci' -printf '%P\n' | sed 's/\.cocci$//' | sort |
		grep -vxFf <(awk 'NF { print $1 }' <<<"$left_out")
}

# A semantic patch names the options that it wants. What it says of itself is on
# standard error. The Python that spatch asks for is Debian's, as it is.
spatch_reports() {
	local dir=$1 name=$2 options

	read -ra options < <(sed -nE 's|^// +Options: *||p' "$dir/$name.cocci") || true
	PATH=/usr/bin:/bin spatch -D report --no-show-diff --very-quiet --cocci-file "$dir/$name.cocci" \
		"${options[@]}" --dir "$work/sources" </dev/null 2>"$work/${name//\//-}" || {
		echo "$name: exit status $?"
		cat "$work/${name//\//-}"
	}
}

cocci_finds_nothing_in_the_modules() {
	local dir

	dir=$(tests/static/linux-scripts)/coccinelle
	mkdir "$work/sources"
	files 'module/*.[ch]' 'tests/module/*.[ch]' 'tests/authors/*.[ch]' 'examples/driver/*.[ch]' |
		xargs cp --parents -t "$work/sources"
	export work
	export -f spatch_reports
	semantic_patches "$dir" >"$work/names"
	[[ -s $work/names ]] || echo "no semantic patches in $dir"
	# shellcheck disable=SC2016  # for the shell inside
	xargs -P "$(nproc)" -I NAME bash -c 'spatch_reports "$@"' bash "$dir" NAME <"$work/names" |
		sed "s|$work/sources/||"
}

run_tests "$@" -- cocci_finds_nothing_in_the_modules
