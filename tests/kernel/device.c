// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - devices as the tests use them: raw ioctls on open files
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "device.h"
#include "harness.h"

int device_open(const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/kshm/%s", name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	return fd;
}

struct kshm_ioc_info device_info(int fd)
{
	struct kshm_ioc_info info = { .size = sizeof(info) };

	assert_int_equal(ioctl(fd, KSHM_IOC_INFO, &info), 0);
	return info;
}

struct kshm_ioc_control request(__u32 code)
{
	return (struct kshm_ioc_control){
		.size = sizeof(struct kshm_ioc_control), .code = code,
	};
}

int control_try(int fd, struct kshm_ioc_control *arg)
{
	return ioctl(fd, KSHM_IOC_CONTROL, arg) ? -errno : 0;
}

void control_status(int fd, struct kshm_ioc_control *arg, int status)
{
	assert_int_equal(control_try(fd, arg), 0);
	assert_int_equal(arg->out_status, status);
}

void control(int fd, struct kshm_ioc_control *arg)
{
	control_status(fd, arg, 0);
}

struct kshm_explain control_error(int fd, struct kshm_ioc_control *arg,
				  int error, __u32 check, __u32 operand)
{
	struct kshm_explain why = { .size = sizeof(why) };

	arg->explain = to_u64(&why);
	assert_int_equal(control_try(fd, arg), -error);
	assert_int_equal(why.error, error);
	assert_int_equal(why.check, check);
	assert_int_equal(why.operand, operand);
	return why;
}
