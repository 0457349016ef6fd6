/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - control codes of the built-in device "null"
 *
 * Every control is named "nop", one for each method. It takes operands of any
 * length up to the limits, has kshm prepare them, and completes at once
 * without touching a byte.
 */
#ifndef _UAPI_LINUX_KSHM_NULL_H
#define _UAPI_LINUX_KSHM_NULL_H

#include <linux/kshm.h>

#define KSHM_NULL_TYPE		0x8e00

#define KSHM_NULL_CODE(method) \
	KSHM_CODE(KSHM_NULL_TYPE, 0x800, method, KSHM_ACCESS_ANY)

#define KSHM_NULL_NOP			KSHM_NULL_CODE(KSHM_METHOD_BUFFERED)
#define KSHM_NULL_NOP_TO_DRIVER		KSHM_NULL_CODE(KSHM_METHOD_IN_DIRECT)
#define KSHM_NULL_NOP_FROM_DRIVER	KSHM_NULL_CODE(KSHM_METHOD_OUT_DIRECT)
#define KSHM_NULL_NOP_RAW		KSHM_NULL_CODE(KSHM_METHOD_NEITHER)

#endif /* _UAPI_LINUX_KSHM_NULL_H */
