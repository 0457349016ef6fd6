# SPDX-License-Identifier: GPL-2.0
# kshm - 6.1 with all that watches memory and locks, from Debian's source
# shellcheck shell=bash disable=SC2154  # top, of tests/vm/kernel

package=linux-source-6.1
config=$top/tests/vm/kernels/debug.config

kernel_version() {
	echo "$(dpkg-query -W -f '${Version}' "$package")-$(cksum <"$config" | cut -d ' ' -f 1)"
}

# An option that did not come through would be missed by nobody.
configure() {
	local lost

	make -s allnoconfig
	scripts/kconfig/merge_config.sh -m .config "$config"
	make -s olddefconfig
	lost=$(grep -E '^(# )?CONFIG_' "$config" | grep -vxFf .config) || return 0
	die "options that the source does not take: $lost"
}

# What building modules needs.
strip_tree() {
	find . -type f ! -path './include/*' ! -path './scripts/*' ! -name '*.h' \
		! -name 'Makefile*' ! -name 'Kconfig*' ! -name 'Kbuild*' \
		! -path ./tools/objtool/objtool ! -path ./.config ! -path ./Module.symvers -delete
	find . -type d -empty -delete
}

make_kernel() {
	local dir=$1 place=$2

	echo "Building a debug kernel (once: a quarter of an hour on two processors)" >&2
	mkdir "$dir/build"
	tar -x -f "/usr/src/$package.tar.xz" -C "$dir/build" --strip-components=1
	(
		unset MAKEFLAGS
		cd "$dir/build"
		configure
		make -s -j"$(nproc)" bzImage modules
		make -s INSTALL_MOD_PATH="$dir" modules_install
		make -s kernelrelease >"$dir/release"
		cp arch/x86/boot/bzImage "$dir/image"
		strip_tree
	) >"$dir/log" 2>&1 || { tail -n 20 "$dir/log" >&2; die "the kernel does not build"; }
	rm -f "$dir"/lib/modules/*/{build,source}
	echo "$place/build" >"$dir/headers"
	echo "CONFIG_KSHM_KUNIT_TEST=y KCOV_INSTRUMENT=y GCOV_PROFILE=y" >"$dir/options"
}
