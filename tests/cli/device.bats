# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl device, info and doctor, with the module loaded

@test "device list shows the devices with their drivers" {
	run kshmctl device list
	[ "$status" -eq 0 ]
	[[ $output == *digest*kshm_digest* ]]
	[[ $output == *null*"kshm "* ]]
	[ "$(kshmctl device list --json | jq -r '.devices[] | select(.name == "sioctl") | .owner, .controls')" = "kshm_sioctl
4" ]
}

@test "device show lists the controls with their bounds" {
	run kshmctl device show test
	[ "$status" -eq 0 ]
	[[ $output == *"bounds "*from-driver*0x8eff214a*any*caller*4-16*8-32*1-8K* ]]
	json=$(kshmctl device show test --json)
	[ "$(jq '.controls[] | select(.name == "bounds").data_max' <<<"$json")" = 8192 ]
	[ "$(jq -r '.controls[] | select(.name == "bounds").method' <<<"$json")" = from-driver ]
}

@test "device show of a device that is not there suggests the nearest" {
	run kshmctl device show digset
	[ "$status" -eq 3 ]
	[[ $output == *'Did you mean "digest"'* ]]
	run kshmctl device show xyzzy
	[ "$status" -eq 3 ]
	[[ $output != *"Did you mean"* ]]
}

@test "a device has a path in every command" {
	ln -s /dev/kshm/digest "$BATS_TEST_TMPDIR/null"
	for path in /dev/kshm/digest "$BATS_TEST_TMPDIR/null"; do
		[ "$(kshmctl device show "$path")" = "$(kshmctl device show digest)" ]
		[ "$(kshmctl info "$path" --json | jq -r '.info[0].device')" = digest ]
		kshmctl call "$path" sha256 -m copied --out-len 32 --hex
	done
	# Its last part is the name of a device; the file is none.
	for words in "device show /dev/null" "info /dev/null" "call /dev/null nop"; do
		# shellcheck disable=SC2086  # words
		run kshmctl $words
		[ "$status" -eq 1 ]
		[[ $output == *"/dev/null is no kshm device"*ENOTTY* ]]
	done
}

@test "odd names of devices are no crash" {
	for name in "" " " ../null "a b" $'a\nb' "$(printf 'x%.0s' {1..5000})"; do
		run kshmctl device show "$name"
		[ "$status" -eq 3 ]
		[[ $output == *"no device"* || $output == *"cannot be the name"* ]]
	done
}

@test "info shows the module and what is pinned now" {
	run kshmctl info
	[ "$status" -eq 0 ]
	[[ $output == *SYSTEM_PAGES*0* ]]
	json=$(kshmctl info --json)
	[ "$(jq '.info[0].user_pages, .info[0].system_pages' <<<"$json")" = "0
0" ]
	[ "$(jq -r '.info[0].device' <<<"$json")" = null ]
	[ "$(kshmctl info digest --json | jq -r '.info[0].device')" = digest ]
}

@test "the doctor finds nothing wrong with the module" {
	run kshmctl doctor --json
	[ "$(jq '.checks[] | select(.check == "module").ok' <<<"$output")" = true ]
	[ "$(jq '.checks[] | select(.check == "device null").ok' <<<"$output")" = true ]
	[ "$status" -eq 0 ]
}

@test "explain finds the device and control of a code" {
	run kshmctl explain 0x9c402408
	[ "$status" -eq 0 ]
	[[ $output == *sioctl*METHOD_BUFFERED* ]]
}

@test "tables fit 80 columns and keep their words when piped" {
	COLUMNS=80 kshmctl device show sioctl | awk 'length > 80 { exit 1 }'
	kshmctl device list | grep -q '/dev/kshm/null'
}
