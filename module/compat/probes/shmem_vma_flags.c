// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - probe: shmem_file_setup() takes flags of a type of their own
 */
#include <linux/shmem_fs.h>

static struct file *probe(loff_t size)
{
	return shmem_file_setup("probe", size, EMPTY_VMA_FLAGS);
}
