// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - where the pages of a process are, and what root can have done to them
 */
#include <fcntl.h>
#include <linux/types.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "buffer.h"
#include "harness.h"
#include "paging.h"
#include "setting.h"

#define SWAP		"/scratch/swap"
#define SWAP_PAGES	2048

/* Bits of an entry of /proc/PID/pagemap. */
enum bit { SOFT_DIRTY = 55, SWAPPED = 62, PRESENT = 63 };

/* Below them, of a page that is present: the number of its frame, for root. */
#define FRAME	((1ULL << 55) - 1)

static __u64 entry_of(const void *data)
{
	int file = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	__u64 entry;

	assert_int_not_equal(file, -1);
	assert_int_equal(pread(file, &entry, 8, (uintptr_t)data / page_size() * 8), 8);
	close(file);
	return entry;
}

static bool has_bit(const void *data, enum bit bit)
{
	return entry_of(data) >> bit & 1;
}

__u64 page_frame(const void *data)
{
	__u64 frame = entry_of(data) & FRAME;

	assert_true(is_present(data));
	assert_int_not_equal(frame, 0);
	return frame;
}

bool is_present(const void *data)
{
	return has_bit(data, PRESENT);
}

bool is_swapped(const void *data)
{
	return has_bit(data, SWAPPED);
}

void swap_on(void)
{
	unsigned char page[4096] = { 0 };
	__u32 header[3] = { 1, SWAP_PAGES - 1, 0 };
	size_t n;
	int file;

	/* A test that failed may have left it. */
	(void)swapoff(SWAP);
	(void)unlink(SWAP);
	file = open(SWAP, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_int_not_equal(file, -1);
	for (n = 0; n < SWAP_PAGES; n++)
		assert_int_equal(pwrite(file, page, sizeof(page), n * sizeof(page)),
				 sizeof(page));
	memcpy(page + 1024, header, sizeof(header));
	memcpy(page + sizeof(page) - 10, "SWAPSPACE2", 10);
	assert_int_equal(pwrite(file, page, sizeof(page), 0), sizeof(page));
	assert_int_equal(fsync(file), 0);
	close(file);
	assert_int_equal(swapon(SWAP, 0), 0);
}

void swap_off(void)
{
	assert_int_equal(swapoff(SWAP), 0);
	assert_int_equal(unlink(SWAP), 0);
}

void clear_soft_dirty(void)
{
	write_to("/proc/self/clear_refs", "4");
}

bool has_soft_dirty(void)
{
	volatile unsigned char byte = 1;

	return has_bit((const void *)&byte, SOFT_DIRTY);
}
