# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl for somebody without any right; root's, who becomes one

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

@test "device list and show need no right to open the devices" {
	run nobody kshmctl device list
	[ "$status" -eq 0 ]
	[[ $output == *digest*none* ]]
	[ "$(nobody kshmctl device list --json | jq '.devices[] | select(.name == "digest").readable')" = false ]
	run nobody kshmctl device show digest
	[ "$status" -eq 0 ]
}

@test "call without permission exits 4 and says whom to ask" {
	run nobody kshmctl call digest sha256 -m copied --out-len 32
	[ "$status" -eq 4 ]
	[[ $output == *EACCES* ]]
	[[ $output == *group* ]]
	run nobody kshmctl call digest sha256 -m copied --out-len 32 --json
	[ "$status" -eq 4 ]
	[ "$(jq '.error[0].status' <<<"$output")" = 4 ]
}

@test "the null device is for everybody" {
	run nobody kshmctl call null nop -m copied --in text:abc --out-len 10
	[ "$status" -eq 0 ]
	run nobody kshmctl info
	[ "$status" -eq 0 ]
}

@test "the doctor tells whoever has no permission and exits 4" {
	run nobody kshmctl doctor
	[ "$status" -eq 4 ]
	[[ $output == *"no access for you"* ]]
}

# remedy PATTERN: what the doctor says is to be done about the device digest
remedy() {
	run nobody kshmctl doctor
	echo "$output"
	[ "$status" -eq 4 ]
	# shellcheck disable=SC2053  # a pattern
	[[ $(sed -n 's/^device digest: //p' <<<"$output") == $1 ]]
}

teardown() {
	chgrp 990 /dev/kshm/digest
	chmod 0660 /dev/kshm/digest
}

@test "the doctor's remedy is for the group and mode that the node has" {
	remedy "as root: usermod --append --groups kshm *; then log in again"
	chgrp 0 /dev/kshm/digest
	remedy "as root: load kshm.ko again with gid=65534, your group; or with udev, groupadd --system kshm, *60-kshm.rules*"
	chgrp 4444 /dev/kshm/digest
	remedy "as root: load kshm.ko again with gid=65534; group 4444 of the node has no name"
	chmod 0600 /dev/kshm/digest
	remedy "it is for root alone*"
}
