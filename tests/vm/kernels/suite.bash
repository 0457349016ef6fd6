# SPDX-License-Identifier: GPL-2.0
# kshm - the kernel of another suite of Debian; its headers want the compiler of
# their own suite, so that modules are built in a root of it. Sourced by the files
# of the suites, which set suite.
# shellcheck shell=bash disable=SC2154  # suite, and cache of tests/vm/kernel

# A root is kept for a week, then there may be a newer kernel.
kernel_version() {
	date +%G-%V
}

# The machine's own mirror, the one that has the suite it runs.
mirror() {
	# shellcheck disable=SC2016  # apt's own variables
	apt-get indextargets --format '$(SITE) $(RELEASE)' | grep -v security | awk '{ print $1; exit }'
}

headers_release() {
	local dir

	dir=$(find "$1/usr/src" -maxdepth 1 -name 'linux-headers-*-amd64' | sort -V | tail -n 1)
	echo "${dir##*/linux-headers-}"
}

# Newer suites have the image in packages of its own: the kernel, its modules, and
# the lists of these.
packages_of_image() {
	chroot "$1" apt-cache depends --important "linux-image-$2" |
		awk '$1 ~ /Depends:/ { print $2 }' | grep -E '^linux-(base|binary|modules)-[0-9]' || true
	echo "linux-image-$2"
}

fetch_image() {
	local root=$1 dir=$2 release=$3 packages deb

	mapfile -t packages < <(packages_of_image "$root" "$release")
	mkdir "$root/image"
	chroot "$root" sh -c 'cd /image && apt-get -qq -o APT::Sandbox::User=root download "$@"' \
		sh "${packages[@]}"
	for deb in "$root"/image/*.deb; do
		dpkg-deb -x "$deb" "$root/image"
	done
	find "$root/image" -name 'vmlinuz*' -type f -exec cp {} "$dir/image" \;
	mkdir -p "$dir/lib/modules"
	find "$root/image" -path "*/lib/modules/$release" -exec cp -r {} "$dir/lib/modules" \;
	rm -r "$root/image"
	depmod -b "$dir" "$release"
}

make_kernel() {
	local dir=$1 place=$2 release root=$1/root

	[[ $(id -u) == 0 ]] || die "needs root, for debootstrap and chroot"
	echo "Making a root of $suite (about 400 MB)" >&2
	# What it mounts there is gone with it, however it ends.
	unshare -m debootstrap --variant=minbase --include=gcc,make,linux-headers-amd64 \
		"$suite" "$root" "$(mirror)" >"$dir/log" 2>&1 || {
		tail -n 5 "$dir/log" >&2
		die "debootstrap failed"
	}
	release=$(headers_release "$root")
	echo "$release" >"$dir/release"
	echo "/usr/src/linux-headers-$release" >"$dir/headers"
	echo >"$dir/options"
	fetch_image "$root" "$dir" "$release" >&2
	# What it held before is no use to anyone.
	find "$cache/kernel" -maxdepth 1 -name "$suite-*" -mtime +7 -type d ! -path "$place" -exec rm -r {} +
}
