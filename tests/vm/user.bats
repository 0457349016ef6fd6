#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the virtual machine for users: make run and make shell
# shellcheck disable=SC2154,SC2016  # bats sets output and others; $ is for the guest

bats_require_minimum_version 1.5.0

setup() {
	dir="$BATS_TEST_TMPDIR/a directory, of a user's"
	mkdir -p "$dir" "$BATS_TEST_TMPDIR/lib"
	make=(make -s --no-print-directory -C "$PWD" DIR="$dir")
}

# A program that needs a library of its own and libkshm: a driver writes into its
# shared mapping of a file, and it says how that went in every way.
write_program() {
	echo 'const char *word(void) { return "from a library"; }' >"$dir/word.c"
	cc -shared -fPIC -o "$BATS_TEST_TMPDIR/lib/libword.so" "$dir/word.c"
	cat >"$dir/program.c" <<-'END'
		#include <fcntl.h>
		#include <kshm.h>
		#include <stdio.h>
		#include <sys/mman.h>

		const char *word(void);

		int main(int argc, char **argv)
		{
			int fd = open(argv[1], O_RDWR);
			char *map = mmap(NULL, 8000, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
			struct kshm_operand data = kshm_operand_user(map, 8000);
			struct kshm_handle *handle;
			__u32 code;

			puts(word());
			fputs("to stderr\n", stderr);
			if (map == MAP_FAILED || kshm_open(&handle, "test", KSHM_OPEN_WRITE) ||
			    kshm_lookup(handle, "write-in-kthread", KSHM_METHOD_OUT_DIRECT, &code) ||
			    kshm_control(handle, code, NULL, NULL, &data, NULL, NULL))
				return 1;
			map[7999] = '!';
			kshm_close(handle);
			return 42;
		}
	END
	cc -Iuapi -Ilib -o "$dir/program" "$dir/program.c" -Llib -lkshm \
		-L"$BATS_TEST_TMPDIR/lib" -lword -Wl,-rpath,"$BATS_TEST_TMPDIR/lib"
	head -c 8000 /dev/zero >"$dir/file"
}

# write_driver STATEMENTS [STATEMENT]: a driver of one control, "sum"; what it does as it
# is loaded, and when it has summed up
write_driver() {
	cat >"$dir/sum.c" <<-END
		#include <linux/kshm_driver.h>
		static int sum(struct kshm_request *req)
		{
			u64 *total = kshm_request_out(req);
			struct kshm_segment seg;
			size_t i;

			kshm_mdl_for_each_segment(kshm_request_mdl(req), seg)
				for (i = 0; i < seg.len; i++)
					*total += ((const u8 *)seg.data)[i];
			kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*total));
			${2:-}
			return 0;
		}
		static const struct kshm_control controls[] = { {
			.code = KSHM_CODE(0x8e40, 0x800, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_READ),
			.name = "sum", .out_min = sizeof(u64), .out_max = sizeof(u64),
			.data_max = KSHM_LENGTH_ANY, .handle = sum,
		} };
		static const struct kshm_device_ops ops = {
			.owner = THIS_MODULE, .controls = controls, .nr_controls = 1,
		};
		$1
		MODULE_DESCRIPTION("sums");
		MODULE_LICENSE("GPL");
	END
	cat >"$dir/Makefile" <<-'END'
		obj-m := sum.o
		ccflags-y := -I$(KSHM)/module/include -I$(KSHM)/uapi
	END
}

@test "run runs a program of the user's with its libraries, on his files" {
	write_program
	run --separate-stderr "${make[@]}" run CMD='./program file; s=$?; id -un; pwd
		kshmctl call digest sha256 --method to-driver --data file --hex
		echo "$s" >status; exit $s'
	echo "$output" "$stderr"
	[ "$status" -eq 2 ]		# make's, of whatever fails
	[[ $stderr == *"to stderr"*"Error 42"* && $output != *"to stderr"* ]]
	[[ ${lines[0]} == "from a library" && ${lines[1]} == tester && ${lines[2]} == /src ]]
	[[ ${lines[3]} == "$(sha256sum <"$dir/file" | cut -d ' ' -f 1)" ]]
	[[ $(<"$dir/status") == 42 && $(stat -c %u "$dir/status") == "$EUID" ]]
	[[ $(tr -d '\0' <"$dir/file") == "written in a kernel thread"*! ]]
}

@test "run carries what quoted words and scripts name, and leaves the guest its own files" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	echo 'const char *word(void) { return "from a library"; }' >"$dir/word.c"
	cc -shared -fPIC -o "$BATS_TEST_TMPDIR/lib/libword.so" "$dir/word.c"
	cat >"$dir/say.c" <<-'END'
		#include <stdio.h>
		const char *word(void);
		int main(int argc, char **argv) { printf("%s %s\n", argv[1], word()); }
	END
	cc -o "$BATS_TEST_TMPDIR/bin/say" "$dir/say.c" -L"$BATS_TEST_TMPDIR/lib" -lword \
		-Wl,-rpath,"$BATS_TEST_TMPDIR/lib"
	cp "$BATS_TEST_TMPDIR/bin/say" "$dir/my program"
	printf '#!/usr/bin/env say\n' >"$dir/script"
	chmod +x "$dir/script"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run "${make[@]}" run \
		CMD='"./my program" quoted; ./script; id -un; head -n 1 /etc/passwd; wc -l </etc/group'
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "quoted from a library
./script from a library
tester
root:x:0:0:root:/root:/bin/bash
3" ]
}

@test "the README's lines run what they say" {
	run bash -ec "$(tests/static/typed README.md run)"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"NAME "*digest*/dev/kshm/sioctl*"$(sha256sum <README.md | cut -d ' ' -f 1)"* ]]
}

@test "demo takes a file of any name" {
	head -c 5000 </dev/urandom >"$dir/it's \$PWD, and a text:"
	run make -s demo FILE="$dir/it's \$PWD, and a text:"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"# 5000 bytes; sha256sum"*"$(cat "$dir"/it* | sha256sum | cut -d ' ' -f 1)"* ]]
}

@test "make takes names of directories, drivers and files as they are" {
	local odd="$dir/\$(shell touch \"$dir/made\") \$PWD 'x'"

	mkdir -p "$odd"
	echo >"$odd/file.ko"
	cd "$odd"
	run make -s -C "$OLDPWD" run CMD=true DRIVER=file.ko
	[ "$output" = "Not a kernel module: file.ko"$'\n'"${lines[1]}" ]
	run make -s -C "$OLDPWD" run CMD=true DIR="$odd/absent"
	[ "${lines[0]}" = "No such directory: $odd/absent" ]
	run make -s -C "$OLDPWD" run CMD=true DRIVER="$odd/absent"
	[ "${lines[0]}" = "No such driver: $odd/absent" ]
	run make -s -C "$OLDPWD" demo FILE="$odd/absent"
	[[ ${lines[0]} == *": $odd/absent" ]]
	[ ! -e "$dir/made" ]
}

@test "run refuses names that cannot be shared, with a sentence" {
	mkdir -p "$dir"/$'new\nline' "$dir"/$'a\ttab'
	for odd in "$dir"/$'new\nline' "$dir"/$'a\ttab'; do
		CMD=true DIR=$odd run tests/vm/user run
		[ "$status" -eq 2 ]
		[ "$output" = "A directory with a newline or a tab in its name cannot be shared: ${odd@Q}" ]
		CMD=true DIR=$dir DRIVER=$odd run tests/vm/user run
		[ "$status" -eq 2 ]
		[ "$output" = "No driver can have a newline or a tab in its path: ${odd@Q}" ]
	done
}

@test "run without a home uses that of the user" {
	DIR=/absent CMD=true run env -u HOME -u XDG_CACHE_HOME -u KSHM_CACHE tests/vm/user run
	[ "$output" = "No such directory: /absent" ]
}

@test "run exits with the program's status where no make is between, and errors stay in order" {
	CMD='echo 1; echo 2 >&2; exit 43' DIR=$dir run tests/vm/user run
	echo "$output"
	[ "$status" -eq 43 ]
	[ "$output" = $'1\n2' ]
}

@test "run builds a driver, loads it, and leaves its directory as it is" {
	write_driver 'module_kshm_device(ops, "sum");'
	run --separate-stderr "${make[@]}" run DRIVER="$dir" \
		CMD='stat -c "%a %G" /dev/kshm/sum; kshmctl call sum sum --data text:abc --hex'
	echo "$output" "$stderr"
	[ "$status" -eq 0 ]
	[ "$output" = $'660 kshm\n2601000000000000' ]
	[ "$(ls "$dir")" = $'Makefile\nsum.c' ]
}

@test "run says what a driver does and should not" {
	write_driver 'module_kshm_device(ops, "sum");' 'total[1] = 1;'
	CMD='kshmctl call sum sum --data text:abc --hex' DIR=$dir DRIVER=$dir \
		run tests/vm/user run
	echo "$output"
	[ "$status" -eq 125 ]
	[[ $output == *2601000000000000* ]]
	[[ $output == *"kernel log is clean"*"verifier: out-overrun: "*"driver sum, device sum, control sum"* ]]
}

@test "run says what the kernel says of a driver that cannot be loaded" {
	write_driver 'static int fail(void) { pr_err("sum: no sums today\n"); return -ENXIO; }
		module_init(fail); const void *used = &ops;'
	CMD='echo never' DIR=$dir DRIVER=$dir run tests/vm/user run
	echo "$output"
	[ "$status" -eq 125 ]
	[[ $output == *"driver sum.ko cannot be loaded"*"No such device or address"*"no sums today"* ]]
	[[ $output != *never* ]]
}

@test "run says what is left behind, and what went wrong in the kernel" {
	# A process that is just beginning its program looks as if it were root's.
	CMD='sleep 1000 & until grep -q sleep /proc/$!/comm; do :; done
		kshmctl call test overwrite --data text:abc' DIR=$dir run tests/vm/user run
	echo "$output"
	[ "$status" -eq 125 ]
	[[ $output == *"not ok"*"process of the tests is left"*sleep* ]]
	[[ $output == *"not ok"*"kernel log is clean"*"BUG: unable to handle"* ]]
}

@test "run refuses a module of another kernel, and says which to build for" {
	local module

	module=$(tests/vm/modules | grep '/kshm_sioctl.ko$')
	sed 's/vermagic=6\.1/vermagic=5.9/' "$module" >"$dir/old.ko"
	echo >"$dir/Makefile"
	CMD=true DIR=$dir DRIVER=old.ko run tests/vm/user run
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"built for kernel 5.9"*"KDIR=/usr/src/linux-headers-6.1"* ]]
	CMD=true DIR=$dir DRIVER=absent.ko run tests/vm/user run
	[ "$status" -eq 2 ]
	[ "$output" = "No such driver: absent.ko" ]
	CMD=true DIR=$dir DRIVER=Makefile run tests/vm/user run
	[ "$status" -eq 2 ]
	[ "$output" = "Not a kernel module: Makefile" ]
}

@test "run refuses a driver that does not build, and shows why" {
	write_driver 'int x = "not a number";'
	CMD=true DIR=$dir DRIVER=. run tests/vm/user run
	echo "$output"
	[ "$status" -eq 2 ]
	[[ $output == *"sum.c:"*"does not build"* ]]
}

@test "run and shell without what they need say how they are called" {
	run "${make[@]}" run DRIVER=/absent
	[ "$status" -eq 2 ]
	[[ $output == "usage: make run CMD="* ]]
	DIR=/absent run tests/vm/user shell
	[ "$status" -eq 2 ]
	[[ $output == "No such directory: /absent" ]]
	DIR=$dir run tests/vm/user shell </dev/null
	[ "$status" -eq 2 ]
	[[ $output == "A shell needs a terminal"* ]]
}

# The terminal of make shell, what it shows, and what is typed there.
terminal() {
	tmux -S "$BATS_TEST_TMPDIR/tmux" -f /dev/null "$@"
}

shows() {
	local deadline=$((SECONDS + 250))

	until terminal capture-pane -p -S - | grep -qE "$1"; do
		((SECONDS < deadline)) || { terminal capture-pane -p -S -; return 1; }
		sleep 0.2
	done
}

# The shell reads: before it shows its prompt a Ctrl-D would be lost.
prompts() {
	local deadline=$((SECONDS + 250))

	until terminal capture-pane -p -S - | sed '/^$/d' | tail -n 1 | grep -q '^kshm:/src\$$'; do
		((SECONDS < deadline)) || { terminal capture-pane -p -S -; return 1; }
		sleep 0.2
	done
}

types() {
	terminal send-keys "$@"
}

teardown() {
	[[ ! -S $BATS_TEST_TMPDIR/tmux ]] || terminal kill-server
}

@test "shell is a shell on the terminal, and leaves that as it was" {
	local size

	terminal new-session -d -x 101 -y 33 -e DIR="$dir" bash --norc
	size=$(terminal display-message -p '#{pane_height} #{pane_width}')
	types 'stty -a >"$DIR/before"; tests/vm/user shell; echo left: $?; stty -a >"$DIR/after"' Enter
	shows '^kshm:/src\$'
	shows 'To leave: exit, or Ctrl-D'
	types 'stty size' Enter
	shows "^$size\$"

	terminal resize-window -x 90 -y 20
	size=$(terminal display-message -p '#{pane_height} #{pane_width}')
	types "until [ \"\$(stty size)\" = '$size' ]; do sleep 0.1; done; echo resized" Enter
	shows '^resized'

	types 'echo begun; sleep 1000' Enter
	shows '^begun'
	types C-c
	types 'echo still here; kshmctl call null nop -m copied --in text:abc' Enter
	shows '^still here'
	prompts
	types C-d
	shows '^left: 0'
	types 'clear; echo compared' Enter
	shows '^compared'
	diff <(sed 1d "$dir/before") <(sed 1d "$dir/after")
}

@test "shell can be left when the guest does not answer" {
	terminal new-session -d -e DIR="$dir" bash --norc
	types "tests/vm/user shell; echo left: \$?" Enter
	prompts
	types 'stty raw -echo; sleep 1000' Enter
	types 'C-]' x
	shows '^The virtual machine was stopped'
	shows '^left: 125'
}
