# SPDX-License-Identifier: GPL-2.0
# kshm - tests of drivers out of the tree: the example, and what new-driver makes
# of it, built as their users do and run in the virtual machine

setup_file() {
	local module

	module=$(tests/vm/modules | grep '/kshm\.ko$')
	export KSHM_BUILT=${module%/module/kshm.ko}
	# shellcheck source-path=SCRIPTDIR source=places.bash
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

@test "the example passes its test" {
	run "${make[@]}" test KSHM="$PWD"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^ok - ' <<<"$output")" -eq 7 ]
}

# A tree is built for the running kernel, which need not have headers: here it is
# the tests' build that the driver is compiled against.
@test "the first lines of docs/driver-authors.md make a driver that passes its test" {
	first=$(tests/static/typed docs/driver-authors.md driver | sed '/^export PATH/d')
	[ "$(wc -l <<<"$first")" -eq 4 ]
	PATH=$PWD/tools:$PATH
	cd "$BATS_TEST_TMPDIR"
	run bash -ec "make() { [ \$# -ne 0 ] || local -x KSHM=$KSHM_BUILT KDIR=$KDIR; command make \"\$@\"; }
		$first"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -f frob/kshm_frob.ko ]
	[ "$(grep -c '^ok - ' <<<"$output")" -eq 7 ]
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
	[[ $output == *"kshm is not built for kernel ${KDIR##*headers-}: type make module KDIR=$KDIR "* ]]
	run "${make[@]}" test KSHM="$BATS_TEST_TMPDIR/installed"
	[ "$status" -eq 2 ]
	[[ $output == *"source tree of kshm"* ]]

	# Built for another kernel.
	cp "$KSHM_BUILT/module/Module.symvers" "$BATS_TEST_TMPDIR/installed/module"
	sed 's/vermagic=6/vermagic=5/' "$KSHM_BUILT/module/kshm.ko" >"$BATS_TEST_TMPDIR/installed/module/kshm.ko"
	run "${make[@]}" KDIR="$KDIR" KSHM="$BATS_TEST_TMPDIR/installed"
	[ "$status" -eq 2 ]
	[[ $output == *"built for kernel 5."*"for ${KDIR##*headers-}"* ]]
}

@test "the example's Makefile leaves nothing when it cleans" {
	build "$BATS_TEST_TMPDIR/tally"
	[ -f "$BATS_TEST_TMPDIR/tally/kshm_tally.ko" ]
	"${make[@]}" clean KDIR="$KDIR"
	diff -r examples/driver "$BATS_TEST_TMPDIR/tally"
}
