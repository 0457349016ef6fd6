# SPDX-License-Identifier: GPL-2.0
# kshm - tests of the example scripts that need no module: on the host

setup() {
	tree=$(realpath "$BATS_TEST_DIRNAME/../..")
	scripts=$tree/examples/scripts
	PATH=$tree/tools:$PATH
	cd "$BATS_TEST_TMPDIR"
}

no_module() {
	[ ! -e /sys/module/kshm ] || skip "the module is loaded here"
}

# What it finds, without the headings: name and code, a line each.
decode() {
	"$scripts/decode-header" "$@" | tail -n +2 | tr -s ' ' | cut -d ' ' -f 1,2
}

@test "every script called wrongly says how to call it and exits 2" {
	while read -r words; do
		# shellcheck disable=SC2086  # words
		run "$scripts"/$words
		[ "$status" -eq 2 ]
		[[ $output == "usage: ${words%% *} "* ]]
	done <<-'END'
		verify-sums
		verify-sums --help
		verify-sums one two three
		ci-gate --help
		decode-header
		decode-header --help
		decode-header --json
		compare-methods --help
		compare-methods --repeat
		compare-methods --repeat 0
		compare-methods --call null
		compare-methods 4X
		compare-methods -1
		nothing-pinned --help
		nothing-pinned --grace
		nothing-pinned --grace -1
		nothing-pinned --grace soon
		nothing-pinned 5
		on-message
		on-message name
	END
}

@test "every script without kshmctl says so" {
	echo "#define A 0x9c402408" >header.h
	echo "$(printf '%064d' 0)  file" >sums
	for words in ci-gate nothing-pinned compare-methods "on-message name echo" "verify-sums sums" "decode-header header.h"; do
		# shellcheck disable=SC2086  # words
		run env PATH=/nowhere "$scripts"/$words
		[ "$status" -ne 0 ]
		[ "$output" = "${words%% *}: kshmctl is not installed, or not in the PATH" ]
	done
}

@test "without the module the scripts that need it say so and exit 3" {
	no_module
	: >file
	sha256sum file >sums
	for words in "ci-gate" "ci-gate digest" nothing-pinned "nothing-pinned --grace 1000" \
		compare-methods "verify-sums sums"; do
		# shellcheck disable=SC2086  # words
		run "$scripts"/$words
		[ "$status" -eq 3 ]
		[[ $output == *"not loaded"* ]]
	done
	[[ $(PATH=$PATH "$scripts/ci-gate" digest 2>&1) == *"device digest: not there"* ]]
}

@test "verify-sums tells that standard input is closed" {
	run bash -c '"$0" - <&-' "$scripts/verify-sums"
	[ "$status" -eq 1 ]
	[ "$output" = "verify-sums: standard input is closed" ]
}

@test "decode-header takes kshm's own header apart" {
	run "$scripts/decode-header" "$tree/uapi/linux/kshm_sioctl.h"
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 5 ]
	[[ ${lines[1]} == "KSHM_SIOCTL_METHOD_IN_DIRECT "*"0x9c402401 0x9c40 "*"0x900 "*"any "*"to-driver "*"METHOD_IN_DIRECT" ]]
	[[ ${lines[4]} == "KSHM_SIOCTL_METHOD_NEITHER "*"0x9c40240f "*"0x903 "*METHOD_NEITHER ]]
}

@test "decode-header reads a header as people write them on Windows" {
	# shellcheck disable=SC1003  # a header's lines can end with a backslash
	printf '%s\r\n' '/* A header.' '#define NOT_THIS 0x9c402400' '*/' '#ifndef H' '#define H' \
		'#define TYPE 40000 // a device' \
		'#define MAKE(f) CTL_CODE(TYPE, f, METHOD_BUFFERED, FILE_ANY_ACCESS)' \
		'#define IOCTL_A \' '    CTL_CODE( TYPE, 0x900, METHOD_IN_DIRECT, FILE_ANY_ACCESS  )' \
		'  #  define IOCTL_B CTL_CODE(TYPE /* as above, */, 0x900 + 1, \' \
		'	METHOD_OUT_DIRECT, (FILE_READ_DATA | FILE_WRITE_DATA)) /* see' 'below */' \
		'#define IOCTL_C ((ULONG) 0x9C402408UL)' \
		'#define IOCTL_D ((DWORD)CTL_CODE(0x9c40, (0x800 + (3)), 3, 0))' \
		'#endif' >header.h
	run decode header.h
	[ "$status" -eq 0 ]
	[ "$output" = "IOCTL_A 0x9c402401
IOCTL_B 0x9c40e406
IOCTL_C 0x9c402408
IOCTL_D 0x9c40200f" ]
}

# The first and the last of each row of the table, and what a number stands for.
@test "decode-header knows the device types of Windows" {
	while read -r name number; do
		echo "#define C_$name CTL_CODE(FILE_DEVICE_$name, 0, 0, 0)" >>header.h
		printf 'C_%s 0x%08x\n' "$name" $((number << 16)) >>expected
	done <<-'END'
		BEEP 0x01
		DISK 0x07
		KEYBOARD 0x0b
		MOUSE 0x0f
		NULL 0x15
		SERIAL_PORT 0x1b
		UNKNOWN 0x22
		VIRTUAL_DISK 0x24
		VDM 0x2c
		MASS_STORAGE 0x2d
		DFS_FILE_SYSTEM 0x35
		INFINIBAND 0x3b
		VMBUS 0x3e
		PMI 0x45
		USBEX 0x49
		CONSOLE 0x50
		TRUST_ENV 0x56
		PRM 0x5e
		I3C 0x65
	END
	decode header.h | diff expected -
}

@test "decode-header reads what is assigned, over lines" {
	cat >header.h <<-'END'
		enum { FIRST = 0x9c402408, SECOND = KSHM_CODE(0x8e01,
			0x800,	/* function */
			KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_READ), THIRD };
		static const __u32 fourth = 0x8e016001;
		#define SMALL 0xffff
		#define DECIMAL 2621449224
	END
	[ "$(decode header.h)" = "FIRST 0x9c402408
SECOND 0x8e016001
fourth 0x8e016001" ]
}

@test "decode-header is not misled by what is in quotes" {
	cat >header.h <<-'END'
		char *s = "/*", *t = "\"/*; A = 0x9c402404 }", c = '"', d = '\'';
		#define ONE 0x9c402408
		#error don't /* it is no quote */
		extern "C" { enum { TWO = CTL_CODE(0x8000, 0x800, 0, 0), }; }
		#define URL "http://kshm" /* THREE = 0x9c402404 */
		static const unsigned int four =
			0x9c402408;
		/* from here on nothing is read
		#define SEVEN 0x9c402408
	END
	run "$scripts/decode-header" header.h
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "decode-header: header.h: a comment has no end" ]
	[ "$(decode header.h 2>/dev/null | paste -sd ' ')" = "ONE 0x9c402408 TWO 0x80002000 four 0x9c402408" ]
}

@test "decode-header passes over a byte order mark, and tells of UTF-16" {
	printf '\xef\xbb\xbf#define A CTL_CODE(0x8000,0x800,0,0)\r\n' >utf-8.h
	[ "$(decode utf-8.h)" = "A 0x80002000" ]
	for form in UTF-16LE UTF-16BE; do
		printf '\xef\xbb\xbf#define A CTL_CODE(0x8000,0x800,0,0)\r\n' |
			iconv -f UTF-8 -t "$form" >utf-16.h
		run "$scripts/decode-header" utf-16.h
		[ "$status" -eq 1 ]
		[[ ${lines[0]} == "decode-header: utf-16.h: UTF-16"*iconv* ]]
		[ "$(iconv -f UTF-16 -t UTF-8 utf-16.h | decode /dev/stdin)" = "A 0x80002000" ]
	done
}

# A minute each, were the rest of the file looked at for every item.
@test "decode-header takes seconds for headers of thousands of lines" {
	{
		for ((i = 0; i < 3000; i++)); do
			echo 'static inline void f(int a){ if (a == 1) { a = 2; b = g(a, h(i, j(k))); } }'
		done
		echo 'enum {'
		for ((i = 0; i < 1000; i++)); do
			echo "CODE_$i = CTL_CODE(0x8000, $i, METHOD_NEITHER, FILE_READ_ACCESS),"
		done
		echo '};'
		printf 'x = (int)a + %.0s' {1..20000}
	} >header.h
	TIMEFORMAT=%U
	{ time decode header.h >found; } 2>took
	[ "$(wc -l <found)" -eq 1000 ]
	[ "$(cut -d . -f 1 took)" -lt 20 ]
}

@test "decode-header knows the names of the headers before" {
	echo "#define TYPE 0x8e40" >first.h
	echo "#define CODE KSHM_CODE(TYPE, 0x800, KSHM_METHOD_NEITHER, KSHM_ACCESS_WRITE)" >second.h
	[ "$(decode first.h second.h)" = "CODE 0x8e40a003" ]
}

@test "decode-header gives JSON, of many codes" {
	for ((i = 0; i < 600; i++)); do
		echo "#define CODE_$i CTL_CODE(0x8000, $i, METHOD_NEITHER, FILE_READ_ACCESS)"
	done >header.h
	"$scripts/decode-header" --json header.h >json
	[ "$(jq '.codes | length' json)" -eq 600 ]
	[ "$(jq -c '.codes[300]' json)" = '{"name":"CODE_300","code":"0x800044b3","type":"0x8000","function":"0x12c","access":"read","method":"raw","windows_method":"METHOD_NEITHER"}' ]
}

@test "decode-header tells of codes that are not made of numbers, and shows the rest" {
	cat >header.h <<-'END'
		#define UNKNOWN CTL_CODE(ELSEWHERE, 1, 2, 3)
		#define LARGE CTL_CODE(0x10000, 1, 2, 3)
		#define THREE CTL_CODE(1, 2, 3)
		#define EVIL CTL_CODE(x[$(touch evil)], 1, 2, 3)
		#define GOOD 0x9c402408
	END
	run "$scripts/decode-header" header.h
	[ "$status" -eq 1 ]
	[[ $output == *"UNKNOWN: not a number that is known: ELSEWHERE"* ]]
	[[ $output == *"LARGE: too large: 0x10000"* ]]
	[[ $output == *"THREE: not four arguments: 1, 2, 3"* ]]
	[[ $output == *"EVIL: not a number"* ]]
	[[ $output == *"GOOD "* ]]
	[ ! -e evil ]
}

@test "decode-header tells of headers without codes and of no headers" {
	echo "#define X 5" >header.h
	run "$scripts/decode-header" header.h
	[ "$status" -eq 1 ]
	[ "$output" = "decode-header: no control code found" ]
	run "$scripts/decode-header" no-such-file .
	[ "$status" -eq 1 ]
	[[ $output == *"no-such-file: not a file that can be read"*".: not a file"* ]]
	echo "#define A 0x9c402408" >' -odd
name'
	[ "$(decode "./ -odd
name")" = "A 0x9c402408" ]
}
