# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the examples for somebody without any right; root's, who becomes one

setup() {
	examples=$PWD/examples
	cd "$BATS_TEST_TMPDIR"
	printf abc >file
	sha256sum file >sums
	chmod a+rx . .. ../..
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

@test "the programs say who may open the device" {
	for words in "hash file" sioctl "needed digest sha512"; do
		# shellcheck disable=SC2086  # words
		run nobody "$examples"/$words
		[ "$status" -eq 1 ]
		[[ $output == *"may not open /dev/kshm/"*group*"(EACCES)." ]]
	done
}

@test "verify-sums ends at a device that may not be used" {
	run nobody "$examples"/scripts/verify-sums sums
	[ "$status" -eq 4 ]
	[[ $output == *"may not open /dev/kshm/digest"*"(EACCES)." ]]
	[ "${#lines[@]}" -eq 1 ]
}

@test "ci-gate fails as the doctor does, and says what to do" {
	run nobody kshmctl doctor
	[ "$status" -eq 4 ]
	run nobody "$examples"/scripts/ci-gate
	[ "$status" -eq 4 ]
	[[ $output == *"ci-gate: device digest: "*"no access for you; as root: usermod --append --groups kshm"* ]]
	run nobody "$examples"/scripts/ci-gate no-such-device
	[ "$status" -eq 4 ]
	[[ $output == *"ci-gate: device no-such-device: not there"* ]]
}

@test "compare-methods ends at a device that may not be used" {
	run nobody "$examples"/scripts/compare-methods --call digest sha256
	[ "$status" -eq 4 ]
	[[ $output == *"may not open /dev/kshm/digest"* ]]
}

@test "nothing-pinned needs no right" {
	run nobody "$examples"/scripts/nothing-pinned
	[ "$status" -eq 0 ]
}
