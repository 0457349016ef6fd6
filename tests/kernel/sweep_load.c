// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of loading: each allocation of the function that a module begins
 * with fails once, and nothing of the module is left then; and parameters that are none
 *
 * Everything that uses kshm is unloaded meanwhile, and loaded again. KUnit's suites are
 * hidden while something is to fail, for they run in the task that loads.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "harness.h"
#include "loading.h"

#define GID	"1000"

/*
 * What the kernel allocates when that function has returned, at most, for the event that
 * tells of the module. As many as it allocates less, of what comes before the function
 * fails, too.
 */
#define AFTER	32

/* Failures; more is one that never ends. */
#define MOST	2000

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

/* A kind of devices has its numbers by its name. */
static bool has_numbers(const char *name)
{
	char line[128], found[64];
	FILE *devices = fopen("/proc/devices", "re");
	bool has = false;

	assert_non_null(devices);
	while (fgets(line, sizeof(line), devices))
		has |= sscanf(line, "%*u %63s", found) == 1 && !strcmp(found, name);
	fclose(devices);
	return has;
}

static void nothing_of_kshm(void)
{
	assert_false(module_is_loaded("kshm"));
	assert_false(has_numbers("kshm"));
	assert_false(is_there("/sys/class/kshm"));
	assert_false(is_there("/sys/kernel/debug/kshm"));
	assert_false(is_there("/dev/kshm"));
}

static void nothing_of_sioctl(void)
{
	assert_false(module_is_loaded("kshm_sioctl"));
	assert_false(is_there("/sys/class/kshm/sioctl"));
	assert_false(is_there("/dev/kshm/sioctl"));
}

static void nothing_of_digest(void)
{
	assert_false(module_is_loaded("kshm_digest"));
	assert_false(is_there("/sys/class/kshm/digest"));
	assert_false(is_there("/dev/kshm/digest"));
}

/* Those of a load in which that function is not called. */
static unsigned int allocations_without_init(const char *module)
{
	struct image image = image_read(module);
	unsigned int allocations;

	image_hide_suites(&image);
	image_take_init(&image);
	fault_count();
	assert_int_equal(image_load(&image, ""), 0);
	allocations = fault_counted();
	assert_int_equal(module_unload(module), 0);
	image_free(&image);
	return allocations;
}

/*
 * That nothing is left of one load shows in the next one, too, which comes as far. What is
 * allocated before the function is more, or less, from load to load: what is passed over so
 * is other allocations each time.
 */
static void sweep(const char *module, void (*nothing_of_it)(void))
{
	unsigned int nth, first = allocations_without_init(module) - AFTER, survived = 0;
	struct image image = image_read(module);
	bool failed = true;
	int ret;

	image_hide_suites(&image);
	for (nth = first; failed; nth++) {
		assert_true(nth < first + MOST);
		fault_arm(gettid(), nth);
		ret = image_load(&image, "");
		failed = fault_disarm();
		if (ret && (ret != -ENOMEM || !failed))
			fail_msg("failure %u: %s", nth, strerror(-ret));
		survived += failed && !ret;
		if (!ret)
			assert_int_equal(module_unload(module), 0);
		nothing_of_it();
	}
	assert_true(survived < nth - 1 - first);
	harness_note("%u failures, %u of them survived", nth - 1 - first, survived);
	image_free(&image);
}

static void sweep_load_of_kshm(void **state)
{
	modules_away();
	nothing_of_kshm();
	sweep("kshm", nothing_of_kshm);
	modules_back();
}

/* One driver at a time, and it is loaded again. */
static void sweep_driver(const char *module, void (*nothing_of_it)(void))
{
	struct image image = image_read(module);

	assert_int_equal(module_unload(module), 0);
	sweep(module, nothing_of_it);
	assert_int_equal(image_load(&image, ""), 0);
	image_free(&image);
}

static void sweep_load_of_sioctl(void **state)
{
	sweep_driver("kshm_sioctl", nothing_of_sioctl);
	assert_true(is_there("/dev/kshm/sioctl"));
}

static void sweep_load_of_digest(void **state)
{
	sweep_driver("kshm_digest", nothing_of_digest);
	assert_true(is_there("/dev/kshm/digest"));
}

static void load_refuses_parameters_that_are_none(void **state)
{
	static const char * const bad[] = {
		"mode=888", "mode=01660", "mode=0", "mode=", "gid=users", "gid=-1",
	};
	struct image image = image_read("kshm");
	size_t i;

	modules_away();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (image_load(&image, bad[i]) != -EINVAL)
			fail_msg("%s is not refused", bad[i]);
		nothing_of_kshm();
	}
	image_free(&image);
	modules_back();
}

/* Of the nodes whose driver names none, and for who reads them. */
static void load_takes_mode_and_group(void **state)
{
	struct image kshm = image_read("kshm"), sioctl = image_read("kshm_sioctl");
	char mode[16] = "";
	struct stat node;
	FILE *file;

	modules_away();
	assert_int_equal(image_load(&kshm, "mode=640 gid=" GID), 0);
	assert_int_equal(image_load(&sioctl, ""), 0);
	assert_int_equal(stat("/dev/kshm/sioctl", &node), 0);
	assert_int_equal(node.st_mode & 07777, 0640);
	assert_int_equal(node.st_gid, 1000);
	file = fopen("/sys/module/kshm/parameters/mode", "re");
	assert_non_null(file);
	assert_non_null(fgets(mode, sizeof(mode), file));
	fclose(file);
	assert_string_equal(mode, "0640\n");
	assert_int_equal(module_unload("kshm_sioctl"), 0);
	assert_int_equal(module_unload("kshm"), 0);
	image_free(&sioctl);
	image_free(&kshm);
	modules_back();
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_load_of_sioctl),
	cmocka_unit_test(sweep_load_of_digest),
	cmocka_unit_test(sweep_load_of_kshm),
	cmocka_unit_test(load_refuses_parameters_that_are_none),
	cmocka_unit_test(load_takes_mode_and_group),
};

HARNESS_MAIN(tests)
