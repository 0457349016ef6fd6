# SPDX-License-Identifier: GPL-2.0
# kshm - tests that the examples of kshmctl(1) do what it shows

page=$BATS_TEST_DIRNAME/../../docs/man/kshmctl.1

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# The examples as the page shows them: "$ COMMAND", indented lines that go on
# with it, and what it prints.
examples() {
	sed -n '/^\.Sh EXAMPLES/,/^\.Sh DIAGNOSTICS/p' "$page" |
		sed -n '/^\.Bd/,/^\.Ed/{ /^\.[BE]d/d; s/\\e/\\/g; p }'
}

# In a page lines are broken where it is narrow.
words() {
	tr -s ' \n' '  ' | sed 's/ $//'
}

check_example() {
	[ -n "$command" ] || return 0
	echo "# $command"
	if [ -z "$shown" ]; then
		bash -c "$command" >output
	else
		bash -c "$command" >output || true
		diff <(words <<<"$shown") <(words <output)
	fi
	count=$((count + 1))
}

@test "every example of kshmctl(1) prints what it shows" {
	command='' shown='' count=0
	while IFS= read -r line; do
		case $line in
		'$ '*)
			check_example
			command=${line#??} shown=''
			;;
		' '*) command+=$'\n'$line ;;
		*) shown+=$line$'\n' ;;
		esac
	done < <(examples)
	check_example
	[ "$count" -gt 0 ]
}

# Those that show what they print print it; the others end well.
@test "every program of the manual pages does what its page says" {
	count=0
	for program in "$BATS_TEST_DIRNAME"/../manual/*-[0-9]; do
		echo "# ${program##*/}"
		if [ -f "$program.out" ]; then
			"$program" >output 2>&1 || true
			diff <(words <"$program.out") <(words <output)
		else
			"$program" >output
		fi
		count=$((count + 1))
	done
	[ "$count" -gt 1 ]
}
