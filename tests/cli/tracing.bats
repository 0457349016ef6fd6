# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the lines of docs/tracing.md, as root

events=/sys/kernel/tracing/events

setup() {
	# What is printed in place of addresses takes random numbers.
	head -c 1 /dev/random >/dev/null
	: >/sys/kernel/tracing/trace
}

# Numbers of requests, and addresses of theirs, as what they are.
masked() {
	sed -E 's/(req|mdl)=[0-9a-f]{16} /\1=N /; s/addr=0x[0-9a-f]+/addr=ADDR/'
}

@test "the lines for tracefs show what the document says" {
	run bash -ec "$(tests/static/typed docs/tracing.md tracefs)"
	echo "$output"
	[ "$status" -eq 0 ]
	diff <(masked <<<"$output") <(tests/static/typed docs/tracing.md tracefs shown | masked)
	# All of them are of one request, by one number.
	[ "$(grep -oE '(req|mdl)=[0-9a-f]+' <<<"$output" | cut -d = -f 2 | sort -u | wc -l)" -eq 1 ]
	[ "$(cat "$events/kshm/enable")" = 0 ]
}

@test "the lines with a filter show requests that failed, and no others" {
	run bash -ec "$(tests/static/typed docs/tracing.md tracefs-filter)"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c '^kshm_' <<<"$output")" -eq 1 ]
	[[ $output == *"kshm_request_done: req="*" device=sioctl "*" status=-22 "* ]]
	[ "$(cat "$events/kshm/kshm_request_done/filter")" = none ]
	[ "$(cat "$events/kshm/enable")" = 0 ]
}

has_event() {
	[ -e "$events/$1/$2/format" ] || { echo "no event $1:$2"; return 1; }
}

has_field() {
	has_event "$1" "$2" || return
	grep -qE "field:.* $3(\[[0-9]+\])?;" "$events/$1/$2/format" ||
		{ echo "no field $3 of $1:$2"; return 1; }
}

@test "the lines for trace-cmd name events and fields that there are" {
	local option word event nr=0

	while read -r option word; do
		nr=$((nr + 1))
		case $option$word in
		-e*:*)	event=${word#*:}; has_event "${word%:*}" "$event" ;;
		-e*)	[ -e "$events/$word/enable" ] ;;
		-f*)	has_field kshm "$event" "${word#\'}" ;;
		esac
	done < <(tests/static/typed docs/tracing.md trace-cmd | grep -oE -- "-(e [a-z_:]+|f '[a-z_]+)")
	[ "$nr" -eq 5 ]
}

@test "the lines for bpftrace name events and fields that there are" {
	local word system event nr=0

	while read -r word; do
		nr=$((nr + 1))
		case $word in
		tracepoint:*)	IFS=: read -r _ system event <<<"$word"; has_event "$system" "$event" ;;
		*)		has_field "$system" "$event" "${word#*>}" ;;
		esac
	done < <(tests/static/typed docs/tracing.md bpftrace | grep -oE 'tracepoint:[a-z_]+:[a-z_]+|args->[a-z_]+')
	[ "$nr" -ge 20 ]
}

# What reads events elsewhere, as trace-cmd does, knows no names of the kernel's numbers.
@test "formats of events say what they mean without the kernel" {
	run grep -hE '^print fmt:.*\bKSHM_' "$events"/kshm/*/format
	echo "$output"
	[ "$status" -eq 1 ]
}
