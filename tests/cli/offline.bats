# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl that need no module

setup() {
	PATH=$BATS_TEST_DIRNAME/../../tools:$PATH
}

@test "help lists every command and exits 0" {
	run kshmctl help
	[ "$status" -eq 0 ]
	for command in "device list" "device show" "handle list" call section\ {create,list,show,read,write,remove,exec} "code encode" "code decode" info explain doctor new-driver version help; do
		grep -q "^  $command " <<<"$output"
	done
	[ "$(kshmctl --help)" = "$output" ]
	[ "$(kshmctl --version)" = "$(kshmctl version)" ]
}

@test "no command at all is a usage error, told on stderr" {
	run kshmctl
	[ "$status" -eq 2 ]
	[ -z "$(kshmctl 2>/dev/null || true)" ]
}

@test "a wrong command suggests the nearest" {
	run kshmctl cal
	[ "$status" -eq 2 ]
	[[ $output == *'did you mean "call"'* ]]
	run kshmctl device lst
	[ "$status" -eq 2 ]
	[[ $output == *'did you mean "device list"'* ]]
	run kshmctl xyzzy
	[ "$status" -eq 2 ]
	[[ $output != *"did you mean"* ]]
}

# suggests STATUS SUGGESTION WORD...: what kshmctl answers to the words
suggests() {
	local expected=$1 suggestion=$2

	shift 2
	run kshmctl "$@"
	echo "$*: $output"
	[ "$status" -eq "$expected" ]
	[[ $output == *"did you mean \"$suggestion\"?"* ]]
	[ "kshmctl: $(kshmctl "$@" --json | jq -r '.error[0].message')" = "$(head -n 1 <<<"$output")" ]
}

@test "half a command and a second word alone are told apart" {
	run kshmctl device
	[ "$status" -eq 2 ]
	[[ $output == *"half a command"*"device list, device show"* ]]
	run kshmctl code --json
	[ "$status" -eq 2 ]
	[[ $(jq -r '.error[0].message' <<<"$output") == *"code encode, code decode"* ]]
	suggests 2 "device show" show null
	suggests 2 "code decode" decode 1
	run kshmctl --json device list
	[ "$status" -eq 2 ]
	[[ $(jq -r '.error[0].message' <<<"$output") == *"before its options"* ]]
}

@test "a wrong option, method, access or errno suggests the nearest" {
	suggests 2 --json device list --jsn
	suggests 2 --out-len call null nop --outlen=5
	suggests 2 --method call null nop --methd raw
	suggests 2 --function code encode --fuction 1
	suggests 2 to-driver call null nop --method to-drivr
	suggests 2 METHOD_BUFFERED code encode --method buffered
	suggests 2 METHOD_IN_DIRECT call null nop -m METHOD_INDIRECT
	suggests 2 write code encode --access wrte
	suggests 2 EDQUOT explain EDQOUT
	suggests 2 EDQUOT explain edquot
}

@test "what is wrong with an option is told exactly" {
	run kshmctl call null nop --d 1
	[[ $output == *"--d can be --data or --data-len"* ]]
	run kshmctl call null nop --in
	[[ $output == *"--in needs a value"* ]]
	run kshmctl call null nop -i
	[[ $output == *"-i needs a value"* ]]
	run kshmctl device list --json=1
	[[ $output == *"--json takes no value"* ]]
	run kshmctl call null nop -zm raw
	[[ $output == *"no such option: -z"* ]]
	run kshmctl call null nop -m xyzzy
	[[ $output == *"copied, to-driver, from-driver and raw"* ]]
	run kshmctl device show
	[[ $output == *"takes DEVICE"* ]]
	run kshmctl doctor now
	[[ $output == *"too many: now (the command takes none)"* ]]
}

@test "help of a command is its --help" {
	[ "$(kshmctl help call)" = "$(kshmctl call --help)" ]
	[ "$(kshmctl help device show)" = "$(kshmctl device show --help)" ]
	suggests 2 call help cal
	run kshmctl call --usage
	[ "$status" -eq 0 ]
	[[ $output == "Usage: kshmctl call"* ]]
}

@test "words of others do not reach a terminal as they are" {
	run kshmctl explain $'\e[2J\xff'
	[[ $output == *'\x1b[2J\xff'* ]]
	run kshmctl $'\e[2J'
	[[ $output != *$'\e'* ]]
}

@test "a device that cannot be is told with one errno" {
	long=$(printf '/%0300d' 0)
	longer=$(printf '/%05000d' 0)
	while read -r errno words; do
		words=${words//LONGER/$longer}
		words=${words//LONG/$long}
		# shellcheck disable=SC2086  # words
		run kshmctl $words --json
		echo "$words: $output"
		[ "$status" -eq 3 ]
		[ "$(jq -r '.error[0].errno' <<<"$output")" = "$errno" ]
		[[ $(jq -r '.error[0].message' <<<"$output") == *"($errno)."* ]]
		[ "$(jq '.error[0].status' <<<"$output")" -eq 3 ]
	done <<-'END'
		EINVAL info .x
		EINVAL device show .x
		EINVAL call .x nop
		ENAMETOOLONG info LONG
		ENAMETOOLONG info LONGER
	END
}

@test "every command has help of its own" {
	while read -r words; do
		# shellcheck disable=SC2086  # one or two words
		run kshmctl $words --help
		[ "$status" -eq 0 ]
		[[ $output == *"--json"* ]]
	done < <(kshmctl help | sed -nE 's/^  ([a-z-]+( [a-z]+)?) .*/\1/p' | grep -v '^help')
}

@test "unknown options and arguments too many are usage errors" {
	for words in "device list" info doctor version "explain EFAULT" "device show x"; do
		# shellcheck disable=SC2086  # words
		run kshmctl $words --nonsense
		[ "$status" -eq 2 ]
	done
	run kshmctl explain EFAULT EINVAL
	[ "$status" -eq 2 ]
	run kshmctl device show
	[ "$status" -eq 2 ]
	run kshmctl call null
	[ "$status" -eq 2 ]
}

@test "usage errors have their exit status in JSON too" {
	for words in "code decode nonsense" "code encode" "explain nonsense"; do
		# shellcheck disable=SC2086  # words
		run kshmctl $words --json
		[ "$status" -eq 2 ]
		[ "$(jq -c '.error[0] | [.errno, .status]' <<<"$output")" = '["EINVAL",2]' ]
	done
}

@test "code encode makes the codes of Windows' sioctl sample" {
	run kshmctl code encode --type 40000 --function 0x902 --method copied
	[ "$status" -eq 0 ]
	[[ $output == *0x9c402408* ]]
	run kshmctl code encode -t 0x9c40 -f 0x903 -m METHOD_NEITHER -a any
	[[ $output == *0x9c40240f* ]]
	run kshmctl code encode -t 0x8e01 -f 0x800 -m to-driver -a read
	[[ $output == *0x8e016001* ]]
}

@test "code encode refuses parts that do not fit" {
	for bad in "--type 0x10000 --function 1 --method raw" "--type 1 --function 0x1000 --method raw" \
		"--type -1 --function 1 --method raw" "--type 1 --function x --method raw" \
		"--type 1 --function 1 --method direct" "--type 1 --function 1 --method raw --access all" \
		"--type 1 --function 1" ""; do
		# shellcheck disable=SC2086  # words
		run kshmctl code encode $bad
		[ "$status" -eq 2 ]
		[ -n "$output" ]
	done
}

@test "code decode takes codes apart" {
	run kshmctl code decode 0x9C40240F 0x8e016001
	[ "$status" -eq 0 ]
	[[ ${lines[1]} == *"0x9c40 "*"0x903 "*"any "*"raw "*METHOD_NEITHER* ]]
	[[ ${lines[2]} == *"0x8e01 "*"0x800 "*"read "*"to-driver "*METHOD_IN_DIRECT* ]]
}

@test "code decode refuses what is no code" {
	for bad in 0x100000000 -1 12x "" sha256; do
		run kshmctl code decode "$bad"
		[ "$status" -eq 2 ]
	done
}

@test "code decode takes as many codes as there are" {
	# shellcheck disable=SC2046  # numbers
	run kshmctl code decode $(seq 5000)
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 5001 ]
	[[ ${lines[5000]} == 0x00001388* ]]
}

@test "code decode gives JSON" {
	json=$(kshmctl code decode --json 0x9C402401)
	[ "$(jq -r '.codes[0].method' <<<"$json")" = to-driver ]
	[ "$(jq -r '.codes | length' <<<"$json")" = 1 ]
}

@test "explain knows errnos by name and number" {
	run kshmctl explain EDQUOT
	[ "$status" -eq 0 ]
	[[ $output == EDQUOT*limit* ]]
	by_name=$output
	[ "$(kshmctl explain 122)" = "$by_name" ]
	[ "$(kshmctl explain -- -122)" = "$by_name" ]
	[ "$(kshmctl explain --json EDQUOT | jq '.errnos[0].number')" = 122 ]
}

# As a program prints what it got.
@test "explain takes a negative number for no option" {
	[ "$(kshmctl explain -122)" = "$(kshmctl explain 122)" ]
	[ "$(kshmctl explain -5)" = "$(kshmctl explain EIO)" ]
	for words in "-5 --json" "--json -5" "--json -- -5"; do
		# shellcheck disable=SC2086  # words
		[ "$(kshmctl explain $words | jq '.errnos[0].number')" = 5 ]
	done
	for words in "-5 -5" "-5 EIO" "-5 -- 5" "-4096" "-0x9c402408" "-5x" "-5 --nonsense" -x; do
		# shellcheck disable=SC2086  # words
		run kshmctl explain $words
		echo "$words: $output"
		[ "$status" -eq 2 ]
	done
}

@test "explain takes 0 for success" {
	for zero in 0 0x0 -0; do
		[[ $(kshmctl explain "$zero") == "0 is success: "* ]]
	done
	[ "$(kshmctl explain 0 --json | jq -c '.errnos[0] | [.errno, .number]')" = "[null,0]" ]
}

@test "options that exclude each other are refused" {
	for words in "--hex --raw" "--text --text" "--in text:a --in text:b" "--out x --out-len 5" \
		"--data-len 5 --data x" "--out-len 1 --out-len 2"; do
		# shellcheck disable=SC2086  # words
		run kshmctl call null nop -m copied $words
		echo "$words: $output"
		[ "$status" -eq 2 ]
		[[ $output == *"only one of these can be given: --"* ]]
	done
}

@test "explain knows the second names of errnos" {
	[ "$(kshmctl explain EWOULDBLOCK)" = "$(kshmctl explain EAGAIN)" ]
	[ "$(kshmctl explain ENOTSUP)" = "$(kshmctl explain EOPNOTSUPP)" ]
	[ "$(kshmctl explain EDEADLOCK)" = "$(kshmctl explain 35)" ]
	suggests 2 EWOULDBLOCK explain EWOUDBLOCK
	suggests 2 ENOTSUP explain ENOTSUPP
}

@test "explain has a sentence for every errno of the contract" {
	for errno in EFAULT EINVAL E2BIG EOPNOTSUPP ENOTTY EACCES EMSGSIZE ENOENT ERANGE EBUSY EDQUOT ENOSPC ENOMEM EINTR ENODEV; do
		run kshmctl explain "$errno"
		[ "$status" -eq 0 ]
		[[ $output == "$errno"*:*:* ]]
	done
}

@test "explain takes a control code apart" {
	run kshmctl explain 0x8e016001
	[ "$status" -eq 0 ]
	[[ $output == *"function 0x800"*to-driver* ]]
}

@test "explain refuses what is neither" {
	for bad in EFOO "" 0x1ffffffff; do
		run kshmctl explain "$bad"
		[ "$status" -eq 2 ]
	done
}

@test "version tells tool, library and ABI" {
	run kshmctl version
	[ "$status" -eq 0 ]
	[[ $output == *"$(cat "$BATS_TEST_DIRNAME/../../VERSION" 2>/dev/null || echo 0.1.0)"* ]]
	[ "$(kshmctl version --json | jq '.version[0].abi')" = 1 ]
}

@test "output to a full disk is an error" {
	[ -e /dev/full ] || skip "no /dev/full"
	for words in "explain EFAULT" "help" "version --json" "explain EFOO --json"; do
		run bash -c "kshmctl $words >/dev/full"
		[ "$status" -eq 1 ]
		[[ $output == *"standard output"*"No space left"*"free some"* ]]
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "closed standard files are told, and nothing else takes their places" {
	run bash -c 'kshmctl explain EFAULT >&-'
	[ "$status" -eq 1 ]
	[[ $output == *"standard output"*closed* ]]
	# Nothing printed, nothing missed.
	run bash -c 'kshmctl explain EFOO >&-'
	[ "$status" -eq 2 ]
	run bash -c 'kshmctl explain EFOO 2>&-'
	[ "$status" -eq 2 ]
	[ -z "$output" ]
}

@test "section create refuses what it cannot understand" {
	run kshmctl section create x
	[ "$status" -eq 2 ]
	[[ $output == *"--size BYTES, or --from SRC"* ]]
	run kshmctl section create x --size 1 --read-only
	[ "$status" -eq 2 ]
	[[ $output == *"--read-only needs --from"* ]]
	run kshmctl section create x --size 64k
	[ "$status" -eq 2 ]
	[[ $output == *"K, M or G"*64k* ]]
	for bad in "--size 0" "--size x" "--size -1" "--size 0xffffffffffffffff" "--size 1 --mode 700" \
		"--size 1 --mode 8" "--size 1 --mode 0x1" "--size 1 --mode 40000000600" "--size 1 --mode" \
		"--size 1 --group no-such" "--size 1 --group 1K" \
		"--size 1 --group 0x10" "--size 1 --group 4294967295" "--from hex:a" "--from hex:a --size 5" "--from section:y"; do
		# shellcheck disable=SC2086  # words
		run kshmctl section create x $bad
		echo "$bad: $output"
		[ "$status" -eq 2 ]
	done
}

@test "a section is no source of bytes to read, but can be piped" {
	for words in "create x" "write x"; do
		# shellcheck disable=SC2086  # words
		run kshmctl section $words --from section:y
		[ "$status" -eq 2 ]
		[[ $output == *"section read y prints to --from -"* ]]
	done
}

@test "section exec needs a command" {
	for words in "section exec" "section exec x" "section exec x --" "section exec -- x" "section exec -- x --" "section exec --json x"; do
		# shellcheck disable=SC2086  # words
		run kshmctl $words
		[ "$status" -eq 2 ]
		[[ $output == *"takes NAME -- CMD..."* ]]
	done
	suggests 2 --read-only section exec --readonly x true
}
