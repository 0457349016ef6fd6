// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a process with handles and regions, for kshmctl to show
 *
 * Says "ready" when it has: a handle of the device null, with a region of 100 bytes and
 * a section of two pages, which a descriptor holds, too; a second one, with the section
 * imported; a third, with nothing. With the argument "view" it has the region that the
 * driver for tests has a view of, which is all that holds it. Holds them until its input
 * ends.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <kshm.h>

#include "kshm_test.h"

#define READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

static char memory[100];

static int hold_some(void)
{
	struct kshm_handle *handles[3];
	__u32 region, section, there;
	int i, file, share;

	for (i = 0; i < 3; i++)
		if (kshm_open(&handles[i], "null", KSHM_OPEN_READ))
			return -1;
	if (kshm_region_create(handles[0], memory, sizeof(memory), KSHM_REGION_WRITE,
			       &region, NULL))
		return -1;
	if (kshm_section_create(NULL, 2 * sysconf(_SC_PAGESIZE), 0, &file) ||
	    kshm_section_attach(handles[0], file, 0, 0, READ_WRITE, &section, NULL))
		return -1;
	if (kshm_region_export(handles[0], section, KSHM_REGION_READ, &share, NULL))
		return -1;
	return kshm_region_import(handles[1], share, KSHM_REGION_READ, &there, NULL);
}

static int hold_view(void)
{
	struct kshm_test_view keep = {
		.op = KSHM_TEST_VIEW_KEEP, .operand = KSHM_OPERAND_DATA,
	};
	struct kshm_operand in = kshm_operand_user(&keep, sizeof(keep)), data, out;
	struct kshm_test_made made;
	struct kshm_handle *handle;
	__u32 region;

	if (kshm_open(&handle, "test", KSHM_OPEN_READ | KSHM_OPEN_WRITE) ||
	    kshm_region_create(handle, memory, sizeof(memory), READ_WRITE, &region, NULL))
		return -1;
	out = kshm_operand_user(&made, sizeof(made));
	data = kshm_operand_region(region, 0, sizeof(memory));
	if (kshm_control(handle, KSHM_TEST_VIEW_TO, &in, &out, &data, NULL, NULL))
		return -1;
	return kshm_region_destroy(handle, region, 0, NULL);
}

int main(int argc, char **argv)
{
	char byte;

	if (argc > 1 && !strcmp(argv[1], "view") ? hold_view() : hold_some())
		return 1;
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
