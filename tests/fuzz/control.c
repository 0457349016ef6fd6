// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: the controls that the devices have
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "kshm_test.h"

/* The bit of it that sysfs shows of a row whose requests may be kept. */
#define MAY_PEND	0x1

struct control controls[MAX_CONTROLS];
unsigned int nr_controls;

/*
 * What the driver for tests has that is not to be called, or not with operands
 * longer than @most.
 */
static const struct {
	__u32 code;
	__u64 most;
	const char *why;
} exceptions[] = {
	{ KSHM_TEST_OVERWRITE, 0, "oopses, as it should" },
	{ KSHM_TEST_HOLD, 0, "waits for somebody to release it" },
	{ KSHM_TEST_HOLD_READ, 0, "waits for somebody to release it" },
	{ KSHM_TEST_HOLD_WRITE, 0, "waits for somebody to release it" },
	{ KSHM_TEST_HOLD_WORKER, 0, "waits for somebody to release it" },
	{ KSHM_TEST_PEND, 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_READ, 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_WRITE, 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_IN(KSHM_TEST_WORKER), 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_IN(KSHM_TEST_SOFTIRQ), 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_IN(KSHM_TEST_HARDIRQ), 0, "waits for somebody to complete it" },
	{ KSHM_TEST_PEND_KILLABLE, 0, "waits for somebody to complete it" },
	{ KSHM_TEST_MDL_UNLOCK, 0, "sleeps with a page locked" },
	{ KSHM_TEST_MISBEHAVE_KEPT, 0, "does what kshm warns of" },
	{ KSHM_TEST_MISBEHAVE, 0, "does what kshm warns of" },
	{ KSHM_TEST_DEVICES, 0, "leaves devices to the programs after" },
	{ KSHM_TEST_SECTION, 0, "gives descriptors that nobody closes" },
	{ KSHM_TEST_RING, 0, "works until somebody reads what it wrote" },
	{ KSHM_TEST_VIEW, 0, "keeps memory after its request" },
	{ KSHM_TEST_VIEW_TO, 0, "keeps memory after its request" },
	{ KSHM_TEST_VIEW_FROM, 0, "keeps memory after its request" },
	{ KSHM_TEST_ANSWER_RAW, 0x4000, "writes byte by byte" },
	{ KSHM_TEST_FILL_RAW, 0x100000, "has a buffer as long, whatever is mapped" },
	{ KSHM_TEST_CHECK_RAW, 0x100000, "has a buffer as long, whatever is mapped" },
};

bool control_is_callable(const struct op *op)
{
	unsigned int i;

	for (i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++)
		if (op->v[CODE] == exceptions[i].code)
			return exceptions[i].most && op->v[IN + LEN] <= exceptions[i].most &&
			       op->v[OUT + LEN] <= exceptions[i].most;
	return true;
}

const struct control *control_find(enum device device, __u32 code)
{
	unsigned int i;

	for (i = 0; i < nr_controls; i++)
		if (controls[i].device == device && controls[i].code == code)
			return &controls[i];
	return NULL;
}

bool control_may_pend(__u32 code)
{
	unsigned int i;

	for (i = 0; i < nr_controls; i++)
		if (controls[i].code == code && controls[i].may_pend)
			return true;
	return false;
}

static void read_flags(struct control *control, const char *key, const char *value)
{
	if (!strcmp(key, "FLAGS"))
		control->may_pend = strtoul(value, NULL, 0) & MAY_PEND;
	else if (!strcmp(key, "CONTEXT"))
		control->in_worker = !strcmp(value, "worker");
}

static bool read_control(enum device device, const char *path)
{
	static const char * const keys[] = {
		"IN_MIN", "IN_MAX", "OUT_MIN", "OUT_MAX", "DATA_MIN", "DATA_MAX",
	};
	struct control *control = &controls[nr_controls];
	FILE *file = fopen(path, "re");
	char key[32], value[64];
	unsigned int i, seen = 0;

	if (!file || nr_controls == MAX_CONTROLS)
		return false;
	control->device = device;
	while (fscanf(file, "%31[^=]=%63[^\n]\n", key, value) == 2) {
		if (!strcmp(key, "CODE"))
			seen += sscanf(value, "%x", &control->code);
		read_flags(control, key, value);
		for (i = 0; i < 6; i++)
			if (!strcmp(key, keys[i]))
				seen += sscanf(value, "%llu", i % 2 ?
					       &control->bounds[i / 2].max :
					       &control->bounds[i / 2].min);
	}
	fclose(file);
	nr_controls++;
	return seen == 7;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_code(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* By name, for the order in which a directory lists its files is nobody's promise. */
static bool read_device(enum device device)
{
	char dir[64], path[384];
	struct dirent **entries;
	bool good = true;
	int i, nr;

	snprintf(dir, sizeof(dir), "/sys/class/kshm/%s/controls", device_names[device]);
	nr = scandir(dir, &entries, is_code, by_name);
	for (i = 0; i < nr && good; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name);
		good = read_control(device, path);
	}
	if (nr <= 0 || !good)
		fprintf(stderr, "%s: cannot be understood\n", nr > 0 ? path : dir);
	return nr > 0 && good;
}

bool controls_read(void)
{
	enum device device;

	nr_controls = 0;
	for (device = 0; device < NR_DEVICES; device++)
		if (!read_device(device))
			return false;
	return true;
}
