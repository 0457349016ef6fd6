// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - nothing stays pinned
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"

static long read_vmstat(const char *name)
{
	FILE *file = fopen("/proc/vmstat", "re");
	char key[64];
	long value, found = -1;

	assert_non_null(file);
	while (fscanf(file, "%63s %ld", key, &value) == 2)
		if (!strcmp(key, name))
			found = value;
	fclose(file);
	assert_int_not_equal(found, -1);
	return found;
}

static void refresh(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "1", 1), 1);
	close(fd);
}

void nothing_pinned(void)
{
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_info info = device_info(fd);

	close(fd);
	assert_int_equal(info.out_user_pages, 0);
	assert_int_equal(info.out_system_pages, 0);
	if (geteuid())
		return;
	refresh();
	assert_int_equal(read_vmstat("nr_foll_pin_acquired"),
			 read_vmstat("nr_foll_pin_released"));
}
