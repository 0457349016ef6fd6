/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - devices as the tests use them: raw ioctls on open files
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stddef.h>
#include <linux/kshm.h>

/* Opens /dev/kshm/NAME; fails the test if that fails. */
int device_open(const char *name, int flags);

/* A pointer as the ABI wants it. */
static inline __u64 to_u64(const void *pointer)
{
	return (unsigned long)pointer;
}

static inline struct kshm_operand user_operand(const void *addr, __u64 len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = to_u64(addr), .len = len,
	};
}

/* KSHM_IOC_INFO, which must work. */
struct kshm_ioc_info device_info(int fd);

/* A request without operands, to be filled in. */
struct kshm_ioc_control request(__u32 code);

/* Calls, and returns 0 or -errno of the ioctl itself. */
int control_try(int fd, struct kshm_ioc_control *arg);

/* Calls, and asserts that the handler ran and returned @status. */
void control_status(int fd, struct kshm_ioc_control *arg, int status);

/* Calls, and asserts success. */
void control(int fd, struct kshm_ioc_control *arg);

/*
 * Calls with an explanation asked for, and asserts that the ioctl fails with
 * @error, explained by @check of @operand.
 */
struct kshm_explain control_error(int fd, struct kshm_ioc_control *arg,
				  int error, __u32 check, __u32 operand);

#endif /* DEVICE_H */
