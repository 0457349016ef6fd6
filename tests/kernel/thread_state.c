// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - whether a thread of this process waits already
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "thread_state.h"

char thread_state(pid_t thread)
{
	char path[64], text[256];
	const char *name_end;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", thread);
	stat = fopen(path, "re");
	assert_non_null(stat);
	assert_non_null(fgets(text, sizeof(text), stat));
	fclose(stat);
	name_end = strrchr(text, ')');
	assert_non_null(name_end);
	return name_end[2];
}
