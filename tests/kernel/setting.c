// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - what is set by a write to a file of the kernel's
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "setting.h"

void write_to(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	if (file < 0)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(write(file, text, strlen(text)), strlen(text));
	close(file);
}
