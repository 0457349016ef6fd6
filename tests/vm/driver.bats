# SPDX-License-Identifier: GPL-2.0
# kshm - tests of drivers out of the tree: the example, and what new-driver makes
# of it, built as their users do and run in the virtual machine

setup_file() {
	local module

	module=$(tests/vm/modules | grep '/kshm\.ko$')
	export KSHM_BUILT=${module%/module/kshm.ko}
	# shellcheck source=places.bash
	KDIR=/usr/src/linux-headers-$(. tests/vm/places.bash && kernel_release)
	export KDIR
}

setup() {
	cp -r examples/driver "$BATS_TEST_TMPDIR/tally"
	make=(make -C "$BATS_TEST_TMPDIR/tally")
	unset MAKEFLAGS
}

# build DIR: for the machine's kernel
build() {
	make -C "$1" KDIR="$KDIR" KSHM="$KSHM_BUILT" CONFIG_DEBUG_INFO_BTF_MODULES=
}

@test "the example, and a new driver as it is written, pass their tests" {
	cd "$BATS_TEST_TMPDIR"
	"$BATS_TEST_DIRNAME/../../tools/kshmctl" new-driver frob
	cd "$BATS_TEST_DIRNAME/../.."
	build "$BATS_TEST_TMPDIR/tally"
	build "$BATS_TEST_TMPDIR/frob"
	for name in tally frob; do
		cp "$BATS_TEST_TMPDIR/$name/test.sh" "$BATS_TEST_TMPDIR/test-$name"
	done
	run tests/vm/run --with "$BATS_TEST_TMPDIR/tally/kshm_tally.ko" \
		--with "$BATS_TEST_TMPDIR/frob/kshm_frob.ko" \
		--with "$BATS_TEST_TMPDIR/test-tally" --with "$BATS_TEST_TMPDIR/test-frob" \
		--user -- bash -c 'test-tally && test-frob'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok - ' <<<"$output")" -eq 14 ]
}

@test "the example's Makefile says what is missing" {
	run "${make[@]}" KDIR=/nowhere KSHM="$KSHM_BUILT"
	[ "$status" -eq 2 ]
	[[ $output == *"No kernel headers in KDIR=/nowhere"*KDIR=DIR* ]]
	run "${make[@]}" KDIR="$KDIR" KSHM=/nowhere
	[ "$status" -eq 2 ]
	[[ $output == *"No kshm in KSHM=/nowhere"*KSHM=DIR* ]]
	run "${make[@]}" test KSHM=/nowhere
	[ "$status" -eq 2 ]
	[[ $output == *"No kshm in KSHM=/nowhere"* ]]

	# Installed, or not built: headers, but no symbols and no machine.
	mkdir -p "$BATS_TEST_TMPDIR/installed/module"
	cp -rL "$KSHM_BUILT/module/include" "$BATS_TEST_TMPDIR/installed/module"
	run "${make[@]}" KDIR="$KDIR" KSHM="$BATS_TEST_TMPDIR/installed"
	[ "$status" -eq 2 ]
	[[ $output == *"kshm is not built for the kernel ${KDIR##*headers-}:"*make* ]]
	run "${make[@]}" test KSHM="$BATS_TEST_TMPDIR/installed"
	[ "$status" -eq 2 ]
	[[ $output == *"source tree of kshm"* ]]
}

@test "the example's Makefile leaves nothing when it cleans" {
	build "$BATS_TEST_TMPDIR/tally"
	[ -f "$BATS_TEST_TMPDIR/tally/kshm_tally.ko" ]
	"${make[@]}" clean KDIR="$KDIR"
	diff -r examples/driver "$BATS_TEST_TMPDIR/tally"
}
