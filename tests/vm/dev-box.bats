#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of what the README says of a dev box: an ordinary user types its
# lines, without udev, with udev, and where the kernel takes signed modules only
# shellcheck disable=SC2154  # bats sets BATS_FILE_TMPDIR

# Files of Debian packages that a dev box has and the virtual machine has not.
packaged() {
	dpkg -L make openssl passwd sudo udev |
		grep -vE '^(/usr/share|/etc|/usr/lib/systemd|/lib/systemd/(network|system)/|/var)' |
		while read -r file; do [[ ! -f $file ]] || echo "$file"; done
	echo /usr/bin/getent
	find /lib/x86_64-linux-gnu/security -name pam_permit.so
	find /usr/lib/linux-kbuild-*/scripts -name sign-file
}

# boot NAME: the machine with a script of tests/vm/dev-box on standard input
boot() {
	local script=$BATS_FILE_TMPDIR/script-$1

	cat >"$script"
	tests/vm/run --no-modules --share "$tree" "${options[@]}" --with "$script" --root -- \
		/kshm/tests/vm/dev-box "/with/${script##*/}" >"$BATS_FILE_TMPDIR/said-$1" 2>&1 || {
		cat "$BATS_FILE_TMPDIR/said-$1"
		return 1
	}
}

setup_file() {
	local file name release
	release=$(bash -c '. tests/vm/places.bash && kernel_release')
	tree=$BATS_FILE_TMPDIR/tree
	options=()

	mkdir "$tree"
	git ls-files -z --cached --others --exclude-standard |
		xargs -0 ls -d 2>/dev/null | tar -c -T - | tar -x -C "$tree"
	make -s -C "$tree" KDIR="/usr/src/linux-headers-$release" \
		CONFIG_DEBUG_INFO_BTF_MODULES= >"$BATS_FILE_TMPDIR/make" 2>&1
	while read -r file; do
		options+=(--carry "$file")
	done < <(packaged)
	"$tree/tools/kshmctl" new-driver frob "$tree/frob"
	make -s -C "$tree/frob" KSHM=.. KDIR="/usr/src/linux-headers-$release" \
		CONFIG_DEBUG_INFO_BTF_MODULES= >>"$BATS_FILE_TMPDIR/make" 2>&1
	tests/static/typed docs/driver-authors.md insmod >"$BATS_FILE_TMPDIR/insmod-frob"
	tests/static/typed README.md insmod >"$BATS_FILE_TMPDIR/insmod"
	tests/static/typed README.md load >"$BATS_FILE_TMPDIR/load"
	tests/static/typed README.md udev >"$BATS_FILE_TMPDIR/udev"
	tests/static/typed README.md sign >"$BATS_FILE_TMPDIR/sign"
	for name in insmod insmod-frob load udev sign; do
		options+=(--with "$BATS_FILE_TMPDIR/$name")
	done

	boot plain <<-'END'
		types insmod
		logged taint kshm
		types load
		says load-by-the-user make load
		says load-once sudo make load PARAMS="mode=0640 gid=1000"
		nodes loaded
		says load-twice sudo make load
		says load-in-vain sudo make load PARAMS=mode=0600
		exec 3</dev/kshm/digest 4</dev/kshm/sioctl
		says unload-in-use sudo make unload
		exec 4<&-
		mkdir away
		mv module/*.ko away
		says unload-in-use-unbuilt sudo make unload
		mv away/* module
		exec 3<&-
		cd frob
		PATH=$PWD/../tools:$PATH types insmod-frob
		says rmmod-frob sudo rmmod kshm_frob
		cd ..
		says unload sudo make unload
		without_group
		says load-without-group sudo make load
		says create-named sudo tools/kshmctl section create named --size 1
		says unload-named sudo make unload
		says remove-named sudo tools/kshmctl section remove named
		says load-named sudo make load
		says unload-again sudo make unload
		mv module/kshm_digest.ko module/kshm_digest.ko.away
		cp /with/sign module/kshm_digest.ko
		says load-broken sudo make load
		mv module/kshm_digest.ko.away module/kshm_digest.ko
	END
	boot udev <<-'END'
		without_group
		set_up_udev
		types udev
		says insmod-udev sudo insmod module/kshm.ko
		says insmod-udev-driver sudo insmod module/kshm_sioctl.ko
		udev_done
		nodes by-the-rule
		says call tools/kshmctl call sioctl METHOD_BUFFERED --out-len 100 --text --in text:x
		says rmmod sudo rmmod kshm_sioctl kshm
		udev_done_removing
		says insmod-gid sudo insmod module/kshm.ko gid=1000
		says insmod-gid-driver sudo insmod module/kshm_sioctl.ko
		udev_done
		nodes by-gid
		says rmmod-gid sudo rmmod kshm_sioctl kshm
		udev_done_removing
		types insmod
		udevadm control --exit
	END
	boot locked <<-'END'
		mount -t securityfs securityfs /sys/kernel/security
		mkdir -p "/lib/modules/$(uname -r)/build"
		ln -s /usr/lib/linux-kbuild-*/scripts "/lib/modules/$(uname -r)/build"
		types sign
		says signer modinfo -F signer module/kshm.ko module/kshm_digest.ko
		insmod module/kshm.ko
		echo integrity >/sys/kernel/security/lockdown
		logged before kshm
		says lockdown sudo insmod module/kshm_sioctl.ko
		logged lockdown-log Lockdown
		says lockdown-load sudo make load
		dmesg=$(type -P dmesg)
		mv "$dmesg" "$dmesg.away"
		says lockdown-load-without-dmesg sudo make load
		mv "$dmesg.away" "$dmesg"
		says lockdown-doctor tools/kshmctl doctor
	END
}

# What the machine said in a section.
said() {
	awk -v wanted="== $2" '/^== / { on = $0 == wanted; next } on' "$BATS_FILE_TMPDIR/said-$1"
}

# The lines of the README after a mark.
in_readme() {
	awk -v mark="<!-- log: $1 -->" '$0 == mark { wanted = 1; next }
		/^```/ && wanted { inside = !inside; if (!inside) exit; next }
		inside' README.md
}

# has SUBJECT PATTERN...: all are there, in this order
has() {
	local text=$1

	shift
	echo "$text"
	for pattern; do
		[[ $text == *"$pattern"* ]]
		text=${text#*"$pattern"}
	done
}

@test "one insmod gives a device that the user can use" {
	text=$(said plain insmod)
	has "$text" "digest" "kshm_digest" "read-write" "exit status 0"
	grep -qx "$(sha256sum <README.md | cut -d ' ' -f 1)" <<<"$text"
}

@test "the kernel log says what the README says of taint" {
	diff <(in_readme taint) <(said plain taint)
}

@test "load inserts in dependency order and unload reverses it" {
	has "$(said plain load)" "insmod module/kshm.ko gid=990" "insmod module/kshm_digest.ko" \
		"insmod module/kshm_sioctl.ko" "kshm" "digest" "read-write" \
		"rmmod kshm_sioctl" "rmmod kshm_digest" "rmmod kshm"$'\n' "exit status 0"
}

@test "a driver is loaded as the document for authors of drivers says" {
	text=$(said plain insmod-frob)
	has "$text" "NAME " count "exit status 0"
	grep -qE '^ +[1-9][0-9]*$' <<<"$text"
	has "$(said plain rmmod-frob)" "exit status 0"
}

@test "load is for root, and says so" {
	has "$(said plain load-by-the-user)" "Only root" "sudo make load" "exit status 2"
}

@test "load takes parameters of kshm.ko" {
	has "$(said plain load-once)" "insmod module/kshm.ko mode=0640 gid=1000"$'\n' "exit status 0"
	has "$(said plain loaded)" "/dev/kshm/digest 640 root tester" "/dev/kshm/null 666 root tester"
}

@test "load leaves alone what is loaded" {
	text=$(said plain load-twice)
	has "$text" "kshm is loaded already" "kshm_digest is loaded already" "exit status 0"
	[[ $text != *insmod* ]]
}

@test "load does not ignore parameters for what is loaded" {
	text=$(said plain load-in-vain)
	has "$text" "kshm is loaded already, and would not hear of mode=0600" "make unload" "exit status 2"
	[[ $text != *insmod* ]]
}

@test "unload says what is in use, takes the rest, and fails" {
	has "$(said plain unload-in-use)" "rmmod kshm_sioctl" \
		"kshm_sioctl stays: it is used by a program that has its device open" \
		"rmmod kshm_digest" "kshm_digest stays: it is used by" "rmmod kshm" \
		"kshm stays: it is used by kshm_digest, kshm_sioctl"$'\n' "exit status 2"
	has "$(said plain unload-named)" "rmmod kshm"$'\n' \
		"kshm stays: it is used by a program that has its device open, or a section that has a name: see kshmctl section list" \
		"exit status 2"
}

@test "unload needs none of what was built" {
	has "$(said plain unload-in-use-unbuilt)" "rmmod kshm_sioctl" "kshm_digest stays" \
		"kshm stays: it is used by kshm_digest"$'\n' "exit status 2"
	has "$(said plain unload)" "kshm_sioctl is not loaded" "rmmod kshm_digest" "rmmod kshm" "exit status 0"
}

@test "without a group kshm load gives the nodes to who called sudo" {
	has "$(said plain load-without-group)" "insmod module/kshm.ko gid=1000" "exit status 0"
	has "$(said plain unload-again)" "rmmod kshm_digest" "rmmod kshm"$'\n' "exit status 0"
}

@test "load loads nothing where a module is none" {
	has "$(said plain load-broken)" "module/kshm_digest.ko is no module" "exit status 2"
	[[ $(said plain load-broken) != *insmod* ]]
}

@test "the udev rule gives nodes to group kshm, but the null device to all" {
	has "$(said udev udev)" "exit status 0"
	has "$(said udev insmod-udev)" "exit status 0"
	has "$(said udev insmod-udev-driver)" "exit status 0"
	has "$(said udev by-the-rule)" "/dev/kshm/null 666 root root" "/dev/kshm/sioctl 660 root kshm"
	has "$(said udev call)" "This String is from Device Driver !!!" "exit status 0"
}

@test "the udev rule leaves alone what gid gave" {
	has "$(said udev rmmod)" "exit status 0"
	has "$(said udev insmod-gid)" "exit status 0"
	has "$(said udev insmod-gid-driver)" "exit status 0"
	has "$(said udev rmmod-gid)" "exit status 0"
	has "$(said udev by-gid)" "/dev/kshm/null 666 root tester" "/dev/kshm/sioctl 660 root tester"
}

@test "with udev one insmod gives a device that the user can use too" {
	has "$(said udev insmod)" "kshm_digest" "read-write" "$(sha256sum <README.md | cut -d ' ' -f 1)" "exit status 0"
}

@test "modules are signed as the README says" {
	has "$(said locked sign)" "exit status 0"
	[ "$(said locked signer)" = $'kshm\nkshm\nexit status 0' ]
}

@test "a locked down kernel refuses unsigned modules in the README's words" {
	masked() { sed 's/kshm_sioctl/kshm/'; }
	diff <(in_readme lockdown) \
		<({ said locked lockdown | grep -v '^exit status'; said locked lockdown-log; } | masked)
}

@test "load on a locked down kernel names Secure Boot" {
	has "$(said locked lockdown-load)" "insmod module/kshm_copy.ko" "Operation not permitted" \
		"Secure Boot" "exit status 2"
	has "$(said locked lockdown-load-without-dmesg)" "Operation not permitted" "Secure Boot" "exit status 2"
}

@test "the doctor of a locked down kernel finds the module that was loaded before" {
	has "$(said locked lockdown-doctor)" "module " "ok " "loaded" "device null" "ok " "exit status 0"
}
