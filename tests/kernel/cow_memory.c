// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - private memory in every form that its pages can have
 */
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cow_memory.h"
#include "harness.h"
#include "in_child.h"
#include "paging.h"
#include "release.h"
#include "setting.h"

#define PAGES		3
#define MIDDLE_SIZE	((size_t)64 << 10)
#define MIDDLE_ENABLED	"/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled"

bool cow_is(size_t page, unsigned char byte, unsigned int value)
{
	unsigned char want = cow_byte(value, page);

	if (byte == want)
		return true;
	printf("page %zu: %u, and not %u\n", page, byte, want);
	fflush(stdout);
	return false;
}

void cow_write(const struct cow_memory *m, unsigned int value)
{
	size_t page;

	cow_for_each_page(m, page)
		m->data[page * page_size()] = cow_byte(value, page);
}

bool cow_has_in(const struct cow_memory *m, size_t first, size_t end, unsigned int value)
{
	size_t page;

	cow_for_each_page(m, page)
		if (page >= first && page < end &&
		    !cow_is(page, m->data[page * page_size()], value))
			return false;
	return true;
}

bool cow_has(const struct cow_memory *m, unsigned int value)
{
	return cow_has_in(m, 0, m->len / page_size(), value);
}

void cow_unmap(const struct cow_memory *m)
{
	void *p = mmap(m->data, m->len, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);

	assert_ptr_equal(p, m->data);
}

/* All of a buffer, which is there. */
static struct cow_memory all_of(struct buffer b)
{
	struct cow_memory m = { .data = b.data, .len = b.len, .b = b };

	cow_write(&m, COW_OLD);
	return m;
}

static struct cow_memory base(void)
{
	return all_of(buffer_make(BUFFER_ANON, PAGES * page_size()));
}

static struct cow_memory thp(void)
{
	return all_of(buffer_make(BUFFER_HUGE, HUGE_SIZE));
}

/* It is, once one of them has to be mapped in another way. */
struct cow_memory cow_thp_in_parts(void)
{
	struct cow_memory m = thp();
	unsigned char *second = m.data + page_size();

	assert_int_equal(mprotect(second, page_size(), PROT_READ), 0);
	assert_int_equal(mprotect(second, page_size(), PROT_READ | PROT_WRITE), 0);
	assert_int_equal(buffer_huge_bytes(m.data), 0);
	return m;
}

/* All others are gone. */
static struct cow_memory page_of_thp(void)
{
	struct cow_memory m = cow_thp_in_parts();
	unsigned char *second = m.data + page_size();

	assert_int_equal(madvise(second, m.len - page_size(), MADV_DONTNEED), 0);
	assert_false(is_present(second));
	m.len = page_size();
	return m;
}

/* The other half is somewhere else. */
static struct cow_memory half_of_thp(void)
{
	struct cow_memory m = thp();
	void *to;

	m.len /= 2;
	to = mmap(NULL, m.len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(to, MAP_FAILED);
	m.moved = mremap(m.data + m.len, m.len, m.len, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	assert_ptr_equal(m.moved, to);
	return m;
}

static void do_nothing(void)
{
}

/* Its first page was shared with a child, and the others never were. */
static struct cow_memory partly_shared_thp(void)
{
	struct cow_memory m = thp();
	unsigned char *second = m.data + page_size();
	size_t len = m.len - page_size();

	assert_int_equal(madvise(second, len, MADV_DONTFORK), 0);
	in_a_child(do_nothing);
	assert_int_equal(madvise(second, len, MADV_DOFORK), 0);
	return m;
}

/* There has to be another one free for each that is copied. */
static struct cow_memory hugetlb(void)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);
	void *p = mmap(b.data, b.len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_FIXED, -1, 0);

	assert_ptr_equal(p, b.data);
	return all_of(b);
}

static struct cow_memory folio_of_middle_size(void)
{
	struct buffer b = buffer_make(BUFFER_ANON, 2 * MIDDLE_SIZE);
	struct cow_memory m = { .len = MIDDLE_SIZE, .b = b };

	m.data = b.data + (-(uintptr_t)b.data & (MIDDLE_SIZE - 1));
	assert_int_equal(madvise(m.data, m.len, MADV_DONTNEED), 0);
	assert_int_equal(madvise(m.data, m.len, MADV_HUGEPAGE), 0);
	cow_write(&m, COW_OLD);
	return m;
}

const struct cow_form cow_forms[COW_FORMS] = {
	{ "base pages", base, .extents = PAGES },
	{ "base pages in swap", base, .swapped = true },
	{ "a huge page", thp, .extents = 1 },
	{ "a huge page in swap", thp, .swapped = true },
	{ "a huge page mapped in parts", cow_thp_in_parts, .extents = 1 },
	{ "a huge page mapped in parts, in swap", cow_thp_in_parts, .swapped = true },
	{ "one page of a huge page", page_of_thp, .extents = 1 },
	{ "half of a huge page", half_of_thp, .extents = 1 },
	{ "a huge page that was shared in part", partly_shared_thp, .extents = 0 },
	{ "a private page of hugetlb", hugetlb, .extents = 1, .hugetlb = true },
	{ "a folio of 64 KiB", folio_of_middle_size, .extents = 1, .newer = true },
};

bool cow_kernel_has_form(const struct cow_form *form)
{
	return !form->newer || release_is_since(6, 8);
}

static bool has_middle_size(void)
{
	return !access(MIDDLE_ENABLED, F_OK);
}

/* Of folios of other sizes than a page and a huge page old kernels know nothing. */
bool cow_has_form(const struct cow_form *form)
{
	return !form->newer || has_middle_size();
}

void cow_begin(void)
{
	swap_on();
	/* Large folios need memory in one piece. */
	write_to("/proc/sys/vm/compact_memory", "1");
	if (has_middle_size())
		write_to(MIDDLE_ENABLED, "madvise");
}

void cow_end(void)
{
	if (has_middle_size())
		write_to(MIDDLE_ENABLED, "never");
	swap_off();
}

static bool is_paged_out(const struct cow_memory *m)
{
	size_t page;

	cow_for_each_page(m, page)
		if (!is_swapped(m->data + page * page_size()))
			return false;
	return true;
}

/* Pages that another CPU has yet to put where they are looked for are passed over. */
static void page_out(const struct cow_memory *m)
{
	int tries;

	for (tries = 0; tries < 1000 && !is_paged_out(m); tries++) {
		assert_int_equal(madvise(m->data, m->len, MADV_PAGEOUT), 0);
		sched_yield();
	}
	assert_true(is_paged_out(m));
}

struct cow_memory cow_make(const struct cow_form *form)
{
	struct cow_memory m = form->make();

	if (form->swapped)
		page_out(&m);
	return m;
}

void cow_free(struct cow_memory *m)
{
	if (m->moved)
		assert_int_equal(munmap(m->moved, m->len), 0);
	buffer_free(&m->b);
}
