#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of what a line for the virtual machine takes along
# shellcheck disable=SC2154,SC2016  # bats sets output and others; lines are not for here

setup() {
	PATH=/usr/bin:/bin
	dir=$BATS_TEST_TMPDIR
	printf 'no program\n' >"$dir/a thing"
	printf 'no program\n' >"$dir/thing"
}

# carries LINE FILE...: these, in this order, and no others
carries() {
	local line=$1

	shift
	run diff <(tests/vm/carried "$line" | tr '\0' '\n') <(((!$#)) || printf '%s\n' "$@")
	echo "$line:" "$output"
	[ "$status" -eq 0 ]
}

@test "words are what bash makes of them" {
	carries "'$dir/a thing'" "$dir/a thing"
	carries "\"$dir/a thing\" $dir/thing" "$dir/a thing" "$dir/thing"
	carries "$dir/a\\ thing;$dir/thing|$dir/thing" "$dir/a thing" "$dir/thing"
	carries "<$dir/thing >'$dir'/'a 'thing" "$dir/thing" "$dir/a thing"
	carries "--x=$dir/thing Y='$dir/a thing'" "$dir/thing" "$dir/a thing"
	carries "it's $dir/thing" "$dir/thing"
	carries "$dir/a thing"
}

@test "what is quoted can be a line in its turn" {
	carries "bash -c '\"$dir/a thing\" x'" /usr/bin/bash "$dir/a thing"
	carries "env 'X=\"$dir/thing\"'" /usr/bin/env "$dir/thing"
	carries "\"\$(cat '$dir/a thing')\"" /usr/bin/cat "$dir/a thing"
}

@test "nothing of a line is executed" {
	carries '$(touch '"$dir/made"') `touch '"$dir/made"'` ${x:=$(touch '"$dir/made"')}' /usr/bin/touch
	[ ! -e "$dir/made" ]
}

@test "what the first line of a script names comes along" {
	printf '#!/usr/bin/env -S X=1 sort -u\nls\n' >"$dir/script"
	carries "$dir/script" "$dir/script" /usr/bin/env /usr/bin/sort
	printf '#!%s\n' "$dir/script" >"$dir/second"
	carries "$dir/second" "$dir/second" "$dir/script" /usr/bin/env /usr/bin/sort
}

@test "files that the guest has of its own are left out, and what does not end" {
	carries "id; cat /etc/passwd $dir/../../../../../../etc/group /proc/kmsg /sys/kernel/notes /dev/null" \
		/usr/bin/id /usr/bin/cat
	ln -s /proc/version "$dir/version"
	carries "cat $dir/version" /usr/bin/cat
}

@test "what has rights of its own is left out" {
	cp /usr/bin/id "$dir/setuid"
	chmod u+s "$dir/setuid"
	PATH+=:$dir
	carries "$dir/setuid; setuid"
}

@test "a name that the list of the guest's files cannot have is refused" {
	touch "$dir"/$'a\ttab'
	run tests/vm/carried "'$dir/"$'a\ttab'"'"
	[ "$status" -eq 2 ]
	[[ $output == *"a newline or a tab in its name cannot be carried"* ]]
}
