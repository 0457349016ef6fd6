// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests that pinned data is the caller's memory itself, and captured
 * input is not
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "state.h"

static void begin(struct call *call, __u32 code, const void *data, size_t len)
{
	call_hold(call, device_open("test", O_RDWR), code, data, len);
}

static void end(struct call *call)
{
	call_release(call);
	close(call->fd);
}

static void inplace_handler_sees_a_later_write(enum buffer_kind kind)
{
	struct buffer b = buffer_make(kind, page_size());
	struct call call;

	b.data[100] = 1;
	begin(&call, KSHM_TEST_HOLD_READ, b.data + 100, 50);
	b.data[100] = 2;
	end(&call);
	assert_int_equal(call.held.data_before, 1);
	assert_int_equal(call.held.data_after, 2);
	buffer_free(&b);
}

static void inplace_handler_sees_what_a_thread_writes_later(void **state)
{
	enum buffer_kind kind;

	for (kind = 0; kind < BUFFER_KINDS; kind++)
		inplace_handler_sees_a_later_write(kind);
}

static void inplace_thread_sees_a_write(enum buffer_kind kind)
{
	struct buffer b = buffer_make(kind, page_size());
	volatile unsigned char *data = b.data + 200;
	struct call call;

	begin(&call, KSHM_TEST_HOLD_WRITE, b.data + 200, 50);
	assert_int_equal(data[0], KSHM_TEST_HELD_BEFORE);
	assert_int_equal(data[1], 0);
	data[0] = 77;
	end(&call);
	assert_int_equal(data[0], 77);
	assert_int_equal(data[1], KSHM_TEST_HELD_AFTER);
	buffer_free(&b);
}

static void inplace_thread_sees_what_the_handler_writes(void **state)
{
	enum buffer_kind kind;

	for (kind = 0; kind < BUFFER_KINDS; kind++)
		inplace_thread_sees_a_write(kind);
}

static void inplace_captured_input_stays_as_it_was(void **state)
{
	unsigned char in[8] = { 1 }, data[8] = { 1 };
	struct call call;

	call.arg = hold_request(KSHM_TEST_HOLD_READ, &call.held, data,
				sizeof(data));
	call.arg.in = user_operand(in, sizeof(in));
	call_start(&call, device_open("test", O_RDWR));
	wait_until_holding(call.fd, 1);
	in[0] = 2;
	data[0] = 2;
	end(&call);
	assert_int_equal(call.held.in_before, 1);
	assert_int_equal(call.held.in_after, 1);
	assert_int_equal(call.held.data_after, 2);
}

/* Read-only memory may go to a driver; reject.c has that it cannot come. */
static void inplace_read_only_memory_goes_to_a_driver(void **state)
{
	enum buffer_kind kind;
	struct buffer b;
	struct call call;

	for (kind = 0; kind < BUFFER_KINDS; kind++) {
		b = buffer_make(kind, page_size());
		b.data[0] = 9;
		assert_int_equal(mprotect(b.data, b.len, PROT_READ), 0);
		begin(&call, KSHM_TEST_HOLD_READ, b.data, 10);
		end(&call);
		assert_int_equal(call.held.data_before, 9);
		buffer_free(&b);
	}
}

/* Pages stay pinned, and with the driver, when the caller unmaps them. */
static void inplace_unmapped_memory_stays_with_the_handler(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct call call;

	b.data[0] = 42;
	begin(&call, KSHM_TEST_HOLD_READ, b.data, 10);
	assert_int_equal(munmap(b.data, b.len), 0);
	assert_ptr_equal(mmap(b.data, b.len, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			 b.data);
	b.data[0] = 43;
	end(&call);
	assert_int_equal(call.held.data_before, 42);
	assert_int_equal(call.held.data_after, 42);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(inplace_handler_sees_what_a_thread_writes_later),
	cmocka_unit_test(inplace_thread_sees_what_the_handler_writes),
	cmocka_unit_test(inplace_captured_input_stays_as_it_was),
	cmocka_unit_test(inplace_read_only_memory_goes_to_a_driver),
	cmocka_unit_test(inplace_unmapped_memory_stays_with_the_handler),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
