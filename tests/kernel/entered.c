// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - which functions of kshm.ko the calls of a thread lead to
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcov.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "entered.h"
#include "harness.h"

#define STEPS		(512UL << 10)	/* of a call; what comes after is not seen */
#define SYMBOLS		4096		/* more than kshm has */
#define NAME		64

/* The function of each command, as module/ioctl.c has it: tests/static/sweep.sh compares. */
static const char * const commands[][2] = {
	{ "KSHM_IOC_INFO", "kshm_info" },
	{ "KSHM_IOC_CONTROL", "kshm_request" },
	{ "KSHM_IOC_CANCEL", "kshm_cancel" },
	{ "KSHM_IOC_EVENTFD", "kshm_completions_eventfd" },
	{ "KSHM_IOC_REGION_CREATE", "kshm_region_create" },
	{ "KSHM_IOC_REGION_QUERY", "kshm_region_query" },
	{ "KSHM_IOC_REGION_DESTROY", "kshm_region_destroy" },
	{ "KSHM_IOC_REGION_REVOKE", "kshm_region_revoke_call" },
	{ "KSHM_IOC_REGION_EXPORT", "kshm_region_export" },
	{ "KSHM_IOC_REGION_IMPORT", "kshm_region_import" },
	{ "KSHM_IOC_REGION_KEY", "kshm_region_key" },
	{ "KSHM_IOC_REGION_OPEN", "kshm_region_open" },
	{ "KSHM_IOC_SECTION_ATTACH", "kshm_section_attach" },
	{ "KSHM_IOC_SECTION_SEQUENCE", "kshm_section_sequence" },
	{ "KSHM_IOC_NAME_PUBLISH", "kshm_publish" },
	{ "KSHM_IOC_NAME_OPEN", "kshm_publish_open" },
	{ "KSHM_IOC_NAME_REMOVE", "kshm_publish_remove" },
	{ "KSHM_IOC_NAME_LIST", "kshm_name_list" },
	{ "KSHM_IOC_HANDLE_LIST", "kshm_handle_list" },
};

static struct symbol {
	__u64 start;
	char name[NAME];
} symbols[SYMBOLS];

static size_t nr_symbols;
static int fd = -1;
static __u64 *steps;		/* how many, and each */
static bool is_on;

/* Of the code of kshm.ko, from lines of address, type, name and module. */
static void read_symbols(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	struct symbol *symbol;
	unsigned long long start;
	char line[256], type;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		symbol = &symbols[nr_symbols];
		if (!strstr(line, "\t[kshm]\n") ||
		    sscanf(line, "%llx %c %63s", &start, &type, symbol->name) != 3 ||
		    (type != 't' && type != 'T'))
			continue;
		symbol->start = start;
		assert_true(++nr_symbols < SYMBOLS);
	}
	fclose(file);
	assert_true(nr_symbols > 0);
}

static void open_once(void)
{
	if (fd != -1)
		return;
	read_symbols();
	fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (fd == -1)
		harness_skip("no KCOV here: %s", strerror(errno));
	assert_int_equal(ioctl(fd, KCOV_INIT_TRACE, STEPS), 0);
	steps = mmap(NULL, STEPS * sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, 0);
	assert_ptr_not_equal(steps, MAP_FAILED);
}

void entered_begin(void)
{
	open_once();
	/* A test may have failed before its end. */
	entered_end();
	steps[0] = 0;
	assert_int_equal(ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC), 0);
	is_on = true;
}

void entered_end(void)
{
	if (is_on)
		assert_int_equal(ioctl(fd, KCOV_DISABLE, 0), 0);
	is_on = false;
}

/* The address of the next symbol behind @start. */
static __u64 end_of(__u64 start)
{
	__u64 end = ~0ull;
	size_t i;

	for (i = 0; i < nr_symbols; i++)
		if (symbols[i].start > start && symbols[i].start < end)
			end = symbols[i].start;
	return end;
}

static bool has_step(__u64 start, __u64 end)
{
	__u64 i;

	for (i = 1; i <= steps[0]; i++)
		if (steps[i] >= start && steps[i] < end)
			return true;
	return false;
}

static const char *function_of(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i][0], name))
			return commands[i][1];
	return name;
}

bool entered(const char *name)
{
	const char *function = function_of(name);
	size_t i;

	for (i = 0; i < nr_symbols; i++)
		if (!strcmp(symbols[i].name, function) &&
		    has_step(symbols[i].start, end_of(symbols[i].start)))
			return true;
	return false;
}
