// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - which kernel this is
 */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "harness.h"
#include "release.h"

static struct utsname kernel(void)
{
	struct utsname name;

	assert_int_equal(uname(&name), 0);
	return name;
}

bool release_is_since(int major, int minor)
{
	const struct utsname name = kernel();
	int its_major, its_minor;

	if (sscanf(name.release, "%d.%d", &its_major, &its_minor) != 2)
		fail_msg("what release is %s?", name.release);
	return its_major > major || (its_major == major && its_minor >= minor);
}

bool release_is_debians(void)
{
	const struct utsname name = kernel();

	return strstr(name.version, "Debian");
}
