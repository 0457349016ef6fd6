// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of lists of handles: what they tell, in which order, whatever comes and
 * goes
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "handle_calls.h"
#include "harness.h"
#include "leak.h"
#include "name_calls.h"
#include "region_pair.h"
#include "section_calls.h"

/* Of one call, KSHM_MAX_LISTED of the module. */
#define MOST	512

/* Slots of a handle between two looks at other things. */
#define SEEN	64

/* All that is behind the handles of the test before, by calls for @room entries. */
static __u32 list_all(__u32 room, struct kshm_handle_entry *entries, __u32 most)
{
	return handle_list_all(other, handle_number(fd) - 1, room, entries, most);
}

static struct kshm_handle_entry entry_of(int handle, __u32 region)
{
	const struct kshm_handle_entry *entry;
	struct kshm_handle_entry entries[32];
	__u32 nr = list_all(16, entries, ARRAY_SIZE(entries));

	entry = handle_entry(entries, nr, handle_number(handle), region);
	assert_non_null(entry);
	return *entry;
}

/* Down to the last byte, and none behind. */
WITH_SET_UP(handle_list_tells_what_handles_are)
{
	int null = device_open("null", O_RDONLY);
	struct kshm_handle_entry entries[5], expected = {
		.handle = handle_number(null), .rights = KSHM_ACCESS_READ,
		.pid = getpid(), .uid = getuid(), .charged_uid = KSHM_HANDLE_UNCHARGED,
		.device = "null",
	}, untouched;
	__u32 nr;

	memset(entries, 0xa5, sizeof(entries));
	untouched = entries[4];
	assert_int_equal(prctl(PR_GET_NAME, expected.comm), 0);
	assert_false(handle_list(other, handle_number(fd) - 1, 0, entries, 5, &nr));
	assert_int_equal(nr, 4);
	assert_int_equal(entries[0].handle, handle_number(fd));
	assert_int_equal(entries[0].rights, KSHM_ACCESS_READ | KSHM_ACCESS_WRITE);
	assert_string_equal(entries[0].device, "test");
	assert_int_equal(entries[2].handle, handle_number(other));
	expected.age = entries[3].age;
	assert_memory_equal(&entries[3], &expected, sizeof(expected));
	assert_memory_equal(&entries[4], &untouched, sizeof(untouched));
	close(null);
	assert_int_equal(list_all(4, entries, 5), 3);
}

/* What is told of the handle is told of its regions, too. */
WITH_SET_UP(handle_list_tells_what_regions_are)
{
	struct kshm_handle_entry entry = entry_of(fd, id), expected = {
		.handle = handle_number(fd), .region = entry.region, .id = id,
		.flags = KSHM_HANDLE_CREATED, .rights = READ_WRITE,
		.state = region_query(fd, id).out_state, .holds = 1,
		.pid = getpid(), .uid = getuid(), .charged_uid = getuid(),
		.len = b.len, .pages = 3,
		.age = entry.age, .device = "test",
	};
	__u32 part = region_make(other, b.data + 1, page_size(), KSHM_REGION_READ);

	assert_int_not_equal(entry.region, 0);
	assert_int_equal(prctl(PR_GET_NAME, expected.comm), 0);
	assert_memory_equal(&entry, &expected, sizeof(expected));
	entry = entry_of(other, part);
	assert_int_equal(entry.region, expected.region + 1);
	assert_int_equal(entry.rights, KSHM_REGION_READ);
	assert_int_equal(entry.len, page_size());
	assert_int_equal(entry.pages, 2);
}

/* One region, two ids. */
WITH_SET_UP(handle_list_tells_who_shares)
{
	int share = region_export(fd, id, KSHM_REGION_READ);
	struct kshm_handle_entry mine, imported;
	__u32 there;

	assert_int_equal(entry_of(fd, id).holds, 2);
	there = region_import(other, share, KSHM_REGION_READ);
	mine = entry_of(fd, id);
	imported = entry_of(other, there);
	assert_int_equal(fdinfo_number(share, "region"), mine.region);
	assert_int_equal(fdinfo_number(share, "region-len"), mine.len);
	assert_int_equal(fdinfo_number(share, "region-pages"), mine.pages);
	close(share);
	assert_int_equal(imported.region, mine.region);
	assert_int_equal(imported.flags, 0);
	assert_int_equal(imported.rights, KSHM_REGION_READ);
	assert_int_equal(imported.holds, 3);
	assert_int_equal(imported.len, b.len);
	region_destroy(fd, id);
	assert_int_equal(entry_of(other, there).holds, 1);
}

WITH_SET_UP(handle_list_tells_what_became_of_a_region)
{
	struct section s = section_make(0, 3);
	struct kshm_handle_entry entry = entry_of(s.fd, s.id);

	assert_int_equal(entry.state, KSHM_STATE_SECTION);
	assert_int_equal(entry.flags, KSHM_HANDLE_CREATED);
	assert_int_equal(entry.pages, 3);
	assert_int_equal(fallocate(s.file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
				   page_size()), 0);
	assert_int_equal(region_fill_try(s.fd, s.id, 0, s.len, 1), -ESTALE);
	entry = entry_of(s.fd, s.id);
	assert_int_equal(entry.state, KSHM_STATE_SECTION | KSHM_STATE_STALE);
	assert_int_equal(entry.pages, 3);
	region_revoke(s.fd, s.id);
	entry = entry_of(s.fd, s.id);
	assert_int_equal(entry.state, KSHM_STATE_REVOKED);
	assert_int_equal(entry.pages, 0);
	assert_int_equal(entry.len, 0);
	assert_int_equal(entry.holds, 1);
	section_free(&s);
}

WITH_SET_UP(handle_list_only_of_whether_there_is_more)
{
	__u64 first = handle_number(fd), last = handle_number(other);
	__u32 nr;

	assert_true(handle_list(other, first - 1, 0, NULL, 0, &nr));
	assert_true(handle_list(other, first, 0, NULL, 0, &nr));
	assert_true(handle_list(other, first, id, NULL, 0, &nr));
	assert_true(handle_list(other, last - 1, HANDLE_LAST_ID, NULL, 0, &nr));
	assert_false(handle_list(other, last, 0, NULL, 0, &nr));
	assert_false(handle_list(other, last, 0, NULL, -1, &nr));
	assert_false(handle_list(other, -1, -1, NULL, -1, &nr));
	close(fd);
	assert_false(handle_list(other, last, 0, NULL, 0, &nr));
	assert_true(handle_list(other, first, 0, NULL, 0, &nr));
	fd = device_open("test", O_RDWR);
}

#define SOME	20

/* Handles as they were opened, each before its regions, and those by their slots. */
WITH_SET_UP(handle_list_in_pages_of_any_size)
{
	struct kshm_handle_entry whole[3 * SOME], pages[4 * SOME];
	__u32 i, room, nr;
	int more[3];

	for (i = 0; i < SOME; i++)
		region_make(i % 2 ? fd : other, NULL, 0, READ_WRITE);
	for (i = 0; i < ARRAY_SIZE(more); i++)
		more[i] = device_open("null", O_RDWR);
	region_make(more[1], NULL, 0, READ_WRITE);
	nr = list_all(3 * SOME, whole, 3 * SOME);
	assert_int_equal(nr, 2 + 1 + SOME + 3 + 1);
	for (i = 1; i < nr; i++)
		assert_true(whole[i].handle > whole[i - 1].handle ? !whole[i].id :
			    whole[i].handle == whole[i - 1].handle &&
			    whole[i].id > whole[i - 1].id);
	for (room = 1; room <= SOME; room++) {
		assert_int_equal(list_all(room, pages, 4 * SOME), nr);
		for (i = 0; i < nr; i++) {
			assert_int_equal(pages[i].handle, whole[i].handle);
			assert_int_equal(pages[i].id, whole[i].id);
		}
	}
	for (i = 0; i < ARRAY_SIZE(more); i++)
		close(more[i]);
}

/* What is told next after @last, if anything is. */
static struct kshm_handle_entry next(const struct kshm_handle_entry *last)
{
	struct kshm_handle_entry entry = { .handle = 0 };
	__u32 nr;

	handle_list(other, last->handle, last->id, &entry, 1, &nr);
	return entry;
}

/* What is told last goes, something comes before it and behind. */
WITH_SET_UP(handle_list_goes_on_whatever_comes_and_goes)
{
	struct kshm_handle_entry entry = { .handle = handle_number(fd) };
	__u64 number = handle_number(other);
	__u32 ids[2], late;
	int null;

	ids[0] = region_make(fd, NULL, 0, READ_WRITE);
	ids[1] = region_make(fd, NULL, 0, READ_WRITE);
	entry = next(&entry);
	assert_int_equal(entry.id, id);
	region_destroy(fd, id);
	region_destroy(fd, ids[0]);
	entry = next(&entry);
	assert_int_equal(entry.id, ids[1]);
	null = device_open("null", O_RDWR);
	close(fd);
	entry = next(&entry);
	assert_int_equal(entry.handle, number);
	assert_int_equal(entry.id, 0);
	late = region_make(other, NULL, 0, READ_WRITE);
	entry = next(&entry);
	assert_int_equal(entry.handle, number);
	assert_int_equal(entry.id, late);
	entry = next(&entry);
	assert_int_equal(entry.handle, handle_number(null));
	close(null);
	fd = device_open("test", O_RDWR);
	entry = next(&entry);
	assert_int_equal(entry.handle, handle_number(fd));
	entry = next(&entry);
	assert_int_equal(entry.handle, 0);
}

#define MANY	(MOST + 88)

/* However much room there is. */
WITH_SET_UP(handle_list_of_more_than_a_call_tells)
{
	struct kshm_handle_entry *entries = calloc(MANY + 2, sizeof(*entries));
	__u64 number = handle_number(other);
	__u32 *ids = calloc(MANY, sizeof(*ids));
	__u32 nr, i;

	assert_non_null(entries);
	assert_non_null(ids);
	for (i = 0; i < MANY; i++)
		ids[i] = region_make(other, NULL, 0, READ_WRITE);
	assert_true(handle_list(other, number, 0, entries, -1, &nr));
	assert_int_equal(nr, MOST);
	assert_int_equal(entries[MOST].handle, 0);
	assert_true(handle_list(other, number, 0, entries, MOST - 1, &nr));
	assert_int_equal(nr, MOST - 1);
	assert_false(handle_list(other, number, ids[MOST - 1], entries + MOST, -1, &nr));
	assert_int_equal(nr, MANY - MOST);
	for (i = 0; i < MANY; i++)
		assert_int_equal(entries[i].id, ids[i]);
	free(ids);
	free(entries);
}

/* Those between are free. */
WITH_SET_UP(handle_list_of_few_slots_among_many)
{
	struct kshm_handle_entry entries[8];
	__u32 ids[2 * SEEN + 3], nr, i;
	size_t kept = 0;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		ids[i] = region_make(fd, NULL, 0, READ_WRITE);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		if (i != SEEN && i != ARRAY_SIZE(ids) - 1)
			region_destroy(fd, ids[i]);
	nr = list_all(2, entries, ARRAY_SIZE(entries));
	assert_int_equal(nr, 5);
	for (i = 0; i < nr; i++)
		kept += entries[i].id == ids[SEEN] ||
			entries[i].id == ids[ARRAY_SIZE(ids) - 1];
	assert_int_equal(kept, 2);
	assert_int_equal(fdinfo_number(fd, "handle-regions"), 3);
	region_destroy(fd, ids[ARRAY_SIZE(ids) - 1]);
	assert_int_equal(list_all(2, entries, ARRAY_SIZE(entries)), 4);
	assert_int_equal(entries[3].handle, handle_number(other));
}

WITH_SET_UP(handle_fdinfo_tells_the_same)
{
	assert_true(handle_number(other) > handle_number(fd));
	assert_int_equal(fdinfo_number(other, "handle-regions"), 0);
	region_make(fd, b.data + 5, 1, KSHM_REGION_READ);
	assert_int_equal(fdinfo_number(fd, "handle-regions"), 2);
	assert_int_equal(fdinfo_number(fd, "handle-len"), b.len + 1);
	assert_int_equal(fdinfo_number(fd, "handle-pages"), 4);
}

/* In nanoseconds, of the clock that ages are told of. */
static __u64 now(void)
{
	struct timespec time;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC_COARSE, &time), 0);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void assert_age(__u64 age, const __u64 made[2], const __u64 asked[2])
{
	assert_true(age >= asked[0] - made[1]);
	assert_true(age <= asked[1] - made[0]);
}

/* A machine that sleeps would be older than its clock says, but it does not. */
WITH_SET_UP(handle_list_tells_ages)
{
	__u64 opened[2], made[2], asked[2], begun;
	struct kshm_handle_entry entries[3];
	__u32 nr, region;
	int null;

	opened[0] = now();
	null = device_open("null", O_RDWR);
	opened[1] = now();
	for (begun = now(); now() - begun < 50000000; )
		continue;
	made[0] = now();
	region = region_make(null, b.data, b.len, READ_WRITE);
	made[1] = now();
	for (begun = now(); now() - begun < 50000000; )
		continue;
	asked[0] = now();
	assert_false(handle_list(other, handle_number(other), 0, entries, 3, &nr));
	asked[1] = now();
	assert_int_equal(nr, 2);
	assert_int_equal(entries[1].id, region);
	assert_age(entries[0].age, opened, asked);
	assert_age(entries[1].age, made, asked);
	close(null);
}

/* Of a thread that has a name of its own, as the process was called then. */
static void *open_null(void *arg)
{
	int *null = arg;

	prctl(PR_SET_NAME, "thread");
	*null = device_open("null", O_RDWR);
	return NULL;
}

WITH_SET_UP(handle_list_tells_the_name_of_the_process)
{
	char name[KSHM_COMM_SIZE], odd[KSHM_COMM_SIZE] = "\xff\n\"fifteen byt\x01";
	pthread_t thread;
	int null;

	assert_int_equal(prctl(PR_GET_NAME, name), 0);
	assert_int_equal(prctl(PR_SET_NAME, odd), 0);
	assert_int_equal(pthread_create(&thread, NULL, open_null, &null), 0);
	pthread_join(thread, NULL);
	assert_int_equal(prctl(PR_SET_NAME, name), 0);
	assert_memory_equal(entry_of(null, 0).comm, odd, sizeof(odd));
	assert_int_equal(entry_of(null, 0).pid, getpid());
	close(null);
}

static struct kshm_explain unwritable(void *entries, __u32 check)
{
	struct kshm_ioc_handle_list arg;
	struct kshm_explain why;

	name_refused(handle_list_try(other, handle_number(fd) - 1, 0, entries, 16, &arg,
				     &why), &why, EFAULT, check);
	assert_int_equal(arg.out_nr, 4711);
	assert_int_equal(arg.out_more, 4711);
	return why;
}

/* The first bad address, and the next call has all. */
WITH_SET_UP(handle_list_that_cannot_be_written)
{
	struct buffer memory = buffer_make(BUFFER_ANON, 2 * page_size());
	unsigned char *end = memory.data + page_size();
	struct kshm_handle_entry entries[16];
	struct kshm_explain why;

	why = unwritable(NULL, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, 0);
	assert_int_equal(why.mapping, KSHM_MAPPING_HOLE);
	assert_int_equal(mprotect(end, page_size(), PROT_READ), 0);
	why = unwritable(end - 5, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(end));
	assert_int_equal(why.prot, KSHM_PROT_READ);
	assert_int_equal(munmap(end, page_size()), 0);
	why = unwritable(end - 2 * sizeof(struct kshm_handle_entry), KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(end));
	assert_int_equal(why.mapping, KSHM_MAPPING_HOLE);
	why = unwritable((void *)-144UL, KSHM_EXPLAIN_RANGE);
	assert_int_equal(why.addr, -144UL);
	buffer_free(&memory);
	assert_int_equal(list_all(16, entries, 16), 3);
}

/* Nothing is known of what was written then. */
WITH_SET_UP(handle_list_whose_struct_cannot_be_written)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_handle_list *arg;

	arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = (struct kshm_ioc_handle_list){
		.size = sizeof(*arg), .explain = to_u64(&why),
	};
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	name_refused(ioctl(other, KSHM_IOC_HANDLE_LIST, arg) ? -errno : 0, &why, EFAULT,
		     KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(arg));
	munmap(arg, page_size());
	assert_int_equal(ioctl(other, KSHM_IOC_HANDLE_LIST, NULL), -1);
	assert_int_equal(errno, EFAULT);
}

WITH_SET_UP(handle_list_refuses_form)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_handle_list arg = {
		.size = sizeof(arg), .flags = 6, .explain = to_u64(&why),
	};

	name_refused(ioctl(fd, KSHM_IOC_HANDLE_LIST, &arg) ? -errno : 0, &why,
		     EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 6);
	arg.flags = 0;
	arg.reserved = 1ULL << 63;
	name_refused(ioctl(fd, KSHM_IOC_HANDLE_LIST, &arg) ? -errno : 0, &why, EINVAL,
		     KSHM_EXPLAIN_RESERVED);
}

#define STAYING	20

struct mover {
	pthread_t thread;
	bool *stop;
	int fd;
	unsigned int moved;
};

/* Regions and handles come and go between those that stay. */
static void *move(void *arg)
{
	struct mover *mover = arg;
	unsigned int seed = mover->fd;
	int null, share;
	__u32 region;

	while (!__atomic_load_n(mover->stop, __ATOMIC_RELAXED)) {
		null = device_open("null", O_RDWR);
		region = region_make(mover->fd, b.data, b.len, READ_WRITE);
		share = region_export(mover->fd, region, READ_WRITE);
		region_import(null, share, KSHM_REGION_READ);
		close(share);
		if (rand_r(&seed) % 2)
			region_revoke(mover->fd, region);
		close(null);
		/* It was the last hold, whoever looks: nothing is pinned for it. */
		region_destroy(mover->fd, region);
		mover->moved++;
	}
	return NULL;
}

/* All that stay are told, each once, and in their order. */
static void list_once(__u32 room, const __u32 *ids)
{
	struct kshm_handle_entry entries[16];
	__u64 handle = handle_number(fd) - 1;
	__u32 nr, i, last = 0, staying = 0;
	bool more;

	do {
		more = handle_list(other, handle, last, entries, room, &nr);
		for (i = 0; i < nr; i++) {
			assert_true(entries[i].handle > handle ||
				    (entries[i].handle == handle &&
				     (entries[i].id & HANDLE_LAST_ID) >
				     (last & HANDLE_LAST_ID)));
			handle = entries[i].handle;
			last = entries[i].id;
			if (staying < STAYING && last == ids[staying] &&
			    handle == handle_number(fd))
				staying++;
		}
	} while (more);
	assert_int_equal(staying, STAYING);
}

WITH_SET_UP(handle_list_raced)
{
	struct mover movers[2];
	unsigned int i, lists;
	__u32 ids[STAYING];
	bool stop = false;
	__u64 pages;

	for (i = 0; i < STAYING; i++)
		ids[i] = region_make(fd, NULL, 0, READ_WRITE);
	pages = device_info(fd).out_user_pages;
	for (i = 0; i < ARRAY_SIZE(movers); i++) {
		movers[i] = (struct mover){ .stop = &stop, .fd = i ? other : fd };
		assert_int_equal(pthread_create(&movers[i].thread, NULL, move, &movers[i]),
				 0);
	}
	for (lists = 0; lists < (harness_brief() ? 40 : 200); lists++)
		list_once(lists % 16 + 1, ids);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < ARRAY_SIZE(movers); i++) {
		pthread_join(movers[i].thread, NULL);
		assert_int_not_equal(movers[i].moved, 0);
	}
	assert_int_equal(device_info(fd).out_user_pages, pages);
}

static void *list_on(void *arg)
{
	struct mover *mover = arg;
	__u32 none = 0;

	while (!__atomic_load_n(mover->stop, __ATOMIC_RELAXED)) {
		handle_list(other, 0, 0, NULL, 0, &none);
		entry_of(other, 0);
		mover->moved++;
	}
	return NULL;
}

/* What is destroyed is unpinned when the call returns, whoever looks at it then. */
WITH_SET_UP(handle_list_holds_nothing)
{
	__u64 pages = device_info(fd).out_user_pages;
	const unsigned int often = harness_brief() ? 50 : 500;
	bool stop = false;
	struct mover looker = { .stop = &stop };
	unsigned int made = 0;

	assert_int_equal(pthread_create(&looker.thread, NULL, list_on, &looker), 0);
	while (__atomic_load_n(&looker.moved, __ATOMIC_RELAXED) < often || made < often) {
		region_destroy(fd, region_make(fd, b.data, b.len, READ_WRITE));
		assert_int_equal(device_info(fd).out_user_pages, pages);
		made++;
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(looker.thread, NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(handle_list_tells_what_handles_are),
	cmocka_unit_test(handle_list_tells_what_regions_are),
	cmocka_unit_test(handle_list_tells_who_shares),
	cmocka_unit_test(handle_list_tells_what_became_of_a_region),
	cmocka_unit_test(handle_list_only_of_whether_there_is_more),
	cmocka_unit_test(handle_list_in_pages_of_any_size),
	cmocka_unit_test(handle_list_goes_on_whatever_comes_and_goes),
	cmocka_unit_test(handle_list_of_more_than_a_call_tells),
	cmocka_unit_test(handle_list_of_few_slots_among_many),
	cmocka_unit_test(handle_fdinfo_tells_the_same),
	cmocka_unit_test(handle_list_tells_ages),
	cmocka_unit_test(handle_list_tells_the_name_of_the_process),
	cmocka_unit_test(handle_list_that_cannot_be_written),
	cmocka_unit_test(handle_list_whose_struct_cannot_be_written),
	cmocka_unit_test(handle_list_refuses_form),
	cmocka_unit_test(handle_list_raced),
	cmocka_unit_test(handle_list_holds_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
