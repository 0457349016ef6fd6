// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of lists of names: what they tell, in which order, whatever comes and goes
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "leak.h"
#include "name_pair.h"

/* Of one call, KSHM_MAX_LISTED of the module. */
#define MOST	512

static void publish(const char *name)
{
	name_publish(s.fd, s.id, name, READ_WRITE, 0);
}

/* The names, each followed by a blank, as calls for @room of them tell them. */
static void assert_names(__u32 room, const char *expected)
{
	struct kshm_name_entry entries[16];
	char last[KSHM_SECTION_NAME_SIZE] = "", all[512] = "";
	__u32 nr, i;
	bool more;

	do {
		more = name_list(other, last, entries, room, &nr);
		for (i = 0; i < nr; i++) {
			strcat(all, entries[i].name);
			strcat(all, " ");
		}
		/* There is more only where there was no room. */
		assert_int_equal(more ? room : nr, nr);
		if (nr)
			strcpy(last, entries[nr - 1].name);
	} while (more);
	assert_string_equal(all, expected);
}

/* Down to the last byte, and none behind. */
WITH_SET_UP(name_list_tells_what_names_are)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, KSHM_REGION_READ);
	struct kshm_name_entry entries[2], expected = {
		.name = NAME, .flags = KSHM_NAME_UNTIL_CLOSE, .rights = KSHM_REGION_READ,
		.uid = geteuid(), .gid = getegid(), .mode = 0640,
		.state = KSHM_STATE_SECTION, .len = s.len,
	}, untouched;
	__u32 nr;

	memset(entries, 0xa5, sizeof(entries));
	untouched = entries[1];
	arg.mode = 0640;
	arg.flags = KSHM_NAME_UNTIL_CLOSE;
	/* What is behind a name is not looked at, and not told. */
	memset(arg.name + sizeof(NAME), 'x', sizeof(arg.name) - sizeof(NAME));
	assert_int_equal(name_try(s.fd, &arg, NULL), 0);
	assert_false(name_list(other, "", entries, ARRAY_SIZE(entries), &nr));
	assert_int_equal(nr, 1);
	assert_memory_equal(&entries[0], &expected, sizeof(expected));
	assert_memory_equal(&entries[1], &untouched, sizeof(untouched));
	name_remove(other, NAME);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_false(name_list(other, "", entries, 1, &nr));
	assert_int_equal(entries[0].flags, 0);
	assert_int_equal(entries[0].rights, READ_WRITE);
	assert_int_equal(entries[0].mode, 0600);
}

WITH_SET_UP(name_list_of_none)
{
	__u32 nr;

	assert_false(name_list(other, "", NULL, 0, &nr));
	assert_false(name_list(other, "", NULL, 7, &nr));
	assert_false(name_list(other, NAME, NULL, -1, &nr));
	publish(NAME);
	assert_true(name_list(other, "", NULL, 0, &nr));
	assert_true(name_list(other, "test.n", NULL, 0, &nr));
	assert_false(name_list(other, NAME, NULL, 0, &nr));
	assert_false(name_list(other, NAME, NULL, 7, &nr));
	assert_false(name_list(other, "test.nameless", NULL, 7, &nr));
}

/* By the numbers of the characters, a beginning before what it begins. */
WITH_SET_UP(name_list_is_in_order)
{
	const char * const names[] = { "b", "~", "a.", "B", "ab", "a", "!", "aa", "-1", "9" };
	__u32 room;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		publish(names[i]);
	for (room = 1; room <= 16; room++)
		assert_names(room, "! -1 9 B a a. aa ab b ~ ");
	for (i = 0; i < ARRAY_SIZE(names); i += 3)
		name_remove(other, names[i]);
	for (room = 1; room <= 16; room++)
		assert_names(room, "-1 a a. aa ab ~ ");
}

WITH_SET_UP(name_list_of_the_longest_names)
{
	char first[KSHM_SECTION_NAME_SIZE], second[KSHM_SECTION_NAME_SIZE];
	struct kshm_name_entry entries[2];
	__u32 nr;

	memset(first, '~', sizeof(first) - 1);
	first[sizeof(first) - 1] = 0;
	memcpy(second, first, sizeof(second));
	first[sizeof(first) - 2] = '}';
	publish(second);
	publish(first);
	assert_true(name_list(other, "", entries, 1, &nr));
	assert_memory_equal(entries[0].name, first, sizeof(first));
	assert_false(name_list(other, first, entries, 2, &nr));
	assert_int_equal(nr, 1);
	assert_memory_equal(entries[0].name, second, sizeof(second));
	assert_false(name_list(other, second, entries, 2, &nr));
	assert_int_equal(nr, 0);
}

/* What is told last goes, something comes before it and behind, and it comes again. */
WITH_SET_UP(name_list_goes_on_whatever_comes_and_goes)
{
	struct kshm_name_entry entry;
	char told[64] = "";
	__u32 nr;

	publish("b");
	publish("d");
	publish("f");
	assert_true(name_list(other, "", &entry, 1, &nr));
	strcat(told, entry.name);
	name_remove(other, "b");
	publish("a");
	publish("c");
	assert_true(name_list(other, entry.name, &entry, 1, &nr));
	strcat(told, entry.name);
	publish("b");
	name_remove(other, "c");
	assert_true(name_list(other, entry.name, &entry, 1, &nr));
	strcat(told, entry.name);
	name_remove(other, "d");
	publish("d");
	publish("g");
	assert_true(name_list(other, entry.name, &entry, 1, &nr));
	strcat(told, entry.name);
	name_remove(other, "g");
	assert_false(name_list(other, entry.name, &entry, 1, &nr));
	assert_int_equal(nr, 0);
	assert_string_equal(told, "bcdf");
}

#define MANY	(MOST + 88)

/* However much room there is. */
WITH_SET_UP(name_list_of_more_than_a_call_tells)
{
	struct kshm_name_entry *entries = calloc(MANY, sizeof(*entries));
	char text[32];
	__u32 nr, i;

	assert_non_null(entries);
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "test.%03d", i * 7 % MANY);
		publish(text);
	}
	assert_true(name_list(other, "", entries, -1, &nr));
	assert_int_equal(nr, MOST);
	assert_int_equal(entries[MOST].name[0], 0);
	assert_true(name_list(other, "", entries, MOST - 1, &nr));
	assert_int_equal(nr, MOST - 1);
	assert_false(name_list(other, entries[MOST - 1].name, entries + MOST, -1, &nr));
	assert_int_equal(nr, MANY - MOST);
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "test.%03d", i);
		assert_string_equal(entries[i].name, text);
	}
	free(entries);
}

/* The region is looked at now, not when it was published. */
WITH_SET_UP(name_list_tells_what_became_of_a_region)
{
	struct kshm_name_entry entry;
	__u32 nr;

	publish(NAME);
	assert_int_equal(fallocate(s.file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
				   page_size()), 0);
	assert_int_equal(region_fill_try(s.fd, s.id, 0, s.len, 1), -ESTALE);
	name_list(other, "", &entry, 1, &nr);
	assert_int_equal(entry.state, KSHM_STATE_SECTION | KSHM_STATE_STALE);
	assert_int_equal(entry.len, s.len);
	region_revoke(s.fd, s.id);
	name_list(other, "", &entry, 1, &nr);
	assert_int_equal(entry.state, KSHM_STATE_REVOKED);
	assert_int_equal(entry.len, 0);
}

WITH_SET_UP(name_list_until_close)
{
	struct kshm_name_entry entries[2];
	__u32 nr;

	publish("test.stays");
	name_publish(s.fd, s.id, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	name_list(other, "", entries, 2, &nr);
	assert_int_equal(nr, 2);
	close(s.fd);
	name_list(other, "", entries, 2, &nr);
	assert_int_equal(nr, 1);
	assert_string_equal(entries[0].name, "test.stays");
	assert_int_equal(entries[0].len, s.len);
	s.fd = device_open("test", O_RDWR);
}

static struct kshm_explain unwritable(void *entries, __u32 check)
{
	struct kshm_ioc_name_list arg;
	struct kshm_explain why;

	name_refused(name_list_try(other, "", entries, 16, &arg, &why), &why, EFAULT,
		     check);
	assert_int_equal(arg.out_nr, 4711);
	assert_int_equal(arg.out_more, 4711);
	/* Of the list nothing holds the region any more. */
	assert_int_equal(region_query(s.fd, s.id).out_holds, 4);
	return why;
}

/* The first bad address, and the next call has all. */
WITH_SET_UP(name_list_that_cannot_be_written)
{
	struct buffer memory = buffer_make(BUFFER_ANON, 2 * page_size());
	unsigned char *end = memory.data + page_size();
	struct kshm_explain why;

	publish("a");
	publish("b");
	publish("c");
	why = unwritable(NULL, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, 0);
	assert_int_equal(why.mapping, KSHM_MAPPING_HOLE);
	assert_int_equal(mprotect(end, page_size(), PROT_READ), 0);
	why = unwritable(end - 5, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(end));
	assert_int_equal(why.mapping, KSHM_MAPPING_ANON);
	assert_int_equal(why.prot, KSHM_PROT_READ);
	assert_int_equal(munmap(end, page_size()), 0);
	why = unwritable(end - 5, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(end));
	assert_int_equal(why.mapping, KSHM_MAPPING_HOLE);
	why = unwritable(end - 2 * sizeof(struct kshm_name_entry), KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(end));
	why = unwritable((void *)-128UL, KSHM_EXPLAIN_RANGE);
	assert_int_equal(why.addr, -128UL);
	assert_int_equal(why.mapping, KSHM_MAPPING_KERNEL);
	buffer_free(&memory);
	assert_names(16, "a b c ");
}

/* Three fit before the hole, and no more are looked at. */
WITH_SET_UP(name_list_writes_what_there_is)
{
	struct buffer memory = buffer_make(BUFFER_ANON, 2 * page_size());
	unsigned char *end = memory.data + page_size();
	struct kshm_name_entry *entries = (void *)end;
	__u32 nr;

	assert_int_equal(munmap(end, page_size()), 0);
	publish("a");
	publish("b");
	publish("c");
	assert_false(name_list(other, "", entries - 3, -1, &nr));
	assert_int_equal(nr, 3);
	assert_string_equal(entries[-1].name, "c");
	buffer_free(&memory);
}

/* Nothing is known of what was written then. */
WITH_SET_UP(name_list_whose_struct_cannot_be_written)
{
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_name_list *arg;
	struct kshm_name_entry entry;

	publish(NAME);
	arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = (struct kshm_ioc_name_list){
		.size = sizeof(*arg), .nr_entries = 1, .entries = to_u64(&entry),
		.explain = to_u64(&why),
	};
	assert_int_equal(mprotect(arg, page_size(), PROT_READ), 0);
	name_refused(ioctl(other, KSHM_IOC_NAME_LIST, arg) ? -errno : 0, &why, EFAULT,
		     KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, to_u64(arg));
	assert_int_equal(why.prot, KSHM_PROT_READ);
	munmap(arg, page_size());
	assert_names(1, NAME " ");
}

#define STAYING	40

struct mover {
	pthread_t thread;
	bool *stop;
	int nr;
	unsigned int moved;
};

/* Publishes and removes names between those that stay, each of its own. */
static void *move(void *arg)
{
	struct kshm_ioc_name_publish request;
	struct mover *mover = arg;
	unsigned int seed = mover->nr;
	char text[32];

	while (!__atomic_load_n(mover->stop, __ATOMIC_RELAXED)) {
		snprintf(text, sizeof(text), "test.%02d.%d",
			 rand_r(&seed) % (STAYING + 1), mover->nr);
		request = name_request(s.id, text, READ_WRITE);
		if (name_remove_try(s.fd, text, NULL))
			mover->moved += !name_try(s.fd, &request, NULL);
	}
	return NULL;
}

/* All that stay are told, each once, and in their order. */
static void list_once(__u32 room)
{
	char last[KSHM_SECTION_NAME_SIZE] = "", text[32];
	struct kshm_name_entry entries[16];
	int staying = 0;
	__u32 nr, i;
	bool more;

	do {
		more = name_list(other, last, entries, room, &nr);
		for (i = 0; i < nr; i++) {
			assert_true(strcmp(last, entries[i].name) < 0);
			strcpy(last, entries[i].name);
			snprintf(text, sizeof(text), "test.%02d", staying);
			staying += !strcmp(text, last);
		}
	} while (more);
	assert_int_equal(staying, STAYING);
}

WITH_SET_UP(name_list_raced)
{
	struct mover movers[2];
	bool stop = false;
	unsigned int i, lists;
	char text[32];

	for (i = 0; i < STAYING; i++) {
		snprintf(text, sizeof(text), "test.%02d", i);
		publish(text);
	}
	for (i = 0; i < ARRAY_SIZE(movers); i++) {
		movers[i] = (struct mover){ .stop = &stop, .nr = i };
		assert_int_equal(pthread_create(&movers[i].thread, NULL, move, &movers[i]),
				 0);
	}
	for (lists = 0; lists < 200; lists++)
		list_once(lists % 16 + 1);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < ARRAY_SIZE(movers); i++) {
		pthread_join(movers[i].thread, NULL);
		assert_int_not_equal(movers[i].moved, 0);
	}
	name_remove_all(other);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(name_list_tells_what_names_are),
	cmocka_unit_test(name_list_of_none),
	cmocka_unit_test(name_list_is_in_order),
	cmocka_unit_test(name_list_of_the_longest_names),
	cmocka_unit_test(name_list_goes_on_whatever_comes_and_goes),
	cmocka_unit_test(name_list_of_more_than_a_call_tells),
	cmocka_unit_test(name_list_tells_what_became_of_a_region),
	cmocka_unit_test(name_list_until_close),
	cmocka_unit_test(name_list_that_cannot_be_written),
	cmocka_unit_test(name_list_writes_what_there_is),
	cmocka_unit_test(name_list_whose_struct_cannot_be_written),
	cmocka_unit_test(name_list_raced),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
