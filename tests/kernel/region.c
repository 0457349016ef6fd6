// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions: memory that is pinned once and used by id
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"
#include "state.h"

#define SEED	5

static const __u32 accesses[] = {
	KSHM_TEST_BY_MAP, KSHM_TEST_BY_SEGMENTS, KSHM_TEST_BY_COPY,
};

static struct kshm_test_work work;
static struct kshm_test_place place;

/* A request whose data is a part of a region. */
static struct kshm_ioc_control on_region(__u32 code, __u32 id, __u64 offset,
					 __u64 len)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(&work, sizeof(work));
	arg.out = user_operand(&place, sizeof(place));
	arg.data = region_operand(id, offset, len);
	return arg;
}

static void driver_fills_region(int fd, __u32 id, __u64 offset, __u64 len)
{
	struct kshm_ioc_control arg = on_region(KSHM_TEST_FILL, id, offset, len);

	control(fd, &arg);
	assert_int_equal(arg.data.out_returned, len);
}

static void driver_checks_region(int fd, __u32 id, __u64 offset, __u64 len)
{
	struct kshm_ioc_control arg = on_region(KSHM_TEST_CHECK, id, offset, len);

	control(fd, &arg);
	assert_int_equal(place.wrong, 0);
}

/* Both ways, and only the bytes in question. */
static void use_part(int fd, __u32 id, struct buffer *b, size_t offset, size_t len)
{
	memset(b->data, 0xee, b->len);
	work.seed = offset + len;
	driver_fills_region(fd, id, offset, len);
	assert_true(has_pattern(b->data + offset, len, work.seed));
	if (offset)
		assert_int_equal(b->data[offset - 1], 0xee);
	if (offset + len < b->len)
		assert_int_equal(b->data[offset + len], 0xee);
	work.seed++;
	fill_pattern(b->data + offset, len, work.seed);
	driver_checks_region(fd, id, offset, len);
}

static void use_parts(int fd, __u32 id, struct buffer *b)
{
	const size_t page = page_size();
	const struct { size_t offset, len; } parts[] = {
		{ 0, 0 }, { 0, 1 }, { 0, b->len }, { 1, b->len - 1 },
		{ b->len, 0 }, { b->len - 1, 1 }, { page - 1, 2 },
		{ page, page }, { page + 1, 2 * page }, { 3 * page - 1, 1 },
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(accesses); i++)
		for (j = 0; j < ARRAY_SIZE(parts); j++) {
			work.access = accesses[i];
			use_part(fd, id, b, parts[j].offset, parts[j].len);
		}
}

static void region_of_every_kind_of_memory(void **state)
{
	int fd = device_open("test", O_RDWR);
	enum buffer_kind kind;
	struct buffer b;
	__u32 id;

	for (kind = 0; kind < BUFFER_KINDS; kind++) {
		/* Files have a test of their own, and so have huge pages of hugetlb. */
		if (kind == BUFFER_FILE || kind == BUFFER_HUGETLB)
			continue;
		b = buffer_make(kind, 5 * page_size());
		id = region_make(fd, b.data, b.len, READ_WRITE);
		use_parts(fd, id, &b);
		region_destroy(fd, id);
		buffer_free(&b);
	}
	close(fd);
}

static void region_of_huge_pages_is_few_extents(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, 2 * HUGE_SIZE);
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_region_query query;
	__u32 id = region_make(fd, b.data + 5, HUGE_SIZE, READ_WRITE);

	query = region_query(fd, id);
	assert_int_equal(query.out_pages, HUGE_SIZE / page_size() + 1);
	assert_int_equal(query.out_extents, 2);
	work.seed = SEED;
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++) {
		work.access = accesses[i];
		driver_fills_region(fd, id, HUGE_SIZE - 4096, 4096);
		assert_true(has_pattern(b.data + 5 + HUGE_SIZE - 4096, 4096, SEED));
	}
	close(fd);
	buffer_free(&b);
}

static void region_at_any_offset(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());
	int fd = device_open("test", O_RDWR);
	size_t offset, step = harness_brief() ? 1021 : 127, len = page_size() + 100;
	__u32 id;

	for (offset = 0; offset + len <= b.len; offset += step) {
		harness_case();
		id = region_make(fd, b.data + offset, len, READ_WRITE);
		memset(b.data, 0xee, b.len);
		work = (struct kshm_test_work){ .seed = offset };
		driver_fills_region(fd, id, 0, len);
		assert_true(has_pattern(b.data + offset, len, offset));
		work.access = KSHM_TEST_BY_SEGMENTS;
		driver_checks_region(fd, id, 0, len);
		region_destroy(fd, id);
	}
	close(fd);
	buffer_free(&b);
}

/* The last range first, and the first byte and the last in the middle of a page. */
static void region_of_several_ranges(void **state)
{
	const size_t page = page_size(), len = 3 * page + 7 + 11;
	struct buffer b = buffer_make(BUFFER_ANON, 8 * page);
	const struct kshm_range ranges[] = {
		{ to_u64(b.data + 7 * page - 7), 7 },
		{ to_u64(b.data + 4 * page), 2 * page },
		{ 0, 0 },
		{ to_u64(b.data + page), page },
		{ to_u64(b.data + 3 * page), 11 },
	};
	struct kshm_ioc_region_create arg = region_request(ranges, ARRAY_SIZE(ranges),
							   READ_WRITE);
	int fd = device_open("test", O_RDWR);
	unsigned char whole[8 * 4096];
	size_t i;

	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(arg.out_len, len);
	work.seed = SEED;
	for (i = 0; i < ARRAY_SIZE(accesses); i++) {
		work.access = accesses[i];
		memset(b.data, 0, b.len);
		driver_fills_region(fd, arg.out_id, 0, len);
		memcpy(whole, b.data + 7 * page - 7, 7);
		memcpy(whole + 7, b.data + 4 * page, 2 * page);
		memcpy(whole + 7 + 2 * page, b.data + page, page);
		memcpy(whole + 7 + 3 * page, b.data + 3 * page, 11);
		assert_true(has_pattern(whole, len, SEED));
		driver_checks_region(fd, arg.out_id, 0, len);
	}
	close(fd);
	buffer_free(&b);
}

/* One page many times, and the pages of a huge one the other way round. */
static void region_of_pages_in_any_order(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	struct kshm_ioc_region_create arg;
	int fd = device_open("test", O_RDWR);
	struct kshm_range ranges[64];
	const size_t page = page_size();
	__u64 offset;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ranges); i++)
		ranges[i] = (struct kshm_range){
			to_u64(b.data + (i < 32 ? 31 - i : 40) * page), page,
		};
	arg = region_request(ranges, ARRAY_SIZE(ranges), READ_WRITE);
	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(region_query(fd, arg.out_id).out_extents, ARRAY_SIZE(ranges));
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		work = (struct kshm_test_work){ .seed = i };
		offset = i * page;
		driver_fills_region(fd, arg.out_id, offset, page);
		assert_true(has_pattern((void *)(unsigned long)ranges[i].addr, page, i));
	}
	close(fd);
	buffer_free(&b);
}

/* As above, in one range: mapped by small entries, in which its pages go down. */
static void region_of_a_huge_page_back_to_front(void **state)
{
	const size_t page = page_size(), nr = 32;
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	unsigned char *base = b.data + HUGE_SIZE / 2;
	int fd = device_open("test", O_RDWR);
	__u32 id;
	size_t i;

	for (i = 0; i < nr; i++)
		assert_ptr_equal(mremap(b.data + (nr - i) * page, page, page,
					MREMAP_MAYMOVE | MREMAP_FIXED, base + i * page),
				 base + i * page);
	id = region_make(fd, base, nr * page, READ_WRITE);
	assert_int_equal(region_query(fd, id).out_extents, nr);
	work = (struct kshm_test_work){ .seed = SEED };
	driver_fills_region(fd, id, 0, nr * page);
	assert_true(has_pattern(base, nr * page, SEED));
	close(fd);
	buffer_free(&b);
}

/* Extents of one, of many and of some pages: what is found by a search. */
static void region_of_extents_of_any_size(void **state)
{
	struct buffer b = buffer_make(BUFFER_HUGE, 2 * HUGE_SIZE);
	struct kshm_ioc_region_create arg;
	int fd = device_open("test", O_RDWR);
	struct kshm_range ranges[100];
	const size_t page = page_size();
	size_t i, at = 0, offset = 0;

	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		ranges[i] = (struct kshm_range){
			to_u64(b.data + at), (1 + i % 7) * page,
		};
		at += ranges[i].len + page;
	}
	arg = region_request(ranges, ARRAY_SIZE(ranges), READ_WRITE);
	assert_int_equal(region_try(fd, &arg), 0);
	assert_int_equal(region_query(fd, arg.out_id).out_extents, ARRAY_SIZE(ranges));
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		work = (struct kshm_test_work){ .seed = i, .access = KSHM_TEST_BY_COPY };
		driver_fills_region(fd, arg.out_id, offset, ranges[i].len);
		assert_true(has_pattern((void *)(unsigned long)ranges[i].addr,
					ranges[i].len, i));
		offset += ranges[i].len;
	}
	work = (struct kshm_test_work){ .seed = SEED };
	driver_fills_region(fd, arg.out_id, 0, offset);
	work.access = KSHM_TEST_BY_SEGMENTS;
	driver_checks_region(fd, arg.out_id, 0, offset);
	close(fd);
	buffer_free(&b);
}

static void region_as_in_and_out(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 4 * page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data + 1, b.len - 1, READ_WRITE);
	const size_t len = 2 * page_size() + 3;

	arg.out = region_operand(id, 10, len);
	control(fd, &arg);
	assert_int_equal(arg.out.out_returned, len);
	assert_int_equal(b.data[10], 0);
	assert_true(has_pattern(b.data + 11, len, 0));
	assert_int_equal(b.data[11 + len], 0);

	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = region_operand(id, 10, len);
	control(fd, &arg);
	b.data[500] ^= 1;
	control_status(fd, &arg, -EIO);
	close(fd);
	buffer_free(&b);
}

/* Longer than a batch. */
static void region_as_long_in_and_out(void **state)
{
	const size_t len = (5 << 20) + 3;
	struct buffer b = buffer_make(BUFFER_ANON, len);
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, len, READ_WRITE);

	arg.out = region_operand(id, 0, len);
	control(fd, &arg);
	assert_true(has_pattern(b.data, len, 0));
	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = region_operand(id, 0, len);
	control(fd, &arg);
	b.data[len - 1] ^= 1;
	control_status(fd, &arg, -EIO);
	close(fd);
	buffer_free(&b);
}

/* Nothing else to take care of: such a request goes a shorter way. */
static void region_as_all_that_a_request_has(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 3 * page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_TOUCH);
	const size_t at = page_size() + 10;
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);
	size_t i;

	memset(b.data, 0, b.len);
	arg.data = region_operand(id, at, b.len - at);
	assert_int_equal(control_try(fd, &arg), 0);
	assert_int_equal(arg.out_status, 0);
	for (i = 0; i < b.len; i++)
		assert_int_equal(b.data[i], i == at ? 't' : 0);
	assert_int_equal(region_query(fd, id).out_uses, 0);
	arg.data = region_operand(id, at, b.len);
	control_error(fd, &arg, ERANGE, KSHM_EXPLAIN_PART, KSHM_OPERAND_DATA);
	region_destroy(fd, id);
	close(fd);
	buffer_free(&b);
}

/* Raw operands stay where the caller has them. */
static void region_is_no_raw_operand(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_RAW);
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);

	arg.out = region_operand(id, 0, 64);
	control_error(fd, &arg, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_OUT);
	arg.out.len = 0;
	control_error(fd, &arg, EINVAL, KSHM_EXPLAIN_KIND, KSHM_OPERAND_OUT);
	close(fd);
	buffer_free(&b);
}

static void outside(int fd, __u32 id, __u64 offset, __u64 len, size_t size)
{
	struct kshm_ioc_control arg = on_region(KSHM_TEST_CHECK, id, offset, len);
	struct kshm_explain why = control_error(fd, &arg, ERANGE, KSHM_EXPLAIN_PART,
						KSHM_OPERAND_DATA);

	assert_int_equal(why.used, offset);
	assert_int_equal(why.needed, len);
	assert_int_equal(why.limit, size);
}

static void region_parts_outside_of_it(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	int fd = device_open("test", O_RDWR);
	const size_t len = page_size() + 7;
	__u32 id = region_make(fd, b.data + 1, len, READ_WRITE);
	struct kshm_ioc_control arg;

	outside(fd, id, 0, len + 1, len);
	outside(fd, id, 1, len, len);
	outside(fd, id, len, 1, len);
	outside(fd, id, len + 1, 0, len);
	outside(fd, id, -1ULL, 0, len);
	outside(fd, id, -1ULL, 1, len);
	outside(fd, id, -1ULL, 2, len);
	outside(fd, id, 1, -1ULL, len);
	outside(fd, id, 1ULL << 63, 1ULL << 63, len);
	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = region_operand(id, len, 1);
	control_error(fd, &arg, ERANGE, KSHM_EXPLAIN_PART, KSHM_OPERAND_IN);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = region_operand(id, 1, len);
	control_error(fd, &arg, ERANGE, KSHM_EXPLAIN_PART, KSHM_OPERAND_OUT);
	close(fd);
	buffer_free(&b);
}

static void lacks(int fd, struct kshm_ioc_control arg, __u32 operand, __u32 right)
{
	struct kshm_explain why = control_error(fd, &arg, EACCES,
						KSHM_EXPLAIN_RIGHTS, operand);

	assert_int_equal(why.needed, right);
}

static void region_rights(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR);
	__u32 readable = region_make(fd, b.data, b.len, KSHM_REGION_READ);
	__u32 writable = region_make(fd, b.data, b.len, KSHM_REGION_WRITE);
	struct kshm_ioc_control arg;

	driver_checks_region(fd, readable, 0, 0);
	driver_fills_region(fd, writable, 0, b.len);
	lacks(fd, on_region(KSHM_TEST_FILL, readable, 0, 1), KSHM_OPERAND_DATA,
	      KSHM_REGION_WRITE);
	lacks(fd, on_region(KSHM_TEST_FILL, readable, 0, 0), KSHM_OPERAND_DATA,
	      KSHM_REGION_WRITE);
	lacks(fd, on_region(KSHM_TEST_CHECK, writable, 0, 1), KSHM_OPERAND_DATA,
	      KSHM_REGION_READ);
	arg = request(KSHM_TEST_CHECK_COPIED);
	arg.in = region_operand(writable, 0, 1);
	lacks(fd, arg, KSHM_OPERAND_IN, KSHM_REGION_READ);
	arg = request(KSHM_TEST_FILL_COPIED);
	arg.out = region_operand(readable, 0, 1);
	lacks(fd, arg, KSHM_OPERAND_OUT, KSHM_REGION_WRITE);
	assert_int_equal(region_query(fd, readable).out_rights, KSHM_REGION_READ);
	assert_int_equal(region_query(fd, writable).out_rights, KSHM_REGION_WRITE);
	close(fd);
	buffer_free(&b);
}

/* What the caller can only read, a driver can read. */
static void region_of_read_only_memory(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * page_size());
	struct kshm_range range = { to_u64(b.data), b.len };
	int fd = device_open("test", O_RDWR);
	struct kshm_explain why;
	size_t i;
	__u32 id;

	fill_pattern(b.data, b.len, SEED);
	assert_int_equal(mprotect(b.data, b.len, PROT_READ), 0);
	id = region_make(fd, b.data, b.len, KSHM_REGION_READ);
	work.seed = SEED;
	for (i = 0; i < ARRAY_SIZE(accesses); i++) {
		work.access = accesses[i];
		driver_checks_region(fd, id, 0, b.len);
	}
	why = region_refused(fd, region_request(&range, 1, KSHM_REGION_WRITE),
			     EFAULT, KSHM_EXPLAIN_ADDRESS);
	assert_int_equal(why.addr, range.addr);
	assert_int_equal(why.prot, KSHM_PROT_READ);
	close(fd);
	buffer_free(&b);
}

static void unknown(int fd, __u32 id)
{
	struct kshm_ioc_control arg = on_region(KSHM_TEST_CHECK, id, 0, 0);
	struct kshm_ioc_region_query query;
	struct kshm_explain why;

	why = control_error(fd, &arg, ENOENT, KSHM_EXPLAIN_REGION, KSHM_OPERAND_DATA);
	assert_int_equal(why.used, id);
	assert_int_equal(region_query_try(fd, id, &query), -ENOENT);
	assert_int_equal(region_destroy_try(fd, id, 0), -ENOENT);
	assert_int_equal(region_destroy_try(fd, id, KSHM_REGION_WAIT), -ENOENT);
}

static void region_ids_are_of_one_handle(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR), other = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE), next;

	unknown(fd, 0);
	unknown(fd, -1);
	unknown(fd, id + 1);
	unknown(other, id);
	region_destroy(fd, id);
	unknown(fd, id);
	next = region_make(fd, b.data, b.len, READ_WRITE);
	assert_int_not_equal(next, id);
	unknown(fd, id);
	close(other);
	close(fd);
	buffer_free(&b);
}

/* Whoever keeps an id for too long gets nothing by it, rather than a later region. */
static void region_ids_do_not_soon_come_again(void **state)
{
	struct kshm_ioc_region_create arg = region_request(NULL, 0, READ_WRITE);
	int fd = device_open("test", O_RDWR);
	__u32 old[600];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(old); i++) {
		assert_int_equal(region_try(fd, &arg), 0);
		old[i] = arg.out_id;
		region_destroy(fd, old[i]);
	}
	for (i = 0; i < ARRAY_SIZE(old); i++)
		assert_int_equal(region_try(fd, &arg), 0);
	for (i = 0; i < ARRAY_SIZE(old); i++)
		unknown(fd, old[i]);
	close(fd);
}

static void region_of_nothing(void **state)
{
	struct kshm_range none = { 0, 0 };
	struct kshm_ioc_region_create arg = region_request(NULL, 0, READ_WRITE);
	int fd = device_open("test", O_RDWR);
	struct kshm_ioc_region_query query;

	assert_int_equal(region_try(fd, &arg), 0);
	query = region_query(fd, arg.out_id);
	assert_int_equal(query.out_len, 0);
	assert_int_equal(query.out_pages, 0);
	assert_int_equal(query.out_extents, 0);
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++) {
		work.access = accesses[i];
		driver_fills_region(fd, arg.out_id, 0, 0);
		driver_checks_region(fd, arg.out_id, 0, 0);
	}
	outside(fd, arg.out_id, 0, 1, 0);
	region_destroy(fd, arg.out_id);
	arg = region_request(&none, 1, READ_WRITE);
	assert_int_equal(region_try(fd, &arg), 0);
	close(fd);
}

/* The pages stay with the region, whatever becomes of the addresses, if so wanted. */
static void region_outlives_its_mapping(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 4 * page_size());
	struct kshm_range range = { to_u64(b.data), b.len };
	struct kshm_ioc_region_create arg = region_request(&range, 1, READ_WRITE);
	int fd = device_open("test", O_RDWR);
	__u32 id;

	arg.flags = KSHM_REGION_UNWATCHED;
	assert_int_equal(region_try(fd, &arg), 0);
	id = arg.out_id;
	fill_pattern(b.data, b.len, SEED);
	buffer_free(&b);
	work = (struct kshm_test_work){ .seed = SEED };
	driver_checks_region(fd, id, 0, b.len);
	work.seed++;
	driver_fills_region(fd, id, 0, b.len);
	driver_checks_region(fd, id, 0, b.len);
	close(fd);
}

static void region_in_use_is_not_destroyed(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR);
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);
	struct call call;

	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(id, 0, 10);
	call_start(&call, fd);
	wait_until_holding(fd, 1);
	assert_int_equal(region_query(fd, id).out_uses, 1);
	assert_int_equal(region_destroy_try(fd, id, 0), -EBUSY);
	call_release(&call);
	assert_int_equal(b.data[1], KSHM_TEST_HELD_AFTER);
	assert_int_equal(region_query(fd, id).out_uses, 0);
	region_destroy(fd, id);
	close(fd);
	buffer_free(&b);
}

struct destroyer {
	int fd, ret;
	__u32 id;
};

static void *destroy_waiting(void *data)
{
	struct destroyer *d = data;

	d->ret = region_destroy_try(d->fd, d->id, KSHM_REGION_WAIT);
	return NULL;
}

static void region_destroyed_when_its_use_ends(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	struct destroyer d = { .fd = device_open("test", O_RDWR), .ret = 1 };
	struct kshm_ioc_region_query query;
	pthread_t thread;
	struct call call;

	d.id = region_make(d.fd, b.data, b.len, READ_WRITE);
	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(d.id, 0, 10);
	call_start(&call, d.fd);
	wait_until_holding(d.fd, 1);
	assert_int_equal(pthread_create(&thread, NULL, destroy_waiting, &d), 0);
	/* Gone for everybody else at once. */
	while (region_query_try(d.fd, d.id, &query) != -ENOENT)
		usleep(1000);
	assert_int_equal(device_info(d.fd).out_user_pages, 2);
	assert_int_equal(__atomic_load_n(&d.ret, __ATOMIC_SEQ_CST), 1);
	call_release(&call);
	pthread_join(thread, NULL);
	assert_int_equal(d.ret, 0);
	assert_int_equal(device_info(d.fd).out_user_pages, 0);
	close(d.fd);
	buffer_free(&b);
}

/* A waiter that is killed leaves the rest to the last use. */
static void region_destroyer_can_be_killed(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, page_size());
	int fd = device_open("test", O_RDWR), status;
	__u32 id = region_make(fd, b.data, b.len, READ_WRITE);
	struct kshm_ioc_region_query query;
	struct call call;
	pid_t pid;

	call.arg = hold_request(KSHM_TEST_HOLD_WRITE, &call.held, NULL, 0);
	call.arg.data = region_operand(id, 0, 10);
	call_start(&call, fd);
	wait_until_holding(fd, 1);
	pid = fork();
	if (!pid)
		_exit(region_destroy_try(fd, id, KSHM_REGION_WAIT) ? 1 : 0);
	while (region_query_try(fd, id, &query) != -ENOENT)
		usleep(1000);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	call_release(&call);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	close(fd);
	buffer_free(&b);
}

static void region_goes_with_the_last_holder_of_its_handle(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 8 * page_size());
	int fd = device_open("test", O_RDWR), watch = device_open("null", O_RDWR);
	int gate[2], status;
	char byte;
	pid_t pid;

	region_make(fd, b.data, b.len, READ_WRITE);
	assert_int_equal(pipe(gate), 0);
	pid = fork();
	if (!pid) {
		close(gate[1]);
		_exit(read(gate[0], &byte, 1));
	}
	close(fd);
	buffer_free(&b);
	assert_int_equal(device_info(watch).out_user_pages, 8);
	close(gate[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(device_info(watch).out_user_pages, 0);
	close(gate[0]);
	close(watch);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(region_of_every_kind_of_memory),
	cmocka_unit_test(region_of_huge_pages_is_few_extents),
	cmocka_unit_test(region_at_any_offset),
	cmocka_unit_test(region_of_several_ranges),
	cmocka_unit_test(region_of_pages_in_any_order),
	cmocka_unit_test(region_of_a_huge_page_back_to_front),
	cmocka_unit_test(region_of_extents_of_any_size),
	cmocka_unit_test(region_as_in_and_out),
	cmocka_unit_test(region_as_long_in_and_out),
	cmocka_unit_test(region_as_all_that_a_request_has),
	cmocka_unit_test(region_is_no_raw_operand),
	cmocka_unit_test(region_parts_outside_of_it),
	cmocka_unit_test(region_rights),
	cmocka_unit_test(region_of_read_only_memory),
	cmocka_unit_test(region_ids_are_of_one_handle),
	cmocka_unit_test(region_ids_do_not_soon_come_again),
	cmocka_unit_test(region_of_nothing),
	cmocka_unit_test(region_outlives_its_mapping),
	cmocka_unit_test(region_in_use_is_not_destroyed),
	cmocka_unit_test(region_destroyed_when_its_use_ends),
	cmocka_unit_test(region_destroyer_can_be_killed),
	cmocka_unit_test(region_goes_with_the_last_holder_of_its_handle),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
