// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - sections as the tests use them: sealed memfds, and raw ioctls
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "pattern.h"
#include "section_calls.h"

#define SEED	21

const unsigned int section_kinds[SECTION_KINDS] = { 0, MFD_HUGETLB };

size_t section_step(unsigned int kind)
{
	return kind & MFD_HUGETLB ? HUGE_SIZE : page_size();
}

int section_file(unsigned int kind, size_t len, unsigned int seals)
{
	int file = memfd_create("section", MFD_CLOEXEC | MFD_ALLOW_SEALING | kind);

	assert_int_not_equal(file, -1);
	assert_int_equal(ftruncate(file, len), 0);
	assert_int_equal(fcntl(file, F_ADD_SEALS, seals), 0);
	return file;
}

int section_reopen(int file, int flags)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	again = open(path, flags | O_CLOEXEC);
	assert_int_not_equal(again, -1);
	return again;
}

struct kshm_ioc_section_attach section_request(int file, __u32 rights)
{
	return (struct kshm_ioc_section_attach){
		.size = sizeof(struct kshm_ioc_section_attach), .fd = file,
		.rights = rights,
	};
}

int section_try(int fd, struct kshm_ioc_section_attach *arg,
		struct kshm_explain *why)
{
	if (why)
		*why = (struct kshm_explain){ .size = sizeof(*why) };
	arg->explain = to_u64(why);
	return ioctl(fd, KSHM_IOC_SECTION_ATTACH, arg) ? -errno : 0;
}

__u32 section_attach(int fd, int file, __u32 rights)
{
	struct kshm_ioc_section_attach arg = section_request(file, rights);

	assert_int_equal(section_try(fd, &arg, NULL), 0);
	assert_int_not_equal(arg.out_id, 0);
	return arg.out_id;
}

struct kshm_explain section_refused(int fd, struct kshm_ioc_section_attach arg,
				    int error, __u32 check)
{
	__u64 before = device_info(fd).out_user_pages;
	size_t mapped = section_mappings();
	struct kshm_explain why;

	assert_int_equal(section_try(fd, &arg, &why), -error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.error, error);
	assert_int_equal(why.operand, 0);
	assert_int_equal(device_info(fd).out_user_pages, before);
	assert_int_equal(section_mappings(), mapped);
	return why;
}

unsigned char *section_map(int file, size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

	if (p == MAP_FAILED && errno == ENOMEM)
		harness_skip("no hugetlb pages: %s", strerror(errno));
	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

struct section section_make(unsigned int kind, size_t pages)
{
	struct section s = { .len = pages * section_step(kind) };

	s.file = section_file(kind, s.len, F_SEAL_SHRINK);
	s.data = section_map(s.file, s.len);
	s.fd = device_open("test", O_RDWR);
	s.id = section_attach(s.fd, s.file, READ_WRITE);
	return s;
}

void section_free(struct section *section)
{
	close(section->fd);
	munmap(section->data, section->len);
	close(section->file);
}

size_t section_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[256];
	size_t nr = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		nr += !!strstr(line, "/memfd:");
	fclose(maps);
	return nr;
}

void section_is_true(const struct section *section, size_t offset, size_t len)
{
	fill_pattern(section->data + offset, len, SEED);
	region_check(section->fd, section->id, offset, len, SEED);
	region_fill(section->fd, section->id, offset, len, SEED + 1);
	assert_true(has_pattern(section->data + offset, len, SEED + 1));
}
