// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - one memory that is seen twice
 */
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "twin.h"

struct twin twin_make(size_t len)
{
	struct twin twin = { .len = len };
	int fd = memfd_create("twin", MFD_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(ftruncate(fd, len), 0);
	twin.first = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	twin.second = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(twin.first, MAP_FAILED);
	assert_ptr_not_equal(twin.second, MAP_FAILED);
	close(fd);
	return twin;
}

void twin_free(struct twin *twin)
{
	munmap(twin->first, twin->len);
	munmap(twin->second, twin->len);
}
