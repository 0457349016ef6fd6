# SPDX-License-Identifier: GPL-2.0
# kshm - the newest kernel of unstable with all that watches memory and locks, built
# by this machine's compiler
# shellcheck shell=bash source-path=SCRIPTDIR source=source.bash
# shellcheck disable=SC2034,SC2154  # configs is for source.bash, top of tests/vm/kernel

configs=("$top"/tests/vm/kernels/debug{,-unstable}.config)

unstable() {
	KSHM_KERNEL=unstable "$top/tests/vm/kernel"
}

source_version() {
	local kernel

	kernel=$(unstable)
	cat "$kernel/release"
}

unpack_source() {
	local root version

	root=$(unstable)/root
	version=$(source_version | grep -oE '^[0-9]+\.[0-9]+')
	rm -rf "$root/source"
	mkdir "$root/source"
	# shellcheck disable=SC2016  # for the shell inside
	chroot "$root" sh -c 'cd /source && apt-get -qq -o APT::Sandbox::User=root download "$1"' \
		sh "linux-source-$version"
	dpkg-deb --fsys-tarfile "$root"/source/*.deb |
		tar -x -O "./usr/src/linux-source-$version.tar.xz" |
		tar -x -J -C "$1" --strip-components=1
	rm -r "$root/source"
}

. "$top/tests/vm/kernels/source.bash"
