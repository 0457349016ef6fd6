/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - file operations of /dev/kshm/NAME
 */
#ifndef KSHM_FILE_H
#define KSHM_FILE_H

int kshm_file_init(void);
void kshm_file_exit(void);

#endif /* KSHM_FILE_H */
