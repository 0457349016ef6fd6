# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl new-driver; tests/vm/new_driver.bats runs what it writes

setup() {
	top=$(realpath "$BATS_TEST_DIRNAME/../..")
	PATH=$top/tools:$PATH
	cd "$BATS_TEST_TMPDIR"
}

# refused STATUS PATTERN ARGUMENT...: and nothing is written
refused() {
	local status_wanted=$1 pattern=$2

	shift 2
	run kshmctl new-driver "$@"
	echo "$output"
	[ "$status" -eq "$status_wanted" ]
	# shellcheck disable=SC2053  # a pattern
	[[ $output == $pattern ]]
	[ -z "$(ls -A)" ]
}

@test "new-driver writes the example under another name" {
	run kshmctl new-driver frob
	[ "$status" -eq 0 ]
	[[ $output == *"cd frob"*make*"make test"* ]]
	run grep -ri tally frob
	[ "$status" -eq 1 ]
	for file in "$top"/examples/driver/{tally.c,kshm_tally.h,Kbuild,Makefile,README.md,test.sh}; do
		mine=frob/$(basename "$file" | sed 's/tally/frob/')
		diff <(sed 's/tally/frob/g; s/TALLY/FROB/g' "$file") "$mine" >differences ||
			[ "$(grep -c '^[<>]' differences)" -eq 2 ]
		[ "$(stat -c %A "$file" | cut -c 4)" = "$(stat -c %A "$mine" | cut -c 4)" ]
	done
	[ "$(find frob -type f | wc -l)" -eq "$(git -C "$top" ls-files --cached --others \
		--exclude-standard examples/driver | wc -l)" ]
}

@test "new-driver writes where it is told to" {
	kshmctl new-driver frob elsewhere
	[ -f elsewhere/frob.c ]
	[ ! -e frob ]
	mkdir deep
	kshmctl new-driver frob deep/er/
	[ -f deep/er/kshm_frob.h ]
}

# Whatever the directory is called.
@test "new-driver prints a cd that can be typed" {
	# shellcheck disable=SC2016  # these are names
	for dir in plain 'a b' "it's" -x --help '$(touch x)' '`touch x`' 'a;b' '~' 'ä' 'back\slash' \
			$'new\nline' $'\e[2Jclear' $'\xff' $'it\'s\tone\\'; do
		kshmctl new-driver frob -- "$dir" >said
		[[ $(cat said) != *$'\e'* ]]
		[ "$(grep -c '^  cd ' said)" -eq 1 ]
		bash -ec "$(grep '^  cd ' said); pwd" >there
		[ "$(cat there)" = "$PWD/$dir" ]
		[ ! -e x ]
	done
	kshmctl new-driver frob plainer | grep -qx '  cd plainer'
	kshmctl new-driver frob 'two words' | grep -qx "  cd 'two words'"
}

@test "new-driver names the source tree it runs from" {
	kshmctl new-driver frob
	[ "$(grep ^KSHM frob/Makefile)" = "KSHM ?= $top" ]
}

@test "new-driver names what it was installed with" {
	mkdir -p usr/bin usr/src/kshm/module/include/linux
	cp "$top/tools/kshmctl" usr/bin
	usr/bin/kshmctl new-driver one
	# shellcheck disable=SC2016  # for make
	[ "$(grep ^KSHM one/Makefile)" = 'KSHM ?= $(shell pkg-config --variable=sourcedir libkshm)' ]
	touch usr/src/kshm/module/include/linux/kshm_driver.h
	usr/bin/kshmctl new-driver two
	[ "$(grep ^KSHM two/Makefile)" = "KSHM ?= $(realpath usr/src/kshm)" ]
}

@test "new-driver lists what it wrote as JSON" {
	json=$(kshmctl new-driver frob there --json)
	[ "$(jq -r '.files[].file' <<<"$json" | sort)" = "$(find there -type f | sort)" ]
}

@test "new-driver wants a name, and one directory at most" {
	refused 2 "*argument is missing*"
	refused 2 "*too many*" frob there again
	refused 2 "*empty name*" frob ""
}

@test "new-driver refuses what cannot be a name" {
	for name in "" 1st _x Frob fröb "a b" a/b ../x a.b -- "x;y" 'a"b' $'a\nb'; do
		refused 2 "*" -- "$name"
	done
	refused 2 '*"my_driver2"*' My-Driver2
}

@test "new-driver refuses a name that is too long" {
	long=$(printf 'x%.0s' {1..32})
	refused 2 "*32 letters*31*" "$long"
	kshmctl new-driver "${long:1}"
}

@test "new-driver refuses words of C" {
	for name in int static typeof while; do
		refused 2 "*word of C*" "$name"
	done
}

# Its devices and modules, and what would define a macro of its headers again.
@test "new-driver refuses names of kshm's own" {
	for name in kshm test $(sed -nE 's/^#define KSHM_(.*)_(TYPE|COUNT|H)\b.*/\L\1/p' \
			"$top"/uapi/linux/*.h "$top/module/include/linux/kshm_driver.h") \
			$(sed -nE 's/^kshm_(.*)-y := drivers.*/\1/p' "$top/module/Kbuild"); do
		refused 2 "*kshm's own*" "$name"
	done
}

@test "new-driver leaves what is there alone" {
	mkdir there
	echo precious >there/Makefile
	for place in there there/Makefile; do
		run kshmctl new-driver frob "$place"
		[ "$status" -eq 1 ]
		[[ $output == *"$place is there already"* ]]
	done
	[ "$(cat there/Makefile)" = precious ]
	[ "$(ls there)" = Makefile ]
}

@test "new-driver tells why it cannot write" {
	refused 1 "*no directory above it*" frob no/where
	[ "$(kshmctl new-driver frob no/where --json | jq -c '.error[0].errno')" = '"ENOENT"' ]
}

@test "new-driver has no right to write" {
	# Nobody has, there.
	refused 4 "*/sys/frob cannot be made (*): name a directory where you may write." frob /sys/frob
}

@test "new-driver leaves nothing half-written" {
	# A file size that the larger of the files do not fit.
	run bash -c 'trap "" XFSZ; ulimit -f 1; exec kshmctl new-driver frob'
	[ "$status" -eq 1 ]
	[[ $output == *"cannot be written (File too large): name a directory elsewhere. Nothing was left"* ]]
	[ -z "$(ls -A)" ]
}
