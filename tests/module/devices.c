// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: devices that come and go, and tables that make
 * no sense
 */
#include <linux/mutex.h>

#include "test.h"

#define ROW(control, string, fn, in_most, out_most, data_most)		\
	{ .code = control, .name = string, .handle = fn,		\
	  .in_max = in_most, .out_max = out_most, .data_max = data_most }
#define ANY	KSHM_LENGTH_ANY

static const struct kshm_control nonsense[][2] = {
	/* Two rows with one code. */
	{ ROW(KSHM_CODE(1, 1, 0, 0), "a", test_nothing, 0, 0, 0),
	  ROW(KSHM_CODE(1, 1, 0, 0), "b", test_nothing, 0, 0, 0) },
	/* One name and method. */
	{ ROW(KSHM_CODE(1, 1, 0, 0), "a", test_nothing, 0, 0, 0),
	  ROW(KSHM_CODE(1, 2, 0, 0), "a", test_nothing, 0, 0, 0) },
	/* No handler; no name; odd names. */
	{ ROW(1, "a", NULL, 0, 0, 0), ROW(2, "b", test_nothing, 0, 0, 0) },
	{ ROW(1, NULL, test_nothing, 0, 0, 0), ROW(2, "b", test_nothing, 0, 0, 0) },
	{ ROW(1, "", test_nothing, 0, 0, 0), ROW(2, "b", test_nothing, 0, 0, 0) },
	{ ROW(1, "a b", test_nothing, 0, 0, 0), ROW(2, "b", test_nothing, 0, 0, 0) },
	{ ROW(1, "a/b", test_nothing, 0, 0, 0), ROW(2, "b", test_nothing, 0, 0, 0) },
	/* Data with a method that has none. */
	{ ROW(KSHM_CODE(1, 1, 0, 0), "a", test_nothing, 0, 0, 1),
	  ROW(KSHM_CODE(1, 2, 0, 0), "b", test_nothing, 0, 0, 0) },
	{ ROW(KSHM_CODE(1, 1, 3, 0), "a", test_nothing, 0, 0, 1),
	  ROW(KSHM_CODE(1, 2, 0, 0), "b", test_nothing, 0, 0, 0) },
	/* The least above the most. */
	{ { .code = 4, .name = "a", .handle = test_nothing, .in_min = 2, .in_max = 1 },
	  ROW(8, "b", test_nothing, 0, 0, 0) },
	/* Contexts and flags: unknown, raw outside of the caller. */
	{ { .code = 4, .name = "a", .handle = test_nothing, .context = 99 },
	  ROW(8, "b", test_nothing, 0, 0, 0) },
	{ { .code = 4, .name = "a", .handle = test_nothing, .flags = 0x80 },
	  ROW(8, "b", test_nothing, 0, 0, 0) },
	{ { .code = 7, .name = "a", .handle = test_nothing,
	    .context = KSHM_CONTEXT_WORKER },
	  ROW(8, "b", test_nothing, 0, 0, 0) },
	{ { .code = 7, .name = "a", .handle = test_nothing,
	    .context = KSHM_CONTEXT_HARDIRQ },
	  ROW(8, "b", test_nothing, 0, 0, 0) },
	/* Nothing wrong, but the name of the device is in use. */
	{ ROW(4, "a", test_nothing, 0, 0, 0), ROW(8, "b", test_nothing, 0, 0, 0) },
};

static int try_to_register(const struct kshm_device_ops *ops, const char *name)
{
	struct kshm_device *dev = kshm_device_register(NULL, ops, NULL, "%s", name);

	if (IS_ERR(dev))
		return PTR_ERR(dev);
	kshm_device_unregister(dev);
	return 0;
}

static int try_table(const struct kshm_control *controls,
		     unsigned int nr_controls, const char *name)
{
	const struct kshm_device_ops ops = {
		.owner = THIS_MODULE,
		.controls = controls,
		.nr_controls = nr_controls,
	};

	return try_to_register(&ops, name);
}

int test_register(struct kshm_request *req)
{
	u32 which = *(const u32 *)kshm_request_in(req);

	test_count_call();
	if (which >= ARRAY_SIZE(nonsense))
		return -EDOM;
	return try_table(nonsense[which], 2, "test");
}

/* The name in the input, as a string. */
static void name_of(const struct kshm_request *req,
		    char name[KSHM_TEST_NAME_MAX + 1])
{
	memcpy(name, kshm_request_in(req), kshm_request_in_len(req));
	name[kshm_request_in_len(req)] = '\0';
}

int test_name_device(struct kshm_request *req)
{
	static const struct kshm_control row = ROW(4, "a", test_nothing, 0, 0, 0);
	char name[KSHM_TEST_NAME_MAX + 1];

	test_count_call();
	name_of(req, name);
	return try_table(&row, 1, name);
}

int test_name_control(struct kshm_request *req)
{
	char name[KSHM_TEST_NAME_MAX + 1];
	const struct kshm_control row = ROW(4, name, test_nothing, 0, 0, 0);

	test_count_call();
	name_of(req, name);
	return try_table(&row, 1, "test-name");
}

int test_node_mode(struct kshm_request *req)
{
	static const struct kshm_control row = ROW(4, "a", test_nothing, 0, 0, 0);
	const struct kshm_device_ops ops = {
		.owner = THIS_MODULE,
		.controls = &row,
		.nr_controls = 1,
		.mode = *(const u32 *)kshm_request_in(req),
	};

	test_count_call();
	return try_to_register(&ops, "test-mode");
}

/* test-0, test-1, ..., for root alone; the first @nr_devices are there. */
static struct kshm_device *devices[KSHM_TEST_MAX_DEVICES];
static struct kshm_device_ops root_ops;
static u32 nr_devices;
static DEFINE_MUTEX(devices_lock);

static int change_devices(u32 wanted)
{
	struct kshm_device *dev;

	lockdep_assert_held(&devices_lock);
	if (!nr_devices) {
		root_ops = test_ops;
		root_ops.mode = 0600;
	}
	while (nr_devices > wanted)
		kshm_device_unregister(devices[--nr_devices]);
	while (nr_devices < wanted) {
		dev = kshm_device_register(NULL, &root_ops, NULL, "test-%d",
					   nr_devices);
		if (IS_ERR(dev))
			return PTR_ERR(dev);
		devices[nr_devices++] = dev;
	}
	return 0;
}

int test_devices(struct kshm_request *req)
{
	u32 wanted = *(const u32 *)kshm_request_in(req);
	int ret;

	test_count_call();
	if (wanted > KSHM_TEST_MAX_DEVICES)
		return -EINVAL;
	mutex_lock(&devices_lock);
	ret = change_devices(wanted);
	mutex_unlock(&devices_lock);
	return ret;
}

void test_devices_remove(void)
{
	mutex_lock(&devices_lock);
	change_devices(0);
	mutex_unlock(&devices_lock);
}
