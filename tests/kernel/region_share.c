// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions that are shared as file descriptors; root's, who sets
 * limits, becomes others and has the nodes of new devices
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "parameter.h"
#include "passing.h"
#include "pattern.h"
#include "region_calls.h"
#include "region_pair.h"
#include "section_calls.h"
#include "sequence_calls.h"
#include "state.h"

#define SEED	11
#define USER	4321

static void holds(__u32 nr)
{
	assert_int_equal(region_query(fd, id).out_holds, nr);
}

WITH_SET_UP(share_leads_to_the_same_bytes)
{
	int share = region_export(fd, id, READ_WRITE);
	int null = device_open("null", O_RDWR);
	__u32 there = region_import(other, share, READ_WRITE);
	__u32 elsewhere = region_import(null, share, KSHM_REGION_READ);

	holds(4);
	assert_int_equal(region_query(null, elsewhere).out_len, b.len);
	assert_int_equal(region_query(null, elsewhere).out_rights, KSHM_REGION_READ);
	close(share);
	region_fill(other, there, 1, b.len - 1, SEED);
	assert_true(has_pattern(b.data + 1, b.len - 1, SEED));
	region_check(fd, id, 1, b.len - 1, SEED);
	fill_pattern(b.data, b.len, SEED + 1);
	region_check(other, there, 0, b.len, SEED + 1);
	/* Pinned and charged once. */
	assert_int_equal(device_info(fd).out_user_pages, 3);
	holds(3);
	close(null);
	region_destroy(other, there);
	holds(1);
}

WITH_SET_UP(share_imported_twice)
{
	int share = region_export(fd, id, READ_WRITE);
	__u32 one = region_import(other, share, READ_WRITE);
	__u32 two = region_import(other, share, READ_WRITE);
	__u32 own = region_import(fd, share, READ_WRITE);

	assert_int_not_equal(one, two);
	assert_int_not_equal(own, id);
	region_destroy(other, one);
	assert_int_equal(region_destroy_try(other, one, 0), -ENOENT);
	region_fill(other, two, 0, b.len, SEED);
	region_check(fd, own, 0, b.len, SEED);
	region_destroy(fd, id);
	region_check(fd, own, 0, b.len, SEED);
	region_check(other, region_import(other, share, READ_WRITE), 0, b.len, SEED);
	close(share);
}

static void lacks(int ret, const struct kshm_explain *why, __u32 has)
{
	assert_int_equal(ret, -EACCES);
	assert_int_equal(why->error, EACCES);
	assert_int_equal(why->check, KSHM_EXPLAIN_RIGHTS);
	assert_int_equal(why->operand, 0);
	assert_int_equal(why->needed, READ_WRITE & ~has);
	assert_int_equal(why->used, has);
}

/* Whatever way they go, rights become fewer. */
static void rights_stay(__u32 has)
{
	int share = region_export(fd, id, has), again;
	struct kshm_explain why;
	__u32 there, none;

	lacks(region_import_try(other, share, READ_WRITE, &none, &why), &why, has);
	there = region_import(other, share, has);
	assert_int_equal(region_query(other, there).out_rights, has);
	lacks(region_export_try(other, there, READ_WRITE, &again, &why), &why, has);
	assert_int_equal(region_fill_try(other, there, 0, 1, SEED),
			 has & KSHM_REGION_WRITE ? 0 : -EACCES);
	assert_int_equal(region_check_try(other, there, 0, 0, SEED),
			 has & KSHM_REGION_READ ? 0 : -EACCES);
	again = region_export(other, there, has);
	region_import(other, again, has);
	close(again);
	close(share);
}

WITH_SET_UP(share_has_no_more_rights_than_it_is_made_of)
{
	rights_stay(KSHM_REGION_READ);
	rights_stay(KSHM_REGION_WRITE);
	region_fill(fd, id, 0, b.len, SEED);
}

static void ends_well(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Of another user, with a handle of its own. */
static int import_and_fill(int socket)
{
	int handle = open("/dev/kshm/test", O_RDWR), share = receive_fd(socket);
	__u32 there;

	if (setgid(USER) || setuid(USER) ||
	    region_import_try(handle, share, READ_WRITE, &there, NULL))
		return 1;
	return region_fill_try(handle, there, 0, b.len, SEED) ? 2 : 0;
}

WITH_SET_UP(share_sent_to_another_process)
{
	int share = region_export(fd, id, READ_WRITE), pair[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pid = fork();
	if (!pid) {
		close(share);
		close(fd);
		close(other);
		_exit(import_and_fill(pair[1]));
	}
	send_fds(pair[0], &share, 1);
	close(share);
	ends_well(pid);
	assert_true(has_pattern(b.data, b.len, SEED));
	close(pair[0]);
	close(pair[1]);
	holds(1);
}

/* Makes one of private memory, as another user, sends it and ends. */
static int create_and_send(int socket)
{
	struct buffer own = buffer_make(BUFFER_ANON, 5 * page_size());
	int handle = open("/dev/kshm/test", O_RDWR), share;
	__u32 made;

	if (setgid(USER) || setuid(USER))
		return 1;
	fill_pattern(own.data, own.len, SEED);
	made = region_make(handle, own.data, own.len, READ_WRITE);
	share = region_export(handle, made, READ_WRITE);
	send_fds(socket, &share, 1);
	return 0;
}

static void share_outlives_who_created_it(void **state)
{
	int pair[2], share;
	__u32 there;
	pid_t pid;

	other = device_open("test", O_RDWR);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pid = fork();
	if (!pid)
		_exit(create_and_send(pair[1]));
	ends_well(pid);
	share = receive_fd(pair[0]);
	there = region_import(other, share, READ_WRITE);
	close(share);
	region_check(other, there, 0, 5 * page_size(), SEED);
	region_fill(other, there, 7, 2 * page_size(), SEED + 1);
	region_check(other, there, 7, 2 * page_size(), SEED + 1);
	/* The charge stays his. */
	assert_int_equal(device_info(other).out_user_pages, 0);
	assert_int_equal(device_info(other).out_system_pages, 5);
	region_destroy(other, there);
	assert_int_equal(device_info(other).out_system_pages, 0);
	close(other);
	close(pair[0]);
	close(pair[1]);
}

WITH_SET_UP(share_lasts_until_its_last_descriptor)
{
	int share = region_export(fd, id, READ_WRITE), copy = dup(share);

	close(fd);
	fd = device_open("test", O_RDWR);
	close(share);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	region_fill(fd, region_import(fd, copy, READ_WRITE), 0, b.len, SEED);
	assert_true(has_pattern(b.data, b.len, SEED));
	close(fd);
	fd = device_open("test", O_RDWR);
	assert_int_equal(device_info(fd).out_user_pages, 3);
	close(copy);
	assert_int_equal(device_info(fd).out_user_pages, 0);
}

/* In flight over a socket that is itself in flight over it, with its handle. */
/* All that can be sent, and what each keeps: pages, or the module. */
WITH_SET_UP(share_in_a_circle_of_sockets)
{
	unsigned long before = module_references("kshm");
	int share = region_export(fd, id, READ_WRITE), pair[2], tries;
	int file = section_file(0, b.len, F_SEAL_SHRINK);
	int counter = sequence_make(fd, section_attach(fd, file, READ_WRITE), READ_WRITE);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	send_fds(pair[0], (int[]){ share, pair[0], pair[1], fd }, 4);
	send_fds(pair[1], (int[]){ share, pair[0], pair[1], other }, 4);
	send_fds(pair[0], (int[]){ counter, file, pair[0], pair[1] }, 4);
	close(counter);
	close(file);
	close(share);
	close(fd);
	close(other);
	close(pair[0]);
	close(pair[1]);
	fd = device_open("test", O_RDWR);
	other = device_open("test", O_RDWR);
	/* The kernel looks for them when a socket is closed, in a worker. */
	for (tries = 0; tries < 100 && (device_info(fd).out_user_pages ||
					module_references("kshm") != before); tries++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
		close(pair[0]);
		close(pair[1]);
		usleep(10000);
	}
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(module_references("kshm"), before);
}

static void foreign(int descriptor)
{
	struct kshm_explain why;
	__u32 none;

	assert_int_equal(region_import_try(other, descriptor, READ_WRITE, &none, &why),
			 -EBADF);
	assert_int_equal(why.check, KSHM_EXPLAIN_FD);
	assert_int_equal(why.error, EBADF);
	assert_int_equal(why.used, (__u32)descriptor);
}

WITH_SET_UP(share_is_no_other_descriptor)
{
	int share = region_export(fd, id, READ_WRITE), pipes[2];
	int memfd = section_file(0, b.len, F_SEAL_SHRINK);
	const int files[] = {
		sequence_make(fd, section_attach(fd, memfd, READ_WRITE), READ_WRITE),
		open("/dev/null", O_RDWR), open("/", O_RDONLY | O_DIRECTORY),
		socket(AF_UNIX, SOCK_STREAM, 0),
		open("/dev/null", O_PATH), dup(fd), eventfd(0, 0), epoll_create1(0), memfd,
	};
	size_t i;

	assert_int_equal(pipe(pipes), 0);
	foreign(-1);
	foreign(9999);
	foreign(1 << 31);
	foreign(pipes[0]);
	foreign(pipes[1]);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		assert_int_not_equal(files[i], -1);
		foreign(files[i]);
		close(files[i]);
	}
	close(share);
	foreign(share);
	close(pipes[0]);
	close(pipes[1]);
}

static void refused_as(int ret, const struct kshm_explain *why, int error, __u32 check)
{
	assert_int_equal(ret, -error);
	assert_int_equal(why->error, error);
	assert_int_equal(why->check, check);
}

WITH_SET_UP(share_refuses_rights_and_ids)
{
	int share = region_export(fd, id, READ_WRITE), none;
	struct kshm_explain why;
	__u32 there;

	refused_as(region_export_try(fd, id, 0, &none, &why), &why, EINVAL,
		   KSHM_EXPLAIN_NO_RIGHTS);
	refused_as(region_export_try(fd, id, 5, &none, &why), &why, EOPNOTSUPP,
		   KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 4);
	refused_as(region_import_try(other, share, 0, &there, &why), &why, EINVAL,
		   KSHM_EXPLAIN_NO_RIGHTS);
	refused_as(region_import_try(other, share, 5, &there, &why), &why, EOPNOTSUPP,
		   KSHM_EXPLAIN_FLAGS);
	refused_as(region_export_try(fd, 0, 1, &none, &why), &why, ENOENT,
		   KSHM_EXPLAIN_REGION);
	refused_as(region_export_try(other, id, 1, &none, &why), &why, ENOENT,
		   KSHM_EXPLAIN_REGION);
	assert_int_equal(why.used, id);
	region_destroy(fd, id);
	refused_as(region_export_try(fd, id, 1, &none, &why), &why, ENOENT,
		   KSHM_EXPLAIN_REGION);
	close(share);
}

WITH_SET_UP(share_refuses_flags_and_reserved_members)
{
	int share = region_export(fd, id, READ_WRITE);
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_region_export out = {
		.size = sizeof(out), .id = id, .rights = 1, .flags = 8,
		.explain = to_u64(&why),
	};
	struct kshm_ioc_region_import in = {
		.size = sizeof(in), .fd = share, .rights = 1, .flags = 8,
		.explain = to_u64(&why),
	};

	refused_as(ioctl(fd, KSHM_IOC_REGION_EXPORT, &out) ? -errno : 0, &why,
		   EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	assert_int_equal(why.needed, 8);
	out.flags = 0;
	out.reserved = 1;
	refused_as(ioctl(fd, KSHM_IOC_REGION_EXPORT, &out) ? -errno : 0, &why,
		   EINVAL, KSHM_EXPLAIN_RESERVED);
	refused_as(ioctl(fd, KSHM_IOC_REGION_IMPORT, &in) ? -errno : 0, &why,
		   EOPNOTSUPP, KSHM_EXPLAIN_FLAGS);
	in.flags = 0;
	in.reserved = 1;
	refused_as(ioctl(fd, KSHM_IOC_REGION_IMPORT, &in) ? -errno : 0, &why,
		   EINVAL, KSHM_EXPLAIN_RESERVED);
	close(share);
}

static int lowest_free_fd(void)
{
	int lowest = dup(fd);

	close(lowest);
	return lowest;
}

/* Nothing is left of what cannot be told. */
WITH_SET_UP(share_refuses_structs_that_cannot_be_written)
{
	int share = region_export(fd, id, READ_WRITE), lowest = lowest_free_fd();
	struct kshm_ioc_region_export *out = (void *)b.data;
	struct kshm_ioc_region_import *in = (void *)(b.data + 128);
	struct kshm_ioc_region_query query;
	__u32 next;

	*out = (struct kshm_ioc_region_export){
		.size = sizeof(*out), .id = id, .rights = 1,
	};
	*in = (struct kshm_ioc_region_import){
		.size = sizeof(*in), .fd = share, .rights = 1,
	};
	assert_int_equal(mprotect(b.data, page_size(), PROT_READ), 0);
	assert_int_equal(ioctl(fd, KSHM_IOC_REGION_EXPORT, out), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(lowest_free_fd(), lowest);
	assert_int_equal(ioctl(other, KSHM_IOC_REGION_IMPORT, in), -1);
	assert_int_equal(errno, EFAULT);
	holds(2);
	next = region_import(other, share, 1);
	assert_int_equal(region_query_try(other, next - 1, &query), -ENOENT);
	close(share);
}

WITH_SET_UP(share_needs_a_free_descriptor)
{
	struct rlimit before, none;
	struct kshm_explain why;
	int share, ret;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = lowest_free_fd();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	ret = region_export_try(fd, id, READ_WRITE, &share, &why);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	refused_as(ret, &why, EMFILE, KSHM_EXPLAIN_FILES);
	holds(1);
}

/* The most files that there may be: what it was. */
static unsigned long set_file_max(unsigned long most)
{
	FILE *file = fopen("/proc/sys/fs/file-max", "r+e");
	unsigned long before = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &before), 1);
	rewind(file);
	assert_true(fprintf(file, "%lu", most) > 0);
	assert_int_equal(fclose(file), 0);
	return before;
}

/* Root may have more. None, for the kernel guesses where it counts few. */
WITH_SET_UP(share_needs_a_free_file)
{
	int share, ret, lowest = lowest_free_fd();
	unsigned long before = set_file_max(0);
	struct kshm_explain why;

	assert_int_equal(seteuid(USER), 0);
	ret = region_export_try(fd, id, READ_WRITE, &share, &why);
	assert_int_equal(seteuid(0), 0);
	set_file_max(before);
	refused_as(ret, &why, ENFILE, KSHM_EXPLAIN_SYSTEM_FILES);
	assert_int_equal(lowest_free_fd(), lowest);
	holds(1);
}

WITH_SET_UP(share_counts_as_a_region_of_its_handle)
{
	unsigned long before = parameter_get("max_handle_regions");
	int share = region_export(fd, id, READ_WRITE);
	struct kshm_explain why;
	__u32 there, none;

	parameter_set("max_handle_regions", 1);
	refused_as(region_import_try(fd, share, 1, &none, &why), &why, ENOSPC,
		   KSHM_EXPLAIN_LIMIT_REGIONS);
	there = region_import(other, share, 1);
	refused_as(region_import_try(other, share, 1, &none, &why), &why, ENOSPC,
		   KSHM_EXPLAIN_LIMIT_REGIONS);
	assert_int_equal(why.limit, 1);
	region_destroy(other, there);
	region_import(other, share, 1);
	parameter_set("max_handle_regions", before);
	close(share);
}

WITH_SET_UP(share_is_not_for_revoking)
{
	int share = region_export(fd, id, READ_WRITE);
	__u32 there = region_import(other, share, READ_WRITE);
	__u32 own = region_import(fd, share, READ_WRITE);
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_region_revoke arg = {
		.size = sizeof(arg), .id = there, .explain = to_u64(&why),
	};

	refused_as(ioctl(other, KSHM_IOC_REGION_REVOKE, &arg) ? -errno : 0, &why,
		   EPERM, KSHM_EXPLAIN_NOT_CREATED);
	assert_int_equal(region_revoke_try(fd, own, KSHM_REGION_NO_WAIT), -EPERM);
	region_fill(other, there, 0, b.len, SEED);
	close(share);
}

/* Ids and descriptors are left, and no pages. */
WITH_SET_UP(share_of_a_revoked_region)
{
	int share = region_export(fd, id, READ_WRITE), none;
	__u32 there = region_import(other, share, READ_WRITE), nothing;
	struct kshm_explain why;

	region_fill(other, there, 0, b.len, SEED);
	region_revoke(fd, id);
	nothing_pinned();
	assert_int_equal(region_check_try(other, there, 0, 0, SEED), -ESTALE);
	assert_true(region_is_revoked(other, there));
	assert_int_equal(region_query(other, there).out_pages, 0);
	refused_as(region_import_try(other, share, 1, &nothing, &why), &why, ESTALE,
		   KSHM_EXPLAIN_REVOKED);
	refused_as(region_export_try(other, there, 1, &none, &why), &why, ESTALE,
		   KSHM_EXPLAIN_REVOKED);
	assert_int_equal(why.used, there);
	holds(3);
	region_destroy(fd, id);
	assert_int_equal(region_query(other, there).out_holds, 2);
	region_destroy(other, there);
	close(share);
}

static void *revoke_waiting(void *data)
{
	int *ret = data;

	*ret = region_revoke_try(fd, id, 0);
	return NULL;
}

/* The creator waits for the importer's request. */
WITH_SET_UP(share_revoked_while_it_is_used)
{
	int share = region_export(fd, id, READ_WRITE), ret = 1;
	__u32 there = region_import(other, share, READ_WRITE);
	pthread_t thread;
	struct call call;

	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(there, 0, 10);
	call_start(&call, other);
	wait_until_holding(other, 1);
	/* It is in use, but not through this id. */
	assert_int_equal(region_query(fd, id).out_uses, 0);
	assert_int_equal(pthread_create(&thread, NULL, revoke_waiting, &ret), 0);
	while (!region_is_revoked(other, there))
		usleep(1000);
	assert_int_equal(region_check_try(other, there, 0, 0, SEED), -ESTALE);
	assert_int_equal(region_query(other, there).out_pages, 3);
	region_destroy(fd, id);
	assert_int_equal(__atomic_load_n(&ret, __ATOMIC_SEQ_CST), 1);
	call_release(&call);
	pthread_join(thread, NULL);
	assert_int_equal(ret, 0);
	assert_int_equal(b.data[1], KSHM_TEST_HELD_AFTER);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	close(share);
}

static void set_devices(__u32 nr)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_DEVICES);

	arg.in = user_operand(&nr, sizeof(nr));
	control(other, &arg);
}

WITH_SET_UP(share_after_the_device_is_gone)
{
	struct kshm_explain why;
	int share, gone;
	__u32 there, none;

	set_devices(1);
	gone = device_open("test-0", O_RDWR);
	there = region_make(gone, b.data, b.len, READ_WRITE);
	set_devices(0);
	share = region_export(gone, there, READ_WRITE);
	refused_as(region_import_try(gone, share, 1, &none, &why), &why, ENODEV,
		   KSHM_EXPLAIN_GONE);
	close(gone);
	region_fill(other, region_import(other, share, READ_WRITE), 0, b.len, SEED);
	assert_true(has_pattern(b.data, b.len, SEED));
	close(share);
}

static void fdinfo_has(int share, const char *expected)
{
	char path[64], text[1024] = { 0 };
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", share);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	if (!strstr(text, expected))
		fail_msg("not in fdinfo: %s\n%s", expected, text);
}

WITH_SET_UP(share_tells_what_it_is)
{
	int share = region_export(fd, id, READ_WRITE);
	int readable = region_export(fd, id, KSHM_REGION_READ);
	char expected[128];

	assert_int_equal(fcntl(share, F_GETFD), FD_CLOEXEC);
	snprintf(expected, sizeof(expected),
		 "region-len:\t%zu\nregion-pages:\t3\nregion-rights:\trw\nregion-revoked:\t0\n",
		 b.len);
	fdinfo_has(share, expected);
	fdinfo_has(readable, "region-rights:\tr\n");
	region_revoke(fd, id);
	fdinfo_has(share,
		   "region-len:\t0\nregion-pages:\t0\nregion-rights:\trw\nregion-revoked:\t1\n");
	close(readable);
	close(share);
}

/* Killed with what it has made, while its request is under way. */
static void share_of_a_killed_process(void **state)
{
	int status, told[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(told), 0);
	pid = fork();
	if (!pid) {
		set_up();
		region_import(other, region_export(fd, id, READ_WRITE), READ_WRITE);
		write(told[1], "", 1);
		for (;;)
			region_fill(fd, id, 0, b.len, SEED);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	fd = device_open("test", O_RDWR);
	wait_until_free(fd);
	close(fd);
	close(told[0]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(share_leads_to_the_same_bytes),
	cmocka_unit_test(share_imported_twice),
	cmocka_unit_test(share_has_no_more_rights_than_it_is_made_of),
	cmocka_unit_test(share_sent_to_another_process),
	cmocka_unit_test(share_outlives_who_created_it),
	cmocka_unit_test(share_lasts_until_its_last_descriptor),
	cmocka_unit_test(share_in_a_circle_of_sockets),
	cmocka_unit_test(share_is_no_other_descriptor),
	cmocka_unit_test(share_refuses_rights_and_ids),
	cmocka_unit_test(share_refuses_flags_and_reserved_members),
	cmocka_unit_test(share_refuses_structs_that_cannot_be_written),
	cmocka_unit_test(share_needs_a_free_descriptor),
	cmocka_unit_test(share_needs_a_free_file),
	cmocka_unit_test(share_counts_as_a_region_of_its_handle),
	cmocka_unit_test(share_is_not_for_revoking),
	cmocka_unit_test(share_of_a_revoked_region),
	cmocka_unit_test(share_revoked_while_it_is_used),
	cmocka_unit_test(share_after_the_device_is_gone),
	cmocka_unit_test(share_tells_what_it_is),
	cmocka_unit_test(share_of_a_killed_process),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
