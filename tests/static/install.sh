#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of `make install` and `make modules_install`, and of what make says
# when something to build with is missing
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

unset MAKEFLAGS PREFIX DESTDIR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A copy of the tree, for the real one is not built in for every kernel.
fresh_tree() {
	[[ ! -d $work/tree ]] || return 0
	mkdir "$work/tree"
	files . | tar -c -T - | tar -x -C "$work/tree"
}

headers() {
	echo "/usr/src/linux-headers-$(kernel_release)"
}

in_tree() {
	make -s -C "$work/tree" CONFIG_DEBUG_INFO_BTF_MODULES= "$@"
}

install_puts_everything_below_prefix() {
	fresh_tree
	in_tree install PREFIX=/usr DESTDIR="$work/packaged" >/dev/null
	(cd "$work/packaged" && find . ! -type d | sort) >"$work/list"
	# tests/static/manuals.sh looks at the pages.
	grep -qx ./usr/share/man/man3/kshm_close.3 "$work/list" || echo "no manual page of kshm_close()"
	diff - <(grep -v /man/ "$work/list") <<-END
		./usr/bin/kshmctl
		./usr/include/kshm.h
		./usr/include/linux/kshm.h
		./usr/include/linux/kshm_digest.h
		./usr/include/linux/kshm_null.h
		./usr/include/linux/kshm_sioctl.h
		./usr/lib/libkshm.a
		./usr/lib/libkshm.so
		./usr/lib/libkshm.so.0
		./usr/lib/libkshm.so.$(cat VERSION)
		./usr/lib/pkgconfig/libkshm.pc
		./usr/lib/udev/rules.d/60-kshm.rules
		./usr/src/kshm/module/include/linux/kshm_driver.h
		./usr/src/kshm/uapi/linux/kshm.h
		./usr/src/kshm/uapi/linux/kshm_digest.h
		./usr/src/kshm/uapi/linux/kshm_null.h
		./usr/src/kshm/uapi/linux/kshm_sioctl.h
	END
	! grep -rlIF "$work" "$work/packaged"
}

# The README's program, as its reader builds it.
install_serves_programs() {
	local prefix=$work/prefix readme=$work/hello.c

	fresh_tree
	in_tree install PREFIX="$prefix" >/dev/null
	awk '/^## From C/ { on = 1 } on && /^```/ { if (++fences == 2) exit; next } on && fences' \
		README.md >"$readme"
	export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
	# shellcheck disable=SC2046  # options are words
	cc -o "$work/hello" "$readme" $(pkg-config --cflags --libs libkshm)
	# Without a device it is the library that says no, so it is there.
	! LD_LIBRARY_PATH=$prefix/lib "$work/hello" || echo "it found a device?"
	[[ $(ldd "$work/hello") == *libkshm.so.0* ]] || echo "not linked with libkshm.so.0"
	[[ $("$prefix/bin/kshmctl" version --json | jq -r '.version[0].tool') == $(cat VERSION) ]]
}

# Against what is installed, with nothing of the tree but its Module.symvers.
install_serves_drivers() {
	local source release

	fresh_tree
	in_tree install PREFIX="$work/prefix" >/dev/null
	in_tree modules_install KDIR="$(headers)" INSTALL_MOD_PATH="$work/installed-root" >"$work/log" 2>&1 ||
		cat "$work/log"
	release=$(kernel_release)
	source=$(PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig pkg-config --variable=sourcedir libkshm)
	mkdir -p "$work/driver"
	{
		echo '#include <linux/kshm_driver.h>'
		awk '/^## A driver/ { on = 1 } on && /^```c/ { code = 1; next }
			code && /^```/ { exit } code' README.md
		echo 'MODULE_DESCRIPTION("README"); MODULE_LICENSE("GPL");'
	} >"$work/driver/sum.c"
	echo "obj-m := sum.o" >"$work/driver/Kbuild"
	echo "ccflags-y := -I$source/module/include -I$source/uapi" >>"$work/driver/Kbuild"
	make -s -C "$(headers)" M="$work/driver" CONFIG_DEBUG_INFO_BTF_MODULES= \
		KBUILD_EXTRA_SYMBOLS="$work/installed-root/lib/modules/$release/kshm.symvers" modules
}

install_puts_modules_where_modprobe_finds_them() {
	fresh_tree
	in_tree modules_install KDIR="$(headers)" DESTDIR="$work/modules" >"$work/log" 2>&1 ||
		cat "$work/log"
	depmod -b "$work/modules" "$(kernel_release)" 2>/dev/null
	modprobe -d "$work/modules" -S "$(kernel_release)" --show-depends kshm_digest |
		sed -E 's|.*/||; s/ *$//' | diff - <(printf 'kshm.ko\nkshm_digest.ko\n')
}

# What make says of the lack, beside building the rest.
make_without_headers_builds_the_rest_and_says_so() {
	fresh_tree
	in_tree clean >/dev/null
	in_tree KDIR= >"$work/said" 2>&1
	ls "$work"/tree/lib/libkshm.so "$work"/tree/tools/kshmctl >/dev/null
	grep -q "apt-get install linux-headers-$(uname -r)" "$work/said" || cat "$work/said"
	! in_tree module KDIR= >"$work/said" 2>&1 || echo "make module succeeds"
	grep -q "apt-get install linux-headers-$(uname -r)" "$work/said" || cat "$work/said"
}

make_without_libsmartcols_builds_the_rest_and_says_so() {
	fresh_tree
	in_tree clean >/dev/null
	PKG_CONFIG_LIBDIR=/nonexistent in_tree KDIR= >"$work/said" 2>&1
	ls "$work"/tree/lib/libkshm.so >/dev/null
	[[ ! -e $work/tree/tools/kshmctl ]] || echo "it built kshmctl"
	grep -q "apt-get install pkg-config libsmartcols-dev" "$work/said" || cat "$work/said"
}

load_builds_nothing() {
	fresh_tree
	in_tree clean KDIR="$(headers)" >/dev/null
	! "$work/tree/packaging/modules" load >"$work/said" 2>&1 || echo "it loaded something?"
	grep -qE 'type make first|Only root' "$work/said" || cat "$work/said"
	! find "$work/tree" -name '*.o' -o -name '*.ko' | grep .
}

run_tests "$@" -- install_puts_everything_below_prefix install_serves_programs \
	install_serves_drivers install_puts_modules_where_modprobe_finds_them \
	make_without_headers_builds_the_rest_and_says_so \
	make_without_libsmartcols_builds_the_rest_and_says_so load_builds_nothing
