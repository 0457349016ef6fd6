// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of contexts: the mapped buffer in interrupts, kernel threads and
 * on other CPUs, while the caller waits
 *
 * Where it was is asked of the kernel by the driver; the bytes are looked at
 * through a second mapping of the same memory.
 */
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "twin.h"

static void check_place(const struct kshm_test_place *place,
			const struct kshm_test_work *work)
{
	switch (work->place) {
	case KSHM_TEST_IN_HARDIRQ:
		assert_int_equal(place->in_hardirq, 1);
		break;
	case KSHM_TEST_IN_KTHREAD:
		assert_int_equal(place->in_hardirq, 0);
		assert_int_equal(place->has_mm, 0);
		break;
	case KSHM_TEST_ON_CPU:
		/* An idle CPU may do without the interrupt. */
		assert_int_equal(place->cpu, work->cpu);
		break;
	}
}

/* Three pages make a vmap, one from the driver is reached in the linear map. */
static void at_place(struct kshm_test_work work, size_t len, __u32 is_vmap)
{
	struct twin twin = twin_make(4 * page_size());
	int fd = device_open("test", O_RDWR);
	struct kshm_test_place place;

	for (work.access = KSHM_TEST_BY_MAP; work.access <= KSHM_TEST_BY_COPY;
	     work.access++) {
		work.seed += 3;
		place = driver_fills(fd, twin.first + 8, len, work);
		check_place(&place, &work);
		assert_true(has_pattern(twin.second + 8, len, work.seed));
		if (work.access == KSHM_TEST_BY_MAP)
			assert_int_equal(place.is_vmap, is_vmap);

		place = driver_checks(fd, twin.second + 8, len, work);
		check_place(&place, &work);
		/* What is read only is never reached through the linear map. */
		if (work.access == KSHM_TEST_BY_MAP)
			assert_int_equal(place.is_vmap, 1);
	}
	close(fd);
	twin_free(&twin);
}

static void both_mappings(struct kshm_test_work work)
{
	at_place(work, 1000, 0);
	at_place(work, 3 * page_size(), 1);
}

static void context_hard_interrupt(void **state)
{
	both_mappings((struct kshm_test_work){ .place = KSHM_TEST_IN_HARDIRQ });
}

static void context_kernel_thread_of_no_process(void **state)
{
	both_mappings((struct kshm_test_work){ .place = KSHM_TEST_IN_KTHREAD });
}

/* The caller stays on one CPU, the bytes are touched on the other. */
static void context_interrupt_of_another_cpu(void **state)
{
	struct kshm_test_work work = { .place = KSHM_TEST_ON_CPU };
	cpu_set_t all, mine;
	__u32 cpu;

	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	assert_true(CPU_COUNT(&all) >= 2);
	for (cpu = 0; cpu < 2; cpu++) {
		CPU_ZERO(&mine);
		CPU_SET(1 - cpu, &mine);
		assert_int_equal(sched_setaffinity(0, sizeof(mine), &mine), 0);
		work.cpu = cpu;
		both_mappings(work);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(context_hard_interrupt),
	cmocka_unit_test(context_kernel_thread_of_no_process),
	cmocka_unit_test(context_interrupt_of_another_cpu),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
