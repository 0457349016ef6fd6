/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what differs between kernels
 *
 * KSHM_COMPAT_* come from compiling the probes beside this file against the
 * kernel's own headers, see Kbuild.include.
 */
#ifndef KSHM_COMPAT_H
#define KSHM_COMPAT_H

/* device_type.devnode() takes a const device since 6.2. */
#ifdef KSHM_COMPAT_CONST_DEVNODE
#define KSHM_DEVNODE_CONST const
#else
#define KSHM_DEVNODE_CONST
#endif

#endif /* KSHM_COMPAT_H */
