#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the fault sweep, short of running it: that it leaves nothing out
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

commands() {
	files 'uapi/linux/*.h' | xargs sed -nE 's/^#define (KSHM_IOC_[A-Z_]+)[[:space:]]+_IO\(.*/\1/p'
}

# Of kshm's files, but for what is the kernel's own.
file_operations() {
	files 'module/*.c' | xargs cat |
		awk '/^static const struct file_operations/, /^};/' |
		sed -nE 's/^\t\.[a-z_]+ = ([a-z_]+),/\1/p' | grep -vE '^(compat_ptr|noop|seq)_'
}

# Commands, functions of the interface for drivers, and those of files.
wanted() {
	{
		commands
		file_operations
		files 'module/*.c' | xargs sed -nE 's/^EXPORT_SYMBOL_GPL\((.*)\);$/\1/p'
	} | sort -u
}

scenarios() {
	files 'tests/kernel/*.c' | xargs grep -lE '^SWEEP\('
}

# What scenarios say that they are for. A string can go on in the next line.
swept() {
	scenarios | xargs cat | tr '\n' ' ' | grep -oE '\.sweeps = ("[^"]*"[[:space:]]*)+' |
		grep -oE '"[^"]*"' | tr -d '"' | tr ' ' '\n' | sort -u | sed '/^$/d'
}

excused() {
	grep -v '^#' tests/static/unswept | cut -f 1 | tr ' ' '\n' | sort -u
}

sweep_leaves_nothing_out() {
	comm -23 <(wanted) <(sort -u <(swept) <(excused)) |
		sed 's/$/: in no scenario, and not in tests\/static\/unswept/'
}

sweep_names_what_there_is() {
	comm -13 <(wanted) <(sort -u <(swept) <(excused)) |
		sed 's/$/: is not there to be swept/'
}

sweep_excuses_what_it_has_to() {
	comm -12 <(swept) <(excused) | sed 's/$/: has a scenario, and is in tests\/static\/unswept/'
	grep -v '^#' tests/static/unswept | awk -F '\t' 'NF != 2 || !$2 { print $1 ": no reason" }'
}

# By whose function it is known at run time that a command is made.
sweep_knows_the_function_of_each_command() {
	local command function

	while read -r command; do
		function=$(sed -nE "s/^\t\{ \"$command\", \"(.*)\" \},/\1/p" tests/kernel/entered.c)
		if [[ ! $function ]]; then
			echo "$command: not in tests/kernel/entered.c"
		elif ! grep -A 4 -E "(case |cmd == )$command\b" module/ioctl.c | tr -d '\n' |
			sed -E 's/(case KSHM|default:)/\n&/2g' | head -n 1 |
			grep -qE "\b$function(\)|\()"; then
			echo "$command: another function than $function in module/ioctl.c"
		fi
	done < <(commands)
}

# One that is in no table is not run.
sweep_runs_each_scenario() {
	local file

	while read -r file; do
		comm -3 <(sed -nE 's/^SWEEP\((.*)\) = .*/\1/p' "$file" | sort) \
			<(sed -nE 's/^\tcmocka_unit_test\(sweep_(.*)\),$/\1/p' "$file" | sort) |
			sed "s|^\t*|$file: a scenario or a test without the other: |"
	done < <(scenarios)
}

# Where there is fault injection, as whoever may use it.
sweep_is_run() {
	local file

	while read -r file; do
		grep -qE "^debug\+?	root	${file%.c}\$" tests/list ||
			echo "$file: not run on debug kernels, by root"
	done < <(scenarios; echo tests/kernel/sweep_worker.c)
}

# Which would be had, or not, in interrupts, where no failure is counted.
sweep_has_nothing_to_do_in_interrupts() {
	files 'module/*.[ch]' | xargs grep -nE 'GFP_(ATOMIC|NOWAIT)' || true
}

run_tests "$@" -- sweep_leaves_nothing_out sweep_names_what_there_is \
	sweep_excuses_what_it_has_to sweep_knows_the_function_of_each_command \
	sweep_runs_each_scenario sweep_is_run \
	sweep_has_nothing_to_do_in_interrupts
