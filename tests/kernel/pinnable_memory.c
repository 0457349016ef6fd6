// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - memory of each kind that kshm(7) has an answer for
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "pattern.h"
#include "pinnable_memory.h"
#include "section_calls.h"
#include "userfault.h"

#define FIRST		3		/* the pattern that is there first */
#define PAGES		3
#define XFS_DISK	"/dev/vdb"
#define VGA_MEMORY	0xa0000		/* no memory, on no PC */

static struct userfault userfault;

static unsigned char *map(size_t size, int prot, int flags, int file)
{
	void *p = mmap(NULL, size, prot, flags, file, 0);

	if (p == MAP_FAILED && errno == ENOMEM)
		harness_skip("no hugetlb pages: %s", strerror(errno));
	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

static __u32 kshm_prot(int prot)
{
	return (prot & PROT_READ ? KSHM_PROT_READ : 0) |
	       (prot & PROT_WRITE ? KSHM_PROT_WRITE : 0);
}

static struct memory mapped(__u32 mapping, size_t size, int prot, int flags, int file)
{
	struct memory m = {
		.len = PAGES * page_size(), .mapping = mapping, .prot = kshm_prot(prot),
		.file = file, .shared = flags & MAP_SHARED, .size = size,
	};

	m.base = map(size, prot, flags, file);
	m.data = m.base;
	return m;
}

static struct memory anonymous(int flags)
{
	__u32 mapping = flags & MAP_SHARED ? KSHM_MAPPING_SHMEM : KSHM_MAPPING_ANON;

	return mapped(mapping, PAGES * page_size(), PROT_READ | PROT_WRITE,
		      flags | MAP_ANONYMOUS, -1);
}

/* Its bytes are there before it is mapped as asked. */
static struct memory of_file(__u32 mapping, int file, size_t size, int prot, int flags)
{
	unsigned char *other = map(size, PROT_READ | PROT_WRITE, MAP_SHARED, file);
	struct memory m;

	fill_pattern(other, PAGES * page_size(), FIRST);
	m = mapped(mapping, size, prot, flags, file);
	m.other = other;
	return m;
}

static int unnamed_file(const char *dir)
{
	int file = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, PAGES * page_size()), 0);
	return file;
}

/* The disk is mounted for as long as the file is open. */
static int file_on_xfs(void)
{
	char dir[] = "/tmp/xfs.XXXXXX";
	int file;

	assert_non_null(mkdtemp(dir));
	if (mount(XFS_DISK, dir, "xfs", 0, NULL)) {
		rmdir(dir);
		harness_skip("no XFS on %s: %s", XFS_DISK, strerror(errno));
	}
	file = unnamed_file(dir);
	assert_int_equal(umount2(dir, MNT_DETACH), 0);
	assert_int_equal(rmdir(dir), 0);
	return file;
}

static struct memory of_disk_file(int file, int prot, int flags)
{
	return of_file(KSHM_MAPPING_FILE, file, PAGES * page_size(), prot, flags);
}

static struct memory of_hugetlb(int prot, int flags)
{
	int file = section_file(MFD_HUGETLB, HUGE_SIZE, F_SEAL_SHRINK);

	return of_file(KSHM_MAPPING_HUGETLB, file, HUGE_SIZE, prot, flags);
}

/* Of what the program has, the file is no part. */
static struct memory without_file(struct memory m)
{
	close(m.file);
	m.file = -1;
	return m;
}

struct memory memory_private_anonymous(void)
{
	struct memory m = anonymous(MAP_PRIVATE);

	fill_pattern(m.data, m.len, FIRST);
	return m;
}

struct memory memory_transparent_huge_pages(void)
{
	struct buffer b = buffer_make(BUFFER_HUGE, HUGE_SIZE);

	fill_pattern(b.data, PAGES * page_size(), FIRST);
	return (struct memory){
		.data = b.data, .len = PAGES * page_size(), .mapping = KSHM_MAPPING_ANON,
		.prot = KSHM_PROT_READ | KSHM_PROT_WRITE, .file = -1,
		.base = b.base, .size = b.reserved,
	};
}

static void only_read(const volatile unsigned char *data, size_t len)
{
	size_t at;

	/* clang's analyzer does not know that there is memory. */
	for (at = 0; data && at < len; at += page_size())
		assert_int_equal(data[at], 0);
}

/* Zeros that a program has read at two places. */
static struct memory zeros(unsigned char *(*map_zeros)(void), size_t size)
{
	return (struct memory){
		.len = PAGES * page_size(), .mapping = KSHM_MAPPING_ANON,
		.prot = KSHM_PROT_READ | KSHM_PROT_WRITE, .file = -1, .blank = true,
		.size = size, .base = map_zeros(), .other = map_zeros(),
	};
}

static unsigned char *map_zero_page(void)
{
	struct memory m = anonymous(MAP_PRIVATE);

	assert_int_equal(madvise(m.base, m.size, MADV_NOHUGEPAGE), 0);
	only_read(m.base, m.size);
	return m.base;
}

struct memory memory_zero_page(void)
{
	struct memory m = zeros(map_zero_page, PAGES * page_size());

	m.data = m.base;
	return m;
}

/* Its first page is read, and the last is there, too. */
static unsigned char *map_huge_zero_page(void)
{
	unsigned char *p = map(2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1);
	const size_t before = -to_u64(p) & (HUGE_SIZE - 1);
	unsigned char there = 0;

	if (before)
		munmap(p, before);
	p += before;
	munmap(p + HUGE_SIZE, HUGE_SIZE - before);
	assert_int_equal(madvise(p, HUGE_SIZE, MADV_HUGEPAGE), 0);
	only_read(p, 1);
	assert_int_equal(mincore(p + HUGE_SIZE - page_size(), page_size(), &there), 0);
	assert_int_equal(there & 1, 1);
	return p;
}

struct memory memory_huge_zero_page(void)
{
	struct memory m = zeros(map_huge_zero_page, HUGE_SIZE);

	m.data = m.base;
	return m;
}

struct memory memory_shared_anonymous(void)
{
	struct memory m = anonymous(MAP_SHARED);

	fill_pattern(m.data, m.len, FIRST);
	m.other = mremap(m.base, 0, m.size, MREMAP_MAYMOVE);
	assert_ptr_not_equal(m.other, MAP_FAILED);
	return m;
}

static struct memory of_memfd(int prot, int flags)
{
	size_t size = PAGES * page_size();

	return of_file(KSHM_MAPPING_SHMEM, section_file(0, size, F_SEAL_SHRINK), size,
		       prot, flags);
}

struct memory memory_memfd(void)
{
	return of_memfd(PROT_READ | PROT_WRITE, MAP_SHARED);
}

struct memory memory_memfd_read_only(void)
{
	return of_memfd(PROT_READ, MAP_SHARED);
}

struct memory memory_private_memfd(void)
{
	return without_file(of_memfd(PROT_READ | PROT_WRITE, MAP_PRIVATE));
}

struct memory memory_file_on_tmpfs(void)
{
	return of_file(KSHM_MAPPING_SHMEM, unnamed_file("/tmp"), PAGES * page_size(),
		       PROT_READ | PROT_WRITE, MAP_SHARED);
}

struct memory memory_private_hugetlb(void)
{
	return without_file(of_hugetlb(PROT_READ | PROT_WRITE, MAP_PRIVATE));
}

struct memory memory_private_hugetlb_read_only(void)
{
	return without_file(of_hugetlb(PROT_READ, MAP_PRIVATE));
}

struct memory memory_shared_hugetlb(void)
{
	return of_hugetlb(PROT_READ | PROT_WRITE, MAP_SHARED);
}

struct memory memory_shared_hugetlb_read_only(void)
{
	return of_hugetlb(PROT_READ, MAP_SHARED);
}

struct memory memory_private_file(void)
{
	return of_disk_file(unnamed_file("/scratch"), PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

struct memory memory_private_file_read_only(void)
{
	return of_disk_file(unnamed_file("/scratch"), PROT_READ, MAP_PRIVATE);
}

struct memory memory_shared_file_on_ext4(void)
{
	return of_disk_file(unnamed_file("/scratch"), PROT_READ | PROT_WRITE, MAP_SHARED);
}

struct memory memory_shared_file_on_xfs(void)
{
	return of_disk_file(file_on_xfs(), PROT_READ | PROT_WRITE, MAP_SHARED);
}

struct memory memory_shared_file_read_only(void)
{
	return of_disk_file(unnamed_file("/scratch"), PROT_READ, MAP_SHARED);
}

/* Such a mapping is none of those that a file has shared with programs that write. */
struct memory memory_file_opened_read_only(void)
{
	struct memory m = memory_shared_file_read_only();
	int file = section_reopen(m.file, O_RDONLY);

	munmap(m.base, m.size);
	close(m.file);
	m.file = file;
	m.base = map(m.size, PROT_READ, MAP_SHARED, file);
	m.data = m.base;
	m.fixed = true;
	return m;
}

struct memory memory_device_memory(void)
{
	int file = open("/dev/mem", O_RDWR | O_CLOEXEC);
	struct memory m = {
		.len = PAGES * page_size(), .mapping = KSHM_MAPPING_IO,
		.prot = KSHM_PROT_READ | KSHM_PROT_WRITE, .file = file,
		.size = PAGES * page_size(),
	};

	assert_int_not_equal(file, -1);
	m.base = mmap(NULL, m.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, VGA_MEMORY);
	assert_ptr_not_equal(m.base, MAP_FAILED);
	m.data = m.base;
	return m;
}

struct memory memory_secret_memory(void)
{
	int file = syscall(SYS_memfd_secret, 0);
	struct memory m;

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, PAGES * page_size()), 0);
	m = mapped(KSHM_MAPPING_SECRETMEM, PAGES * page_size(), PROT_READ | PROT_WRITE,
		   MAP_SHARED, file);
	fill_pattern(m.data, m.len, FIRST);
	return m;
}

struct memory memory_gap(void)
{
	struct memory m = anonymous(MAP_PRIVATE);

	m.bad = page_size();
	assert_int_equal(munmap(m.data + m.bad, page_size()), 0);
	m.mapping = KSHM_MAPPING_HOLE;
	m.prot = 0;
	return m;
}

struct memory memory_beyond_the_end_of_a_file(void)
{
	struct memory m = memory_memfd();

	m.bad = m.len;
	m.len += page_size();
	munmap(m.base, m.size);
	m.base = map(m.len, PROT_READ | PROT_WRITE, MAP_SHARED, m.file);
	m.data = m.base;
	munmap(m.other, m.size);
	m.other = NULL;
	m.size = m.len;
	return without_file(m);
}

static struct memory served(int flags)
{
	static unsigned char from[PAGES * 4096];
	struct memory m = anonymous(MAP_PRIVATE);

	fill_pattern(from, m.len, FIRST);
	userfault_start(&userfault, m.data, m.len, from, flags);
	m.served = true;
	return m;
}

struct memory memory_userfaultfd(void)
{
	return served(0);
}

struct memory memory_userfaultfd_user_mode_only(void)
{
	return served(UFFD_USER_MODE_ONLY);
}

void memory_read(const struct memory *m)
{
	const volatile unsigned char *data = m->data;
	size_t at;

	if (m->bad || m->served || m->mapping == KSHM_MAPPING_IO)
		return;
	for (at = 0; at < m->len; at += page_size())
		data[at];
}

void memory_end(struct memory *m)
{
	if (m->served)
		userfault_end(&userfault);
	munmap(m->base, m->size);
	if (m->other)
		munmap(m->other, m->size);
	if (m->file != -1)
		close(m->file);
}

bool memory_is_first(const struct memory *m, const unsigned char *bytes)
{
	size_t i;

	if (!m->blank)
		return has_pattern(bytes, m->len, FIRST);
	for (i = 0; i < m->len; i++)
		if (bytes[i])
			return false;
	return true;
}
