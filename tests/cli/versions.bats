# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl and a module of another version, in one boot
# shellcheck disable=SC2154  # bats sets BATS_FILE_TMPDIR

# A module of a later ABI, one of another release, and a tool of a later ABI.
setup_file() {
	local dir=$BATS_FILE_TMPDIR

	tests/cli/other-version module "$dir/newer" 7.8.9 2
	tests/cli/other-version module "$dir/other" 0.0.9 1
	tests/cli/other-version tool "$dir/tool" 3.2.1 2
	mv "$dir/newer/module/kshm.ko" "$dir/newer.ko"
	mv "$dir/other/module/kshm.ko" "$dir/other.ko"
	mv "$dir/tool/tools/kshmctl" "$dir/kshmctl-later"
	cat >"$dir/try" <<-'END'
		try() {
			local words status

			for words in version "version --json" info "call null nop -m copied" doctor; do
				echo "=== $1 $words"
				status=0
				# shellcheck disable=SC2086  # words
				$2 $words || status=$?
				echo "exit $status"
			done
		}
		insmod /with/newer.ko
		# The example of the page, which calls kshm_explain_open().
		echo "=== newer program"
		/kshm/tests/manual/kshm_open-1 && status=0 || status=$?
		echo "exit $status"
		try newer kshmctl
		rmmod kshm
		insmod /with/other.ko
		try other kshmctl
		try older /with/kshmctl-later
	END
	tests/vm/run --no-modules --with "$dir/newer.ko" --with "$dir/other.ko" \
		--with "$dir/kshmctl-later" --with "$dir/try" --root -- bash /with/try \
		>"$dir/output" 2>&1 || { cat "$dir/output"; return 1; }
}

# has MODULE WORDS PATTERN: what was said to the words of the command line
has() {
	local text

	text=$(awk -v head="=== $1 $2" '/^===/ { on = $0 == head; next } on' "$BATS_FILE_TMPDIR/output")
	echo "$text"
	# shellcheck disable=SC2053  # a pattern
	[[ $text == $3 ]]
}

@test "a module of a newer ABI is told with both versions, and what to do" {
	has newer version "*module 7.8.9 with ABI 2 is newer than library 0.1.0 with ABI 1*update*exit 0"
	has newer "version --json" '*"module_abi": 2*"fit": "library-too-old"*'
	for words in info "call null nop -m copied"; do
		has newer "$words" "*module kshm 7.8.9 is newer than libkshm 0.1.0*ABI 2*ABI 1*update*EPROTO*exit 1"
	done
	has newer program "*module kshm 7.8.9 is newer than libkshm 0.1.0*ABI 2*ABI 1*update*EPROTO*exit 1"
	has newer doctor "*versions *WRONG*newer than*versions: update*exit 1"
}

@test "a module of an older ABI is told with both versions, and what to do" {
	has older version "*module 0.0.9 with ABI 1 is older than library 3.2.1 with ABI 2*exit 0"
	has older "version --json" '*"module_abi": 1*"fit": "module-too-old"*'
	for words in info "call null nop -m copied"; do
		has older "$words" "*module kshm 0.0.9 is older than libkshm 3.2.1*ABI 1*ABI 2*EPROTONOSUPPORT*exit 1"
	done
	has older doctor "*versions *WRONG*older than*versions: *exit 1"
}

@test "another release with the same ABI is noted, and works" {
	has other version "*module 0.0.9 is older than library 0.1.0*work together*exit 0"
	has other "version --json" '*"fit": "compatible"*'
	has other info "*MODULE_VERSION *0.0.9*exit 0"
	has other "call null nop -m copied" "exit 0"
	has other doctor "*versions *ok*older than*exit 0"
}
