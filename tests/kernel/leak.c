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

/* How many pages the kernel has pinned, or unpinned, since it runs. */
struct pins {
	long acquired, released;
};

static struct pins read_pins(void)
{
	FILE *file = fopen("/proc/vmstat", "re");
	struct pins pins = { -1, -1 };
	char key[64];
	long value;

	assert_non_null(file);
	while (fscanf(file, "%63s %ld", key, &value) == 2) {
		if (!strcmp(key, "nr_foll_pin_acquired"))
			pins.acquired = value;
		if (!strcmp(key, "nr_foll_pin_released"))
			pins.released = value;
	}
	fclose(file);
	assert_int_not_equal(pins.acquired, -1);
	return pins;
}

static void refresh(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY | O_CLOEXEC);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "1", 1), 1);
	close(fd);
}

void nothing_charged(void)
{
	int fd = device_open("null", O_RDWR);
	struct kshm_ioc_info info = device_info(fd);

	close(fd);
	assert_int_equal(info.out_user_pages, 0);
	assert_int_equal(info.out_system_pages, 0);
}

void nothing_pinned(void)
{
	struct pins pins;

	nothing_charged();
	if (geteuid())
		return;
	refresh();
	pins = read_pins();
	assert_int_equal(pins.acquired, pins.released);
}
