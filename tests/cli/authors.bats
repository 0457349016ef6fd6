# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the commands of docs/driver-authors.md

@test "the commands for debugging show what came of a request" {
	commands=$(tests/static/typed docs/driver-authors.md trace)
	[ "$(wc -l <<<"$commands")" -eq 4 ]
	run bash -ec "$commands"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"kshm_request_done: req="*" device=null "*" status=0 pages=3 "* ]]
	[ "$(cat /sys/kernel/tracing/events/kshm/enable)" = 0 ]
}
