// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the module: its parameters, for root to set, and who keeps it
 */
#include <stdio.h>

#include "harness.h"
#include "parameter.h"

static FILE *parameter_open(const char *name, const char *mode)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/kshm/parameters/%s", name);
	file = fopen(path, mode);
	assert_non_null(file);
	return file;
}

unsigned long parameter_get(const char *name)
{
	FILE *file = parameter_open(name, "re");
	unsigned long value;

	assert_int_equal(fscanf(file, "%lu", &value), 1);
	fclose(file);
	return value;
}

void parameter_set(const char *name, unsigned long value)
{
	FILE *file = parameter_open(name, "we");

	fprintf(file, "%lu", value);
	assert_int_equal(fclose(file), 0);
}

unsigned long module_references(const char *module)
{
	unsigned long nr;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &nr), 1);
	fclose(file);
	return nr;
}
