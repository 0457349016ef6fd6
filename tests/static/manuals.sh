#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests that the manual pages are whole and true
#
# What is written twice, in a header or a program and in a page, is compared.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pages() {
	files "docs/man/*.[$1]"
}

# A page as its reader sees it, each paragraph on one line.
rendered() {
	mandoc -Tascii -O width=1000 "$1" | sed 's/.\x08//g'
}

# A section of a page, of its source.
section() {
	awk -v heading=".Sh $2" '/^\.Sh / { on = $0 == heading; next } on' "$1"
}

# The names that a page lists before it says what they are.
names_of() {
	sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' "$1"
}

# Lines of two lists that only one has, with words for either case.
compare() {
	comm -23 <(sort -u "$1") <(sort -u "$2") | sed "s|^|$3: |"
	comm -13 <(sort -u "$1") <(sort -u "$2") | sed "s|^|$4: |"
}

manuals_are_clean() {
	# Whether a manual of somebody else is there depends on the machine; for
	# our own there is a test of its own.
	pages 1-9 | xargs mandoc -Tlint -W all 2>/dev/null |
		grep -v 'STYLE: referenced manual not found' || true
}

# Text is filled, but code stays as wide as it is.
manuals_fit_a_terminal() {
	local page

	for page in $(pages 1-9); do
		mandoc -Tascii -O width=78 "$page" | sed 's/.\x08//g' |
			awk -v page="$page" 'length > 80 { print page ": " $0 }'
	done
}

# Names of pages with their section: "kshm 4".
all_names() {
	local page

	for page in $(pages 1-9); do
		names_of "$page" | sed "s/$/ ${page##*.}/"
	done
}

manuals_refer_to_pages_that_exist() {
	all_names | sort -u >"$work/names"
	pages 1-9 | xargs grep -hoE '^\.Xr (lib)?kshm[a-z_]* [1-9]' | sed 's/^\.Xr //' | sort -u |
		comm -23 - "$work/names" | sed 's/^/no page: /'
}

one_space() {
	sed -E 's/[[:space:]]+/ /g; s/\* /*/g; s/^ | $//g'
}

header_prototypes() {
	cc -E -P -Iuapi lib/kshm.h | tr '\n' ' ' |
		sed -E 's/ *__attribute__\(\(access\(none, [0-9]\)\)\)//g' | tr ';}' '\n' |
		grep -oE '[a-z_0-9][a-z_0-9 ]+[ *]+kshm_[a-z_0-9]+ *\([^()]*\)$' | one_space
}

page_prototypes() {
	local page

	for page in $(pages 3); do
		rendered "$page" | awk '/^[^ ]/ { on = $0 == "SYNOPSIS"; next } on' |
			grep -v '#include' | tr '\n' ' ' | tr ';' '\n' | one_space |
			grep -E '^[a-z_].*kshm_[a-z_]+\(.*\)$' || true
	done
}

manuals_have_every_prototype_of_the_library() {
	header_prototypes >"$work/header"
	page_prototypes >"$work/pages"
	[[ -s $work/header ]] || echo "lib/kshm.h: no prototypes"
	uniq -d <(sort "$work/pages") | sed 's/^/twice: /'
	compare "$work/header" "$work/pages" "in lib/kshm.h only" "in docs/man only"
}

# A page may name none.
functions_of() {
	{ grep -oE '\bkshm_[a-z0-9_]+\(' "$1" || true; } | tr -d '(' | sort -u
}

manuals_have_a_name_for_every_function() {
	header_prototypes >"$work/header"
	functions_of "$work/header" >"$work/functions"
	all_names | sed -n 's/ 3$//p' | grep -vx libkshm >"$work/names"
	compare "$work/functions" "$work/names" "in no NAME" "no such function"
}

manuals_name_no_function_that_is_not_there() {
	local page

	cat lib/kshm*.h module/include/linux/kshm_driver.h >"$work/headers"
	functions_of "$work/headers" >"$work/functions"
	for page in $(pages 1-9); do
		rendered "$page" >"$work/page"
		functions_of "$work/page" | comm -23 - "$work/functions" |
			sed "s|^|$page: no function |"
	done
}

# Structs of a file, each on a line.
structs_of() {
	awk '/^ *struct [a-z_]+ \{$/, /^ *\};$/' "$1" | tr '\n' ' ' |
		sed 's/}; /};\n/g' | one_space
}

manuals_show_every_struct_as_it_is() {
	local file

	for file in lib/kshm*.h uapi/linux/kshm.h uapi/linux/kshm_completion.h uapi/linux/kshm_handle.h uapi/linux/kshm_name.h uapi/linux/kshm_sequence.h uapi/linux/kshm_uring.h; do
		# Without comments, and as it is otherwise.
		cc -w -fpreprocessed -E -P "$file" >"$work/header"
		structs_of "$work/header"
	done >"$work/headers"
	for file in $(pages 3,4); do
		structs_of "$file"
	done >"$work/pages"
	[[ -s $work/headers ]] || echo "no structs"
	compare "$work/headers" "$work/pages" "in a header only" "in docs/man only"
}

constants_of() {
	grep -ohE '^#define KSHM_[A-Z0-9_]+' "$@" | cut -d ' ' -f 2
}

manuals_have_every_constant() {
	pages 3-7 | xargs grep -hv '^\.Dt' | grep -oE '\bKSHM_[A-Z0-9_]+\b' >"$work/pages"
	# For compilers, not for people.
	constants_of lib/kshm*.h uapi/linux/kshm.h uapi/linux/kshm_completion.h uapi/linux/kshm_handle.h uapi/linux/kshm_name.h uapi/linux/kshm_sequence.h uapi/linux/kshm_uring.h | grep -vx KSHM_ADDRESS_ONLY >"$work/headers"
	compare "$work/headers" "$work/pages" "in a header only" "" | grep -v '^: ' || true
	# In a text a family of them ends in an underscore.
	constants_of lib/kshm*.h uapi/linux/*.h >"$work/headers"
	compare "$work/headers" "$work/pages" "" "no such constant" |
		grep -E '^no.*[^_]$' || true
}

# "NAME ERRNO" of the checks.
manuals_have_the_errno_of_every_check() {
	sed -nE 's/^#define (KSHM_EXPLAIN_[A-Z_]+).*\((E[A-Z0-9]+)\).*/\1 \2/p' \
		uapi/linux/kshm.h >"$work/header"
	sed -nE 's/^\.It Dv (KSHM_EXPLAIN_.*) Pq Er (E[A-Z0-9]+)$/\1 , \2/p' docs/man/kshm.4 |
		awk -F ' , ' '{ for (i = 1; i < NF; i++) print $i, $NF }' >"$work/page"
	[[ -s $work/header ]] || echo "no checks"
	compare "$work/header" "$work/page" "in uapi/linux/kshm.h only" "in kshm.4 only"
}

manuals_have_every_errno_of_the_ioctls() {
	sed -nE 's/^ \*   (E[A-Z0-9]+) .*/\1/p' uapi/linux/kshm.h >"$work/header"
	section docs/man/kshm.4 ERRORS | sed -nE 's/^\.It Bq Er //p' >"$work/page"
	section docs/man/kshm_control.3 ERRORS | grep -E '^\.Er' | grep -oE '\bE[A-Z0-9]{3,}' >"$work/control"
	[[ -s $work/header ]] || echo "no errnos"
	compare "$work/header" "$work/page" "in uapi/linux/kshm.h only" "in kshm.4 only"
	compare "$work/header" "$work/control" "in uapi/linux/kshm.h only" "in kshm_control.3 only"
}

# The comment of the function whose name is given.
comment_of() {
	awk -v name="$1" '/^\/\*\*/ { text = "" } { text = text $0 "\n" }
		/^ \*\// && text ~ "\\* " name "\\(\\) - " { print text; exit }' lib/kshm*.h
}

manuals_have_every_errno_of_the_library() {
	local page name

	for page in $(pages 3); do
		section "$page" ERRORS >"$work/errors"
		for name in $(names_of "$page"); do
			comment_of "$name" | { grep -oE -- '-E[A-Z0-9]{3,}' || true; } | tr -d - | sort -u |
				while read -r errno; do
					grep -qw "$errno" "$work/errors" ||
						echo "$page: no $errno of $name()"
				done
		done
	done
}

manuals_have_what_the_module_shows() {
	local page=docs/man/kshm.4 word

	grep -ohE '^module_param(_[a-z]+)?\([a-z_]+' module/*.c | sed 's/.*(//' >"$work/parameters"
	sed -n 's/^\.It Cm //p' "$page" >"$work/page"
	compare "$work/parameters" "$work/page" "$page: no parameter" "$page: no such parameter"
	sed -nE 's/^TRACE_EVENT\(([a-z_]+),.*/\1/p; s/^DEFINE_EVENT\([a-z_]+, ([a-z_]+),.*/\1/p' module/trace.h |
		while read -r word; do
			grep -qx "\.It Sy $word" "$page" || echo "$page: no tracepoint $word"
		done
	grep '^[^ ].*"' module/trace.h | grep -oE '[a-z_]+=%' | tr -d '=%' | sort -u |
		while read -r word; do
			grep -qE "^\.Va (.* )?$word( |$)" "$page" || echo "$page: no field $word of a tracepoint"
		done
	grep -ohE '[A-Z_]+=%' module/sysfs.c | tr -d '=%' |
		while read -r word; do
			grep -qE "^\.Li $word( |$)" "$page" || echo "$page: no $word of a control's file"
		done
	grep -oE '^#define KSHM_IOC_[A-Z_]+[[:space:]]+_IO\(' uapi/linux/kshm.h | awk '{ print $2 }' |
		while read -r word; do
			grep -q "^\.Ss $word:" "$page" || echo "$page: nothing under $word"
		done
}

# The rows of the table in kshm(7) as those of the table of its tests.
answers_of() {
	section "$1" DESCRIPTION |
		awk '/^\.Ss / { on = $0 == ".Ss What can be pinned" } /^\.El/ { on = 0 } on' |
		sed -n 's/^\.It \([^S].*\)/\1/p' |
		awk -F ' Ta ' -v OFS=, '{
			for (i = 1; i <= NF; i++) {
				gsub(/[^A-Za-z0-9]+/, "_", $i)
				$i = i == 1 ? tolower($i) : toupper($i)
			}
			print
		}'
}

manuals_have_a_test_of_what_can_be_pinned() {
	sed -nE 's/^\tROW\((.*)\).*/\1/p' tests/kernel/pinnable.c | tr -d ' \t' >"$work/tests"
	answers_of docs/man/kshm.7 >"$work/page"
	[[ -s $work/tests ]] || echo "tests/kernel/pinnable.c: no rows"
	compare "$work/tests" "$work/page" "in tests/kernel/pinnable.c only" "in kshm.7 only"
}

tool_commands() {
	tools/kshmctl help | sed -nE 's/^  ([a-z-]+( [a-z]+)?) .*/\1/p'
}

manuals_have_every_command() {
	tool_commands >"$work/tool"
	[[ -s $work/tool ]] || echo "kshmctl has no commands"
	section docs/man/kshmctl.1 SYNOPSIS | sed -n 's/^\.Cm //p' >"$work/page"
	compare "$work/tool" "$work/page" "in kshmctl only" "in kshmctl.1 only"
}

# Options as "-x" and "--word", of a command's help or of a list in a page.
help_options() {
	# shellcheck disable=SC2086  # one or two words
	tools/kshmctl $1 --help | sed -nE 's/^ {2,6}((-.), +)?(--[a-z-]+).*/\2\n\3/p' | sed '/^$/d'
}

page_options() {
	grep '^\.It Fl' | grep -oE 'Fl [^ ]+' | sed 's/Fl /-/'
}

common='^(--json|--help|--usage|-\?)$'

# A command is described under the heading that begins with its noun.
manuals_have_every_option() {
	local noun heading

	while read -r noun; do
		tool_commands | grep -E "^$noun( |$)" | while read -r words; do
			help_options "$words"
		done | grep -vE -- "$common" >"$work/tool" || true
		heading=$(sed -nE "s/^\.Sh (${noun^^}( .*)?|.* ${noun^^})$/\1/p" docs/man/kshmctl.1)
		[[ $heading ]] || echo "kshmctl.1: nothing about $noun"
		section docs/man/kshmctl.1 "$heading" | page_options >"$work/page" || true
		compare "$work/tool" "$work/page" "kshmctl $noun only" "kshmctl.1 on $noun only"
	done < <(tool_commands | cut -d ' ' -f 1 | sort -u)
	help_options info | grep -vx -- '-?' >"$work/tool"
	section docs/man/kshmctl.1 DESCRIPTION | page_options >"$work/page"
	compare "$work/tool" "$work/page" "kshmctl only" "kshmctl.1 only"
}

manuals_have_every_exit_status() {
	sed -nE 's/^\tSTATUS_.* = ([0-9]).*/\1/p' tools/kshmctl.h >"$work/tool"
	[[ -s $work/tool ]] || echo "tools/kshmctl.h: no exit statuses"
	section docs/man/kshmctl.1 "EXIT STATUS" | sed -nE 's/^\.It ([0-9])$/\1/p' >"$work/page"
	compare "$work/tool" "$work/page" "in kshmctl only" "in kshmctl.1 only"
}

# What the programs do is seen in the virtual machine, by tests/cli/manual.bats.
manuals_examples_build() {
	local page name

	make -s -C lib >/dev/null
	pages 3,4 | xargs tests/manual/build
	for page in $(pages 3,4); do
		name=${page##*/}
		[[ -f tests/manual/${name%.*}-1.c ]] || echo "$page: no example"
	done
}

# Each name leads to the page that describes it.
manuals_are_found_by_every_name() {
	local name section

	make -s -C docs install DESTDIR="$work/installed" PREFIX=/usr
	all_names | while read -r name section; do
		mman -M "$work/installed/usr/share/man" "$section" "$name" 2>/dev/null |
			sed 's/.\x08//g' | awk '/^[^ ]/ { on = $0 == "NAME"; next } on' >"$work/name"
		grep -qw "$name" "$work/name" || echo "no page: $name($section)"
	done
}

run_tests "$@" -- manuals_are_clean manuals_fit_a_terminal \
	manuals_refer_to_pages_that_exist \
	manuals_have_every_prototype_of_the_library \
	manuals_have_a_name_for_every_function \
	manuals_name_no_function_that_is_not_there \
	manuals_show_every_struct_as_it_is manuals_have_every_constant \
	manuals_have_the_errno_of_every_check \
	manuals_have_every_errno_of_the_ioctls \
	manuals_have_every_errno_of_the_library \
	manuals_have_what_the_module_shows \
	manuals_have_a_test_of_what_can_be_pinned manuals_have_every_command \
	manuals_have_every_option manuals_have_every_exit_status \
	manuals_examples_build manuals_are_found_by_every_name
