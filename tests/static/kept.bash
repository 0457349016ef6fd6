# SPDX-License-Identifier: GPL-2.0
# kshm - copies of the tree that are kept, in which checks compile what has changed
#
# Sourced by the scripts beside it, after tap.bash. What a compiler or an analyzer
# has nothing to say of it is not shown again, in whatever checkout, until the file or
# what it includes changes. All copies are in the cache.
# shellcheck shell=bash disable=SC2154  # cache, of tap.bash

# What make does not see the change of: compilers, their versions given as words,
# and what they are told. Kbuild sees that itself.
recipe() {
	{
		printf '%s\n' "$@"
		cat "$0" "${BASH_SOURCE[0]}"
		files '*Makefile' tests/manual/build | xargs cat
	} | cksum | cut -d ' ' -f 1
}

# in_kept_copy NAME FUNCTION USUAL [VERSION]...
#
# Runs FUNCTION, which compiles in $copy, a copy of the tree that this check has
# for itself until it ends. Lines that match USUAL, an extended regular expression,
# it may print. Whatever else it says counts, and is said the next time too: then
# nothing of what was compiled is kept, and no more if the check does not end.
in_kept_copy() {
	local name=$1 function=$2

	# Not local: at the exit they are needed still.
	usual=$3
	dir=$cache/kept/$name-$(recipe "${@:4}")
	copy=$dir/tree
	mkdir -p "$dir"
	touch "$dir"
	(
		flock 8
		find "$cache/kept" -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -r {} +
	) 8>"$cache/kept/lock"
	exec 9>"$dir/lock"
	flock 9
	[[ -e $dir/silent ]] || rm -rf "$copy" "$dir"/files*
	rm -f "$dir/silent"
	tests/copy "$dir"
	# Not in a condition: it is to end where it fails.
	trap 'grep -vE "$usual" "$dir/log"' EXIT
	"$function" >"$dir/log" 2>&1
	(($(grep -cvE "$usual" "$dir/log") == 0))
	trap - EXIT
	touch "$dir/silent"
}
