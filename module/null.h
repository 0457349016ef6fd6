/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the built-in device "null"
 */
#ifndef KSHM_NULL_H
#define KSHM_NULL_H

int kshm_null_init(void);
void kshm_null_exit(void);

#endif /* KSHM_NULL_H */
