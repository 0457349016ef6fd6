#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of style: what can be seen without compiling
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

c_files=('module/*.c' 'module/*.h' 'uapi/*.h' 'lib/*.c' 'lib/*.h' 'tools/*.c'
	'tools/*.h' 'tests/*.c' 'tests/*.h' 'bench/*.c' 'bench/*.h'
	'examples/*.c' 'examples/*.h')

# What is not to be said of which files, and why.
ignored_types() {
	case $1 in
	# TRACE_EVENT() has a layout of its own, which checkpatch does not know;
	# the header's name is how <trace/define_trace.h> finds it. What several events
	# have is a macro, a part of a list.
	module/trace.h)
		echo OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,EMBEDDED_FILENAME,SPACING,COMPLEX_MACRO,MULTISTATEMENT_MACRO_USE_DO_WHILE ;;
	# A loop's variable is used more than once by its very nature.
	module/include/linux/kshm_driver.h)
		echo MACRO_ARG_REUSE ;;
	# A macro that makes rows of a table cannot be put in parentheses.
	module/drivers/digest.c)
		echo COMPLEX_MACRO,MACRO_ARG_REUSE ;;
	# A statement expression is what the macro is for: it returns.
	module/ioctl.c)
		echo MACRO_ARG_REUSE ;;
	# CMUnitTest is cmocka's; tables are made by macros; __printf() and the
	# like are the kernel's; signal handlers and memory that the kernel
	# writes need volatile; a digest is too long for a line.
	tests/*)
		printf '%s,' CAMELCASE MACRO_ARG_REUSE COMPLEX_MACRO MACRO_WITH_FLOW_CONTROL
		echo PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,SPLIT_STRING,MISSING_SPACE,REPEATED_WORD ;;
	# In tools a line of help may be as long as it is.
	tools/*)
		echo PREFER_DEFINED_ATTRIBUTE_MACRO,LONG_LINE_STRING,LONG_LINE ;;
	*)
		echo NONE ;;
	esac
}

# Prints what is said of a file, or goes wrong: nothing if all is well.
checkpatch() {
	# It leaves a file where it runs, and learns names in CamelCase from the include/
	# of a kernel, here one without any.
	cd "$work"
	perl "$scripts/checkpatch.pl" --no-tree --root="$work" --strict --terse --quiet \
		--no-summary --max-line-length=100 --ignore "$(ignored_types "$1")" \
		-f "$top/$1" 2>&1
}

# A file that nothing was said of is not looked at again as long as it is the same,
# and so is what looks.
style_checkpatch() {
	local scripts file work sum good said

	scripts=$(tests/static/linux-scripts)
	work=$(mktemp -d)
	mkdir "$work/include"
	good=$cache/checkpatch/$(cat "$scripts/"{checkpatch.pl,spelling.txt,const_structs.checkpatch} "${BASH_SOURCE[0]}" | sha256sum | cut -c 1-16)
	mkdir -p "$good"
	while read -r file; do
		sum=$(sha256sum <<<"$file $(cat "$file")" | cut -d ' ' -f 1)
		[[ ! -e $good/$sum ]] || continue
		said=$(checkpatch "$file") ||
			said=${said:-"$file: checkpatch.pl exits with $?"}
		if [[ $said ]]; then
			echo "$said"
		else
			touch "$good/$sum"
		fi
	done < <(files "${c_files[@]}")
	rm -rf "$work"
}

# What the kernel's or Debian's shells run, or source.
shell_files() {
	local file

	files '*.sh' '*.bash'
	while read -r file; do
		[[ $(head -c 32 "$file") != '#!/bin/'*sh* ]] || echo "$file"
	done < <(files .)
}

# In a .bats file each test is a process, in which what it and the functions that it calls
# have set is the same, and which ends where a command fails.
style_shellcheck() {
	shell_files | sort -u | xargs shellcheck -x
	files '*.bats' | xargs shellcheck -x -s bats -e SC2030,SC2031,SC2164
}

style_shellcheck_is_not_silenced_without_a_reason() {
	# The brackets keep this line from being found.
	files . | xargs grep -nIE '# shellcheck .*[d]isable=[A-Z0-9,]+( +[^# ].*)?$' || true
}

style_spelling() {
	files 'module/*' 'uapi/*' 'lib/*' 'tools/*' 'tests/*' 'docs/*' 'bench/*' \
		'examples/*' '*.md' Kconfig Makefile | xargs codespell --quiet-level 35 --ignore-words-list nd,fo,iput
}

licence_of() {
	case $1 in
	uapi/*|examples/driver/kshm_*.h) echo "GPL-2.0 WITH Linux-syscall-note" ;;
	lib/*) echo "LGPL-2.1-or-later" ;;
	*) echo "GPL-2.0" ;;
	esac
}

# In one of the first three lines, and the licence of the folder.
style_licences() {
	local file

	while read -r file; do
		[[ $(head -n 3 "$file" | grep -oE 'SPDX-License-Identifier: [^*]*[^* ]') == \
			"SPDX-License-Identifier: $(licence_of "$file")" ]] ||
			echo "$file: not SPDX-License-Identifier: $(licence_of "$file")"
	done < <(files '*.c' '*.h' '*.sh' '*.bash' '*.bats' '*Makefile' '*Kbuild*' \
		'tools/*.S' Kconfig 'lib/libkshm.map' 'docs/*.[1-9]' '.ci/run' 'tests/vm/*' 'tests/list' 'tests/faults/*')
}

# "kshm - concept" (kshmctl's for the tool) names what a file is about.
style_every_file_says_what_it_is() {
	local file

	while read -r file; do
		head -n 6 "$file" | grep -qE '^[ #*]*(kshm|kshmctl) - .' ||
			echo "$file: no line that says what it is"
	done < <(files '*.c' '*.h' '*.sh' '*.bash' '*.bats')
}

style_nothing_left_for_later() {
	# The brackets keep this line from being found.
	files '*.c' '*.h' '*.sh' '*.md' '*Makefile' 'tests/vm/*' |
		xargs grep -nE '\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b' || true
}

# Neither paths of a machine nor the hosts that its packages come from.
style_nothing_of_a_machine() {
	local hosts

	# shellcheck disable=SC2016  # apt's own variable
	hosts=$(apt-get indextargets --format '$(SITE)' 2>/dev/null |
		sed 's#.*//##; s#/.*##; s#\.#\\.#g' | sort -u | paste -sd '|')
	files . | grep -vx tests/static/style.sh |
		xargs grep -nIE "/(root|home)/[a-z]${hosts:+|$hosts}" || true
}

# What is longer than this is two things.
style_files_can_be_read_in_one_sitting() {
	files '*.c' '*.h' '*.sh' | xargs wc -l |
		awk '$2 != "total" && $1 > 700 { print $2 ": " $1 " lines" }'
}

run_tests "$@" -- style_checkpatch style_shellcheck \
	style_shellcheck_is_not_silenced_without_a_reason style_spelling \
	style_licences style_every_file_says_what_it_is \
	style_nothing_left_for_later style_nothing_of_a_machine \
	style_files_can_be_read_in_one_sitting
