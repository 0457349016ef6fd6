// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - nothing stays pinned
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "leak.h"

/* How many pages the kernel has pinned, or unpinned, since it runs. */
struct pins {
	long acquired, released;
};

static long value_of(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? strtol(line + strlen(key), NULL, 10) : -1;
}

/* At once, for the sweep asks after each failure. */
static struct pins read_pins(void)
{
	static char text[16384];
	struct pins pins;
	int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t more;

	assert_int_not_equal(fd, -1);
	while ((more = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += more;
	assert_int_equal(more, 0);
	assert_true(len < sizeof(text) - 1);
	text[len] = '\0';
	close(fd);
	pins.acquired = value_of(text, "\nnr_foll_pin_acquired ");
	pins.released = value_of(text, "\nnr_foll_pin_released ");
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
