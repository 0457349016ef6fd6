// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the tracepoints that tell of memory which is not what was pinned: once
 * for each region, whoever finds it first
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "handle_calls.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "section_calls.h"
#include "setting.h"
#include "watched.h"

#define TRACING	"/sys/kernel/tracing/"
#define PAGES	4

/* Both kinds, and none of before. */
static void events_begin(void)
{
	write_to(TRACING "events/kshm/kshm_region_stale/enable", "1");
	write_to(TRACING "events/kshm/kshm_section_stale/enable", "1");
	write_to(TRACING "trace", "");
}

/* How many there were since then, each of which is @expected. */
static unsigned int events_end(const char *expected)
{
	FILE *trace = fopen(TRACING "trace", "re");
	unsigned int nr = 0;
	char line[512];

	write_to(TRACING "events/kshm/kshm_region_stale/enable", "0");
	write_to(TRACING "events/kshm/kshm_section_stale/enable", "0");
	assert_non_null(trace);
	while (fgets(line, sizeof(line), trace)) {
		if (!strstr(line, "_stale: "))
			continue;
		line[strcspn(line, "\n")] = '\0';
		assert_string_equal(strstr(line, "kshm_"), expected);
		nr++;
	}
	fclose(trace);
	return nr;
}

/* The number of the region that is @id of @fd. */
static __u64 number_of(int fd, __u32 id)
{
	struct kshm_handle_entry entry;
	__u32 nr;

	handle_list(fd, handle_number(fd), id - 1, &entry, 1, &nr);
	assert_int_equal(nr, 1);
	assert_int_equal(entry.id, id);
	return entry.region;
}

/* A view of all of region @id, for the driver; or what the driver makes of it. */
static void view(int fd, __u32 id, size_t len, __u32 op, int status)
{
	struct kshm_test_view in = { .op = op, .operand = KSHM_OPERAND_DATA };
	struct kshm_ioc_control arg = request(KSHM_TEST_VIEW_FROM);
	struct kshm_test_made made;

	if (op != KSHM_TEST_VIEW_KEEP)
		arg.code = KSHM_TEST_VIEW;
	else
		arg.data = region_operand(id, 0, len);
	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&made, sizeof(made));
	control_status(fd, &arg, status);
}

/* What finds it: a request, or a driver that looks at its view; and then both again. */
static void find(int fd, __u32 id, size_t len, bool by_view)
{
	int n;

	for (n = 0; n < 4; n++) {
		if ((n ^ by_view) & 1)
			view(fd, 0, 0, KSHM_TEST_VIEW_LOOK, -ESTALE);
		else
			assert_int_equal(region_fill_try(fd, id, 0, len, 1), -ESTALE);
	}
	view(fd, 0, 0, KSHM_TEST_VIEW_RELEASE, 0);
}

static void region_is_told(bool by_view)
{
	struct watched w = watched_make_pages(BUFFER_ANON);
	void *at = w.b.data + 2 * page_size();
	char expected[128];

	snprintf(expected, sizeof(expected), "kshm_region_stale: region=%llu addr=0x%lx",
		 (unsigned long long)number_of(w.fd, w.id), (unsigned long)at);
	view(w.fd, w.id, w.b.len, KSHM_TEST_VIEW_KEEP, 0);
	events_begin();
	assert_int_equal(madvise(at, page_size(), MADV_DONTNEED), 0);
	find(w.fd, w.id, w.b.len, by_view);
	assert_int_equal(events_end(expected), 1);
	watched_free(&w);
}

static void section_is_told(bool by_view)
{
	struct section s = section_make(0, PAGES);
	char expected[128];

	snprintf(expected, sizeof(expected), "kshm_section_stale: region=%llu offset=%zu",
		 (unsigned long long)number_of(s.fd, s.id), page_size());
	view(s.fd, s.id, s.len, KSHM_TEST_VIEW_KEEP, 0);
	events_begin();
	assert_int_equal(madvise(s.data + page_size(), page_size(), MADV_REMOVE), 0);
	find(s.fd, s.id, s.len, by_view);
	assert_int_equal(events_end(expected), 1);
	section_free(&s);
}

static void stale_event_of_a_region(void **state)
{
	region_is_told(false);
}

static void stale_event_of_a_region_that_a_driver_looks_at(void **state)
{
	region_is_told(true);
}

static void stale_event_of_a_section(void **state)
{
	section_is_told(false);
}

static void stale_event_of_a_section_that_a_driver_looks_at(void **state)
{
	section_is_told(true);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(stale_event_of_a_region),
	cmocka_unit_test(stale_event_of_a_region_that_a_driver_looks_at),
	cmocka_unit_test(stale_event_of_a_section),
	cmocka_unit_test(stale_event_of_a_section_that_a_driver_looks_at),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
