# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl section, and of call with a section

name=bats.one
abc=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

setup() {
	cd "$BATS_TEST_TMPDIR"
}

names() {
	kshmctl section list --json | jq -r '.sections[].name'
}

# As long as there is one the module cannot be unloaded.
teardown() {
	names | while read -r one; do
		kshmctl section remove -- "$one"
	done
}

# digest WORD...: that of a call in hexadecimal; fails if there is none
digest() {
	kshmctl call digest sha256 "$@" --hex | grep -E '^[0-9a-f]{64}$'
}

# fails STATUS PATTERN WORD...: kshmctl section does, and says so
fails() {
	local expected=$1 pattern=$2

	shift 2
	run kshmctl section "$@"
	echo "$*: $status: $output"
	[ "$status" -eq "$expected" ]
	# shellcheck disable=SC2053  # a pattern
	[[ $output == $pattern ]]
}

@test "a section is there until it is removed" {
	run kshmctl section create $name --size 64K --from text:hello
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(kshmctl section read $name 0 5)" = hello ]
	kshmctl section read $name 5 | cmp - <(head -c 65531 /dev/zero)
	[ "$(names)" = $name ]
	[ "$(kshmctl info --json | jq '.info[0].user_pages')" -eq 16 ]
	run kshmctl section remove $name
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ -z "$(names)" ]
	[ "$(kshmctl info --json | jq '.info[0].user_pages')" -eq 0 ]
	fails 3 '*there is no section "bats.one"*' read $name
	fails 3 '*there is no section "bats.one"*' remove $name
}

@test "a section has whole pages" {
	for size in 4096:4096 0x1001:8192 8K:8192; do
		kshmctl section create $name --size "${size%:*}"
		[ "$(kshmctl section read $name | wc -c)" -eq "${size#*:}" ]
		kshmctl section remove $name
	done
	head -c 5000 /dev/urandom >file
	kshmctl section create $name --from file
	kshmctl section read $name | cmp - <(cat file; head -c 3192 /dev/zero)
}

@test "list and show tell owner, mode, access and seals" {
	kshmctl section create $name --size 8K --mode 640 --group kshm
	kshmctl section create bats.two --from text:x --read-only
	[[ $(kshmctl section list) == *"NAME "*SEALS*"bats.one "*"8K "*"0640 read-write removed good "*seal,shrink,grow*"bats.two "*"0600 read "*seal,shrink,grow,write* ]]
	kshmctl section show $name | grep -qx 'ACCESS *read-write'
	kshmctl section show bats.two | grep -qx 'ACCESS *read'
	kshmctl section show bats.two | grep -qx 'SIZE *4K'
	kshmctl section list --json >json
	kshmctl section show $name --json | jq '.sections[0]' | cmp - <(jq '.sections[0]' json)
	jq -e --argjson uid "$(id -u)" --arg user "$(id -un)" '.sections[0] |
		.size == 8192 and .owner == $user and .uid == $uid and .group == "kshm" and
		.gid == 990 and .mode == "0640" and .readable and .writable and
		.until == "removed" and .state == "good" and .file_size == 8192 and .offset == 0' json
	jq -e '.sections[1] | .readable and (.writable | not) and (.seals | contains("seal,shrink,grow,write"))' json
	fails 3 '*Did you mean "bats.one"?' show bats.on
	fails 3 '*section list*' show xyzzy
}

@test "no sections are an empty list" {
	[ "$(kshmctl section list 2>&1 >/dev/null)" = "kshmctl: there are no sections" ]
	[ "$(kshmctl section list --json | jq -c .)" = '{"sections":[]}' ]
}

@test "any bytes go in and come out as they are" {
	head -c 8192 /dev/urandom >file
	head -c 8192 /dev/zero >wanted
	kshmctl section create $name --size 8K
	for part in 0:8192 1:4096 4095:2 100:0 8191:1 8192:0; do
		offset=${part%:*} len=${part#*:}
		head -c "$len" file | kshmctl section write $name "$offset"
		dd if=file of=wanted bs=1 count="$len" seek="$offset" conv=notrunc 2>/dev/null
		kshmctl section read $name | cmp - wanted
	done
	kshmctl section read $name 4095 2 | cmp - <(tail -c +4096 wanted | head -c 2)
	[ "$(kshmctl section read $name 0 4 --hex)" = "$(od -An -tx1 -N4 wanted | tr -d ' ')" ]
	# To a terminal with the offsets in the section.
	[[ $(script -qc "kshmctl section read $name 4096" /dev/null </dev/null) == "00001000 "*"00001010 "* ]]
	kshmctl section write $name --from hex:610062
	[ "$(kshmctl section read $name --text)" = a ]
	[ "$(kshmctl section read $name 0 3 --hex)" = 610062 ]
}

@test "nothing is read or written behind the end, and nothing by halves" {
	kshmctl section create $name --from text:start --size 4096
	kshmctl section read $name >before
	[ "$(kshmctl section read $name 4095 | wc -c)" -eq 1 ]
	[ "$(kshmctl section read $name 4096 | wc -c)" -eq 0 ]
	[ "$(kshmctl section read $name 4096 0 | wc -c)" -eq 0 ]
	for part in "4097" "4097 0" "4096 1" "4095 2" "0 4097" "1 0xffffffffffffffff"; do
		# shellcheck disable=SC2086  # one or two words
		fails 1 'kshmctl: section "bats.one" has 4096 bytes, and * are not inside of it: *' read $name $part
	done
	for part in 4096:1 4095:2 0:4097; do
		head -c "${part#*:}" /dev/urandom >file
		fails 1 '*nothing was written' write $name "${part%:*}" --from file
	done
	fails 1 '*nothing was written' write $name <file
	kshmctl section read $name | cmp - before
	fails 1 '*are not inside of it*' write $name 4097 </dev/null
	# Of what never ends no more is read than is needed.
	run timeout 20 bash -c "yes | kshmctl section write $name"
	[ "$status" -eq 1 ]
	kshmctl section read $name | cmp - before
	fails 2 '*not an offset, which is a number: x' read $name x
	fails 2 '*not a length, which is a number: -1' read $name 0 -- -1
	fails 2 '*not an offset, which is a number: 99999999999999999999' write $name 99999999999999999999 </dev/null
}

@test "write takes standard input, files, pipes and text" {
	kshmctl section create $name --size 4K
	printf abc | kshmctl section write $name
	[ "$(kshmctl section read $name 0 3)" = abc ]
	printf def >file
	kshmctl section write $name 3 --from file
	mkfifo pipe
	printf ghi >pipe &
	kshmctl section write $name 6 --from pipe
	wait $!
	kshmctl section write $name 9 --from text:jkl
	kshmctl section write $name 12 --from - </dev/null
	[ "$(kshmctl section read $name 0 12)" = abcdefghijkl ]
	fails 1 '*no file no-such-file*' write $name --from no-such-file
	fails 1 '*cannot read .*' write $name --from .
	run bash -c "kshmctl section write $name <&-"
	[ "$status" -eq 1 ]
	[[ $output == *"standard input"*closed* ]]
	[ "$(kshmctl section read $name --text)" = abcdefghijkl ]
}

@test "a reader that ends early is no harm" {
	kshmctl section create $name --size 1M --from text:abc
	run bash -c "set -o pipefail; kshmctl section read $name | head -c 3"
	[ "$status" -eq 141 ]
	[ "$output" = abc ]
	run bash -c "trap '' PIPE; set -o pipefail; kshmctl section read $name | head -c 3"
	[ "$status" -eq 1 ]
	[[ $output == *"standard output"*"Broken pipe"* ]]
	[ "$(kshmctl section read $name | wc -c)" -eq $((1 << 20)) ]
}

@test "a driver reads a section as it reads plain bytes" {
	head -c 8192 /dev/urandom >file
	kshmctl section create $name --from file
	for part in ":1 :1:8191" ":4095:2 :4095:2" ":8191 :8191:1" ":8192 :8192:0" "::5 :0:5" ":7: :7:8185"; do
		IFS=: read -r _ offset len <<<"${part#* }"
		tail -c +$((offset + 1)) file | head -c "$len" >plain
		[ "$(digest -m to-driver --data "section:$name${part% *}")" = "$(sha256sum <plain | cut -d ' ' -f 1)" ]
	done
	[ "$(digest -m copied --in section:$name:7:)" = "$(sha256sum <plain | cut -d ' ' -f 1)" ]
	[ "$(kshmctl call digest sha256 -m to-driver --data section:$name --hex)" = "$(sha256sum <file | cut -d ' ' -f 1)" ]
	kshmctl section write $name --from text:abc
	[ "$(kshmctl call digest sha256-mapped --data section:$name:0:3 --hex --repeat 5 2>/dev/null)" = $abc ]
}

@test "a driver writes into a section and nothing is printed" {
	kshmctl section create $name --size 4K
	kshmctl section read $name >wanted
	run kshmctl call sioctl METHOD_OUT_DIRECT --in text:x --data section:$name:100:100
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	kshmctl call sioctl METHOD_OUT_DIRECT --in text:x --data-len 100 >plain
	dd if=plain of=wanted bs=1 seek=100 conv=notrunc 2>/dev/null
	kshmctl section read $name | cmp - wanted
	run kshmctl call digest sha256 -m copied --in text:abc --out section:$name:1000:32 --json
	[ "$(jq -c '.call[0] | [.status, .out_returned, .out]' <<<"$output")" = "[0,32,null]" ]
	[ "$(kshmctl section read $name 1000 32 --hex)" = $abc ]
	# One section as two operands.
	kshmctl section write $name --from text:abc
	kshmctl call digest sha256 -m to-driver --data section:$name:0:3 --out section:$name:3:32
	[ "$(kshmctl section read $name 3 32 --hex)" = $abc ]
}

@test "a call with a section that cannot be says why" {
	call="call digest sha256 -m to-driver --hex --data"
	kshmctl section create $name --size 4K
	for spec in 4097 4095:2; do
		# shellcheck disable=SC2086  # words
		run kshmctl $call section:$name:$spec
		[ "$status" -eq 1 ]
		[[ $output == *"are not inside of it"* ]]
	done
	for spec in $name:1:x $name:-1 $name:1:2:3 "" :; do
		# shellcheck disable=SC2086  # words
		run kshmctl $call "section:$spec"
		echo "$spec: $output"
		[ "$status" -eq 3 ]
	done
	# shellcheck disable=SC2086  # words
	run kshmctl $call section:bats.on --json
	[[ $(jq -r '.error[0].message' <<<"$output") == *'Did you mean "bats.one"?' ]]
	# Raw requests take no memory but the caller's.
	run kshmctl call digest sha256 -m raw --in section:$name --out-len 32
	[ "$status" -eq 1 ]
	kshmctl section create bats.two --from text:x --read-only
	run kshmctl call sioctl METHOD_OUT_DIRECT --in text:x --data section:bats.two
	[ "$status" -eq 4 ]
	[[ $output == *'section "bats.two" is for reading only'*EACCES* ]]
	kshmctl call sioctl METHOD_IN_DIRECT --in text:x --data section:bats.two
}

@test "names with colons are names all the same" {
	for one in bats:x bats:5 :5 bats: bats:1K bats:0x10 bats:1:2 : ::; do
		kshmctl section create "$one" --from text:abc
		[ "$(kshmctl section read "$one" 0 3)" = abc ]
		[ "$(kshmctl call digest sha256 -m to-driver --data "section:$one:0:3" --hex)" = $abc ]
		kshmctl call digest sha256 -m to-driver --data "section:$one::" --hex >whole
		kshmctl section read "$one" | sha256sum | cut -d ' ' -f 1 | cmp - whole
	done
	[ "$(digest -m to-driver --data section:bats:x)" = "$(kshmctl section read bats:5 | sha256sum | cut -d ' ' -f 1)" ]
}

@test "what cannot be a name is told" {
	longest=$(printf 'x%.0s' {1..63})
	kshmctl section create "$longest" --size 1
	[ "$(names)" = "$longest" ]
	for bad in "" a/b "a b" $'\xff' "${longest}x" "$(printf 'x%.0s' {1..5000})"; do
		fails 2 '*a name has 1 to 63 visible characters*' create "$bad" --size 1
	done
	for bad in "" "${longest}x"; do
		fails 3 '*section*' read "$bad"
		fails 3 '*section*' remove "$bad"
		fails 3 '*section*' show "$bad"
		fails 3 '*section*' exec "$bad" true
	done
	[ "$(names)" = "$longest" ]
	# As an option otherwise.
	kshmctl section create --size 1 -- -x
	kshmctl section remove -- -x
}

@test "what cannot be created leaves nothing" {
	: >empty
	printf '%05d' 0 >five
	fails 1 '*empty is empty*--size BYTES' create $name --from empty
	fails 1 '*more than the 4 bytes*nothing was created' create $name --from five --size 4
	fails 1 '*no file no-such*' create $name --from no-such
	fails 4 '*cannot get group root*' create $name --size 1 --group root
	fails 1 '*section "bats.one": *have root raise*' create $name --size 1G
	fails 1 '*no file of memory*ask for less' create $name --size 0x7fffffffffffffff
	run bash -c "ulimit -f 1; kshmctl section create $name --size 1M"
	[ "$status" -eq 1 ]
	[ -z "$(names)" ]
	[ "$(kshmctl info --json | jq '.info[0].user_pages')" -eq 0 ]
	kshmctl section create $name --size 5 --from five
	fails 1 '*there is a section "bats.one"*section remove*' create $name --size 1
	[ "$(kshmctl section read $name 0 5)" = 00000 ]
}

@test "what cannot be created is told before its bytes are read" {
	most=$(kshmctl info --json | jq '.info[0] | .max_user_pages * .page_size')
	truncate -s $((most + 1)) huge
	fails 1 "*huge has more than the $most bytes that one user may have pinned*" create $name --from huge
	fails 1 "*huge has more than the $most bytes that one user may have pinned*" create $name --from huge --size 1024G
	fails 1 '*huge has more than the 4 bytes of --size*' create $name --from huge --size 4
	kshmctl section create bats.two --size 1
	printf input >file
	exec {input}<file
	fails 1 '*there is a section "bats.two"*' create bats.two --from - <&"$input"
	fails 2 '*a name has 1 to 63 visible characters*' create a/b --from - <&"$input"
	fails 4 '*cannot get group root*' create $name --from - --group root <&"$input"
	[ "$(names)" = bats.two ]
	[ "$(cat <&"$input")" = input ]
}

@test "a section that is read-only nobody can write" {
	kshmctl section create $name --from text:abc --read-only
	[ "$(kshmctl section read $name 0 3)" = abc ]
	fails 4 '*"bats.one" is for reading only*EACCES*' write $name --from text:x
	# Who opens it once more, as its owner may, neither.
	# shellcheck disable=SC2016  # for the shell inside
	run kshmctl section exec $name -- sh -c 'printf x 1<>/proc/self/fd/$KSHM_SECTION_FD'
	[ "$status" -ne 0 ]
	# shellcheck disable=SC2016  # the same
	run kshmctl section exec $name -- sh -c 'printf x >&$KSHM_SECTION_FD'
	[ "$status" -ne 0 ]
	[ "$(kshmctl section read $name 0 3)" = abc ]
}

@test "exec hands the section over as a descriptor" {
	kshmctl section create $name --size 8K --from text:abc
	# shellcheck disable=SC2016  # for the shell inside
	run kshmctl section exec $name -- sh -c 'readlink /proc/self/fd/$KSHM_SECTION_FD
		echo $KSHM_SECTION_FD $KSHM_SECTION_OFFSET $KSHM_SECTION_SIZE; head -c 3 <&$KSHM_SECTION_FD' 3>&- 4>&-
	[ "$output" = "/memfd:bats.one (deleted)
3 0 8192
abc" ]
	# What is written there is in it, for drivers, too.
	# shellcheck disable=SC2016  # for the shell inside
	kshmctl section exec $name -- sh -c 'printf xyz >&$KSHM_SECTION_FD'
	[ "$(kshmctl section read $name 0 3)" = xyz ]
	[ "$(kshmctl call digest sha256 -m to-driver --data section:$name:0:3 --hex)" = "$(printf xyz | sha256sum | cut -d ' ' -f 1)" ]
	# shellcheck disable=SC2016  # for the shell inside
	kshmctl section exec $name -- sh -c 'stat -Lc "%d %i" /proc/self/fd/$KSHM_SECTION_FD' >one
	# shellcheck disable=SC2016  # for the shell inside
	kshmctl section exec $name -- sh -c 'stat -Lc "%d %i" /proc/self/fd/$KSHM_SECTION_FD' | cmp - one
	# shellcheck disable=SC2016  # for the shell inside
	run kshmctl section exec --read-only $name -- sh -c 'printf no >&$KSHM_SECTION_FD'
	[ "$status" -ne 0 ]
	[ "$(kshmctl section read $name 0 3)" = xyz ]
	# Nothing else is handed over. Nobody but the shell looks, which has no pipe then.
	# shellcheck disable=SC2016  # for the shell inside
	count='set -- /proc/$$/fd/*; echo $#'
	[ "$(kshmctl section exec $name -- sh -c "$count")" -eq $(($(sh -c "$count") + 1)) ]
}

@test "exec exits as the command does" {
	kshmctl section create $name --size 1
	fails 0 '' exec $name true
	fails 42 '' exec $name -- sh -c 'exit 42'
	fails 143 '' exec $name -- sh -c 'kill -TERM $$'
	fails 127 '*cannot run ./no-such-program*' exec $name -- ./no-such-program
	: >file
	fails 126 '*cannot run ./file*' exec $name -- ./file
	fails 126 '*cannot run /*' exec $name -- /
	run kshmctl section exec --json $name -- ./no-such-program
	[ "$status" -eq 127 ]
	[ "$(jq -c '.error[0] | [.errno, .status]' <<<"$output")" = '["ENOENT",127]' ]
	# Options behind the name are the command's.
	[ "$(kshmctl section exec $name echo --json -r --nonsense -- x)" = "--json -r --nonsense -- x" ]
	[ "$(kshmctl section exec $name -- echo -- x)" = "-- x" ]
	[ "$(kshmctl section exec -- $name -- echo -- x)" = "-- x" ]
	[ "$(kshmctl section exec -- $name echo -- x)" = "-- x" ]
	fails 3 '*no section*' exec bats.two -- true
}

@test "with JSON each command says what it did" {
	kshmctl section create $name --size 4K --json | jq -e '.sections[0] | .name == "bats.one" and .size == 4096 and .mode == "0600"'
	kshmctl section write $name 7 --from hex:00ff --json | jq -e '.written == [{name: "bats.one", offset: 7, length: 2}]'
	kshmctl section read $name 6 4 --json | jq -e '.read == [{name: "bats.one", offset: 6, length: 4, bytes: "0000ff00"}]'
	kshmctl section read $name 6 0 --json | jq -e '.read[0].bytes == null'
	kshmctl section remove $name --json | jq -e '.removed == [{name: "bats.one"}]'
	run kshmctl section read $name --json
	[ "$(jq -c '.error[0] | [.errno, .status]' <<<"$output")" = '["ENOENT",3]' ]
	kshmctl section create $name --size 1
	run kshmctl section read $name 4097 --json
	[ "$(jq -c '.error[0] | [.errno, .status]' <<<"$output")" = '["ERANGE",1]' ]
}

@test "a section of huge pages" {
	kshmctl section create $name --huge --from text:abc
	[ "$(kshmctl section show $name --json | jq '.sections[0].size')" -eq $((2 << 20)) ]
	kshmctl section write $name $(((2 << 20) - 3)) --from text:xyz
	[ "$(kshmctl section read $name $(((2 << 20) - 3)))" = xyz ]
	[ "$(kshmctl call digest sha256 -m to-driver --data section:$name:0:3 --hex)" = $abc ]
}

@test "a hole in a section is told" {
	kshmctl section create $name --size 8K
	# shellcheck disable=SC2016  # for the shell inside
	kshmctl section exec $name -- bash -c 'fallocate -p -l 4096 /proc/self/fd/$KSHM_SECTION_FD'
	run kshmctl call digest sha256 -m to-driver --data section:$name --out-len 32
	[ "$status" -eq 1 ]
	[[ $output == *ESTALE* ]]
	[ "$(kshmctl section show $name --json | jq -r '.sections[0].state')" = stale ]
}
