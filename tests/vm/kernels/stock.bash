# SPDX-License-Identifier: GPL-2.0
# kshm - Debian's kernel, the one whose headers are installed
# shellcheck shell=bash

# What the virtual machine can have a use for; the rest is 340 MB.
module_dirs=(arch crypto fs lib drivers/block drivers/virtio net/9p)

kernel_version() {
	local release

	release=$(kernel_release)
	echo "$release-$(headers_version "$release")"
}

# The image package of exactly the headers' version: its modules' symbol
# versions are those the headers carry.
headers_version() {
	dpkg-query -W -f '${Version}' "linux-headers-$1"
}

# The ELF file within a bzImage: at the offset that Documentation/x86/boot.rst
# tells, compressed by xz, with four bytes of size after it. An emulated machine
# would spend three of a boot's seven seconds on decompressing it.
vmlinux_of() {
	local image=$1 sectors offset length

	sectors=$(od -An -tu1 -j $((0x1f1)) -N 1 "$image")
	read -r offset length < <(od -An -tu4 -j $((0x248)) -N 8 "$image")
	head -c "$(((sectors + 1) * 512 + offset + length - 4))" "$image" |
		tail -c "$((length - 4))" | xz -dc
}

# Into the working directory; root can help where apt has no lists, or stale ones.
download() {
	echo "Downloading $1 (about 70 MB)" >&2
	apt-get download -qq "$1" 2>apt.log || {
		((EUID == 0)) && apt-get update -qq && apt-get download -qq "$1" 2>apt.log
	} || {
		cat apt.log >&2
		die "cannot download $1. Where apt does not offer it any more," \
			"newer headers help: apt-get update && apt-get install linux-headers-amd64"
	}
}

make_kernel() {
	local dir=$1 release

	release=$(kernel_release)
	echo "$release" >"$dir/release"
	echo "/usr/src/linux-headers-$release" >"$dir/headers"
	echo >"$dir/options"
	(cd "$dir" && download "linux-image-$release=$(headers_version "$release")")
	dpkg-deb --fsys-tarfile "$dir"/linux-image-*.deb |
		tar -x -C "$dir" --wildcards --no-wildcards-match-slash \
			"./boot/vmlinuz-*" "./lib/modules/*/modules.*" \
			"${module_dirs[@]/#/./lib/modules/$release/kernel/}"
	vmlinux_of "$dir/boot/vmlinuz-$release" >"$dir/image"
	depmod -b "$dir" "$release"
	rm -r "$dir"/linux-image-*.deb "$dir/apt.log" "${dir:?}/boot"
}
