// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a test of a ring in a section that a driver made: the kernel fills it, in
 * interrupts, and two processes empty it, each of which gets everything
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "section_calls.h"
#include "sequence_calls.h"

#define READERS	2
#define ITEMS	(harness_brief() ? 20000ULL : 200000ULL)

/* What a reader has to tell. */
struct told {
	__u64 wakeups;
	__u64 wrong;
	__u64 counted;	/* raises, from the first to the last */
};

struct reader {
	pid_t pid;
	int to;		/* a byte written there is the word to go on */
	int from;	/* a byte, and what it tells */
};

static int fd, file;
static size_t len;

static void set_up(void)
{
	struct kshm_test_section in = { .len = sizeof(struct kshm_test_ring) };
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);
	struct kshm_test_made made;

	fd = device_open("test", O_RDWR);
	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	control(fd, &arg);
	file = made.fd;
	len = made.len;
}

static void tear_down(void)
{
	close(file);
	close(fd);
}

/* Takes what there is, and returns how much it has then. */
static __u64 take(struct kshm_test_ring *ring, unsigned int number, __u64 tail,
		  struct told *told)
{
	__u64 head = __atomic_load_n(&ring->head, __ATOMIC_ACQUIRE);

	for (; tail < head; tail++)
		told->wrong += ring->items[tail % KSHM_TEST_RING_ITEMS] != tail;
	/* From here on they can be others. */
	__atomic_store_n(&ring->tails[number], tail, __ATOMIC_RELEASE);
	return tail;
}

/* All, in order, and sleeps when there is none. */
static void take_all(struct kshm_test_ring *ring, unsigned int number, int sequence,
		     struct told *told)
{
	__u64 tail = 0, before;

	while (tail < ITEMS) {
		before = tail;
		tail = take(ring, number, tail, told);
		if (tail == before) {
			told->counted = sequence_read(sequence);
			told->wakeups++;
		}
	}
}

static void meet(int from, int to)
{
	char byte = 0;

	if (write(to, &byte, 1) != 1 || read(from, &byte, 1) != 1)
		_exit(1);
}

/* Has nothing but the file, of which it makes what it needs. */
static void read_ring(unsigned int number, int from, int to)
{
	struct kshm_test_ring *ring = (void *)section_map(file, len);
	int own = device_open("test", O_RDWR);
	int sequence = sequence_make(own, section_attach(own, file, KSHM_REGION_READ),
				     KSHM_REGION_READ);
	struct told told = { 0 };
	__u64 last;

	close(fd);
	meet(from, to);
	take_all(ring, number, sequence, &told);
	meet(from, to);
	/* What was raised after it had all. */
	sequence_dont_sleep(sequence);
	if (read(sequence, &last, sizeof(last)) == sizeof(last))
		told.counted = last;
	_exit(write(to, &told, sizeof(told)) == sizeof(told) ? 0 : 1);
}

static struct reader reader_start(unsigned int number)
{
	int there[2], back[2];
	struct reader reader;
	char byte;

	assert_int_equal(pipe2(there, O_CLOEXEC), 0);
	assert_int_equal(pipe2(back, O_CLOEXEC), 0);
	reader.pid = fork();
	if (!reader.pid)
		read_ring(number, there[0], back[1]);
	close(there[0]);
	close(back[1]);
	reader.to = there[1];
	reader.from = back[0];
	assert_int_equal(read(reader.from, &byte, 1), 1);
	return reader;
}

static void reader_goes_on(const struct reader *reader)
{
	assert_int_equal(write(reader->to, "", 1), 1);
}

static struct told reader_end(const struct reader *reader)
{
	struct told told;
	int status;
	char byte;

	assert_int_equal(read(reader->from, &byte, 1), 1);
	reader_goes_on(reader);
	assert_int_equal(read(reader->from, &told, sizeof(told)), sizeof(told));
	assert_int_equal(waitpid(reader->pid, &status, 0), reader->pid);
	assert_int_equal(status, 0);
	close(reader->to);
	close(reader->from);
	return told;
}

static struct kshm_test_produced produce(void)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_RING);
	struct kshm_test_produced produced;
	const __u64 items = ITEMS;

	arg.in = user_operand(&items, sizeof(items));
	arg.out = user_operand(&produced, sizeof(produced));
	control(fd, &arg);
	return produced;
}

WITH_SET_UP(ring_of_the_kernel_loses_nothing)
{
	struct kshm_test_produced produced;
	struct reader readers[READERS];
	struct told told[READERS];
	unsigned int i;

	for (i = 0; i < READERS; i++)
		readers[i] = reader_start(i);
	for (i = 0; i < READERS; i++)
		reader_goes_on(&readers[i]);
	produced = produce();
	for (i = 0; i < READERS; i++) {
		told[i] = reader_end(&readers[i]);
		assert_int_equal(told[i].wrong, 0);
		assert_int_equal(told[i].counted, produced.raises);
		assert_in_range(told[i].wakeups, 1, produced.raises);
	}
	harness_note("%llu items, %llu raises, %llu times full, %llu and %llu wakeups",
		     ITEMS, produced.raises, produced.full, told[0].wakeups,
		     told[1].wakeups);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(ring_of_the_kernel_loses_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
