# SPDX-License-Identifier: GPL-2.0
# kshm - where the test bed finds the tree, its cache and the kernel to test on
#
# Sourced by the scripts beside it. Everything under $cache can be deleted at
# any time and is made again when it is needed.
# shellcheck shell=bash disable=SC2034  # set here, used where it is sourced

shopt -s inherit_errexit	# a failing $(function) ends the script too
set -E
trap 'echo "${0##*/}: line $LINENO failed: $BASH_COMMAND" >&2' ERR

top=$(realpath "${BASH_SOURCE[0]%/*}/../..")
# Without it a tilde is what the system says of the user.
[[ ${HOME:-} ]] || { unset HOME && export HOME=~; }
PATH+=:/usr/sbin:/sbin	# where an ordinary user's shell does not look
cache=$(realpath -m "${KSHM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kshm}")

die() {
	echo "${0##*/}: $*" >&2
	exit 1
}

# The newest 6.1 whose headers are installed: what the modules are built for.
kernel_release() {
	local dir newest=

	while read -r dir; do
		newest=${dir##*/linux-headers-}
	done < <(find /usr/src -maxdepth 1 -regextype posix-extended \
			-regex '.*/linux-headers-6\.1\.[0-9]+-[0-9]+-amd64' | sort -V)
	[[ $newest ]] || die "no headers of a 6.1 kernel: run tests/vm/packages build"
	echo "$newest"
}
