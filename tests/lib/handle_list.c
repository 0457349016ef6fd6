// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of lists of handles through the library
 *
 * What a list has is tested in kernel/; here it is that the functions pass on all that
 * they are told, and explain themselves.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <kshm.h>
#include "harness.h"
#include "leak.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

static struct kshm_handle *handle, *other;
static struct kshm_explanation why;

static void set_up(void)
{
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_open(&other, "null", KSHM_OPEN_READ), 0);
	memset(&why, 0xff, sizeof(why));
}

static void tear_down(void)
{
	kshm_close(other);
	kshm_close(handle);
}

static void assert_nothing_said(void)
{
	const struct kshm_explanation nothing = { 0 };

	assert_memory_equal(&why, &nothing, sizeof(why));
}

/* The last handle called @device; there are the two of this process. */
static struct kshm_handle_info **named(struct kshm_handle_info **list,
				       const char *device)
{
	struct kshm_handle_info **last = NULL;

	for (; *list; list++)
		if (!(*list)->region && !strcmp((*list)->device, device))
			last = list;
	assert_non_null(last);
	return last;
}

WITH_SET_UP(handle_list_has_what_is_there)
{
	struct kshm_handle_info **list, **mine, **regions;
	unsigned char *memory;
	char comm[16];
	__u32 region, id;
	int share, nr;

	memory = mmap(NULL, 2 << 12, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	assert_int_equal(kshm_region_create(handle, memory + 1, 4096, READ_WRITE, &region,
					    NULL), 0);
	assert_int_equal(kshm_region_export(handle, region, KSHM_REGION_READ, &share,
					    NULL), 0);
	assert_int_equal(kshm_region_import(other, share, KSHM_REGION_READ, &id, NULL), 0);
	close(share);
	assert_int_equal(prctl(PR_GET_NAME, comm), 0);
	nr = kshm_handle_list(other, &list, &why);
	assert_true(nr >= 4);
	assert_null(list[nr]);
	assert_nothing_said();
	mine = named(list, "test");
	assert_string_equal(mine[0]->comm, comm);
	assert_int_equal(mine[0]->pid, getpid());
	assert_int_equal(mine[0]->uid, getuid());
	assert_int_equal(mine[0]->rights, KSHM_ACCESS_READ);
	assert_int_equal(mine[0]->region, 0);
	assert_int_equal(mine[0]->flags, 0);
	assert_int_equal(mine[0]->pages, 0);
	assert_int_equal(mine[1]->handle, mine[0]->handle);
	assert_string_equal(mine[1]->device, "test");
	assert_int_equal(mine[1]->id, region);
	assert_int_equal(mine[1]->flags, KSHM_HANDLE_CREATED);
	assert_int_equal(mine[1]->rights, READ_WRITE);
	assert_int_equal(mine[1]->state & KSHM_STATE_WATCHED, KSHM_STATE_WATCHED);
	assert_int_equal(mine[1]->holds, 2);
	assert_int_equal(mine[1]->uses, 0);
	assert_int_equal(mine[1]->len, 4096);
	assert_int_equal(mine[1]->pages, 2);
	assert_true(mine[1]->age <= mine[0]->age);
	regions = named(list, "null");
	assert_true(regions[0]->handle > mine[0]->handle);
	assert_int_equal(regions[1]->id, id);
	assert_int_equal(regions[1]->region, mine[1]->region);
	assert_int_equal(regions[1]->rights, KSHM_REGION_READ);
	kshm_handle_list_free(list);
	munmap(memory, 2 << 12);
}

#define MANY	600	/* more than the module tells at a time */

WITH_SET_UP(handle_list_of_many_regions)
{
	const int nrs[] = { 0, 28, 29, 30, 31, 32, MANY };
	struct kshm_handle_info **list, **mine;
	int made = 0, nr;
	__u32 ids[MANY];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nrs); i++) {
		for (; made < nrs[i]; made++)
			assert_int_equal(kshm_region_create(other, NULL, 0, READ_WRITE,
							    &ids[made], NULL), 0);
		assert_true(kshm_handle_list(handle, &list, NULL) >= made + 2);
		mine = named(list, "null");
		for (nr = 0; nr < made; nr++)
			assert_int_equal(mine[nr + 1]->id, ids[nr]);
		assert_null(mine[made + 1]);
		kshm_handle_list_free(list);
	}
	kshm_handle_list_free(NULL);
}

/* What fails is the descriptor, which somebody closed. */
WITH_SET_UP(handle_list_not_told)
{
	struct kshm_handle_info **list = NULL;

	close(kshm_fd(other));
	assert_int_equal(kshm_handle_list(other, &list, &why), -EBADF);
	assert_int_equal(why.error, -EBADF);
	assert_int_equal(why.check, KSHM_EXPLAIN_NONE);
	assert_null(list);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(handle_list_has_what_is_there),
	cmocka_unit_test(handle_list_of_many_regions),
	cmocka_unit_test(handle_list_not_told),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
