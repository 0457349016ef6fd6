// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections that others may only read: another process of the owner's
 * user, and another user; for root, who becomes both
 *
 * Nobody but the owner, an ordinary user, changes a byte: not through the descriptor that
 * was given, nor through the file that it leads to, nor with what can be done to a mapping.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "kshm_test.h"
#include "leak.h"
#include "name_calls.h"
#include "passing.h"
#include "pattern.h"
#include "section_calls.h"

#define NAME		"test.owner"
#define OWNER		4321
#define NUMBER		100	/* of the descriptor in the owner */
#define READ_ONLY	0x1	/* KSHM_SECTION_READ_ONLY of <linux/kshm_driver.h> */

/**
 * struct way - a section for others to read, and how they come by it
 * @make: makes it, in its owner: a descriptor to be given away
 * @fill: has its bytes written there, from a time before that
 * @get: a descriptor of it in another process
 */
struct way {
	int (*make)(void);
	void (*fill)(__u32 seed);
	int (*get)(void);
};

static const struct way *way;
static int fd;			/* a handle of the owner's, or of the reader's */
static size_t len;
static unsigned char *data;	/* the owner's view */
static int to_owner, given;	/* in others: a socket, and the descriptor from it */
static uid_t reader;

/* A memfd which nobody maps for writing any more, and nobody else opens. */
static int make_memfd(void)
{
	int file = section_file(0, len, F_SEAL_SHRINK);
	struct kshm_ioc_name_publish arg;

	data = section_map(file, len);
	WANT(!fcntl(file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) && !fchmod(file, 0600));
	arg = name_request(section_attach(fd, file, KSHM_REGION_READ), NAME,
			   KSHM_REGION_READ);
	arg.flags = KSHM_NAME_UNTIL_CLOSE;
	arg.mode = 0444;
	WANT(!name_try(fd, &arg, NULL));
	return section_reopen(file, O_RDONLY);
}

static void fill_memfd(__u32 seed)
{
	fill_pattern(data, len, seed);
}

static int get_by_name(void)
{
	struct kshm_ioc_name_open arg;

	WANT(name_open_try(fd, NAME, READ_WRITE, 0, &arg, NULL) == -EACCES);
	WANT(!name_open_try(fd, NAME, KSHM_REGION_READ, KSHM_NAME_FD, &arg, NULL));
	return arg.out_fd;
}

static struct kshm_test_made driver(struct kshm_test_section in)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);
	struct kshm_test_made made;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	WANT(!control_try(fd, &arg) && !arg.out_status);
	return made;
}

static int make_by_driver(void)
{
	return driver((struct kshm_test_section){ .len = len, .flags = READ_ONLY }).fd;
}

static void fill_by_driver(__u32 seed)
{
	driver((struct kshm_test_section){ .op = KSHM_TEST_SECTION_FILL, .seed = seed });
}

static int get_given(void)
{
	return given;
}

/* Gives its section to whoever has the other end, and fills it as it is told there. */
static void be_owner(int socket)
{
	__u32 seed;
	int file;

	become_for_good(OWNER);
	file = dup2(way->make(), NUMBER);
	WANT(file == NUMBER);
	send_fds(socket, &file, 1);
	while (read(socket, &seed, sizeof(seed)) == sizeof(seed)) {
		way->fill(seed);
		WANT(write(socket, &seed, sizeof(seed)) == sizeof(seed));
	}
	_exit(0);
}

static pid_t owner;

static void set_up(void)
{
	int pair[2];

	len = 3 * page_size();
	fd = device_open("test", O_RDWR);
	/* Of a test that failed. */
	name_remove_all(fd);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	owner = fork();
	if (!owner) {
		close(pair[1]);
		close(fd);
		fd = device_open("test", O_RDWR);
		be_owner(pair[0]);
	}
	close(pair[0]);
	to_owner = pair[1];
	given = receive_fd(to_owner);
	assert_int_not_equal(given, -1);
}

static void tear_down(void)
{
	int status;

	close(given);
	close(fd);
	close(to_owner);
	assert_int_equal(waitpid(owner, &status, 0), owner);
	assert_int_equal(status, 0);
}

#define REFUSED(call, error)	WANT((call) == -1 && errno == (error))

/* Through this descriptor nothing is written, whatever it is open for. */
static void is_not_written(int file, int map_error, int error)
{
	struct kshm_ioc_section_attach arg = section_request(file, READ_WRITE);
	void *view = mmap(NULL, len, PROT_READ, MAP_SHARED, file, 0);

	WANT(view != MAP_FAILED);
	REFUSED(mprotect(view, len, PROT_READ | PROT_WRITE), EACCES);
	REFUSED(madvise(view, len, MADV_REMOVE), EACCES);
	munmap(view, len);
	view = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	WANT(view == MAP_FAILED && errno == map_error);
	REFUSED(pwrite(file, "", 1, 0), error);
	REFUSED(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, len), error);
	WANT(section_try(fd, &arg, NULL) == -EACCES);
}

/* Its owner's user opens it for writing, and has nothing by that; others do not. */
static void is_not_opened(const char *process, int number)
{
	char path[64];
	int file;

	snprintf(path, sizeof(path), "/proc/%s/fd/%d", process, number);
	file = open(path, O_RDWR | O_CLOEXEC);
	if (reader == OWNER) {
		WANT(file != -1);
		is_not_written(file, EPERM, EPERM);
		REFUSED(ftruncate(file, 0), EPERM);
		close(file);
	} else {
		WANT(file == -1 && errno == EACCES);
		REFUSED(open(path, O_RDONLY | O_CLOEXEC), EACCES);
	}
}

static void only_reads(void)
{
	const unsigned char *view;
	char process[16];
	__u32 seed;
	int file;

	become_for_good(reader);
	file = way->get();
	is_not_written(file, EACCES, EBADF);
	REFUSED(fcntl(file, F_ADD_SEALS, F_SEAL_GROW), EPERM);
	if (reader != OWNER)
		REFUSED(fchmod(file, 0666), EPERM);
	is_not_opened("self", file);
	snprintf(process, sizeof(process), "%d", owner);
	is_not_opened(process, NUMBER);
	view = mmap(NULL, len, PROT_READ, MAP_SHARED, file, 0);
	WANT(view != MAP_FAILED);
	for (seed = 1; seed < 4; seed++) {
		WANT(write(to_owner, &seed, sizeof(seed)) == sizeof(seed));
		WANT(read(to_owner, &seed, sizeof(seed)) == sizeof(seed));
		WANT(has_pattern(view, len, seed));
	}
}

static void withstands(const struct way *which, uid_t user)
{
	way = which;
	reader = user;
	set_up();
	in_a_child(only_reads);
	tear_down();
}

static const struct way by_name = {
	.make = make_memfd, .fill = fill_memfd, .get = get_by_name,
};

static const struct way by_driver = {
	.make = make_by_driver, .fill = fill_by_driver, .get = get_given,
};

static void read_only_memfd_in_another_process(void **state)
{
	withstands(&by_name, OWNER);
}

static void read_only_memfd_and_another_user(void **state)
{
	withstands(&by_name, OWNER + 1);
}

static void read_only_made_section_in_another_process(void **state)
{
	withstands(&by_driver, OWNER);
}

static void read_only_made_section_and_another_user(void **state)
{
	withstands(&by_driver, OWNER + 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(read_only_memfd_in_another_process),
	cmocka_unit_test(read_only_memfd_and_another_user),
	cmocka_unit_test(read_only_made_section_in_another_process),
	cmocka_unit_test(read_only_made_section_and_another_user),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
