# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the commands that the README has for a shell

@test "the README's lines for a shell do what they say" {
	run bash -ec "$(tests/static/typed README.md shell)"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == "NAME "*digest*"$(sha256sum <README.md | cut -d ' ' -f 1)"* ]]
	# What section exec and head print of the README.
	[[ $output == *$'\n'"$(head -c 5 README.md)"* ]]
	[[ $output == *"This String is from Device Driver !!!"*EDQUOT* ]]
}
