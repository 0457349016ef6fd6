# SPDX-License-Identifier: GPL-2.0
# kshm - tests of kshmctl handle; root's, who becomes others
# shellcheck disable=SC2154  # bats sets output and status

tester() {
	setpriv --reuid tester --regid tester --init-groups "$@"
}

nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# Since the system was started, in steps of ten milliseconds.
uptime_ns() {
	local seconds hundredths

	IFS=' .' read -r seconds hundredths _ </proc/uptime
	echo $(((10#$seconds * 100 + 10#$hundredths) * 10000000))
}

# hold [ARGUMENT]: somebody who has handles and regions, until his input ends: see holder.c
hold() {
	begin=$(uptime_ns)
	mkfifo "$BATS_TEST_TMPDIR/input"
	setpriv --reuid tester --regid tester --init-groups "$BATS_TEST_DIRNAME/holder" "$@" \
		<"$BATS_TEST_TMPDIR/input" >"$BATS_TEST_TMPDIR/output" 3>&- &
	holder=$!
	exec {input}>"$BATS_TEST_TMPDIR/input"
	until grep -q ready "$BATS_TEST_TMPDIR/output"; do
		kill -0 "$holder"
	done
}

let_go() {
	exec {input}>&-
	wait "$holder"
}

teardown() {
	[ ! "${sleeper:-}" ] || kill "$sleeper"
	[ ! "${input:-}" ] || let_go || true
}

# of_holder FILTER: jq's, of the entries of that process
of_holder() {
	tester kshmctl handle list --json | jq -r "[.handles[] | select(.pid == $holder)] | $1"
}

@test "handle list shows who has what pinned" {
	hold
	run tester kshmctl handle list
	echo "$output"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[0]} =~ ^\ *PID\ COMMAND\ +UID\ DEVICE\ KIND\ +REGION\ BYTES\ AGE\ STATE ]]
	[[ ${lines[1]} =~ ^\ *$holder\ holder\ +1000\ null\ +region\ +[0-9]+\ +100\ [0-9]+[smhd]\ +-$ ]]
	[[ ${lines[2]} =~ \ section\ +[0-9]+\ +8192\ [0-9]+[smhd]\ +-$ ]]
	[[ ${lines[3]} =~ \ section\ +[0-9]+\ +8192\ [0-9]+[smhd]\ +imported$ ]]
	[[ ${lines[4]} =~ \ handle\ +-\ +0\ [0-9]+[smhd]\ +-$ ]]
	[[ ${lines[5]} =~ ^\ *$holder\ holder\ +1000\ null\ +section\ +[0-9]+\ +8192\ [0-9]+[smhd]\ +descriptor$ ]]
}

@test "handle list tells programs all that is known" {
	hold
	[ "$(of_holder 'map(.kind) | join(" ")')" = "handle region section handle section handle section" ]
	[ "$(of_holder 'map(.held_by) | map(. // "-") | join(" ")')" = "- id id - id - descriptor" ]
	[ "$(of_holder 'map(.handle) | unique | length')" -eq 4 ]
	[ "$(of_holder '.[1] | .command, .uid, .device, .rights, .bytes, .holds, .uses, .created, .watched' | xargs)" = \
		"holder 1000 null write 100 1 0 true true" ]
	[ "$(of_holder '.[2] | .rights, .bytes, .pages, .holds, .created, .watched' | xargs)" = \
		"read-write 8192 2 3 true false" ]
	[ "$(of_holder '.[4] | .rights, .bytes, .created' | xargs)" = "read 8192 false" ]
	[ "$(of_holder '.[2].region == .[4].region and .[6].region == .[4].region and .[1].region != .[2].region')" = true ]
	[ "$(of_holder '.[5] | .id, .region, .bytes' | xargs)" = "null null 0" ]
	[ "$(of_holder '.[6] | .id, .rights, .bytes, .uses, .created, .destroyed' | xargs)" = "null read 8192 0 false false" ]
	tester kshmctl handle list --json >"$BATS_TEST_TMPDIR/list"
	most=$(($(uptime_ns) - begin + 10000000))
	jq -e --argjson most "$most" --argjson pid "$holder" \
		'[.handles[] | select(.pid == $pid).age_ns] | length == 7 and all(.[]; 0 < . and . <= $most)' "$BATS_TEST_TMPDIR/list"
	[ "$(of_holder 'all(.[]; (.stale or .revoked or .opener_gone or .device_gone | not))')" = true ]
}

@test "handle list shows users their own handles, and root all" {
	hold
	run nobody kshmctl handle list
	[ "$status" -eq 0 ]
	[ "$output" = "kshmctl: there are no handles that you may see" ]
	[ "$(nobody kshmctl handle list --json | jq -c .)" = '{"handles":[]}' ]
	[ "$(kshmctl handle list --json | jq "[.handles[] | select(.pid == $holder)] | length")" -eq 7 ]
	let_go
	run tester kshmctl handle list
	[ "$output" = "kshmctl: there are no handles that you may see" ]
}

@test "handle list knows processes that have ended" {
	(exec 9<>/dev/kshm/null; sleep 1000 3>&- & echo $! >"$BATS_TEST_TMPDIR/sleeper")
	sleeper=$(<"$BATS_TEST_TMPDIR/sleeper")
	run kshmctl handle list
	echo "$output"
	[[ $output =~ opener-gone ]]
	[ "$(kshmctl handle list --json | jq -c '.handles[] | select(.opener_gone) | [.pid, .kind, .uid]')" = '[null,"handle",0]' ]
}

@test "handle list shows what drivers and names hold" {
	hold view
	tester kshmctl section create held --size 8192
	run tester kshmctl handle list
	echo "$output"
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[2]} =~ ^\ *$holder\ holder\ +1000\ test\ +region\ +[0-9]+\ +100\ [0-9]+[smhd]\ +view$ ]]
	[[ ${lines[3]} =~ ^\ *-\ kshmctl\ +1000\ null\ +section\ +[0-9]+\ +8192\ [0-9]+[smhd]\ +name,opener-gone$ ]]
	[ "$(kshmctl handle list --json | jq -c '[.handles[] | select(.region) | .held_by]')" = '["view","name"]' ]
	tester kshmctl section remove held
	let_go
	run tester kshmctl handle list
	[ "$output" = "kshmctl: there are no handles that you may see" ]
}
