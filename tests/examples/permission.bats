# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the examples for somebody without any right; root's, who becomes one

setup() {
	examples=$PWD/examples
	cd "$BATS_TEST_TMPDIR"
	printf abc >file
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

@test "the programs say who may open the device" {
	chmod a+rx . .. ../..
	for words in "hash file" sioctl "needed digest sha512"; do
		# shellcheck disable=SC2086  # words
		run nobody "$examples"/$words
		[ "$status" -eq 1 ]
		[[ $output == *"may not open /dev/kshm/"*group*"(EACCES)." ]]
	done
}
