// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of callers who stall while they are told what they got: their memory waits
 * for somebody who does not answer; root's, who may have the kernel wait so
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "handle_calls.h"
#include "harness.h"
#include "leak.h"
#include "name_calls.h"
#include "region_calls.h"
#include "section_calls.h"
#include "userfault.h"

#define NAME	"stalled"

/**
 * struct stalled - a call that stalls
 * @thread: who makes it
 * @command: KSHM_IOC_*
 * @page: has its struct, which can be read, but not be written yet
 * @withheld: what has to be closed for that
 * @ret: what it returned, negative on error
 */
struct stalled {
	pthread_t thread;
	unsigned int command;
	struct buffer page;
	int withheld;
	int ret;
};

static struct section s;
static int other;

static void set_up(void)
{
	s = section_make(0, 3);
	other = device_open("null", O_RDWR);
}

static void tear_down(void)
{
	close(other);
	section_free(&s);
	nothing_charged();
}

static void *call_it(void *data)
{
	struct stalled *call = data;

	call->ret = ioctl(other, call->command, call->page.data) ? -errno : 0;
	return NULL;
}

/* Calls through the other handle, with @len bytes at @arg, and has that stall. */
static void stall(struct stalled *call, unsigned int command, const void *arg, size_t len)
{
	call->command = command;
	call->page = buffer_make(BUFFER_ANON, page_size());
	memcpy(call->page.data, arg, len);
	call->withheld = userfault_open_written(call->page.data, page_size());
	assert_int_equal(pthread_create(&call->thread, NULL, call_it, call), 0);
	userfault_await(call->withheld);
}

static void go_on(struct stalled *call)
{
	close(call->withheld);
	pthread_join(call->thread, NULL);
	assert_int_equal(call->ret, 0);
}

static void stall_opening(struct stalled *call, __u32 flags)
{
	struct kshm_ioc_name_open arg = {
		.size = sizeof(arg), .flags = flags, .rights = KSHM_REGION_READ,
		.name = NAME,
	};

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	stall(call, KSHM_IOC_NAME_OPEN, &arg, sizeof(arg));
}

static void stall_opening_by_key(struct stalled *call)
{
	struct kshm_ioc_region_open arg = {
		.size = sizeof(arg), .rights = READ_WRITE,
		.key = region_key(s.fd, s.id, READ_WRITE, 0),
	};

	stall(call, KSHM_IOC_REGION_OPEN, &arg, sizeof(arg));
}

/* What the other handle has, of which there is one. */
static struct kshm_handle_entry held(void)
{
	struct kshm_handle_entry entries[4];
	__u64 number = handle_number(other);

	assert_int_equal(handle_list_all(s.fd, number - 1, 4, entries, 4), 2);
	assert_int_equal(entries[1].handle, number);
	return entries[1];
}

/* Though the owner has let go of all that he had, it is told who has his pages. */
static void is_found(struct stalled *call, __u32 rights)
{
	struct kshm_handle_entry entry;

	region_destroy(s.fd, s.id);
	entry = held();
	assert_int_equal(entry.flags, KSHM_HANDLE_DESTROYED);
	assert_int_equal(entry.rights, rights);
	assert_int_equal(entry.pages, 3);
	assert_int_equal(entry.holds, 1);
	assert_int_equal(entry.uses, 1);
	go_on(call);
	entry = held();
	assert_int_equal(entry.flags, 0);
	assert_int_equal(entry.holds, 1);
	assert_int_equal(entry.uses, 0);
}

WITH_SET_UP(stalled_opening_by_name_is_found)
{
	struct kshm_ioc_name_open *arg;
	struct stalled call;

	stall_opening(&call, KSHM_NAME_FD);
	name_remove(s.fd, NAME);
	is_found(&call, KSHM_REGION_READ);
	arg = (void *)call.page.data;
	assert_int_equal(held().id, arg->out_id);
	assert_int_equal(arg->out_len, s.len);
	region_destroy(other, arg->out_id);
	close(arg->out_fd);
	buffer_free(&call.page);
}

WITH_SET_UP(stalled_opening_by_key_is_found)
{
	struct kshm_ioc_region_open *arg;
	struct stalled call;

	stall_opening_by_key(&call);
	is_found(&call, READ_WRITE);
	arg = (void *)call.page.data;
	assert_int_equal(held().id, arg->out_id);
	region_destroy(other, arg->out_id);
	buffer_free(&call.page);
}

/* That is found by whom it is charged to, while it is told and then. */
static void is_found_created(struct stalled *call, __u64 pages)
{
	struct kshm_handle_entry entry = held();

	assert_int_equal(entry.flags, KSHM_HANDLE_CREATED | KSHM_HANDLE_DESTROYED);
	assert_int_equal(entry.rights, READ_WRITE);
	assert_int_equal(entry.pages, pages);
	assert_int_equal(entry.charged_uid, getuid());
	go_on(call);
	entry = held();
	assert_int_equal(entry.flags, KSHM_HANDLE_CREATED);
	assert_int_equal(entry.holds, 1);
	region_destroy(other, entry.id);
	buffer_free(&call->page);
}

WITH_SET_UP(stalled_creating_is_found)
{
	struct kshm_range range = { to_u64(s.data), s.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	struct stalled call;

	stall(&call, KSHM_IOC_REGION_CREATE, &arg, sizeof(arg));
	is_found_created(&call, 3);
}

WITH_SET_UP(stalled_attaching_is_found)
{
	struct kshm_ioc_section_attach arg = section_request(s.file, READ_WRITE);
	struct stalled call;

	stall(&call, KSHM_IOC_SECTION_ATTACH, &arg, sizeof(arg));
	is_found_created(&call, 3);
}

/* Who revokes has his pages back, and waits for nobody's memory. */
static void is_in_nobodys_way(struct stalled *call)
{
	assert_int_equal(region_revoke_try(s.fd, s.id, KSHM_REGION_NO_WAIT), 0);
	nothing_charged();
	go_on(call);
}

WITH_SET_UP(stalled_opening_by_name_is_in_nobodys_way)
{
	struct kshm_ioc_name_open *arg;
	struct stalled call;

	stall_opening(&call, 0);
	is_in_nobodys_way(&call);
	arg = (void *)call.page.data;
	assert_true(region_is_revoked(other, arg->out_id));
	assert_int_equal(arg->out_len, s.len);
	name_remove(s.fd, NAME);
	buffer_free(&call.page);
}

WITH_SET_UP(stalled_opening_by_key_is_in_nobodys_way)
{
	struct kshm_ioc_region_open *arg;
	struct stalled call;

	stall_opening_by_key(&call);
	is_in_nobodys_way(&call);
	arg = (void *)call.page.data;
	assert_true(region_is_revoked(other, arg->out_id));
	buffer_free(&call.page);
}

WITH_SET_UP(stalled_sequence_is_in_nobodys_way)
{
	struct kshm_ioc_section_sequence arg = {
		.size = sizeof(arg), .rights = KSHM_REGION_READ,
	};
	struct stalled call;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	arg.id = name_open(other, NAME, KSHM_REGION_READ);
	stall(&call, KSHM_IOC_SECTION_SEQUENCE, &arg, sizeof(arg));
	is_in_nobodys_way(&call);
	close(((struct kshm_ioc_section_sequence *)call.page.data)->out_fd);
	name_remove(s.fd, NAME);
	buffer_free(&call.page);
}

/* Looking keeps nothing. */
WITH_SET_UP(stalled_query_keeps_nothing)
{
	struct kshm_ioc_region_query arg = { .size = sizeof(arg) };
	struct stalled call;

	name_publish(s.fd, s.id, NAME, READ_WRITE, 0);
	arg.id = name_open(other, NAME, KSHM_REGION_READ);
	stall(&call, KSHM_IOC_REGION_QUERY, &arg, sizeof(arg));
	name_remove(s.fd, NAME);
	region_destroy(s.fd, s.id);
	region_destroy(other, arg.id);
	nothing_charged();
	go_on(&call);
	buffer_free(&call.page);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(stalled_opening_by_name_is_found),
	cmocka_unit_test(stalled_opening_by_key_is_found),
	cmocka_unit_test(stalled_creating_is_found),
	cmocka_unit_test(stalled_attaching_is_found),
	cmocka_unit_test(stalled_opening_by_name_is_in_nobodys_way),
	cmocka_unit_test(stalled_opening_by_key_is_in_nobodys_way),
	cmocka_unit_test(stalled_sequence_is_in_nobodys_way),
	cmocka_unit_test(stalled_query_keeps_nothing),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
