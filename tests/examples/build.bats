# SPDX-License-Identifier: GPL-2.0
# kshm - tests that the example programs build as users build them; on the host
#
# Against an installed library, in a place from which the source tree is not seen.

strict="-Wall -Wextra -Wpedantic -Werror"

setup_file() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	installed=$BATS_FILE_TMPDIR/installed
	sources=$BATS_FILE_TMPDIR/sources
	export tree installed sources PKG_CONFIG_PATH=$installed/lib/pkgconfig
	unset LD_LIBRARY_PATH KSHM MAKEFLAGS
	make -s -C "$tree/lib" install PREFIX="$installed" >/dev/null
	mkdir "$sources"
	cp "$tree"/examples/{Makefile,README.md,*.c} "$sources"
}

setup() {
	cd "$sources"
	rm -f event hash needed sioctl
}

# Each of the programs, by a compiler with all its flags; dies with the first.
build() {
	local name

	for name in event hash needed sioctl; do
		"$@" || return 1
	done
}

# They start, and say what is wrong in a sentence: the module is not there, or
# if it is, the device or the control.
start() {
	run ./sioctl no-such-device
	[ "$status" -eq 1 ]
	[[ $output == "sioctl: "*"(ENODEV)." || $output == "sioctl: "*"(ENOENT)." ]]
	run ./needed no-such-device nop
	[ "$status" -eq 1 ]
	[[ $output == "needed: "*"(ENODEV)." || $output == "needed: "*"(ENOENT)." ]]
	for program in event hash needed; do
		run "./$program"
		[ "$status" -eq 2 ]
		[[ $output == "usage: $program "* ]]
	done
	run ./sioctl one two
	[ "$status" -eq 2 ]
	for count in 0 -1 x 1x; do
		run ./event name "$count"
		[ "$status" -eq 2 ]
	done
	run ./hash no-such-file
	[ "$status" -eq 1 ]
	[ "$output" = "hash: no-such-file: No such file or directory" ]
	run ./hash .
	[ "$status" -eq 1 ]
	[ "$output" = "hash: .: only a regular file can be mapped" ]
}

start_shared() {
	readelf -d hash | grep -q 'NEEDED.*libkshm\.so\.0'
	LD_LIBRARY_PATH=$installed/lib start
}

shared() {
	# shellcheck disable=SC2046,SC2086  # words
	"$@" $strict $name.c $(pkg-config --cflags --libs libkshm) -o $name
}

@test "the examples build as C11 with the installed library" {
	build shared cc -std=c11
	start_shared
}

@test "the examples build as C++17 with the installed library" {
	build shared c++ -std=c++17
	start_shared
}

@test "what the README types builds an example" {
	sed -n '/^cc /p' README.md >lines
	# shellcheck disable=SC2016  # the quotes of Markdown
	grep -oE '`c(c|\+\+) [^`]*`' README.md | tr -d '`' >>lines
	[ "$(grep -c . lines)" -eq 3 ]
	while read -r line; do
		rm -f hash
		bash -euo pipefail -c "$line"
		[ -x hash ]
	done <lines
}

@test "the examples build with clang, as C11 and as C++17" {
	command -v clang clang++ >/dev/null || skip "no clang"
	build shared clang -std=c11
	start_shared
	build shared clang++ -std=c++17 -x c++
	start_shared
}

@test "the examples build with the installed static library" {
	static() {
		# shellcheck disable=SC2046,SC2086  # words
		cc -static $strict $name.c $(pkg-config --static --cflags --libs libkshm) -o $name
	}
	build static
	readelf -d hash >dynamic
	run grep NEEDED dynamic
	[ "$status" -eq 1 ]
	start
}

@test "the examples build with a library that is staged for a package" {
	make -s -C "$tree/lib" install PREFIX=/usr DESTDIR="$BATS_TEST_TMPDIR/stage" >/dev/null
	export PKG_CONFIG_PATH=$BATS_TEST_TMPDIR/stage/usr/lib/pkgconfig
	export PKG_CONFIG_SYSROOT_DIR=$BATS_TEST_TMPDIR/stage
	[[ $(pkg-config --libs libkshm) == *"-L$BATS_TEST_TMPDIR/stage/usr/lib"* ]]
	build shared cc
	LD_LIBRARY_PATH=$BATS_TEST_TMPDIR/stage/usr/lib start
}

@test "make in the examples takes the installed library" {
	make
	start_shared
	make clean
	[ ! -e hash ]
	make STATIC=1
	start
}

@test "make in the examples takes the source tree when nothing is installed" {
	cp -r "$sources" "$BATS_TEST_TMPDIR/examples"
	ln -s "$tree/lib" "$tree/uapi" "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR/examples"
	PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR=/nowhere make
	start
}

@test "make in the examples with neither says what to do" {
	run env PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR=/nowhere make
	[ "$status" -ne 0 ]
	[[ $output == *"libkshm is not installed"*"KSHM=DIR"* ]]
	env PKG_CONFIG_PATH='' PKG_CONFIG_LIBDIR=/nowhere make clean
}
