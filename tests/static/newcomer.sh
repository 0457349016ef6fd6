#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kshm - test that a newcomer gets from a clone to a driver of his own by the
# documents alone
#
# In a root of Debian with git, make and sudo and nothing else, an ordinary user
# types what the documents say is to be typed, line by line.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=tap.bash
. "${BASH_SOURCE[0]%/*}/tap.bash"

root=$cache/newcomer-root
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The suite, the mirrors and the names of hosts of the machine itself.
make_root() {
	local mirror suite

	# shellcheck disable=SC2016  # apt's own variables
	read -r mirror suite < <(apt-get indextargets --format '$(SITE) $(CODENAME)' | grep -v security)
	rm -rf --one-file-system "$root" "$root.new"
	mkdir -p "$cache"
	unshare -m debootstrap --variant=minbase --include=git,make,sudo,ca-certificates \
		"$suite" "$root.new" "$mirror" >"$root.log" 2>&1 || { tail -n 5 "$root.log"; return 1; }
	# shellcheck disable=SC2016  # apt's own variables
	apt-get indextargets --format 'deb $(SITE) $(CODENAME) $(COMPONENT)' | sort -u \
		>"$root.new/etc/apt/sources.list"
	chroot "$root.new" useradd --create-home --shell /bin/bash newcomer
	echo "newcomer ALL=(ALL) NOPASSWD: ALL" >"$root.new/etc/sudoers.d/newcomer"
	mv "$root.new" "$root"
}

# The project as it is, uncommitted changes too, in a repository to clone.
make_repository() {
	mkdir "$work/repository"
	files . | tar -c -T - | tar -x -C "$work/repository"
	git -C "$work/repository" init -q
	git -C "$work/repository" add --all
	git -C "$work/repository" -c user.name=kshm -c user.email=kshm@localhost commit -qm all
	git clone -q --bare "$work/repository" "$work/kshm.git"
}

# What is typed, in the order of reading: the README's first commands, of which all
# the tests are one that this cannot be part of, and what it and the document for
# authors of drivers mark as the way to a driver.
typed() {
	tests/static/typed README.md clone | sed 's|URL|/kshm.git|; /^make check/d'
	# The kernel that runs is not of this root; on a dev box its headers are there.
	# shellcheck disable=SC2016  # for the shell inside
	echo 'sudo mkdir -p /lib/modules/$(uname -r)
		sudo ln -s /usr/src/linux-headers-*-amd64 /lib/modules/$(uname -r)/build'
	tests/static/typed README.md make
	tests/static/typed README.md install
	printf '%s\n' "cat >hello.c <<'END'" "$(readme_program)" END
	tests/static/typed README.md compile
	echo "ldd a.out | grep 'libkshm.so.0 => /usr/local/lib/'"
	tests/static/typed README.md driver
	echo "cd ~/kshm"
	tests/static/typed docs/driver-authors.md driver
}

readme_program() {
	awk '/^## From C/ { on = 1 } on && /^```/ { if (++fences == 2) exit; next } on && fences' README.md
}

# Inside, with mounts that end with it. Packages are kept between the runs.
in_root() {
	mkdir -p "$work"/{changes,overlay,merged} "$cache/newcomer-packages/partial"
	# shellcheck disable=SC2016  # for the shell inside
	unshare -m bash -euc '
		root=$2/merged
		mount -t overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/overlay" overlay "$root"
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount --bind "$3" "$root/var/cache/apt/archives"
		rm -f "$root/etc/apt/apt.conf.d/docker-clean"
		cp /etc/resolv.conf "$root/etc"
		cp -r "$2/kshm.git" "$root"
		cp "$2/script" "$root"
		exec chroot "$root" setpriv --reuid "$4" --regid "$4" --init-groups \
			env -i HOME="/home/$4" USER="$4" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin \
			KSHM_INSTALL=yes bash /script
	' bash "$root" "$work" "$cache/newcomer-packages" newcomer
}

newcomer_has_a_driver_that_answers() {
	[[ $(id -u) == 0 ]] || { echo "needs root, for debootstrap and chroot"; exit 77; }
	[[ -d $root ]] || make_root
	make_repository
	{
		echo "set -e"
		echo "cd; git config --global --add safe.directory /kshm.git"
		typed
	} >"$work/script"
	in_root </dev/null >"$work/said" 2>&1 || { tail -n 40 "$work/said"; return 1; }
	# "hello" has two: the driver counted them.
	grep -qx 0200000000000000 "$work/said" || { echo "no answer of the driver:"; tail -n 20 "$work/said"; }
}

run_tests "$@" -- newcomer_has_a_driver_that_answers
