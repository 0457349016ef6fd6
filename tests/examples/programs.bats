# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the example programs, with the module loaded

setup() {
	examples=$PWD/examples
	cd "$BATS_TEST_TMPDIR"
}

@test "hash prints what sha256sum prints" {
	: >empty
	printf abc >three
	head -c 4096 /dev/urandom >page
	head -c 1048577 /dev/urandom >'blank and more'
	head -c 100000 /dev/urandom >-dash
	for file in empty three page 'blank and more'; do
		[ "$("$examples"/hash "$file")" = "$(sha256sum "$file")" ]
	done
	[ "$("$examples"/hash -dash)" = "$(sha256sum -- -dash)" ]
}

@test "hash explains a file that is longer than a request may be" {
	truncate -s 5G long
	run "$examples"/hash long
	[ "$status" -eq 1 ]
	[[ $output == "hash: long: "*page*"(EDQUOT)." ]]
}

@test "hash tells what it cannot read" {
	run "$examples"/hash no-such-file
	[ "$status" -eq 1 ]
	[ "$output" = "hash: no-such-file: No such file or directory" ]
	: >secret
	chmod 0 secret
	run "$examples"/hash secret
	[ "$status" -eq 1 ]
	[ "$output" = "hash: secret: Permission denied" ]
	run "$examples"/hash /dev/null
	[ "$status" -eq 1 ]
	[[ $output == *"only a regular file"* ]]
	# It would wait for somebody who writes.
	mkfifo pipe
	run timeout 20 "$examples"/hash pipe
	[ "$status" -eq 1 ]
	[[ $output == *"only a regular file"* ]]
}

@test "hash tells when its output is lost" {
	: >empty
	run bash -c '"$0"/hash empty >/dev/full' "$examples"
	[ "$status" -eq 1 ]
	[ "$output" = "hash: standard output: No space left on device" ]
}

@test "sioctl has the whole conversation" {
	run "$examples"/sioctl
	[ "$status" -eq 0 ]
	[ "$output" = 'METHOD_BUFFERED, code 0x9c402408
  the program sends 24 bytes: "Sent by METHOD_BUFFERED"
  the driver answers 38 bytes: "This String is from Device Driver !!!"
METHOD_NEITHER, code 0x9c40240f
  the program sends 23 bytes: "Sent by METHOD_NEITHER"
  the driver answers 38 bytes: "This String is from Device Driver !!!"
METHOD_IN_DIRECT, code 0x9c402401
  the program sends 25 bytes: "Sent by METHOD_IN_DIRECT"
  the driver read 100 bytes: "Read me, I am in the output buffer"
METHOD_OUT_DIRECT, code 0x9c402406
  the program sends 26 bytes: "Sent by METHOD_OUT_DIRECT"
  the driver answers 38 bytes: "This String is from Device Driver !!!"' ]
}

@test "sioctl tells of every code that a device does not know" {
	run "$examples"/sioctl null
	[ "$status" -eq 1 ]
	for method in BUFFERED NEITHER IN_DIRECT OUT_DIRECT; do
		[[ $output == *"sioctl: METHOD_$method: ENOTTY"* ]]
	done
}

@test "sioctl of no device says what there is" {
	run "$examples"/sioctl no-such-device
	[ "$status" -eq 1 ]
	[[ $output == "sioctl: "*no-such-device*"kshmctl device list"*"(ENOENT)." ]]
	run "$examples"/sioctl /dev/null
	[ "$status" -eq 1 ]
	[[ $output == "sioctl: "*"no kshm device"*"(ENOTTY)." ]]
}

@test "needed makes the room that kshm says a control takes" {
	printf abc | "$examples"/needed digest sha512 >out 2>err
	[ "$(cat out)" = "$(printf abc | sha512sum | cut -d ' ' -f 1)" ]
	[ "$(cat err)" = "needed: room for 0 bytes, needed are 64" ]
	printf abc | "$examples"/needed digest md5 >out 2>err
	[ "$(cat out)" = "$(printf abc | md5sum | cut -d ' ' -f 1)" ]
	[ "$(cat err)" = "needed: room for 0 bytes, needed are 16" ]
}

# The answer that the control of the test driver is to give: status, detail,
# bytes returned, bytes needed; in hexadecimal digits, least byte first.
answer() {
	# shellcheck disable=SC2001  # of every two digits
	printf %b "$(sed 's/../\\x&/g' <<<"$1$2$3$4")"
}

@test "needed makes the room that a driver says its answer takes" {
	answer 00000000 00000000 0a00000000000000 0a00000000000000 |
		"$examples"/needed test answer >out 2>err
	[ "$(cat out)" = 78787878787878787878 ]
	[ "$(cat err)" = "needed: room for 0 bytes, needed are 10" ]
}

@test "needed ends when a driver wants what it was given" {
	answer a6ffffff 00000000 0000000000000000 2000000000000000 >in
	run "$examples"/needed test answer <in
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = "needed: room for 0 bytes, needed are 32" ]
	[[ ${lines[1]} == "needed: "*"32 bytes"*"(EMSGSIZE)." ]]
}

@test "needed tells when there is no memory for what a driver needs" {
	answer a6ffffff 00000000 0000000000000000 ffffffffffffffff >in
	run "$examples"/needed test answer <in
	[ "$status" -eq 1 ]
	[ "${lines[1]}" = "needed: no memory for the 18446744073709551615 bytes that are needed" ]
}

@test "needed does not mend what is not the length of the output" {
	head -c 10 /dev/zero >in
	run "$examples"/needed test answer <in
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "needed: The in operand has 10 bytes"*"(EMSGSIZE)." ]]
	head -c 4097 /dev/zero >in
	run "$examples"/needed digest sha512 <in
	[ "$status" -eq 1 ]
	[ "$output" = "needed: standard input: longer than 4096 bytes" ]
}

@test "needed tells of devices and controls that are not there" {
	run "$examples"/needed no-such-device nop
	[ "$status" -eq 1 ]
	[[ $output == "needed: "*"(ENOENT)." ]]
	run "$examples"/needed digest no-such-control
	[ "$status" -eq 1 ]
	[[ $output == *'no copied control "no-such-control"'*"kshmctl device show digest"* ]]
	run "$examples"/needed sioctl METHOD_NEITHER
	[ "$status" -eq 1 ]
	[[ $output == *"no copied control"* ]]
}

# send TEXT: when somebody waits for it
send() {
	until [ "$(kshmctl call event send --in text:example --data "text:$1" --json | jq '.call[0].detail')" -ge 1 ]; do
		kill -0 "$event"
		sleep 0.1
	done
}

@test "event prints messages as they come, and ends after as many as it is told" {
	"$examples"/event example 3 >out 2>err 3>&- &
	event=$!
	send one
	send ''
	send "$(printf '%05000d' 7)"
	wait "$event"
	[ "$(head -n 2 out)" = $'one' ]
	[ "$(sed -n 3p out | tr -d '\n' | wc -c)" -eq 4096 ]
	[ "$(cat err)" = "event: the message had 5000 bytes" ]
	[ "$(kshmctl handle list --json | jq '.handles | length')" -eq 0 ]
}

@test "event tells when its output is lost" {
	"$examples"/event example >/dev/full 2>err 3>&- &
	event=$!
	send one
	! wait "$event" || false
	[ "$(cat err)" = "event: standard output: No space left on device" ]
}
