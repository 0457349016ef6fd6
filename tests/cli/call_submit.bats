# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl call of requests that last: --timeout, --follow
# shellcheck disable=SC2154  # bats sets output and status

abc=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
hour=u64:3600000000000

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	[ ! "${follower:-}" ] || kill "$follower" || true
	wait
}

# Nobody has anything under way, or open.
nothing_left() {
	[ "$(kshmctl handle list --json | jq '.handles | length')" -eq 0 ]
}

# follow ARGUMENT...: kshmctl call event, in the background, which signals end
follow() {
	env --default-signal=INT kshmctl call event "$@" >out 2>err 3>&- &
	follower=$!
}

# ended STATUS
ended() {
	local status=0

	wait "$follower" || status=$?
	follower=
	[ "$status" -eq "$1" ]
}

# send NAME TEXT: when somebody waits for it
send() {
	until [ "$(kshmctl call event send --in "text:$1" --data "text:$2" --json | jq '.call[0].detail')" -ge 1 ]; do
		kill -0 "$follower"
	done
}

@test "call --timeout cancels what is not over in time, and exits with 5" {
	run kshmctl call event after --in $hour --timeout 0.2
	[ "$status" -eq 5 ]
	[ "$output" = "kshmctl: not over in time, after 0 results: 1 request was cancelled; give --timeout more seconds, or find out who should have ended it" ]
	run kshmctl call event after --in $hour --timeout 0 --json
	[ "$status" -eq 5 ]
	[ "$(jq -r '.error[0].errno' <<<"$output")" = ETIMEDOUT ]
	nothing_left
}

@test "call --timeout of what is over in time prints what a call does" {
	[ "$(kshmctl call digest sha256 -m copied --in text:abc --hex --timeout 60)" = $abc ]
	kshmctl call event after --in u64:1000000 --out-len 16 --timeout 60 >bytes
	[ "$(stat -c %s bytes)" -eq 16 ]
	[ "$(kshmctl call sioctl METHOD_OUT_DIRECT --in text:x --data-len 100 --text --timeout 60)" = "This String is from Device Driver !!!" ]
	kshmctl call event after --in u64:1000000 --out-len 16 --timeout 60 --json >json
	jq -e '.call[0] | .calls == 1 and .out_returned == 16 and .least_ns == .median_ns and .least_ns >= 1000000' json
}

@test "call --timeout says why a request failed, at once or later" {
	run kshmctl call event ticks --in u64:0 --data-len 8 --timeout 60
	[ "$status" -eq 1 ]
	[[ $output == *'refused control 0x8e03600e of device event with "Invalid argument"'*"(EINVAL)." ]]
	run kshmctl call digest sha256 -m copied --in text:abc --out-len 8 --timeout 60
	[ "$status" -eq 1 ]
	[[ $output == *"32 bytes"*EMSGSIZE* ]]
	# In an interrupt, after the handler: status -90, detail 7, needed 32.
	run kshmctl call test pend -m copied --in u32:5,4294967206,1,0,0,7,0,0,32,0 --timeout 60 --json
	[ "$status" -eq 1 ]
	[ "$(jq -c '.call[0] | [.calls, .status, .detail, .needed]' <<<"$output")" = "[1,-90,7,32]" ]
	[[ $(jq -r '.call[0].error' <<<"$output") == *"32 bytes"*EMSGSIZE* ]]
	nothing_left
}

@test "call --timeout leaves to its driver what that does not cancel" {
	run kshmctl call test pend -m copied --in u32:1,0,77,0,0,0,0,0,0,0 --timeout 0.2
	[ "$status" -eq 5 ]
	[[ $output == *": 1 was left to the driver, which has not let go; "* ]]
	kshmctl call test complete --in u64:77,0 --out-len 16 >/dev/null
	nothing_left
}

@test "call --follow prints a line for each result, of as many as --count says" {
	kshmctl call event after --in u64:1000000 --out-len 16 --follow --count 3 >lines
	[ "$(grep -cxE '[0-9a-f]{32}' lines)" -eq 3 ]
	[ "$(wc -l <lines)" -eq 3 ]
	[ "$(sort -u lines | wc -l)" -eq 3 ]
	# Also of nothing.
	[ "$(kshmctl call null nop -m copied --follow --count 40 --pending 7 | grep -cx '')" -eq 40 ]
	kshmctl call event after --in u64:1 --out-len 16 --follow --count 5 --pending 9 --json >json
	[ "$(jq -s 'length' json)" -eq 5 ]
	jq -es 'all(.call[0].out_returned == 16)' json
}

@test "call --follow prints messages as they come" {
	follow wait --in text:bats --data-len 8 --follow --count 4 --pending 3 --text
	send bats one
	send bats two
	send bats ''
	send bats 'a longer one'
	ended 0
	[ "$(cat out)" = $'one\ntwo\n\na longer' ]
	[ ! -s err ]
	nothing_left
}

@test "messages that follow each other are not missed with --pending" {
	follow wait --in text:bats --data-len 8 --follow --count 31 --pending 31 --text
	send bats first
	for ((i = 0; i < 30; i++)); do
		[ "$(kshmctl call event send --in text:bats --data "text:$i" --json | jq '.call[0].detail')" -eq 1 ]
	done
	ended 0
	[ "$(cat out)" = "$(echo first; seq 0 29)" ]
}

@test "a signal ends call --follow cleanly, with what came before" {
	for signal in INT TERM HUP; do
		follow wait --in text:bats --data-len 8 --follow --pending 3 --text
		send bats one
		until [ -s out ]; do
			kill -0 "$follower"
		done
		kill -"$signal" "$follower"
		ended 5
		[ "$(cat out)" = one ]
		[ "$(cat err)" = "kshmctl: ended by $signal, after 1 result: 3 requests were cancelled" ]
		nothing_left
	done
}

@test "call --follow of what is over at once ends in time, too" {
	run kshmctl call null nop -m copied --follow --timeout 0.3
	[ "$status" -eq 5 ]
	[[ ${lines[-1]} == "kshmctl: not over in time, after "*" results: nothing was under way; "* ]]
}

@test "call --follow goes on when a signal that is ignored comes" {
	(trap '' HUP INT; exec kshmctl call event wait --in text:bats --data-len 8 --follow --count 2 --text) >out 2>err 3>&- &
	follower=$!
	send bats one
	kill -HUP "$follower"
	kill -INT "$follower"
	send bats two
	ended 0
	[ "$(cat out)" = $'one\ntwo' ]
}

@test "call --follow ends when nobody reads what it prints" {
	mkfifo pipe
	kshmctl call event wait --in text:bats --data-len 8 --follow >pipe 2>err 3>&- &
	follower=$!
	exec {reader}<pipe
	exec {reader}<&-
	ended 141
	[ ! -s err ]
	nothing_left
}

@test "call --follow prints as many lines for each result, and none of raw bytes" {
	follow wait --in text:bats --out-len 16 --data-len 8 --follow --count 2
	send bats ''
	send bats ab
	ended 0
	[ "$(wc -l <out)" -eq 4 ]
	[ -z "$(sed -n 2p out)" ]
	[ "$(sed -n 4p out)" = 6162 ]
	follow wait --in text:bats --data-len 8 --follow --count 3 --raw
	send bats ab
	send bats ''
	send bats $'c\n'
	ended 0
	[ "$(od -An -c out | tr -d ' ')" = 'abc\n' ]
	follow wait --in text:bats --data-len 8 --follow --count 1 --text
	send bats $'a\nb\tc'
	ended 0
	[ "$(cat out)" = $'a.b\tc' ]
}

@test "call --follow ends with the first that fails" {
	run kshmctl call test pend -m copied --in u32:5,4294967206,1,0,0,7,0,0,32,0 --follow --pending 3
	[ "$status" -eq 1 ]
	[[ $output == *EMSGSIZE* ]]
	[ "${#lines[@]}" -le 3 ]
	nothing_left
}

@test "options of requests that last are told apart" {
	run kshmctl call event after --in $hour --count 3
	[ "$status" -eq 2 ]
	[[ $output == *"--count"*"--follow"* ]]
	run kshmctl call event after --in $hour --pending 3
	[ "$status" -eq 2 ]
	run kshmctl call event after --in $hour --repeat 3 --timeout 1
	[ "$status" -eq 2 ]
	[[ $output == *"--repeat"*"--timeout"* ]]
	for wrong in '' x -1 nan inf 1s 1e10; do
		run kshmctl call event after --in $hour --timeout "$wrong"
		[ "$status" -eq 2 ]
	done
	printf '%0100d' 0 >file
	run kshmctl call event wait --data file --follow --pending 2
	[ "$status" -eq 2 ]
	[[ $output == *"--data-len"* ]]
	run kshmctl call event after --in $hour --out file --follow --pending 2
	[ "$status" -eq 2 ]
	[[ $output == *"--out-len"* ]]
	for wrong in u8:256 u16:65536 u32:4294967296 u64:18446744073709551616 u32: u32:1,,2 'u32:1,' u32:x u16:-1; do
		run kshmctl call event after --in "$wrong"
		[ "$status" -eq 2 ]
		[[ $output == *"not numbers of "*" bits"* ]]
	done
}

@test "numbers are bytes in this machine's order" {
	kshmctl section create bats-numbers --from u16:1,0x203,1K
	[ "$(kshmctl section read bats-numbers 0 8 --hex)" = 0100030200040000 ]
	kshmctl section write bats-numbers --from u8:1,2,255
	kshmctl section write bats-numbers 8 --from u64:18446744073709551614
	kshmctl section write bats-numbers 4 --from u32:0x1020304
	[ "$(kshmctl section read bats-numbers 0 16 --hex)" = 0102ff0204030201feffffffffffffff ]
	kshmctl section remove bats-numbers
}
