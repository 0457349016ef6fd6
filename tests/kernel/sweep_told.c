// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fault sweep of what is told of handles, regions and names: by lists, and by
 * files of /proc, debugfs and sysfs
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "handle_calls.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "name_calls.h"
#include "region_calls.h"
#include "scenario.h"
#include "section_calls.h"
#include "sequence_calls.h"

static struct kshm_explain why;
static __u32 id;		/* of the region that there is to tell of */

/* The name ends with the handle. */
static void prepare_name(void)
{
	const int file = section_file(0, scene.len, F_SEAL_SHRINK);

	id = section_attach(scene.fd, file, READ_WRITE);
	close(file);
	name_publish(scene.fd, id, "sweep", READ_WRITE, KSHM_NAME_UNTIL_CLOSE);
}

static struct kshm_name_entry names[2];
static struct kshm_ioc_name_list names_arg;

static int list_names(void)
{
	return name_list_try(scene.fd, "", names, ARRAY_SIZE(names), &names_arg, &why);
}

static void check_names(void)
{
	assert_int_equal(names_arg.out_nr, 1);
	assert_int_equal(names_arg.out_more, 0);
	assert_string_equal(names[0].name, "sweep");
}

static void prepare_region(void)
{
	id = region_make(scene.fd, scene.memory, scene.len, READ_WRITE);
}

static struct kshm_handle_entry handles[8];
static struct kshm_ioc_handle_list handles_arg;

static int list_handles(void)
{
	return handle_list_try(scene.fd, 0, 0, handles, ARRAY_SIZE(handles), &handles_arg,
			       &why);
}

static void check_handles(void)
{
	assert_non_null(handle_entry(handles, handles_arg.out_nr,
				     handle_number(scene.fd), id));
	assert_int_equal(handles_arg.out_more, 0);
}

static char text[4096];

/* The first that a file has to tell, which is all that is looked at. */
static int read_and_close(int file)
{
	const ssize_t got = read(file, text, sizeof(text) - 1);
	const int ret = got < 0 ? -errno : 0;

	close(file);
	text[ret ? 0 : got] = '\0';
	return ret;
}

static int read_file(const char *path)
{
	const int file = open(path, O_RDONLY | O_CLOEXEC);

	return file == -1 ? -errno : read_and_close(file);
}

static int fdinfo;

/* Opening it is /proc's alone, which takes a lack of memory for a lack of the file. */
static void open_fdinfo(int file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", file);
	fdinfo = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_not_equal(fdinfo, -1);
}

static void prepare_fdinfo(void)
{
	prepare_region();
	open_fdinfo(scene.fd);
}

static int shared;		/* a descriptor of the region, or of its sequence */

static void prepare_fdinfo_of_share(void)
{
	prepare_region();
	shared = region_export(scene.fd, id, READ_WRITE);
	open_fdinfo(shared);
}

static void prepare_fdinfo_of_sequence(void)
{
	prepare_name();
	shared = sequence_make(scene.fd, id, READ_WRITE);
	open_fdinfo(shared);
}

static int read_fdinfo(void)
{
	return read_and_close(fdinfo);
}

/* Or the region would stay. */
static int read_fdinfo_of_shared(void)
{
	const int ret = read_and_close(fdinfo);

	close(shared);
	return ret;
}

static void check_fdinfo(void)
{
	assert_non_null(strstr(text, "handle-regions:\t1\n"));
}

static void check_fdinfo_of_share(void)
{
	assert_non_null(strstr(text, "region-rights:\trw\n"));
}

static void check_fdinfo_of_sequence(void)
{
	assert_non_null(strstr(text, "sequence:\t0\n"));
}

static int read_debugfs(void)
{
	return read_file("/sys/kernel/debug/kshm/handles");
}

static void check_debugfs(void)
{
	char line[32];

	snprintf(line, sizeof(line), "\n%llu %u ", handle_number(scene.fd), id);
	assert_non_null(strstr(text, line));
}

static int read_owner(void)
{
	return read_file("/sys/class/kshm/test/owner");
}

static void check_owner(void)
{
	assert_string_equal(text, "kshm_test\n");
}

static int read_control(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/class/kshm/test/controls/%08x",
		 KSHM_TEST_STATE);
	return read_file(path);
}

static void check_control(void)
{
	assert_non_null(strstr(text, "NAME=state\n"));
}

static int read_reports(void)
{
	return read_file("/sys/module/kshm/parameters/verifier_reports");
}

static void check_reports(void)
{
	assert_non_null(strstr(text, "completed-twice "));
}

SWEEP(names_listed) = {
	.sweeps = "KSHM_IOC_NAME_LIST",
	.device = "test", .prepare = prepare_name, .call = list_names,
	.check = check_names,
};

SWEEP(handles_listed) = {
	.sweeps = "KSHM_IOC_HANDLE_LIST",
	.device = "test", .prepare = prepare_region, .call = list_handles,
	.check = check_handles,
};

SWEEP(fdinfo) = {
	.sweeps = "kshm_show_fdinfo",
	.device = "test", .prepare = prepare_fdinfo, .call = read_fdinfo,
	.check = check_fdinfo,
};

SWEEP(fdinfo_of_share) = {
	.sweeps = "share_show_fdinfo",
	.device = "test", .prepare = prepare_fdinfo_of_share,
	.call = read_fdinfo_of_shared, .check = check_fdinfo_of_share,
};

SWEEP(fdinfo_of_sequence) = {
	.sweeps = "sequence_show_fdinfo",
	.device = "test", .prepare = prepare_fdinfo_of_sequence,
	.call = read_fdinfo_of_shared, .check = check_fdinfo_of_sequence,
};

SWEEP(debugfs) = {
	.sweeps = "handles_open",
	.device = "test", .prepare = prepare_region, .call = read_debugfs,
	.check = check_debugfs,
};

SWEEP(sysfs_owner) = {
	.device = "test", .call = read_owner, .check = check_owner,
};

SWEEP(sysfs_control) = {
	.device = "test", .call = read_control, .check = check_control,
};

SWEEP(sysfs_reports) = {
	.device = "test", .call = read_reports, .check = check_reports,
};

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sweep_names_listed),
	cmocka_unit_test(sweep_handles_listed),
	cmocka_unit_test(sweep_fdinfo),
	cmocka_unit_test(sweep_fdinfo_of_share),
	cmocka_unit_test(sweep_fdinfo_of_sequence),
	cmocka_unit_test(sweep_debugfs),
	cmocka_unit_test(sweep_sysfs_owner),
	cmocka_unit_test(sweep_sysfs_control),
	cmocka_unit_test(sweep_sysfs_reports),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
