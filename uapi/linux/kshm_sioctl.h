/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - control codes of the device "sioctl"
 *
 * The same four codes as the WDK's sioctl sample (general/ioctl/wdm), so that
 * a program written against it finds what it knows.
 */
#ifndef _UAPI_LINUX_KSHM_SIOCTL_H
#define _UAPI_LINUX_KSHM_SIOCTL_H

#include <linux/kshm.h>

#define KSHM_SIOCTL_TYPE	40000

#define KSHM_SIOCTL_METHOD_IN_DIRECT \
	KSHM_CODE(KSHM_SIOCTL_TYPE, 0x900, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_ANY)
#define KSHM_SIOCTL_METHOD_OUT_DIRECT \
	KSHM_CODE(KSHM_SIOCTL_TYPE, 0x901, KSHM_METHOD_OUT_DIRECT, KSHM_ACCESS_ANY)
#define KSHM_SIOCTL_METHOD_BUFFERED \
	KSHM_CODE(KSHM_SIOCTL_TYPE, 0x902, KSHM_METHOD_BUFFERED, KSHM_ACCESS_ANY)
#define KSHM_SIOCTL_METHOD_NEITHER \
	KSHM_CODE(KSHM_SIOCTL_TYPE, 0x903, KSHM_METHOD_NEITHER, KSHM_ACCESS_ANY)

#endif /* _UAPI_LINUX_KSHM_SIOCTL_H */
