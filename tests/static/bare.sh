#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - test that module and library need nothing but headers, compiler and libc
#
# In a root that has only these, made in the cache once.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

root=$cache/bare-root

# The suite and the mirror of the machine itself.
make_root() {
	local mirror suite

	# shellcheck disable=SC2016  # apt's own variables
	read -r mirror suite < <(apt-get indextargets --format '$(SITE) $(CODENAME)' | grep -v security)
	rm -rf --one-file-system "$root" "$root.new"
	mkdir -p "$cache"
	unshare -m debootstrap --variant=minbase --include=gcc,libc6-dev,make,linux-headers-amd64 \
		"$suite" "$root.new" "$mirror" >"$root.log" 2>&1 || { tail -n 5 "$root.log"; return 1; }
	mv "$root.new" "$root"
}

bare_root_builds_module_and_library() {
	[[ $(id -u) == 0 ]] || { echo "needs root, for debootstrap and chroot"; exit 77; }
	[[ -d $root ]] || make_root
	rm -rf "$root/kshm"
	mkdir "$root/kshm"
	files 'module/*' 'uapi/*' 'lib/*' Kconfig VERSION | tar -c -T - | tar -x -C "$root/kshm"
	# shellcheck disable=SC2016  # for the shell inside
	unshare -m sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" sh -c "
		set -e
		make -s -C /usr/src/linux-headers-*-amd64 M=/kshm/module \
			CONFIG_DEBUG_INFO_BTF_MODULES= modules
		make -s -C /kshm/lib >/dev/null
		ls /kshm/module/kshm.ko /kshm/lib/libkshm.so /kshm/lib/libkshm.a >/dev/null"' sh "$root"
}

run_tests "$@" -- bare_root_builds_module_and_library
