// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of names: sections that programs find which are not related
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "leak.h"
#include "name_pair.h"
#include "parameter.h"
#include "pattern.h"

#define SEED	31

static unsigned char *map(int file, int prot, size_t len, __u64 offset)
{
	return mmap(NULL, len, prot, MAP_SHARED, file, offset);
}

/* By the driver, and through the descriptor. */
WITH_SET_UP(name_leads_to_the_same_bytes)
{
	struct kshm_ioc_name_open arg;
	unsigned char *there;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	assert_int_equal(arg.out_offset, 0);
	assert_int_equal(arg.out_len, s.len);
	assert_int_equal(fcntl(arg.out_fd, F_GETFD), FD_CLOEXEC);
	there = map(arg.out_fd, PROT_READ | PROT_WRITE, s.len, 0);
	assert_ptr_not_equal(there, MAP_FAILED);
	fill_pattern(there, s.len, SEED);
	region_check(other, arg.out_id, 0, s.len, SEED);
	assert_true(has_pattern(s.data, s.len, SEED));
	region_fill(other, arg.out_id, 0, s.len, SEED + 1);
	assert_true(has_pattern(there, s.len, SEED + 1));
	munmap(there, s.len);
	close(arg.out_fd);
}

/* An id, the name, and another id; all of the section that was attached once. */
WITH_SET_UP(name_is_a_hold)
{
	struct kshm_ioc_region_query query;
	__u32 there;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	there = name_open(other, NAME, READ_WRITE);
	query = region_query(other, there);
	assert_int_equal(query.out_holds, 3);
	assert_int_equal(query.out_rights, READ_WRITE);
	assert_int_equal(query.out_state, KSHM_STATE_SECTION);
	assert_int_equal(device_info(s.fd).out_user_pages, 3);
	assert_int_not_equal(name_open(other, NAME, KSHM_REGION_READ), there);
	assert_int_equal(region_revoke_try(other, there, 0), -EPERM);
}

WITH_SET_UP(name_of_a_part_of_a_file)
{
	struct kshm_ioc_section_attach part = section_request(s.file, READ_WRITE);
	struct kshm_ioc_name_open arg;
	unsigned char *there;

	part.offset = page_size();
	part.len = page_size();
	assert_int_equal(section_try(s.fd, &part, NULL), 0);
	name_publish(s.fd, part.out_id, NAME, READ_WRITE, 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	assert_int_equal(arg.out_offset, page_size());
	assert_int_equal(arg.out_len, page_size());
	there = map(arg.out_fd, PROT_READ, arg.out_len, arg.out_offset);
	assert_ptr_not_equal(there, MAP_FAILED);
	region_fill(other, arg.out_id, 0, arg.out_len, SEED);
	assert_true(has_pattern(there, arg.out_len, SEED));
	munmap(there, page_size());
	close(arg.out_fd);
}

/* The name is what holds the section, and the module. */
WITH_SET_UP(name_outlives_who_published_it)
{
	struct kshm_ioc_name_open arg;
	unsigned char *there;

	fill_pattern(s.data, s.len, SEED);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	region_destroy(s.fd, s.id);
	section_free(&s);
	assert_int_equal(device_info(other).out_user_pages, 3);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	region_check(other, arg.out_id, 0, s.len, SEED);
	assert_int_equal(region_query(other, arg.out_id).out_holds, 2);
	there = map(arg.out_fd, PROT_READ, s.len, 0);
	assert_ptr_not_equal(there, MAP_FAILED);
	assert_true(has_pattern(there, s.len, SEED));
	munmap(there, s.len);
	close(arg.out_fd);
	region_destroy(other, arg.out_id);
	assert_int_equal(device_info(other).out_user_pages, 3);
	name_remove(other, NAME);
	assert_int_equal(device_info(other).out_user_pages, 0);
	s = section_make(0, 1);
}

WITH_SET_UP(name_keeps_the_module)
{
	unsigned long before = module_references("kshm");
	struct kshm_ioc_name_publish again = name_request(s.id, NAME, READ_WRITE);

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(module_references("kshm"), before + 1);
	assert_int_equal(name_try(s.fd, &again, NULL), -EEXIST);
	assert_int_equal(module_references("kshm"), before + 1);
	name_remove(s.fd, NAME);
	assert_int_equal(module_references("kshm"), before);
}

WITH_SET_UP(name_until_close)
{
	int more;

	name_publish(s.fd, s.id, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	name_publish(s.fd, s.id, "test.too", READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	region_destroy(s.fd, s.id);
	more = dup(s.fd);
	close(s.fd);
	region_fill(other, name_open(other, NAME, READ_WRITE), 0, s.len, SEED);
	assert_true(has_pattern(s.data, s.len, SEED));
	close(more);
	no_name();
	assert_int_equal(name_remove_try(other, "test.too", NULL), -ENOENT);
	s.fd = device_open("test", O_RDWR);
}

/* One that was removed is not another's of the same name. */
WITH_SET_UP(name_until_close_removed_before)
{
	name_publish(s.fd, s.id, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	name_remove(other, NAME);
	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	close(s.fd);
	region_fill(other, name_open(other, NAME, READ_WRITE), 0, s.len, SEED);
	s.fd = device_open("test", O_RDWR);
}

/* Another process, killed: what it published until it closes is gone, the rest not. */
WITH_SET_UP(name_of_a_killed_process)
{
	int told[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (!pid) {
		int fd = device_open("test", O_RDWR);
		__u32 id = section_attach(fd, s.file, READ_WRITE);

		name_publish(fd, id, "test.mine", READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
		name_publish(fd, id, NAME, READ_WRITE, 0);
		if (write(told[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(name_remove_try(other, "test.mine", NULL), -ENOENT);
	region_fill(other, name_open(other, NAME, READ_WRITE), 0, s.len, SEED);
	assert_true(has_pattern(s.data, s.len, SEED));
	close(told[0]);
	close(told[1]);
}

WITH_SET_UP(name_is_taken)
{
	struct kshm_ioc_name_publish arg = name_request(s.id, NAME, KSHM_REGION_READ);
	struct kshm_explain why;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	name_refused(name_try(s.fd, &arg, &why), &why, EEXIST, KSHM_EXPLAIN_NAME_TAKEN);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 2);
	arg.id = section_attach(other, s.file, READ_WRITE);
	name_refused(name_try(other, &arg, &why), &why, EEXIST, KSHM_EXPLAIN_NAME_TAKEN);
	name_open(other, NAME, READ_WRITE);
	name_remove(s.fd, NAME);
	no_name();
	assert_int_equal(name_try(other, &arg, NULL), 0);
	assert_int_equal(region_query(other, arg.id).out_holds, 2);
}

WITH_SET_UP(name_removed_while_opened)
{
	struct kshm_ioc_name_open arg;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	name_remove(s.fd, NAME);
	no_name();
	region_destroy(s.fd, s.id);
	region_fill(other, arg.out_id, 0, s.len, SEED);
	assert_true(has_pattern(s.data, s.len, SEED));
	close(arg.out_fd);
}

/* Of the longest, and with all characters that there can be. */
WITH_SET_UP(name_of_any_characters)
{
	char all[] = "!~.", longest[KSHM_SECTION_NAME_SIZE];
	__u32 second;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	second = section_attach(s.fd, s.file, KSHM_REGION_READ);
	name_publish(s.fd, s.id, longest, READ_WRITE, 0);
	longest[sizeof(longest) - 2] = 0;
	name_publish(s.fd, second, longest, KSHM_REGION_READ, 0);
	name_publish(s.fd, second, "x", KSHM_REGION_READ, 0);
	name_publish(s.fd, second, all, KSHM_REGION_READ, 0);
	name_open(other, longest, KSHM_REGION_READ);
	name_remove(other, longest);
	name_remove(other, "x");
	name_remove(other, all);
	longest[sizeof(longest) - 2] = 'x';
	name_open(other, longest, READ_WRITE);
	name_remove(other, longest);
}

#define MANY	300

/* Each to its own, in whatever order they came and go. */
WITH_SET_UP(name_of_many)
{
	char text[32];
	__u32 ids[3];
	int i;

	for (i = 0; i < 3; i++) {
		struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);

		arg.len = (i + 1) * page_size();
		assert_int_equal(section_try(s.fd, &arg, NULL), 0);
		ids[i] = arg.out_id;
	}
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "test.%d", i * 7 % MANY);
		name_publish(s.fd, ids[i * 7 % MANY % 3], text, READ_WRITE, 0);
	}
	for (i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "test.%d", i);
		assert_int_equal(region_query(other, name_open(other, text, 1)).out_pages,
				 i % 3 + 1);
		name_remove(other, text);
		assert_int_equal(name_remove_try(other, text, NULL), -ENOENT);
	}
}

/* Rights become fewer on the way, never more. */
WITH_SET_UP(name_gives_rights)
{
	__u32 readable = section_attach(s.fd, s.file, KSHM_REGION_READ);
	struct kshm_ioc_name_publish arg = name_request(readable, NAME, READ_WRITE);
	struct kshm_ioc_name_open open;
	struct kshm_explain why;

	name_refused(name_try(s.fd, &arg, &why), &why, EACCES, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(why.needed, KSHM_REGION_WRITE);
	name_publish(s.fd, s.id, NAME, KSHM_REGION_READ, 0);
	name_refused(name_open_try(other, NAME, READ_WRITE, 0, &open, &why), &why,
		     EACCES, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(why.needed, KSHM_REGION_WRITE);
	assert_int_equal(why.used, KSHM_REGION_READ);
	assert_int_equal(region_query(other, name_open(other, NAME, KSHM_REGION_READ))
			 .out_rights, KSHM_REGION_READ);
}

/* As open as the rights say; what the memfd itself lets do is its mode's. */
WITH_SET_UP(name_opens_a_descriptor_by_the_rights)
{
	struct kshm_ioc_name_open arg;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	assert_int_equal(fcntl(arg.out_fd, F_GETFL) & O_ACCMODE, O_RDWR);
	assert_int_equal(lseek(arg.out_fd, 5, SEEK_SET), 5);
	assert_int_equal(lseek(s.file, 0, SEEK_CUR), 0);
	close(arg.out_fd);
	assert_int_equal(name_open_try(other, NAME, KSHM_REGION_READ, KSHM_NAME_FD, &arg,
				       NULL), 0);
	assert_int_equal(fcntl(arg.out_fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	assert_ptr_equal(map(arg.out_fd, PROT_READ | PROT_WRITE, s.len, 0), MAP_FAILED);
	close(arg.out_fd);
}

/* What nobody gets around, however the descriptor is opened again. */
WITH_SET_UP(name_of_a_section_that_others_only_read)
{
	struct kshm_ioc_name_open arg;
	unsigned char *there;
	int again;

	assert_int_equal(fcntl(s.file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	name_publish(s.fd, s.id, NAME, KSHM_REGION_READ, 0);
	assert_int_equal(name_open_try(other, NAME, KSHM_REGION_READ, KSHM_NAME_FD, &arg,
				       NULL), 0);
	again = section_reopen(arg.out_fd, O_RDWR);
	assert_ptr_equal(map(again, PROT_READ | PROT_WRITE, s.len, 0), MAP_FAILED);
	assert_int_equal(pwrite(again, "", 1, 0), -1);
	there = map(arg.out_fd, PROT_READ, s.len, 0);
	assert_ptr_not_equal(there, MAP_FAILED);
	assert_int_equal(mprotect(there, s.len, PROT_READ | PROT_WRITE), -1);
	section_is_true(&s, 0, s.len);
	assert_memory_equal(there, s.data, s.len);
	munmap(there, s.len);
	close(again);
	close(arg.out_fd);
}

/* The name stays, of an empty shell. */
WITH_SET_UP(name_of_what_was_revoked)
{
	struct kshm_ioc_name_publish again = name_request(s.id, "test.too", READ_WRITE);
	struct kshm_ioc_name_open arg;
	struct kshm_explain why;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	region_revoke(s.fd, s.id);
	assert_int_equal(device_info(s.fd).out_user_pages, 0);
	name_refused(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, &why),
		     &why, ESTALE, KSHM_EXPLAIN_REVOKED);
	name_refused(name_try(s.fd, &again, &why), &why, ESTALE, KSHM_EXPLAIN_REVOKED);
	name_remove(other, NAME);
}

WITH_SET_UP(name_of_hugetlb)
{
	struct section huge = section_make(MFD_HUGETLB, 2);
	struct kshm_ioc_name_open arg;
	unsigned char *there;

	name_publish(huge.fd, huge.id, NAME, READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
	assert_int_equal(name_open_try(other, NAME, READ_WRITE, KSHM_NAME_FD, &arg, NULL),
			 0);
	there = map(arg.out_fd, PROT_READ, huge.len, 0);
	assert_ptr_not_equal(there, MAP_FAILED);
	region_fill(other, arg.out_id, 0, huge.len, SEED);
	assert_true(has_pattern(there, huge.len, SEED));
	munmap(there, huge.len);
	close(arg.out_fd);
	section_free(&huge);
}

#define OFTEN	(harness_brief() ? 20 : 200)

struct racer {
	pthread_t thread;
	bool *stop;
	unsigned int tries;
	unsigned int won;
	unsigned int opened;
};

static void count(unsigned int *number)
{
	__atomic_add_fetch(number, 1, __ATOMIC_RELAXED);
}

static bool has(const unsigned int *number, unsigned int much)
{
	return __atomic_load_n(number, __ATOMIC_RELAXED) >= much;
}

/* Publishes, opens and removes as everybody does, through a handle of its own. */
static void *race(void *arg)
{
	struct kshm_ioc_name_publish publish;
	struct racer *racer = arg;
	struct kshm_ioc_name_open open;
	__u32 id;
	int fd;

	while (!__atomic_load_n(racer->stop, __ATOMIC_RELAXED)) {
		fd = device_open("test", O_RDWR);
		id = section_attach(fd, s.file, READ_WRITE);
		publish = name_request(id, NAME, READ_WRITE);
		publish.flags = racer->tries & KSHM_NAME_UNTIL_CLOSE;
		if (!name_try(fd, &publish, NULL))
			count(&racer->won);
		if (!name_open_try(fd, NAME, READ_WRITE, KSHM_NAME_FD, &open, NULL)) {
			count(&racer->opened);
			close(open.out_fd);
		}
		if (racer->tries++ % 3)
			name_remove_try(fd, NAME, NULL);
		close(fd);
	}
	return NULL;
}

WITH_SET_UP(name_raced_for)
{
	struct racer racers[3];
	bool stop = false;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(racers); i++) {
		racers[i] = (struct racer){ .stop = &stop };
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race,
						&racers[i]), 0);
	}
	/* Each is the first one now and then, and finds what there is. */
	for (i = 0; i < ARRAY_SIZE(racers); i++)
		while (!has(&racers[i].won, OFTEN) || !has(&racers[i].opened, OFTEN))
			usleep(1000);
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < ARRAY_SIZE(racers); i++)
		pthread_join(racers[i].thread, NULL);
	name_remove_try(other, NAME, NULL);
	assert_int_equal(region_query(s.fd, s.id).out_holds, 1);
	assert_int_equal(device_info(s.fd).out_user_pages, 3);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(name_leads_to_the_same_bytes),
	cmocka_unit_test(name_is_a_hold),
	cmocka_unit_test(name_of_a_part_of_a_file),
	cmocka_unit_test(name_outlives_who_published_it),
	cmocka_unit_test(name_keeps_the_module),
	cmocka_unit_test(name_until_close),
	cmocka_unit_test(name_until_close_removed_before),
	cmocka_unit_test(name_of_a_killed_process),
	cmocka_unit_test(name_is_taken),
	cmocka_unit_test(name_removed_while_opened),
	cmocka_unit_test(name_of_any_characters),
	cmocka_unit_test(name_of_many),
	cmocka_unit_test(name_gives_rights),
	cmocka_unit_test(name_opens_a_descriptor_by_the_rights),
	cmocka_unit_test(name_of_a_section_that_others_only_read),
	cmocka_unit_test(name_of_what_was_revoked),
	cmocka_unit_test(name_of_hugetlb),
	cmocka_unit_test(name_raced_for),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
