// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a process with handles and regions, for kshmctl to show
 *
 * Says "ready" when it has: a handle of the device null, with a region of 100 bytes and
 * a section of two pages; a second one, with the section imported; a third, with nothing.
 * Holds them until its input ends.
 */
#include <stdio.h>
#include <unistd.h>
#include <kshm.h>

static char memory[100];

int main(void)
{
	struct kshm_handle *handles[3];
	__u32 region, section, there;
	int i, file, share;
	char byte;

	for (i = 0; i < 3; i++)
		if (kshm_open(&handles[i], "null", KSHM_OPEN_READ))
			return 1;
	if (kshm_region_create(handles[0], memory, sizeof(memory), KSHM_REGION_WRITE,
			       &region, NULL) ||
	    kshm_section_create(NULL, 2 * sysconf(_SC_PAGESIZE), 0, &file) ||
	    kshm_section_attach(handles[0], file, 0, 0,
				KSHM_REGION_READ | KSHM_REGION_WRITE, &section, NULL) ||
	    kshm_region_export(handles[0], section, KSHM_REGION_READ, &share, NULL) ||
	    kshm_region_import(handles[1], share, KSHM_REGION_READ, &there, NULL))
		return 1;
	close(share);
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	return 0;
}
