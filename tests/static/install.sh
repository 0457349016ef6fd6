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
		./usr/include/kshm_copy.h
		./usr/include/kshm_handle.h
		./usr/include/kshm_region.h
		./usr/include/kshm_section.h
		./usr/include/kshm_submit.h
		./usr/include/linux/kshm.h
		./usr/include/linux/kshm_completion.h
		./usr/include/linux/kshm_copy.h
		./usr/include/linux/kshm_digest.h
		./usr/include/linux/kshm_event.h
		./usr/include/linux/kshm_handle.h
		./usr/include/linux/kshm_name.h
		./usr/include/linux/kshm_null.h
		./usr/include/linux/kshm_sequence.h
		./usr/include/linux/kshm_sioctl.h
		./usr/include/linux/kshm_uring.h
		./usr/lib/libkshm.a
		./usr/lib/libkshm.so
		./usr/lib/libkshm.so.0
		./usr/lib/libkshm.so.$(cat VERSION)
		./usr/lib/pkgconfig/libkshm.pc
		./usr/lib/udev/rules.d/60-kshm.rules
		./usr/src/kshm/module/include/linux/kshm_driver.h
		./usr/src/kshm/uapi/linux/kshm.h
		./usr/src/kshm/uapi/linux/kshm_completion.h
		./usr/src/kshm/uapi/linux/kshm_copy.h
		./usr/src/kshm/uapi/linux/kshm_digest.h
		./usr/src/kshm/uapi/linux/kshm_event.h
		./usr/src/kshm/uapi/linux/kshm_handle.h
		./usr/src/kshm/uapi/linux/kshm_name.h
		./usr/src/kshm/uapi/linux/kshm_null.h
		./usr/src/kshm/uapi/linux/kshm_sequence.h
		./usr/src/kshm/uapi/linux/kshm_sioctl.h
		./usr/src/kshm/uapi/linux/kshm_uring.h
	END
	! grep -rlIF "$work" "$work/packaged"
}

install_takes_a_relative_destdir() {
	fresh_tree
	in_tree install PREFIX=/usr DESTDIR=relative >/dev/null
	in_tree modules_install KDIR="$(headers)" DESTDIR=relative >"$work/log" 2>&1 || cat "$work/log"
	(cd "$work/tree/relative" && ls -d lib/modules/*/extra usr/bin/kshmctl usr/include/kshm.h \
		usr/share/man/man1/kshmctl.1 usr/src/kshm usr/lib/udev >/dev/null)
	[[ $(find "$work/tree" -name relative) == "$work/tree/relative" ]] || find "$work/tree" -name relative
	rm -r "$work/tree/relative"
}

# Nothing of a name is executed, and nothing is written anywhere.
install_refuses_odd_names() {
	local place target

	fresh_tree
	mkdir "$work/empty"
	# shellcheck disable=SC2016  # for make and shells to trip over
	for place in PREFIX='/opt/a|touch made' PREFIX='/opt/a&b' PREFIX='/opt/$(shell touch made)' PREFIX=opt \
			PREFIX= DESTDIR="$work/empty/a b" DESTDIR="$work/empty/a'b" DESTDIR="$work/empty/"'$(touch made)' \
			DESTDIR="$work/empty/a"$'\t'b INSTALL_MOD_PATH="$work/empty/a;b"; do
		for target in install modules_install; do
			! in_tree "$target" DESTDIR="$work/empty/a" "$place" >"$work/said" 2>&1 || echo "taken: $place"
			grep -qE "\*\*\* ${place%%=*} (can have no blanks|has to begin)" "$work/said" ||
				{ echo "$target $place:"; cat "$work/said"; }
		done
	done
	find "$work/empty" -mindepth 1
	find "$work/tree" -name made
}

# The README's program, as its reader builds it, by its lines.
# tests/static/newcomer.sh installs it for all.
install_serves_programs() {
	local home=$work/of-a-user program=$work/tree/a.out

	fresh_tree
	mkdir "$home"
	awk '/^## From C/ { on = 1 } on && /^```/ { if (++fences == 2) exit; next } on && fences' \
		README.md >"$work/tree/hello.c"
	(cd "$work/tree" && HOME=$home bash -ec "$(tests/static/typed README.md compile-home)" >/dev/null)
	# Without a device it is the library that says no, so it is there.
	! "$program" || echo "it found a device?"
	[[ $(ldd "$program") == *"libkshm.so.0 => $home/.local/lib/libkshm.so.0 "* ]] || ldd "$program"
	rm "$program" "$work/tree/hello.c"
	[[ $("$home/.local/bin/kshmctl" version --json | jq -r '.version[0].tool') == $(cat VERSION) ]]
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

# What is to be built is not there; what is compiled for it may be.
nothing_built() {
	fresh_tree
	rm -f "$work"/tree/{lib/libkshm.{a,so*},tools/kshmctl,module/*.ko}
}

# What make says of the lack, beside building the rest.
make_without_headers_builds_the_rest_and_says_so() {
	nothing_built
	in_tree KDIR= >"$work/said" 2>&1
	ls "$work"/tree/lib/libkshm.so "$work"/tree/tools/kshmctl >/dev/null
	grep -q "apt-get install linux-headers-$(uname -r)" "$work/said" || cat "$work/said"
	! in_tree module KDIR= >"$work/said" 2>&1 || echo "make module succeeds"
	grep -q "apt-get install linux-headers-$(uname -r)" "$work/said" || cat "$work/said"
}

make_without_libsmartcols_builds_the_rest_and_says_so() {
	local wanted="apt-get install pkg-config libsmartcols-dev"

	nothing_built
	export PKG_CONFIG_LIBDIR=/nonexistent
	in_tree KDIR="$(headers)" >"$work/said" 2>&1
	ls "$work"/tree/lib/libkshm.so "$work/tree/module/kshm.ko" >/dev/null
	[[ ! -e $work/tree/tools/kshmctl ]] || echo "it built kshmctl"
	[[ $(tail -n 1 "$work/said") == *"$wanted" ]] || cat "$work/said"
	! in_tree tools >"$work/said" 2>&1 || echo "make tools succeeds"
	grep -q "$wanted" "$work/said" || cat "$work/said"

	in_tree install PREFIX="$work/partial" >"$work/said" 2>&1
	ls "$work/partial/lib/libkshm.so" "$work/partial/include/kshm.h" >/dev/null
	[[ ! -e $work/partial/bin ]] || echo "it installed kshmctl"
	grep -q "$wanted" "$work/said" || cat "$work/said"
}

# What was built with headers that are there no more.
make_clean_without_headers_cleans() {
	fresh_tree
	in_tree KDIR="$(headers)" >"$work/log" 2>&1 || cat "$work/log"
	ls "$work/tree/module/kshm.ko" >/dev/null
	in_tree clean KDIR= >/dev/null
	find "$work/tree" -type f -printf '%P\n' | sort | diff - <(files . | sort)
}

# As somebody who is root for himself alone, and cannot load anything.
load_builds_nothing() {
	local root=(unshare --user --map-root-user)

	"${root[@]}" true 2>/dev/null || { echo "needs user namespaces"; exit 77; }
	fresh_tree
	in_tree clean KDIR="$(headers)" >/dev/null
	! "${root[@]}" make -C "$work/tree" load >"$work/said" 2>&1 || echo "it loaded something?"
	grep -q 'type make first' "$work/said" || cat "$work/said"
	! find "$work/tree" -name '*.o' -o -name '*.ko' | grep .
}

run_tests "$@" -- install_puts_everything_below_prefix \
	install_takes_a_relative_destdir install_refuses_odd_names install_serves_programs \
	install_serves_drivers install_puts_modules_where_modprobe_finds_them \
	make_without_headers_builds_the_rest_and_says_so \
	make_without_libsmartcols_builds_the_rest_and_says_so \
	make_clean_without_headers_cleans load_builds_nothing
