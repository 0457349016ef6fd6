# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl's listings on terminals of different widths, and piped
# shellcheck disable=SC2154  # bats sets output and status

# on WIDTH COMMAND...: what kshmctl prints to a terminal so wide
on() {
	local width=$1

	shift
	script -qc "stty cols $width rows 50; exec kshmctl $*" /dev/null </dev/null | tr -d '\r'
}

# What is there but for the blanks: each character, and how often.
characters() {
	tr -d '[:space:]' | fold -w 1 | sort | uniq -c
}

listings() {
	printf '%s\n' doctor "device list" "device show digest" "device show test" \
		"device show null" info version "explain 0x9c402408" \
		"code decode 0x9c402408 0xffffffff" help
}

# fits WIDTH: no line is longer, and nothing is lost that is there when piped
fits() {
	local words

	while read -r words; do
		echo "kshmctl $words"
		# shellcheck disable=SC2086  # words
		on "$1" $words >"$BATS_TEST_TMPDIR/shown" </dev/null
		cat "$BATS_TEST_TMPDIR/shown"
		[ "$(wc -L <"$BATS_TEST_TMPDIR/shown")" -le "$1" ]
		# shellcheck disable=SC2086
		diff <(kshmctl $words </dev/null 2>&1 | characters) <(characters <"$BATS_TEST_TMPDIR/shown")
	done < <(listings)
}

@test "listings fit a terminal of 80 columns, whole" {
	fits 80
}

@test "listings fit a terminal of 200 columns, whole" {
	fits 200
}

@test "piped listings have a line for each row" {
	[ "$(kshmctl device list | wc -l)" -eq "$(($(kshmctl device list --json | jq '.devices | length') + 1))" ]
	[ "$(kshmctl device show test | wc -l)" -eq "$(($(kshmctl device show test --json | jq '.controls | length') + 1))" ]
	COLUMNS=20 kshmctl device show test | diff - <(kshmctl device show test)
}
