/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * kshm - requests as commands of io_uring
 *
 * A part of <linux/kshm.h>, which has the commands, and what errnos and structs have in
 * common.
 *
 * IORING_OP_URING_CMD with KSHM_IOC_CONTROL as its cmd_op, and a struct kshm_uring_arg in
 * its cmd, does what ioctl(KSHM_IOC_CONTROL) does with the same struct. That is captured
 * when the command is issued; its results are there before the completion of the ring,
 * whose res is what the ioctl would say: 0, or -errno. The memory of the struct, and of
 * what it names, is the command's until then. Other commands are ENOTTY; flags of the
 * command, as IORING_URING_CMD_FIXED for buffers that the ring registered, EOPNOTSUPP; and
 * a struct in which reserved is not zero EINVAL.
 *
 * A request that pends is not waited for: the ring's completion comes when it has ended,
 * with KSHM_FEATURE_RINGS_PEND. Without, on kernels that cannot take such a command back,
 * it is EOPNOTSUPP. KSHM_IOC_CANCEL finds it by the user_data of its struct. When the ring
 * goes, the request is cancelled, and nobody waits for drivers that cannot do that. As long
 * as the command is there it has the file: close() of its descriptor does not cancel it.
 *
 * With KSHM_REQUEST_SUBMIT, on any kernel, the ring's completion says that the request is
 * submitted, and read() how it ended, for which a ring has IORING_OP_READ.
 */
#ifndef _UAPI_LINUX_KSHM_URING_H
#define _UAPI_LINUX_KSHM_URING_H

#include <linux/types.h>

/**
 * struct kshm_uring_arg - what a command of a ring has in its 16 bytes
 * @arg: address of a struct kshm_ioc_control
 * @reserved: must be zero
 */
struct kshm_uring_arg {
	__aligned_u64 arg;
	__aligned_u64 reserved;
};

#endif /* _UAPI_LINUX_KSHM_URING_H */
