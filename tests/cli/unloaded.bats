# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl where the module is not loaded: on the host

setup() {
	PATH=$BATS_TEST_DIRNAME/../../tools:$PATH
	[ ! -e /sys/module/kshm ] || skip "the module is loaded here"
}

@test "without the module every command that needs it says so and exits 3" {
	for words in "device list" "device show null" info "call null nop --method copied" "section list" \
		"section create x --size 1" "section show x" "section read x" "section remove x" "section exec x true" \
		"section write x --from text:a" "handle list"; do
		# shellcheck disable=SC2086  # words
		run kshmctl $words
		[ "$status" -eq 3 ]
		[[ $output == *"not loaded"* ]]
	done
}

@test "without the module JSON has the error" {
	run kshmctl info --json
	[ "$status" -eq 3 ]
	[ "$(jq -r '.error[0].errno' <<<"$output")" = ENODEV ]
	[ "$(jq '.error[0].status' <<<"$output")" = 3 ]
}

@test "without the module the doctor says what to do" {
	run kshmctl doctor
	[ "$status" -eq 3 ]
	[[ $output == *"not loaded"*insmod* ]]
	run kshmctl doctor --json
	[ "$status" -eq 3 ]
	[ "$(jq '.checks[] | select(.check == "module").ok' <<<"$output")" = false ]
}
