# SPDX-License-Identifier: GPL-2.0
# kshm - the kernel of Debian's trixie
# shellcheck shell=bash source-path=SCRIPTDIR source=suite.bash
# shellcheck disable=SC2034,SC2154  # suite is for suite.bash, top of tests/vm/kernel

suite=trixie
. "$top/tests/vm/kernels/suite.bash"
