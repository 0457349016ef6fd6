// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the device "digest"
 *
 * Known answers, and the kernel's AF_ALG sockets, which reach the same
 * algorithms by another way, for what has none.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kshm_digest.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"

struct algorithm {
	const char *name;
	__u32 number;
	size_t size;
	const char *abc;	/* digest of "abc", in hexadecimal */
};

static const struct algorithm algorithms[] = {
	{ "sha256", KSHM_DIGEST_SHA256, 32,
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha512", KSHM_DIGEST_SHA512, 64,
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	{ "sha1", KSHM_DIGEST_SHA1, 20,
	  "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "md5", KSHM_DIGEST_MD5, 16, "900150983cd24fb0d6963f7d28e17f72" },
	{ "crc32c", KSHM_DIGEST_CRC32C, 4, NULL },
	{ "blake2b-512", KSHM_DIGEST_BLAKE2B_512, 64,
	  "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
	  "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923" },
	{ "sha3-256", KSHM_DIGEST_SHA3_256, 32,
	  "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532" },
};

/* The four ways to one digest. */
enum way { TO_DRIVER, MAPPED, COPIED, RAW, WAYS };

static __u32 code_of(__u32 algorithm, enum way way)
{
	switch (way) {
	case TO_DRIVER:
		return KSHM_DIGEST_TO_DRIVER(algorithm);
	case MAPPED:
		return KSHM_DIGEST_MAPPED(algorithm);
	case COPIED:
		return KSHM_DIGEST_COPIED(algorithm);
	default:
		return KSHM_DIGEST_RAW(algorithm);
	}
}

static struct kshm_ioc_control make_request(__u32 algorithm, enum way way,
					    const void *data, size_t len,
					    void *digest, size_t size)
{
	struct kshm_ioc_control arg = request(code_of(algorithm, way));

	if (way == TO_DRIVER || way == MAPPED)
		arg.data = user_operand(data, len);
	else
		arg.in = user_operand(data, len);
	arg.out = user_operand(digest, size);
	return arg;
}

static void digest_of(const struct algorithm *a, enum way way,
		      const void *data, size_t len, unsigned char *digest)
{
	struct kshm_ioc_control arg = make_request(a->number, way, data, len,
						   digest, a->size);
	int fd = device_open("digest", O_RDONLY);

	memset(digest, 0, a->size);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, a->size);
	if (way == TO_DRIVER || way == MAPPED)
		assert_int_equal(arg.data.out_returned, len);
	close(fd);
}

static void to_hex(const unsigned char *digest, size_t size, char *hex)
{
	size_t i;

	for (i = 0; i < size; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

/* A socket for the algorithm, or -1 if the kernel does not have it. */
static int bind_af_alg(const char *name)
{
	struct sockaddr_alg address = {
		.salg_family = AF_ALG, .salg_type = "hash",
	};
	int fd = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf((char *)address.salg_name, sizeof(address.salg_name), "%s",
		 name);
	assert_int_not_equal(fd, -1);
	if (!bind(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	assert_int_equal(errno, ENOENT);
	close(fd);
	return -1;
}

/* What the kernel lacks is an answer of the driver's, in every way. */
static bool kernel_has(const struct algorithm *a)
{
	unsigned char digest[KSHM_DIGEST_MAX_SIZE];
	int fd = bind_af_alg(a->name);
	struct kshm_ioc_control arg;
	enum way way;

	if (fd != -1) {
		close(fd);
		return true;
	}
	/* The only one that Debian built without, so far. */
	assert_int_equal(a->number, KSHM_DIGEST_BLAKE2B_512);
	fd = device_open("digest", O_RDONLY);
	for (way = 0; way < WAYS; way++) {
		arg = make_request(a->number, way, "abc", 3, digest, a->size);
		assert_int_equal(control_try(fd, &arg), 0);
		assert_int_equal(arg.out_status, -EOPNOTSUPP);
	}
	close(fd);
	return false;
}

static void digest_known_answers(void **state)
{
	unsigned char digest[KSHM_DIGEST_MAX_SIZE];
	char hex[2 * KSHM_DIGEST_MAX_SIZE + 1];
	enum way way;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (!algorithms[i].abc || !kernel_has(&algorithms[i]))
			continue;
		for (way = 0; way < WAYS; way++) {
			digest_of(&algorithms[i], way, "abc", 3, digest);
			to_hex(digest, algorithms[i].size, hex);
			assert_string_equal(hex, algorithms[i].abc);
		}
	}
}

/* The check value of CRC-32C, as the kernel's API gives it: little-endian. */
static void digest_crc32c_known_answer(void **state)
{
	static const unsigned char check[] = { 0x83, 0x92, 0x06, 0xe3 };
	unsigned char digest[4];
	enum way way;

	for (way = 0; way < WAYS; way++) {
		digest_of(&algorithms[4], way, "123456789", 9, digest);
		assert_memory_equal(digest, check, 4);
	}
}

static int open_af_alg(const char *name)
{
	int listener = bind_af_alg(name), fd;

	assert_int_not_equal(listener, -1);
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_int_not_equal(fd, -1);
	close(listener);
	return fd;
}

static void reference(const struct algorithm *a, const unsigned char *data,
		      size_t len, unsigned char *digest)
{
	int fd = open_af_alg(a->name);
	ssize_t part;

	while (len) {
		part = send(fd, data, len < 65536 ? len : 65536, MSG_MORE);
		assert_true(part > 0);
		data += part;
		len -= part;
	}
	assert_int_equal(send(fd, NULL, 0, 0), 0);
	assert_int_equal(read(fd, digest, a->size), a->size);
	close(fd);
}

static void fill(unsigned char *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = i * 31 + (i >> 8);
}

static void digest_sizes_by_every_algorithm(void **state)
{
	static const size_t sizes[] = {
		0, 1, 63, 64, 65, 127, 128, 4095, 4096, 4097, 65535, 65536,
		65537, (1 << 20) + 1, 2 << 20,
	};
	unsigned char got[KSHM_DIGEST_MAX_SIZE], want[KSHM_DIGEST_MAX_SIZE];
	struct buffer b = buffer_make(BUFFER_ANON, (2 << 20) + 4096);
	enum way way;
	size_t i, j;

	fill(b.data, b.len);
	for (i = 0; i < ARRAY_SIZE(algorithms); i++) {
		if (!kernel_has(&algorithms[i]))
			continue;
		for (j = 0; j < ARRAY_SIZE(sizes); j++) {
			/* Of those that are slow, what ends in other ways will do. */
			if (harness_brief() && sizes[j] > 1 << 20 &&
			    algorithms[i].number != KSHM_DIGEST_CRC32C)
				continue;
			reference(&algorithms[i], b.data + 3, sizes[j], want);
			for (way = 0; way < WAYS; way++) {
				harness_case();
				digest_of(&algorithms[i], way, b.data + 3,
					  sizes[j], got);
				assert_memory_equal(got, want,
						    algorithms[i].size);
			}
		}
	}
	buffer_free(&b);
}

/* Far more than may be locked; what is pinned for a call does not count. */
static void digest_of_many_pages_in_place(void **state)
{
	const size_t len = harness_brief() ? 32 << 20 : 256 << 20;
	unsigned char got[KSHM_DIGEST_MAX_SIZE], want[KSHM_DIGEST_MAX_SIZE];
	struct buffer b = buffer_make(BUFFER_ANON, len);
	const struct algorithm *crc32c = &algorithms[4];
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
	assert_true(limit.rlim_cur <= 8 << 20);
	memset(b.data, 7, len);
	b.data[len - 1] = 8;
	reference(crc32c, b.data, len, want);
	digest_of(crc32c, TO_DRIVER, b.data, len, got);
	assert_memory_equal(got, want, crc32c->size);
	digest_of(crc32c, MAPPED, b.data, len, got);
	assert_memory_equal(got, want, crc32c->size);
	buffer_free(&b);
}

static void digest_too_small_says_what_is_needed(void **state)
{
	unsigned char digest[KSHM_DIGEST_MAX_SIZE];
	int fd = device_open("digest", O_RDONLY);
	struct kshm_ioc_control arg;
	struct kshm_explain why;
	enum way way;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algorithms); i++) {
		for (way = 0; way < WAYS; way++) {
			arg = make_request(algorithms[i].number, way, "abc", 3,
					   digest, algorithms[i].size - 1);
			why = control_error(fd, &arg, EMSGSIZE,
					    KSHM_EXPLAIN_SHORT,
					    KSHM_OPERAND_OUT);
			assert_int_equal(why.needed, algorithms[i].size);
		}
	}
	close(fd);
}

static void digest_needs_a_handle_open_for_reading(void **state)
{
	unsigned char digest[32];
	struct kshm_ioc_control arg = make_request(KSHM_DIGEST_SHA256, COPIED,
						   "abc", 3, digest, 32);
	int fd = device_open("digest", O_WRONLY);

	control_error(fd, &arg, EACCES, KSHM_EXPLAIN_ACCESS, 0);
	close(fd);
}

static void digest_raw_of_bad_memory(void **state)
{
	unsigned char digest[32];
	struct kshm_ioc_control arg = make_request(KSHM_DIGEST_SHA256, RAW,
						   NULL, 1, digest, 32);
	int fd = device_open("digest", O_RDONLY);

	control_status(fd, &arg, -EFAULT);
	arg = make_request(KSHM_DIGEST_SHA256, RAW, "abc", 3, NULL, 32);
	control_status(fd, &arg, -EFAULT);
	close(fd);
}

/* A digest of much ends when its caller is killed. */
static void digest_can_be_killed(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 64 << 20);
	int fd = device_open("digest", O_RDONLY), status;
	unsigned char digest[32];
	struct kshm_ioc_control arg;
	pid_t child = fork();

	if (!child) {
		arg = make_request(KSHM_DIGEST_SHA3_256, TO_DRIVER, b.data,
				   b.len, digest, sizeof(digest));
		for (;;)
			control_try(fd, &arg);
	}
	while (!device_info(fd).out_user_pages)
		usleep(1000);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	close(fd);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(digest_known_answers),
	cmocka_unit_test(digest_crc32c_known_answer),
	cmocka_unit_test(digest_sizes_by_every_algorithm),
	cmocka_unit_test(digest_of_many_pages_in_place),
	cmocka_unit_test(digest_too_small_says_what_is_needed),
	cmocka_unit_test(digest_needs_a_handle_open_for_reading),
	cmocka_unit_test(digest_raw_of_bad_memory),
	cmocka_unit_test(digest_can_be_killed),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
