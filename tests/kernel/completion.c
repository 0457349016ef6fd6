// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of completions: how they are read, and waited for
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pended_calls.h"
#include "state.h"
#include "thread_state.h"

#define SIZE	sizeof(struct kshm_completion)
#define MANY	40

static int fd;

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
}

static void tear_down(void)
{
	close(fd);
}

/* Requests 1 to @nr, ended in this order. */
static void end_some(unsigned int nr)
{
	unsigned int i;

	for (i = 1; i <= nr; i++)
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, i);
	for (i = 1; i <= nr; i++)
		complete_one(fd, i);
}

WITH_SET_UP(completion_is_read_whole)
{
	unsigned char bytes[SIZE * 3];

	end_some(3);
	assert_int_equal(read(fd, bytes, SIZE - 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(read(fd, bytes, 0), -1);
	assert_int_equal(errno, EINVAL);
	memset(bytes, 0xee, sizeof(bytes));
	assert_int_equal(read(fd, bytes, SIZE * 2 - 1), SIZE);
	assert_int_equal(bytes[SIZE], 0xee);
	completion_of(fd, 2, 0);
	completion_of(fd, 3, 0);
	completion_none(fd);
}

WITH_SET_UP(completion_many_at_a_time)
{
	struct kshm_completion completions[MANY + 5];
	unsigned int i;

	end_some(MANY);
	assert_int_equal(read(fd, completions, SIZE * 7), SIZE * 7);
	assert_int_equal(read(fd, completions + 7, SIZE * (MANY - 2)), SIZE * (MANY - 7));
	for (i = 0; i < MANY; i++)
		assert_int_equal(completions[i].user_data, i + 1);
	completion_none(fd);
}

/* In the order in which they ended, not in which they began. */
WITH_SET_UP(completion_order)
{
	static const __u64 order[] = { 3, 1, 4, 2 };
	size_t i;

	for (i = 1; i <= 4; i++)
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, i);
	for (i = 0; i < 4; i++)
		complete_one(fd, order[i]);
	for (i = 0; i < 4; i++)
		completion_of(fd, order[i], 0);
}

/* What cannot be copied is there still, and first; what could be before it is told. */
WITH_SET_UP(completion_stays_if_it_is_not_copied)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_completion *end = (void *)(b.data + page_size());
	struct iovec iov[2];

	end_some(4);
	assert_int_equal(read(fd, end, SIZE), -1);
	assert_int_equal(errno, EFAULT);
	/* Half of it, and one and a half. */
	assert_int_equal(read(fd, (char *)end - SIZE / 2, SIZE), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(read(fd, (char *)end - SIZE - SIZE / 2, SIZE * 2), SIZE);
	iov[0] = (struct iovec){ .iov_base = b.data, .iov_len = 40 };
	iov[1] = (struct iovec){ .iov_base = b.data + 100, .iov_len = 24 };
	assert_int_equal(readv(fd, iov, 2), SIZE);
	assert_int_equal(*(__u64 *)b.data, 2);
	completion_of(fd, 3, 0);
	completion_of(fd, 4, 0);
	completion_none(fd);
	buffer_free(&b);
}

WITH_SET_UP(completion_without_waiting)
{
	struct kshm_completion completion;
	struct iovec iov = { .iov_base = &completion, .iov_len = SIZE };

	assert_int_equal(preadv2(fd, &iov, 1, -1, RWF_NOWAIT), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(read(fd, &completion, SIZE), -1);
	assert_int_equal(errno, EAGAIN);
	end_some(2);
	assert_int_equal(preadv2(fd, &iov, 1, -1, RWF_NOWAIT), SIZE);
	assert_int_equal(read(fd, &completion, SIZE), SIZE);
	assert_int_equal(completion.user_data, 2);
}

WITH_SET_UP(completion_is_polled_for)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), edge = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };

	assert_int_equal(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event), 0);
	event.events = EPOLLIN | EPOLLET;
	assert_int_equal(epoll_ctl(edge, EPOLL_CTL_ADD, fd, &event), 0);
	assert_int_equal(epoll_wait(ep, &event, 1, 0), 0);
	assert_int_equal(epoll_wait(edge, &event, 1, 0), 0);
	end_some(1);
	assert_int_equal(epoll_wait(ep, &event, 1, 10000), 1);
	assert_int_equal(epoll_wait(ep, &event, 1, 0), 1);
	assert_int_equal(epoll_wait(edge, &event, 1, 10000), 1);
	assert_int_equal(event.events, EPOLLIN);
	assert_int_equal(epoll_wait(edge, &event, 1, 0), 0);
	end_some(1);
	assert_int_equal(epoll_wait(edge, &event, 1, 10000), 1);
	completion_of(fd, 1, 0);
	completion_of(fd, 1, 0);
	assert_int_equal(epoll_wait(ep, &event, 1, 0), 0);
	close(ep);
	close(edge);
}

/* A handle that is not open for reading has none, and is never readable. */
static void completion_not_open_for_reading(void **state)
{
	struct kshm_completion completion;

	fd = device_open("test", O_WRONLY);
	assert_int_equal(read(fd, &completion, SIZE), -1);
	assert_int_equal(errno, EBADF);
	completion_none(fd);
	close(fd);
}

static __u64 raised(int event)
{
	__u64 value = 0;

	if (read(event, &value, sizeof(value)) < 0)
		assert_int_equal(errno, EAGAIN);
	return value;
}

/* It is raised by an interrupt of its own, soon. */
static void wait_until_raised(int event)
{
	struct pollfd poller = { .fd = event, .events = POLLIN };

	assert_int_equal(poll(&poller, 1, 10000), 1);
	assert_int_not_equal(raised(event), 0);
}

WITH_SET_UP(completion_raises_an_eventfd)
{
	int a = eventfd(0, EFD_NONBLOCK), b = eventfd(0, EFD_NONBLOCK);

	assert_int_equal(eventfd_set(fd, a, NULL), 0);
	assert_int_equal(raised(a), 0);
	end_some(1);
	wait_until_raised(a);
	assert_int_equal(eventfd_set(fd, b, NULL), 0);
	/* Nobody but kshm has it any more. */
	close(b);
	end_some(1);
	b = eventfd(0, EFD_NONBLOCK);
	assert_int_equal(eventfd_set(fd, b, NULL), 0);
	submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1);
	assert_int_equal(complete_where(fd, 1, KSHM_TEST_ON_CPU), 1);
	wait_until_raised(b);
	assert_int_equal(eventfd_set(fd, -1, NULL), 0);
	assert_int_equal(eventfd_set(fd, -1, NULL), 0);
	end_some(1);
	assert_int_equal(raised(a), 0);
	assert_int_equal(raised(b), 0);
	/* It goes with the handle, too. */
	assert_int_equal(eventfd_set(fd, a, NULL), 0);
	close(a);
	close(b);
}

/**
 * struct reader - a thread that reads one completion
 * @thread: the thread
 * @tid: of it, once it runs
 * @got: what read() returned, or -errno
 * @completion: what it read
 */
struct reader {
	pthread_t thread;
	pid_t tid;
	ssize_t got;
	struct kshm_completion completion;
};

static void *read_one(void *arg)
{
	struct reader *reader = arg;

	__atomic_store_n(&reader->tid, gettid(), __ATOMIC_RELEASE);
	reader->got = read(fd, &reader->completion, SIZE);
	if (reader->got < 0)
		reader->got = -errno;
	return NULL;
}

static void reader_start(struct reader *reader)
{
	*reader = (struct reader){ .got = 0 };
	assert_int_equal(pthread_create(&reader->thread, NULL, read_one, reader), 0);
	while (!__atomic_load_n(&reader->tid, __ATOMIC_ACQUIRE) ||
	       thread_state(reader->tid) != 'S')
		usleep(1000);
}

/* Each of several that wait gets one; by whatever interrupt. */
WITH_SET_UP(completion_wakes_who_reads)
{
	static const __u32 places[] = {
		KSHM_TEST_IN_CALLER, KSHM_TEST_IN_HARDIRQ, KSHM_TEST_ON_CPU,
	};
	struct reader readers[ARRAY_SIZE(places)];
	__u64 seen = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		reader_start(&readers[i]);
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		submit_pend(fd, KSHM_TEST_PEND_CANCELLABLE, 1 << i);
		assert_int_equal(complete_where(fd, 1 << i, places[i]), 1);
	}
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		pthread_join(readers[i].thread, NULL);
		assert_int_equal(readers[i].got, SIZE);
		seen += readers[i].completion.user_data;
	}
	assert_int_equal(seen, 7);
	completion_none(fd);
}

static void do_nothing(int signal)
{
}

/* A signal ends the wait, or the kernel goes on with it, as whoever handles it wants. */
WITH_SET_UP(completion_wait_and_signals)
{
	struct sigaction action = { .sa_handler = do_nothing };
	struct reader reader;

	sigaction(SIGUSR1, &action, NULL);
	reader_start(&reader);
	assert_int_equal(pthread_kill(reader.thread, SIGUSR1), 0);
	pthread_join(reader.thread, NULL);
	assert_int_equal(reader.got, -EINTR);
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &action, NULL);
	reader_start(&reader);
	assert_int_equal(pthread_kill(reader.thread, SIGUSR1), 0);
	end_some(1);
	pthread_join(reader.thread, NULL);
	assert_int_equal(reader.got, SIZE);
	signal(SIGUSR1, SIG_DFL);
}

/* Stopped while it waits, it goes on waiting. */
WITH_SET_UP(completion_wait_is_stopped)
{
	struct kshm_completion completion;
	pid_t child = fork();
	int status;

	assert_int_not_equal(child, -1);
	if (!child)
		_exit(read(fd, &completion, SIZE) != SIZE || completion.user_data != 1);
	while (thread_state(child) != 'S')
		usleep(1000);
	assert_int_equal(kill(child, SIGSTOP), 0);
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	assert_true(WIFSTOPPED(status));
	end_some(1);
	assert_int_equal(kill(child, SIGCONT), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(completion_is_read_whole),
	cmocka_unit_test(completion_many_at_a_time),
	cmocka_unit_test(completion_order),
	cmocka_unit_test(completion_stays_if_it_is_not_copied),
	cmocka_unit_test(completion_without_waiting),
	cmocka_unit_test(completion_is_polled_for),
	cmocka_unit_test(completion_not_open_for_reading),
	cmocka_unit_test(completion_raises_an_eventfd),
	cmocka_unit_test(completion_wakes_who_reads),
	cmocka_unit_test(completion_wait_and_signals),
	cmocka_unit_test(completion_wait_is_stopped),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
