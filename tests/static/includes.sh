#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of who includes whom
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

# The module's files from the top down: a file includes headers of its own row
# and of rows below, never from above.
layers='
main
file null handle_debugfs
ioctl
request request_verify handler pended in_flight completion cancel info uring
method
part piece gift made view context
create release share sequence_file open attach publish name_list handle_list
hold
handle key name
region slot queue
device sysfs node
control
mdl user_buffer
watch section
fill
buffer longterm memlock sequence
account descriptor guard holder listed trace verifier
explain
limits version capture compat/compat compat/uring
'

layer_of() {
	awk -v name="$1" '{ for (i = 1; i <= NF; i++) if ($i == name) print NR }' <<<"$layers"
}

own_includes() {
	sed -nE 's/^#include "(.*)\.h"/\1/p' "$1"
}

# A method, a part of a region, and what else a request names, gives, makes or leaves, take
# apart what a request is made of, and tracepoints tell it; a device that goes cancels what its
# handles have pending, and detaches them.
allowed_upwards='method.c:request part.c:request piece.c:request gift.c:request made.c:request'
allowed_upwards+=' view.c:request context.c:request method.c:pended method.c:request_verify device.c:handle'
allowed_upwards+=' context.c:request_verify device.c:context device.c:cancel device.c:request_verify'
allowed_upwards+=' trace.c:request'

includes_point_one_way() {
	local file name from to included

	while read -r file; do
		name=${file#module/}
		from=${name%.[ch]}
		from=$(layer_of "${from%_test}")	# tests are in the row of what they test
		[[ $from ]] || { echo "$file: in no layer"; continue; }
		while read -r included; do
			to=$(layer_of "$included")
			[[ $to ]] || { echo "$file: $included.h is in no layer"; continue; }
			[[ " $allowed_upwards " != *" $name:$included "* ]] || continue
			((from <= to)) || echo "$file includes $included.h from above"
		done < <(own_includes "$file")
	done < <(files 'module/*.c' 'module/*.h' | grep -vE 'module/(drivers|include|compat/probes)/')
}

# module/drivers/NAME_part.c: NAME
driver_of() {
	basename "${1%%_*}" .c
}

includes_of_drivers() {
	local file included

	while read -r file; do
		included=$(own_includes "$file")
		# One of several files has a header with those of its driver.
		[[ ! $included || $included == "$(driver_of "$file")" ]] ||
			echo "$file includes a header of the module"
		grep -E '^#include <.*kshm' "$file" |
			grep -vE '<linux/kshm(_driver|_[a-z]+)?\.h>' | sed "s|^|$file: |" || true
	done < <(files 'module/drivers/*.[ch]')
}

# An ioctl tells how wide a terminal is; those of kshm are the library's.
includes_of_kshmctl() {
	files 'tools/*.c' 'tools/*.h' | grep -vx tools/fold.c |
		xargs grep -nE '^#include <(linux|asm|sys/ioctl)|\bioctl\(' || true
}

# Kernels are told apart by probes of their headers.
includes_no_kernel_versions() {
	files 'module/*' 'tests/module/*' |
		xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION' || true
}

run_tests "$@" -- includes_point_one_way includes_of_drivers \
	includes_of_kshmctl includes_no_kernel_versions
