# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl call

abc=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "call digests a file in place and prints the digest" {
	printf abc >file
	run kshmctl call digest sha256 --method to-driver --data file --out-len 32 --hex
	[ "$status" -eq 0 ]
	[ "$output" = "$abc" ]
}

@test "call takes text, digits and standard input" {
	[ "$(kshmctl call digest sha256 -m copied --in text:abc --out-len 32 --hex)" = "$abc" ]
	[ "$(kshmctl call digest sha256 -m raw --in hex:616263 --out-len 32 --hex)" = "$abc" ]
	[ "$(printf abc | kshmctl call digest sha256 -m copied --in - --out-len 32 --hex)" = "$abc" ]
	[ "$(kshmctl call digest sha256-mapped --data text:abc --out-len 32 --hex)" = "$abc" ]
}

@test "call of nothing is call of an empty buffer" {
	: >empty
	empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
	[ "$(kshmctl call digest sha256 -m to-driver --data empty --out-len 32 --hex)" = $empty ]
	[ "$(kshmctl call digest sha256 -m copied --in text: --out-len 32 --hex)" = $empty ]
	[ "$(kshmctl call digest sha256 -m raw --out-len 32 --hex)" = $empty ]
}

@test "call finds a control by its code" {
	[ "$(kshmctl call digest 0x8e016000 --in text:abc --out-len 32 --hex)" = "$abc" ]
	run kshmctl call sioctl 0x9C402406 --in text:x --data-len 100 --text
	[ "$output" = "This String is from Device Driver !!!" ]
}

@test "call writes raw bytes to a pipe and digits to a terminal" {
	kshmctl call digest sha256 -m copied --in text:abc --out-len 32 | od -An -tx1 | tr -d ' \n' >digits
	[ "$(cat digits)" = "$abc" ]
	script -q -c "kshmctl call digest sha256 -m copied --in text:abc --out-len 32" /dev/null </dev/null | tr -d '\r' >terminal
	grep -q "$abc" terminal
	script -q -c "kshmctl call test fill -m copied --out-len 100" /dev/null </dev/null | tr -d '\r' >terminal
	grep -q '^00000000  00 07 0e' terminal
}

@test "call from a driver changes the file in place" {
	printf '%0100d' 0 >file
	run kshmctl call sioctl METHOD_OUT_DIRECT --in text:x --data file
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(head -c 37 file)" = "This String is from Device Driver !!!" ]
	[ "$(stat -c %s file)" -eq 100 ]
}

@test "call --out writes into the file" {
	printf '%032d' 0 >file
	kshmctl call digest sha256 -m raw --in text:abc --out file
	[ "$(od -An -tx1 file | tr -d ' \n')" = "$abc" ]
}

@test "call --repeat calls so often and prints once" {
	calls() { kshmctl call test state --out-len 88 --raw | od -An -tu8 -N8 | tr -d ' '; }
	before=$(calls)
	run kshmctl call test release --repeat 25
	[ "$status" -eq 0 ]
	[ "$output" = "25 calls" ]
	[ "$(calls)" -eq $((before + 25)) ]
}

@test "call gives JSON" {
	json=$(kshmctl call digest sha256 -m copied --in text:abc --out-len 32 --json)
	[ "$(jq -r '.call[0].out' <<<"$json")" = "$abc" ]
	[ "$(jq '.call[0].status, .call[0].out_returned, .call[0].calls' <<<"$json")" = "0
32
1" ]
}

# How long is nobody's business here, but that the numbers belong together is.
@test "call gives the times of repeated calls" {
	local many=70000

	[ ! "${KSHM_BRIEF:-}" ] || many=700
	for repeat in 1 2 25 "$many"; do
		kshmctl call null nop -m copied --repeat "$repeat" --json >json
		jq -e --argjson repeat "$repeat" '.call[0] | .calls == $repeat and
			.least_ns <= .median_ns' json
	done
	# Of a single call both are the same.
	kshmctl call null nop -m copied --json >json
	jq -e '.call[0] | .least_ns == .median_ns' json
	# A call that fails is one that was made.
	run kshmctl call digest sha256 -m copied --out-len 8 --repeat 5 --json
	[ "$status" -eq 1 ]
	[ "$(jq '.call[0] | .calls == 1 and .least_ns == .median_ns' <<<"$output")" = true ]
}

@test "call of a control with several methods asks which" {
	run kshmctl call digest sha256 --in text:abc --out-len 32
	[ "$status" -eq 2 ]
	[[ $output == *to-driver*copied* || $output == *copied*to-driver* ]]
	[[ $output == *--method* ]]
}

@test "call of a wrong device or control suggests the nearest and exits 3" {
	run kshmctl call digset sha256 -m copied
	[ "$status" -eq 3 ]
	[[ $output == *'"digest"'* ]]
	run kshmctl call digest sha265 -m copied
	[ "$status" -eq 3 ]
	[[ $output == *'"sha256"'* ]]
	run kshmctl call digest sha256 -m from-driver
	[ "$status" -eq 3 ]
	run kshmctl call digest 0x12345678
	[ "$status" -eq 3 ]
}

@test "call that fails says why, in a sentence, and exits 1" {
	run kshmctl call digest sha256 -m copied --in text:abc --out-len 8
	[ "$status" -eq 1 ]
	[[ $output == *"32 bytes"*EMSGSIZE* ]]
	run kshmctl call digest sha256 -m copied --in text:abc --data text:x --out-len 32
	[ "$status" -eq 1 ]
	[[ $output == *"takes none"* ]]
	# What the driver says: status -90, detail 7, nothing returned, needed 32.
	json=$(kshmctl call test answer -m copied --json --repeat 3 \
		--in hex:a6ffffff0700000000000000000000002000000000000000 || true)
	[ "$(jq -c '.call[0] | [.calls, .status, .detail, .needed]' <<<"$json")" = "[1,-90,7,32]" ]
	[[ $(jq -r '.call[0].error' <<<"$json") == *"32 bytes"*EMSGSIZE* ]]
}

@test "bad sources are told apart" {
	run kshmctl call digest sha256 -m copied --in hex:abc --out-len 32
	[ "$status" -eq 2 ]
	run kshmctl call digest sha256 -m copied --in hex:zz --out-len 32
	[ "$status" -eq 2 ]
	run kshmctl call digest sha256 -m copied --in no-such-file --out-len 32
	[ "$status" -ne 0 ]
	[[ $output == *"no file no-such-file"*text:no-such-file* ]]
	run kshmctl call digest sha256 -m copied --in /dev/zero --out-len 32
	[ "$status" -eq 2 ]
	[[ $output == *"regular file"* ]]
	run kshmctl call digest sha256 -m copied --in . --out-len 32
	[ "$status" -eq 2 ]
	# It would wait for somebody who writes.
	mkfifo pipe
	run timeout 20 kshmctl call digest sha256 -m copied --in pipe --out-len 32
	[ "$status" -eq 2 ]
	[[ $output == *"regular file"* ]]
}

@test "standard input is an operand once" {
	run kshmctl call null nop -m copied --in - --out - </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"only one operand can be -"* ]]
}

@test "a file that has no pages is not taken for an empty one" {
	run kshmctl call digest sha256 -m to-driver --data /proc/version --out-len 32 --hex
	[ "$status" -eq 1 ]
	[[ $output == *"cannot map file /proc/version"*"pipe its bytes to -"* ]]
}

@test "a code and another method are told apart" {
	run kshmctl call digest 0x8e016000 -m raw --in text:abc
	[ "$status" -eq 2 ]
	[[ $output == *"code 0x8e016000 has method copied, not raw"* ]]
	[ "$(kshmctl call digest 0x8e016000 -m copied --in text:abc --out-len 32 --hex)" = "$abc" ]
}

@test "bad numbers are usage errors" {
	for bad in "--out-len x" "--out-len -1" "--repeat 0" "--repeat 1.5" "--data-len 99999999999999999999" "--method direct"; do
		# shellcheck disable=SC2086  # words
		run kshmctl call null nop $bad
		[ "$status" -eq 2 ]
	done
}

@test "call opens with no more access than the code demands" {
	run kshmctl call test needs-read
	[ "$status" -eq 0 ]
	run kshmctl call test needs-write
	[ "$status" -eq 0 ]
}
