// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - regions that are watched, as the tests use them
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "pattern.h"
#include "region_calls.h"
#include "watched.h"

#define SEED	9

/* A request whose data is a part of a region; what it points to is the caller's. */
static struct kshm_ioc_control on_part(__u32 code, __u32 id, size_t offset, size_t len,
				       struct kshm_test_work *work,
				       struct kshm_test_place *place)
{
	struct kshm_ioc_control arg = request(code);

	arg.in = user_operand(work, sizeof(*work));
	arg.out = user_operand(place, sizeof(*place));
	arg.data = region_operand(id, offset, len);
	return arg;
}

int watched_check(int fd, __u32 id, size_t offset, size_t len, __u32 seed)
{
	struct kshm_test_work work = { .seed = seed, .access = KSHM_TEST_BY_COPY };
	struct kshm_test_place place = { .wrong = 0 };
	struct kshm_ioc_control arg = on_part(KSHM_TEST_CHECK, id, offset, len,
					      &work, &place);
	int ret = control_try(fd, &arg);

	if (!ret) {
		assert_int_equal(arg.out_status, 0);
		assert_int_equal(place.wrong, 0);
	}
	return ret;
}

__u32 watched_state(const struct watched *w)
{
	return region_query(w->fd, w->id).out_state;
}

/*
 * Huge pages of a mapping each: where one mapping is split, debug kernels of 6.1 warn
 * of a lock that hugetlb_split() does not have.
 */
static struct buffer make_of_hugetlb(size_t len)
{
	struct buffer b = buffer_make(BUFFER_HUGE, len);
	size_t at;
	void *p;

	for (at = 0; at < b.len; at += HUGE_SIZE) {
		p = mmap(b.data + at, HUGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0);
		assert_ptr_equal(p, b.data + at);
		memset(p, 0, HUGE_SIZE);
	}
	return b;
}

struct watched watched_make(enum buffer_kind kind, size_t len)
{
	struct watched w = {
		.b = kind == BUFFER_HUGETLB ? make_of_hugetlb(len) : buffer_make(kind, len),
	};

	w.fd = device_open("test", O_RDWR);
	w.id = region_make(w.fd, w.b.data, w.b.len, READ_WRITE);
	watched_is_true(&w);
	/* Pinning can move pages; and so can others, but not for ever. */
	while (watched_state(&w) != KSHM_STATE_WATCHED)
		watched_is_true(&w);
	return w;
}

const enum buffer_kind watched_kinds[] = {
	BUFFER_ANON, BUFFER_SHARED, BUFFER_MEMFD, BUFFER_HUGE, BUFFER_HUGETLB,
};

size_t watched_step(enum buffer_kind kind)
{
	return kind == BUFFER_HUGETLB ? HUGE_SIZE : page_size();
}

struct watched watched_make_pages(enum buffer_kind kind)
{
	return watched_make(kind, WATCHED_PAGES * watched_step(kind));
}

struct watched watched_make_of_file(int *file)
{
	struct watched w = { .b = buffer_make(BUFFER_ANON, WATCHED_PAGES * page_size()) };
	void *p;

	*file = memfd_create("watched", MFD_CLOEXEC);
	assert_int_equal(ftruncate(*file, 2 * w.b.len), 0);
	p = mmap(w.b.data, w.b.len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 *file, 0);
	assert_ptr_equal(p, w.b.data);
	w.fd = device_open("test", O_RDWR);
	w.id = region_make(w.fd, w.b.data, w.b.len, READ_WRITE);
	watched_is_true(&w);
	return w;
}

void *watched_unused(size_t len)
{
	void *p = mmap(NULL, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	assert_int_equal(munmap(p, len), 0);
	return p;
}

void watched_free(struct watched *w)
{
	close(w->fd);
	buffer_free(&w->b);
}

void watched_is_true(const struct watched *w)
{
	struct kshm_test_work work = { .seed = SEED + 1 };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = on_part(KSHM_TEST_FILL, w->id, 0, w->b.len,
					      &work, &place);

	fill_pattern(w->b.data, w->b.len, SEED);
	assert_int_equal(watched_check(w->fd, w->id, 0, w->b.len, SEED), 0);
	control(w->fd, &arg);
	assert_true(has_pattern(w->b.data, w->b.len, SEED + 1));
}

void watched_was_suspect(const struct watched *w)
{
	assert_int_equal(watched_state(w), KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
	watched_is_true(w);
	assert_int_equal(watched_state(w), KSHM_STATE_WATCHED);
}

static void refused_at(const struct watched *w, __u32 code, size_t offset, size_t len,
		       const void *addr)
{
	struct kshm_test_work work = { .seed = SEED };
	struct kshm_test_place place;
	struct kshm_ioc_control arg = on_part(code, w->id, offset, len, &work, &place);
	struct kshm_explain why;

	why = control_error(w->fd, &arg, ESTALE, KSHM_EXPLAIN_STALE, KSHM_OPERAND_DATA);
	assert_int_equal(why.addr, to_u64(addr));
	assert_int_equal(why.used, w->id);
}

void watched_is_stale(const struct watched *w, size_t offset, size_t len,
		      const void *addr)
{
	assert_int_equal(watched_state(w) & KSHM_STATE_STALE, 0);
	refused_at(w, KSHM_TEST_CHECK, offset, len, addr);
	assert_int_equal(watched_state(w) & KSHM_STATE_STALE, KSHM_STATE_STALE);
	refused_at(w, KSHM_TEST_CHECK, 0, 0, addr);
	refused_at(w, KSHM_TEST_FILL, 0, w->b.len, addr);
	refused_at(w, KSHM_TEST_FILL, w->b.len - 1, 1, addr);
	assert_int_equal(region_query(w->fd, w->id).out_uses, 0);
	region_destroy(w->fd, w->id);
}
