# SPDX-License-Identifier: GPL-2.0
# kshm - what makes a test program of shell functions
#
# Sourced by the scripts beside it, which end with: run_tests "$@" -- NAME...
# Called with names, a script runs those alone.
# A test passes if its function succeeds and prints nothing: a check has nothing
# to say when all is well. It ends at the first command that fails, and is skipped
# if it exits with 77 and says why.
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR source=../vm/places.bash
. "${BASH_SOURCE[0]%/*}/../vm/places.bash"
trap - ERR

# Files of the project that match patterns, built ones left out.
files() {
	local file

	(
		cd "$top"
		if git rev-parse --git-dir >/dev/null 2>&1; then
			git ls-files --cached --others --exclude-standard -- "$@"
		else
			find "$@" -type f
		fi
	) | sort -u | while read -r file; do
		[[ ! -f $top/$file ]] || echo "$file"
	done
}

# With && or || behind it, or in a condition of the caller's, bash would go on after
# what fails in the function.
run_function() {
	set -eE
	trap '((BASH_SUBSHELL > 1)) || echo "$0: line $LINENO failed: $BASH_COMMAND"' ERR
	cd "$top"
	"$1"
}

run_one() {
	local number=$1 name=$2 output status

	set +e
	output=$(run_function "$name" 2>&1)
	status=$?
	set -e
	if [[ $status == 0 && ! $output ]]; then
		echo "ok $number - $name"
	elif [[ $status == 77 ]]; then
		echo "ok $number - $name # SKIP ${output##*$'\n'}"
	else
		echo "not ok $number - $name"
		echo "# exit status $status"
		head -n 60 <<<"$output" | sed 's/^/# /'
		failed=1
	fi
}

run_tests() {
	local list=false chosen=" " name number=0 failed=0

	while [[ $1 != -- ]]; do
		case $1 in
		--list)	list=true ;;
		*)	chosen+="$1 " ;;
		esac
		shift
	done
	shift
	for name; do
		[[ $chosen == " " || $chosen == *" $name "* ]] || continue
		if $list; then
			echo "$name"
			continue
		fi
		number=$((number + 1))
		run_one "$number" "$name"
	done
	return "$failed"
}
