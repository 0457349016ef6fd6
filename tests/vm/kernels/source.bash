# SPDX-License-Identifier: GPL-2.0
# kshm - a kernel built from Debian's source. Sourced by the files of such kernels,
# which set configs, an array of files with what is wanted of the configuration, and
# define source_version, printing what makes one source another than the last, and
# unpack_source, which fills the directory it is given.
# shellcheck shell=bash disable=SC2154  # configs, and top of tests/vm/kernel

kernel_version() {
	echo "$(source_version)-$(cat "${configs[@]}" "$top/tests/vm/kernels/source.bash" |
		cksum | cut -d ' ' -f 1)"
}

# Of what is wanted in the configuration that is there before the kernel's makefiles
# complete it, what is not so afterwards. What is to be off may be unknown.
lost() {
	local before=$1 wanted

	wanted=$(sed -nE 's/^(# )?(CONFIG_[A-Z0-9_]+).*/\2/p' "${configs[@]}" | sort -u)
	wanted=$(grep -wF "$wanted" "$before")
	grep -v '^#' <<<"$wanted" | grep -vxFf .config || true
	sed -nE 's/^# (.*) is not set$/\1=/p' <<<"$wanted" | grep -Ff - .config || true
}

# What runs at every lock and over all memory, and would double what that takes: newer
# kernels leave lockdep out of KASAN by themselves. What it watches is elsewhere.
unwatched=(KASAN_SANITIZE_lockdep.o=n KASAN_SANITIZE_kmemleak.o=n)

# An option that did not come through would be missed by nobody. What a later file
# says of an option counts.
configure() {
	local lost

	make -s allnoconfig
	scripts/kconfig/merge_config.sh -m .config "${configs[@]}"
	cp .config before
	make -s olddefconfig
	lost=$(lost before)
	[[ ! $lost ]] || die "options that the source does not take: $lost"
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

	echo "Building a debug kernel (once: half an hour on two processors)" >&2
	mkdir "$dir/build"
	unpack_source "$dir/build"
	(
		unset MAKEFLAGS
		cd "$dir/build"
		configure
		make -s -j"$(nproc)" "${unwatched[@]}" bzImage modules
		make -s INSTALL_MOD_PATH="$dir" modules_install
		make -s kernelrelease >"$dir/release"
		cp arch/x86/boot/bzImage "$dir/image"
		strip_tree
	) >"$dir/log" 2>&1 || { tail -n 20 "$dir/log" >&2; die "the kernel does not build"; }
	rm -f "$dir"/lib/modules/*/{build,source}
	echo "$place/build" >"$dir/headers"
	echo "CONFIG_KSHM_KUNIT_TEST=y KCOV_INSTRUMENT=y GCOV_PROFILE=y" >"$dir/options"
}
