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
	kshmctl section list --json | jq -r '.sections[].name' | while read -r name; do
		kshmctl section remove "$name"
	done
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

owner() {
	setpriv --reuid tester --regid tester --init-groups "$@"
}

member() {
	setpriv --reuid 65534 --regid 65534 --groups 990 "$@"
}

# may WHO READ WRITE: with which exit status each reads and writes the section bats
may() {
	run "$1" kshmctl section read bats 0 3
	echo "$1 reads: $status: $output"
	[ "$status" -eq "$2" ]
	[ "$status" -ne 0 ] || [ "$output" = abc ]
	run "$1" kshmctl section write bats --from text:abc
	echo "$1 writes: $status: $output"
	[ "$status" -eq "$3" ]
	"$1" kshmctl section show bats --json | jq -e --argjson read "$2" --argjson write "$3" '.sections[0] |
		.readable == ($read == 0) and .writable == ($write == 0) and
		(.seals != null) == ($read == 0) and (.file_size != null) == ($read == 0)'
}

@test "a section is for whom its mode says" {
	owner kshmctl section create bats --from text:abc
	may owner 0 0
	may nobody 4 4
	may member 4 4
	owner kshmctl section remove bats
	owner kshmctl section create bats --from text:abc --mode 0660 --group kshm
	may owner 0 0
	may member 0 0
	may nobody 4 4
	owner kshmctl section remove bats
	owner kshmctl section create bats --from text:abc --mode 644
	may owner 0 0
	may member 0 4
	may nobody 0 4
	run nobody kshmctl call null nop -m copied --out section:bats
	[ "$status" -eq 4 ]
	[[ $output == *'section "bats": '*EACCES* ]]
}

# Whose descriptor is for reading cannot make it one for writing.
@test "a mode holds for the descriptor of a section, too" {
	owner kshmctl section create bats --from text:abc --mode 0640 --group kshm
	# shellcheck disable=SC2016  # for the shell inside
	[ "$(member kshmctl section exec bats -- sh -c 'head -c 3 <&$KSHM_SECTION_FD')" = abc ]
	# shellcheck disable=SC2016  # the same
	for command in 'printf x >&$KSHM_SECTION_FD' 'printf x 1<>/proc/self/fd/$KSHM_SECTION_FD' \
		'chmod 666 /proc/self/fd/$KSHM_SECTION_FD'; do
		run member kshmctl section exec bats -- sh -c "$command"
		echo "$command: $output"
		[ "$status" -ne 0 ]
	done
	# shellcheck disable=SC2016  # the same
	owner kshmctl section exec bats -- sh -c 'printf x 1<>/proc/self/fd/$KSHM_SECTION_FD'
	[ "$(kshmctl section read bats 0 3)" = xbc ]
	run nobody kshmctl section exec bats -- true
	[ "$status" -eq 4 ]
}

# Or the first who may write could keep all others from that, for good.
@test "who may write a section cannot seal it" {
	for words in "--mode 0660" "--mode 0660 --huge"; do
		# shellcheck disable=SC2086  # words
		owner kshmctl section create bats --from text:abc --group kshm $words
		run member kshmctl section exec bats -- "$BATS_TEST_DIRNAME/sealer"
		echo "$words: $status: $output"
		[ "$status" -eq 0 ]
		member kshmctl section show bats --json | jq -e '.sections[0] | .writable and (.seals | startswith("seal,"))'
		may owner 0 0
		owner kshmctl section remove bats
	done
}

@test "the name of a section is its owner's, and root's" {
	owner kshmctl section create bats --from text:abc --mode 0666
	run nobody kshmctl section remove bats
	[ "$status" -eq 4 ]
	[[ $output == *'section "bats": '*EPERM* ]]
	run nobody kshmctl section create bats --size 1
	[ "$status" -eq 1 ]
	owner kshmctl section create bats.two --size 1 --mode 0
	nobody kshmctl section list --json | jq -e '[.sections[].writable] == [true, false]'
	[[ $(nobody kshmctl section list) == *"bats.two "*"0000 none "* ]]
	kshmctl section remove bats
	owner kshmctl section remove bats.two
	kshmctl section create bats --size 1 --group 010
	[ "$(kshmctl section show bats --json | jq '.sections[0].gid')" -eq 10 ]
}
