/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - handles and regions in debugfs
 */
#ifndef KSHM_HANDLE_DEBUGFS_H
#define KSHM_HANDLE_DEBUGFS_H

#include <linux/init.h>

void __init kshm_handle_debugfs_init(void);
void kshm_handle_debugfs_exit(void);

#endif /* KSHM_HANDLE_DEBUGFS_H */
