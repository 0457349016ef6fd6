#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that documents are true, as far as that can be tested
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

documents=(README.md docs/driver-authors.md docs/tracing.md)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

docs_kernel_doc() {
	local scripts

	scripts=$(tests/static/linux-scripts)
	files 'module/*.c' 'module/*.h' 'uapi/linux/*.h' 'lib/kshm*.h' | grep -v compat/probes |
		xargs grep -lE '^/\*\*$' | xargs "$scripts/kernel-doc" -Werror -none
}

# Files that documents name have to be there.
docs_named_files_exist() {
	local file name

	while read -r file; do
		grep -oE '\b(module|uapi|lib|tools|tests|docs|bench|LICENSES)/[A-Za-z0-9_./*-]*[a-z0-9/*]' "$file" |
			sort -u | while read -r name; do
			# What building makes is not there in a fresh tree.
			[[ -e $name || $name == *[*]* || $name == *.ko || $name == lib/modules/* || $name == lib/pkgconfig || $name == tools/kshmctl ]] || echo "$file: no $name"
		done
	done < <(files '*.md')
}

# The block of code under a heading of the README.
readme_code() {
	awk -v heading="## $1" '$0 == heading { on = 1 }
		on && /^```c/ { code = 1; next }
		code && /^```/ { exit }
		code' README.md | grep .
}

docs_readme_program_builds() {
	readme_code "From C" >"$work/hello.c"
	make -s -C lib >/dev/null
	cc -Wall -Wextra -Werror -Iuapi -Ilib -o "$work/hello" "$work/hello.c" lib/libkshm.a
}

docs_readme_driver_builds() {
	mkdir "$work/driver"
	{
		echo '#include <linux/kshm_driver.h>'
		readme_code "A driver of your own"
		echo 'MODULE_DESCRIPTION("README"); MODULE_LICENSE("GPL");'
	} >"$work/driver/sum.c"
	echo "obj-m := sum.o" >"$work/driver/Kbuild"
	echo "ccflags-y := -I$top/module/include -I$top/uapi" >>"$work/driver/Kbuild"
	make -s -C "/usr/src/linux-headers-$(kernel_release)" M="$work/driver" W=1 \
		CONFIG_DEBUG_INFO_BTF_MODULES= KBUILD_MODPOST_WARN=1 modules 2>&1 |
		grep -v 'modpost: "kshm_.*undefined!$' || true
}

# Blocks of C have to be parts of what is compiled and run.
docs_c_is_part_of() {
	local document=$1 block='' line inside='' nr=0 all

	shift
	all=$(cat "$@")
	while IFS= read -r line; do
		if [[ ! $inside ]]; then
			[[ $line != '```c' ]] || inside=yes block=
		elif [[ $line != '```' ]]; then
			block+=$line$'\n'
		else
			inside=
			nr=$((nr + 1))
			[[ $all == *"$block"* ]] || printf '%s: in no source file:\n%s' "$document" "$block"
		fi
	done <"$document"
	((nr)) || echo "$document: no block of C"
}

docs_driver_authors_shows_code_that_runs() {
	docs_c_is_part_of docs/driver-authors.md tests/authors/*.[ch] examples/driver/*.[ch]
}

docs_porting_shows_code_that_runs() {
	docs_c_is_part_of docs/porting-from-windows.md examples/sioctl.c \
		module/drivers/sioctl.c uapi/linux/kshm_sioctl.h
}

# What docs/porting-from-windows.md puts beside a name of Windows is there.
docs_porting_names_what_there_is() {
	local name

	grep -oE '\bkshm_[a-z0-9_]+\(|\bKSHM_[A-Z0-9_]+' docs/porting-from-windows.md |
		tr -d '(' | sort -u | while read -r name; do
		grep -qwE "$name" uapi/linux/*.h lib/kshm*.h module/include/linux/kshm_driver.h ||
			echo "docs/porting-from-windows.md: no $name"
	done
}

# Blocks without a language: what is typed, or else what is shown.
docs_commands_are_marked() {
	awk 'FNR == 1 { last = "" }
		/^```/ && inside { inside = 0; next }
		/^```/ { inside = 1 }
		/^```$/ && last !~ /^<!-- ((typed|shown): [a-z-]+|log: [a-z]+|demo|figure) -->$/ {
			print FILENAME ": line " FNR " begins a block without a mark"
		}
		{ last = $0 }' "${documents[@]}"
}

# Some test reads each block that is marked as typed, and types it.
docs_typed_lines_are_typed() {
	local document name

	for document in "${documents[@]}"; do
		sed -nE 's/^<!-- typed: (.*) -->$/\1/p' "$document" | sort -u | while read -r name; do
			files tests | xargs grep -hE "^[^#]*tests/static/typed $document $name([^a-z-]|\$)" |
				grep -q . || echo "$document: no test types $name"
		done
	done
}

# The key that the README has its reader make for himself is not to be given away.
docs_signing_key_is_ignored() {
	git init -q "$work/ignoring"
	cp .gitignore "$work/ignoring"
	tests/static/typed README.md sign | grep -oE 'kshm\.(key|der)' | sort -u |
		git -C "$work/ignoring" check-ignore --stdin | diff - <(printf 'kshm.der\nkshm.key\n')
}

docs_one_version() {
	local version

	version=$(cat VERSION)
	grep -q "\"$version\"" module/version.h || echo "module/version.h: not $version"
	grep -q "KSHM_VERSION.*\"$version\"" lib/kshm.h || echo "lib/kshm.h: not $version"
	grep -q "^## $version" CHANGELOG.md || echo "CHANGELOG.md: nothing of $version"
}

docs_make_help_names_every_target() {
	local target

	sed -nE 's/^\.PHONY: (.*)/\1/p' Makefile | tr ' ' '\n' | sort -u | while read -r target; do
		make -s help | grep -q "^ *$target\b" || echo "make help: no $target"
	done
}

run_tests "$@" -- docs_kernel_doc docs_named_files_exist \
	docs_readme_program_builds docs_readme_driver_builds \
	docs_driver_authors_shows_code_that_runs docs_porting_shows_code_that_runs \
	docs_porting_names_what_there_is docs_commands_are_marked \
	docs_typed_lines_are_typed docs_signing_key_is_ignored \
	docs_one_version docs_make_help_names_every_target
