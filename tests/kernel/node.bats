#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the device nodes' group and mode: in a machine of its own, where
# the module is loaded once for each
# shellcheck disable=SC2154  # bats sets BATS_FILE_TMPDIR

# The guest's part: loads with each line of parameters and says what came of it.
setup_file() {
	cat >"$BATS_FILE_TMPDIR/load-each" <<-'END'
		set -u
		cd /lib/modules/*/extra
		for module in *.ko; do
			[ $module = kshm.ko ] || rmmod $module
		done
		rmmod kshm
		while read -r parameters; do
			echo "== $parameters"
			before=$(dmesg | wc -l)
			# shellcheck disable=SC2086  # several of them
			if insmod ./kshm.ko $parameters; then
				insmod ./kshm_sioctl.ko
				stat -c '%n %a %u %g' /dev/kshm/*
				grep -H . /sys/module/kshm/parameters/{gid,mode}
				rmmod kshm_sioctl kshm
			fi 2>&1
			[ ! -e /dev/kshm ] || echo "a node is left"
			dmesg | tail -n +$((before + 1)) | sed -n 's/.*kshm: \(gid\|mode\)=/log: \1=/p'
		done </with/parameters
		# For the tests that nothing is left behind.
		insmod ./kshm.ko
	END
	printf '%s\n' "" gid=1000 mode=0600 mode=644 "gid=990 mode=0620" mode=888 \
		mode=01660 mode=0 mode=rw mode= gid=users gid=-1 gid=4294967295 gid=0x10 \
		>"$BATS_FILE_TMPDIR/parameters"
	tests/vm/run --with "$BATS_FILE_TMPDIR/load-each" \
		--with "$BATS_FILE_TMPDIR/parameters" --root -- bash /with/load-each \
		>"$BATS_FILE_TMPDIR/said"
}

# What the guest said of some parameters.
said() {
	awk -v wanted="== $1" '/^==/ { on = $0 == wanted; next } on' "$BATS_FILE_TMPDIR/said"
}

# nodes PARAMETERS SIOCTL NULL: mode, user and group of the two nodes
nodes() {
	local text

	text=$(said "$1")
	echo "$text"
	grep -qx "/dev/kshm/sioctl $2" <<<"$text"
	grep -qx "/dev/kshm/null $3" <<<"$text"
	[[ $text != *"is left"* && $text != *log:* ]]
}

# refused PARAMETERS TEXT: nothing is loaded, and the log says why
refused() {
	local text

	text=$(said "$1")
	echo "$text"
	[[ $text == *"$1: $2"* && $text != */dev/kshm/* && $text != *"is left"* ]]
}

@test "without parameters a node is root's, 0660" {
	nodes "" "660 0 0" "666 0 0"
	[[ $(said "") == *"/gid:0"*"/mode:0660"* ]]
}

@test "gid gives the nodes to a group" {
	nodes gid=1000 "660 0 1000" "666 0 1000"
}

@test "mode is octal, with and without a 0 before it" {
	nodes mode=0600 "600 0 0" "666 0 0"
	nodes mode=644 "644 0 0" "666 0 0"
	[[ $(said mode=644) == *"/mode:0644"* ]]
}

@test "mode leaves a node alone whose driver names one" {
	nodes "gid=990 mode=0620" "620 0 990" "666 0 990"
}

@test "a mode that is none is refused, and the log says so" {
	for mode in 888 01660 0 rw ""; do
		refused "mode=$mode" "not permission bits in octal"
	done
}

@test "a gid that is none is refused, and the log says so" {
	for gid in users -1 4294967295 0x10; do
		refused "gid=$gid" "not the number of a group"
	done
}
