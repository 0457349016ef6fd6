# SPDX-License-Identifier: GPL-2.0
# kshm - 6.1 with all that watches memory and locks, from Debian's source
# shellcheck shell=bash source-path=SCRIPTDIR source=source.bash
# shellcheck disable=SC2034,SC2154  # configs is for source.bash, top of tests/vm/kernel

configs=("$top/tests/vm/kernels/debug.config")

source_version() {
	dpkg-query -W -f '${Version}' linux-source-6.1
}

unpack_source() {
	tar -x -f /usr/src/linux-source-6.1.tar.xz -C "$1" --strip-components=1
}

. "$top/tests/vm/kernels/source.bash"
