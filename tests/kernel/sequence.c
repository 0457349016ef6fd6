// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the counters of sections, by which those who share one wake each other
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "section_calls.h"
#include "sequence_calls.h"
#include "thread_state.h"

static void *volatile bad = (void *)8;	/* where nothing is mapped */

static struct section s;
static int one, other;	/* two files of its counter, which do not sleep */

/* Who is not woken waits for so long; nothing else depends on it. */
#define PATIENCE	60000

static int make_waiter(int fd, __u32 id)
{
	int sequence = sequence_make(fd, id, READ_WRITE);

	sequence_dont_sleep(sequence);
	return sequence;
}

static void set_up(void)
{
	s = section_make(0, 3);
	one = make_waiter(s.fd, s.id);
	other = make_waiter(s.fd, s.id);
}

static void tear_down(void)
{
	close(one);
	close(other);
	section_free(&s);
}

/* What the driver does with the view that it keeps. */
static void driver(int fd, __u32 code, __u32 op, struct kshm_operand data)
{
	struct kshm_test_view in = { .op = op, .operand = KSHM_OPERAND_DATA };
	struct kshm_ioc_control arg = request(code);
	struct kshm_test_made out;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&out, sizeof(out));
	arg.data = data;
	control(fd, &arg);
}

WITH_SET_UP(sequence_begins_with_nothing_to_read)
{
	int late;

	sequence_is_not_raised(one);
	sequence_raise(other);
	late = make_waiter(s.fd, s.id);
	sequence_is_not_raised(late);
	sequence_raise(other);
	assert_int_equal(sequence_read(late), 2);
	close(late);
}

WITH_SET_UP(sequence_is_there_for_each_reader)
{
	int again;

	sequence_raise(one);
	sequence_raise(other);
	sequence_raise(one);
	assert_int_equal(sequence_poll(one), POLLIN | POLLOUT);
	assert_int_equal(sequence_read(one), 3);
	sequence_is_not_raised(one);
	assert_int_equal(sequence_read(other), 3);
	/* But for those who share the open file. */
	again = dup(one);
	sequence_raise(other);
	assert_int_equal(sequence_read(again), 4);
	sequence_is_not_raised(one);
	close(again);
}

WITH_SET_UP(sequence_is_raised_by_a_driver)
{
	const struct kshm_operand none = { 0 };

	driver(s.fd, KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_KEEP,
	       region_operand(s.id, page_size(), 1));
	driver(s.fd, KSHM_TEST_VIEW, KSHM_TEST_VIEW_RAISE, none);
	assert_int_equal(sequence_read(one), 1);
	driver(s.fd, KSHM_TEST_VIEW_TO, KSHM_TEST_VIEW_KEEP, region_operand(s.id, 0, 0));
	driver(s.fd, KSHM_TEST_VIEW, KSHM_TEST_VIEW_RAISE, none);
	driver(s.fd, KSHM_TEST_VIEW, KSHM_TEST_VIEW_RAISE, none);
	assert_int_equal(sequence_read(one), 3);
	assert_int_equal(sequence_read(other), 3);
}

/* Nobody can wait, and nothing comes of it. */
WITH_SET_UP(sequence_of_no_section_is_raised_by_a_driver)
{
	__u32 id = region_make(s.fd, s.data, s.len, READ_WRITE);

	driver(s.fd, KSHM_TEST_VIEW_FROM, KSHM_TEST_VIEW_KEEP,
	       region_operand(id, 0, s.len));
	driver(s.fd, KSHM_TEST_VIEW, KSHM_TEST_VIEW_RAISE, (struct kshm_operand){ 0 });
	sequence_is_not_raised(one);
}

WITH_SET_UP(sequence_of_what_a_driver_made)
{
	struct kshm_test_section in = { .len = page_size() };
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);
	struct kshm_test_made made;
	int waiter;
	__u32 id;

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	control(s.fd, &arg);
	id = section_attach(s.fd, made.fd, KSHM_REGION_READ);
	waiter = sequence_make(s.fd, id, KSHM_REGION_READ);
	sequence_dont_sleep(waiter);
	in.op = KSHM_TEST_SECTION_RAISE;
	close(made.fd);
	control(s.fd, &arg);
	assert_int_equal(sequence_read(waiter), 1);
	sequence_is_not_raised(one);
	close(waiter);
}

/* Whatever part, of whatever open file, in whatever handle. */
WITH_SET_UP(sequence_is_that_of_the_memory)
{
	int fd = device_open("test", O_RDWR), file = section_reopen(s.file, O_RDWR), third;
	struct kshm_ioc_section_attach attach = section_request(file, READ_WRITE);
	struct section unlike = section_make(0, 1);
	int stranger = make_waiter(unlike.fd, unlike.id);

	attach.offset = page_size();
	assert_int_equal(section_try(fd, &attach, NULL), 0);
	third = make_waiter(fd, attach.out_id);
	sequence_raise(third);
	assert_int_equal(sequence_read(one), 1);
	sequence_raise(one);
	assert_int_equal(sequence_read(third), 2);
	sequence_is_not_raised(stranger);
	sequence_raise(stranger);
	sequence_is_not_raised(third);
	close(third);
	close(stranger);
	section_free(&unlike);
	close(file);
	close(fd);
}

WITH_SET_UP(sequence_of_hugetlb)
{
	struct section huge = section_make(MFD_HUGETLB, 1);
	int waiter = make_waiter(huge.fd, huge.id);

	sequence_raise(waiter);
	assert_int_equal(sequence_read(waiter), 1);
	close(waiter);
	section_free(&huge);
}

WITH_SET_UP(sequence_outlives_its_region)
{
	int fd;
	__u32 id;

	sequence_raise(one);
	region_revoke(s.fd, s.id);
	close(s.fd);
	sequence_raise(other);
	assert_int_equal(sequence_read(one), 2);
	/* It is still that of the memory. */
	fd = device_open("test", O_RDWR);
	id = section_attach(fd, s.file, READ_WRITE);
	close(other);
	other = make_waiter(fd, id);
	sequence_raise(other);
	assert_int_equal(sequence_read(one), 3);
	s.fd = fd;
}

WITH_SET_UP(sequence_is_forgotten_by_all)
{
	sequence_raise(one);
	region_destroy(s.fd, s.id);
	close(other);
	s.id = section_attach(s.fd, s.file, READ_WRITE);
	other = make_waiter(s.fd, s.id);
	sequence_raise(other);
	assert_int_equal(sequence_read(other), 2);
	close(one);
	close(other);
	region_destroy(s.fd, s.id);
	s.id = section_attach(s.fd, s.file, READ_WRITE);
	one = make_waiter(s.fd, s.id);
	other = make_waiter(s.fd, s.id);
	sequence_raise(other);
	assert_int_equal(sequence_read(one), 1);
}

/* Nobody has the memory but who can wait for it. */
WITH_SET_UP(sequence_keeps_its_memory)
{
	region_destroy(s.fd, s.id);
	munmap(s.data, s.len);
	close(s.file);
	sequence_raise(one);
	assert_int_equal(sequence_read(other), 1);
	close(s.fd);
	close(one);
	close(other);
	set_up();
}

WITH_SET_UP(sequence_has_an_info)
{
	char path[64], line[128];
	int value = 0, seen = 0, of = 0;
	char ino[64], len[64];
	struct stat stat;
	FILE *info;

	assert_int_equal(fstat(s.file, &stat), 0);
	snprintf(ino, sizeof(ino), "sequence-ino:\t%lu\n", stat.st_ino);
	snprintf(len, sizeof(len), "sequence-len:\t%zu\n", s.len);

	sequence_raise(one);
	sequence_raise(one);
	sequence_read(other);
	sequence_raise(one);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", other);
	info = fopen(path, "re");
	assert_non_null(info);
	while (fgets(line, sizeof(line), info)) {
		value += !strcmp(line, "sequence:\t3\n");
		seen += !strcmp(line, "sequence-read:\t2\n");
		of += !strcmp(line, ino) || !strcmp(line, len);
	}
	fclose(info);
	assert_int_equal(of, 2);
	assert_int_equal(value, 1);
	assert_int_equal(seen, 1);
}

/* A thread that waits once. */
struct sleeper {
	pthread_t thread;
	pid_t tid;
	int sequence;
	bool polls;
	__u64 value;
	int error;
};

static void *sleeps(void *data)
{
	struct sleeper *sleeper = data;
	struct pollfd poll_for = { .fd = sleeper->sequence, .events = POLLIN };

	__atomic_store_n(&sleeper->tid, gettid(), __ATOMIC_RELEASE);
	if (sleeper->polls && poll(&poll_for, 1, -1) == -1)
		sleeper->error = errno;
	if (read(sleeper->sequence, &sleeper->value, sizeof(sleeper->value)) == -1)
		sleeper->error = errno;
	return NULL;
}

static void start_thread(struct sleeper *sleeper, void *(*waits)(void *sleeper))
{
	assert_int_equal(pthread_create(&sleeper->thread, NULL, waits, sleeper), 0);
	while (!__atomic_load_n(&sleeper->tid, __ATOMIC_ACQUIRE))
		sched_yield();
	while (thread_state(sleeper->tid) != 'S')
		;
}

static void start_sleeper(struct sleeper *sleeper)
{
	start_thread(sleeper, sleeps);
}

WITH_SET_UP(sequence_wakes_all_who_sleep)
{
	struct sleeper sleepers[] = {
		{ .sequence = sequence_make(s.fd, s.id, KSHM_REGION_READ) },
		{ .sequence = sequence_make(s.fd, s.id, KSHM_REGION_READ) },
		{ .sequence = make_waiter(s.fd, s.id), .polls = true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sleepers); i++)
		start_sleeper(&sleepers[i]);
	sequence_raise(one);
	for (i = 0; i < ARRAY_SIZE(sleepers); i++) {
		pthread_join(sleepers[i].thread, NULL);
		assert_int_equal(sleepers[i].error, 0);
		assert_int_equal(sleepers[i].value, 1);
		close(sleepers[i].sequence);
	}
}

WITH_SET_UP(sequence_wakes_epoll)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	int epoll = epoll_create1(EPOLL_CLOEXEC), n;

	assert_int_equal(epoll_ctl(epoll, EPOLL_CTL_ADD, one, &event), 0);
	assert_int_equal(epoll_wait(epoll, &event, 1, 0), 0);
	for (n = 0; n < 3; n++) {
		sequence_raise(other);
		assert_int_equal(epoll_wait(epoll, &event, 1, PATIENCE), 1);
		assert_int_equal(event.events, EPOLLIN);
		assert_int_equal(epoll_wait(epoll, &event, 1, 0), 0);
	}
	close(epoll);
}

/* Each has a descriptor of its own, and asks not to be woken for what is another's. */
static void *waits_alone(void *data)
{
	struct sleeper *sleeper = data;
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	sleeper->error = epoll_ctl(epoll, EPOLL_CTL_ADD, sleeper->sequence, &event);
	__atomic_store_n(&sleeper->tid, gettid(), __ATOMIC_RELEASE);
	if (!sleeper->error && epoll_wait(epoll, &event, 1, PATIENCE) == 1)
		sleeper->value = sequence_read(sleeper->sequence);
	close(epoll);
	return NULL;
}

WITH_SET_UP(sequence_wakes_all_who_wait_alone)
{
	struct sleeper sleepers[] = {
		{ .sequence = sequence_make(s.fd, s.id, KSHM_REGION_READ) },
		{ .sequence = sequence_make(s.fd, s.id, KSHM_REGION_READ) },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sleepers); i++)
		start_thread(&sleepers[i], waits_alone);
	sequence_raise(one);
	for (i = 0; i < ARRAY_SIZE(sleepers); i++) {
		pthread_join(sleepers[i].thread, NULL);
		assert_int_equal(sleepers[i].error, 0);
		assert_int_equal(sleepers[i].value, 1);
		close(sleepers[i].sequence);
	}
}

static void ignore(int signal)
{
}

WITH_SET_UP(sequence_read_is_interrupted_by_signals)
{
	struct sleeper sleeper = { .sequence = sequence_make(s.fd, s.id, READ_WRITE) };
	struct sigaction action = { .sa_handler = ignore }, old;

	assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
	start_sleeper(&sleeper);
	pthread_kill(sleeper.thread, SIGUSR1);
	pthread_join(sleeper.thread, NULL);
	assert_int_equal(sleeper.error, EINTR);
	assert_int_equal(sigaction(SIGUSR1, &old, NULL), 0);
	close(sleeper.sequence);
}

#define ROUNDS	(harness_brief() ? 2000 : 20000)

/* One of two who wake each other in turn: what is lost between is waited for for ever. */
static void answer(int sequence, bool polls, unsigned int rounds)
{
	struct pollfd poll_for = { .fd = sequence, .events = POLLIN };
	__u64 value = 0, wanted = 0;

	while (rounds--) {
		wanted += 2;
		sequence_raise(sequence);
		while (value < wanted) {
			if (polls)
				assert_int_equal(poll(&poll_for, 1, PATIENCE), 1);
			value = sequence_read(sequence);
		}
	}
}

struct player {
	int sequence;
	unsigned int rounds;
};

static void *plays(void *data)
{
	const struct player *player = data;

	answer(player->sequence, false, player->rounds);
	return NULL;
}

static void nothing_is_lost(bool polls)
{
	struct player player = { sequence_make(s.fd, s.id, READ_WRITE), ROUNDS };
	int sequence = sequence_make(s.fd, s.id, READ_WRITE);
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, plays, &player), 0);
	answer(sequence, polls, player.rounds);
	pthread_join(thread, NULL);
	assert_int_equal(sequence_read(one), 2ULL * player.rounds);
	close(sequence);
	close(player.sequence);
}

WITH_SET_UP(sequence_loses_nothing_before_a_read)
{
	nothing_is_lost(false);
}

WITH_SET_UP(sequence_loses_nothing_before_a_poll)
{
	nothing_is_lost(true);
}

/* It has only the memory, and makes a handle and an id of its own. */
WITH_SET_UP(sequence_wakes_another_process)
{
	int sequence = sequence_make(s.fd, s.id, READ_WRITE), status;
	unsigned int rounds = ROUNDS / 10;
	pid_t pid = fork();

	if (!pid) {
		int fd = device_open("test", O_RDWR);

		answer(sequence_make(fd, section_attach(fd, s.file, READ_WRITE), READ_WRITE),
		       true, rounds);
		_exit(0);
	}
	answer(sequence, true, rounds);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(sequence);
}

WITH_SET_UP(sequence_of_wrong_bytes)
{
	const __u64 others[] = { 0, 2, -1ULL };
	__u64 value = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_int_equal(sequence_raise_try(one, others[i]), -EINVAL);
	assert_int_equal(write(one, &value, sizeof(value) - 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(write(one, bad, sizeof(value)), -1);
	assert_int_equal(errno, EFAULT);
	sequence_is_not_raised(one);
	sequence_raise(other);
	assert_int_equal(read(one, &value, sizeof(value) - 1), -1);
	assert_int_equal(errno, EINVAL);
	/* What could not be told is there still. */
	assert_int_equal(read(one, bad, sizeof(value)), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(sequence_read(one), 1);
}

WITH_SET_UP(sequence_is_raised_by_who_may_write)
{
	__u32 readable = section_attach(s.fd, s.file, KSHM_REGION_READ);
	struct kshm_ioc_section_sequence arg = sequence_request(readable, READ_WRITE);
	int reader = sequence_make(s.fd, readable, KSHM_REGION_READ);
	int writer = sequence_make(s.fd, s.id, KSHM_REGION_WRITE);
	struct kshm_explain why;
	__u64 value;

	assert_int_equal(sequence_try(s.fd, &arg, &why), -EACCES);
	assert_int_equal(why.check, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(why.needed, KSHM_REGION_WRITE);
	assert_int_equal(why.used, KSHM_REGION_READ);
	assert_int_equal(sequence_raise_try(reader, 1), -EBADF);
	assert_int_equal(sequence_poll(reader), 0);
	sequence_raise(writer);
	assert_int_equal(sequence_poll(reader), POLLIN);
	assert_int_equal(sequence_poll(writer), POLLOUT);
	assert_int_equal(read(writer, &value, sizeof(value)), -1);
	assert_int_equal(errno, EBADF);
	close(writer);
	close(reader);
}

static struct kshm_explain refuse(struct kshm_ioc_section_sequence arg, int error,
				  __u32 check)
{
	struct kshm_explain why;
	int next = dup(s.fd);

	assert_int_equal(close(next), 0);
	assert_int_equal(sequence_try(s.fd, &arg, &why), -error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.error, error);
	/* The next descriptor is none still. */
	assert_int_equal(fcntl(next, F_GETFD), -1);
	return why;
}

WITH_SET_UP(sequence_refuses_form)
{
	struct kshm_ioc_section_sequence arg = sequence_request(s.id, 0);

	refuse(arg, EINVAL, KSHM_EXPLAIN_NO_RIGHTS);
	arg.rights = 9;
	assert_int_equal(refuse(arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS).needed, 8);
	arg.rights = READ_WRITE;
	arg.flags = 6;
	assert_int_equal(refuse(arg, EOPNOTSUPP, KSHM_EXPLAIN_FLAGS).needed, 6);
	arg.flags = 0;
	arg.reserved = 1;
	refuse(arg, EINVAL, KSHM_EXPLAIN_RESERVED);
}

WITH_SET_UP(sequence_refuses_what_has_none)
{
	struct kshm_ioc_section_sequence arg = sequence_request(s.id, READ_WRITE);

	region_revoke(s.fd, s.id);
	assert_int_equal(refuse(arg, ESTALE, KSHM_EXPLAIN_REVOKED).used, s.id);
	region_destroy(s.fd, s.id);
	assert_int_equal(refuse(arg, ENOENT, KSHM_EXPLAIN_REGION).used, s.id);
	arg.id = region_make(s.fd, s.data, s.len, READ_WRITE);
	assert_int_equal(refuse(arg, EINVAL, KSHM_EXPLAIN_NOT_SECTION).used, arg.id);
}

WITH_SET_UP(sequence_without_a_descriptor_for_it)
{
	struct kshm_ioc_section_sequence arg = sequence_request(s.id, READ_WRITE);
	struct rlimit limit, old;
	struct kshm_explain why;
	int next = dup(s.fd), ret;

	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	limit = (struct rlimit){ next, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ret = sequence_try(s.fd, &arg, &why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(ret, -EMFILE);
	assert_int_equal(why.check, KSHM_EXPLAIN_FILES);
}

WITH_SET_UP(sequence_that_cannot_be_told)
{
	struct kshm_ioc_section_sequence *arg =
		mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_explain why;
	int next = dup(s.fd);

	close(next);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = sequence_request(s.id, READ_WRITE);
	why = (struct kshm_explain){ .size = sizeof(why) };
	arg->explain = to_u64(&why);
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(s.fd, KSHM_IOC_SECTION_SEQUENCE, arg), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(why.check, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(fcntl(next, F_GETFD), -1);
	munmap(arg, page_size());
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sequence_begins_with_nothing_to_read),
	cmocka_unit_test(sequence_is_there_for_each_reader),
	cmocka_unit_test(sequence_is_raised_by_a_driver),
	cmocka_unit_test(sequence_of_no_section_is_raised_by_a_driver),
	cmocka_unit_test(sequence_of_what_a_driver_made),
	cmocka_unit_test(sequence_is_that_of_the_memory),
	cmocka_unit_test(sequence_of_hugetlb),
	cmocka_unit_test(sequence_outlives_its_region),
	cmocka_unit_test(sequence_is_forgotten_by_all),
	cmocka_unit_test(sequence_keeps_its_memory),
	cmocka_unit_test(sequence_has_an_info),
	cmocka_unit_test(sequence_wakes_all_who_sleep),
	cmocka_unit_test(sequence_wakes_epoll),
	cmocka_unit_test(sequence_wakes_all_who_wait_alone),
	cmocka_unit_test(sequence_read_is_interrupted_by_signals),
	cmocka_unit_test(sequence_loses_nothing_before_a_read),
	cmocka_unit_test(sequence_loses_nothing_before_a_poll),
	cmocka_unit_test(sequence_wakes_another_process),
	cmocka_unit_test(sequence_of_wrong_bytes),
	cmocka_unit_test(sequence_is_raised_by_who_may_write),
	cmocka_unit_test(sequence_refuses_form),
	cmocka_unit_test(sequence_refuses_what_has_none),
	cmocka_unit_test(sequence_without_a_descriptor_for_it),
	cmocka_unit_test(sequence_that_cannot_be_told),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
