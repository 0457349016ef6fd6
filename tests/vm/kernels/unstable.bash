# SPDX-License-Identifier: GPL-2.0
# kshm - the newest kernel of Debian's unstable
# shellcheck shell=bash source-path=SCRIPTDIR source=suite.bash
# shellcheck disable=SC2034,SC2154  # suite is for suite.bash, top of tests/vm/kernel

suite=unstable
. "$top/tests/vm/kernels/suite.bash"
