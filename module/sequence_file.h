/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - KSHM_IOC_SECTION_SEQUENCE
 */
#ifndef KSHM_SEQUENCE_FILE_H
#define KSHM_SEQUENCE_FILE_H

#include <linux/kshm.h>
#include <linux/types.h>

struct kshm_explain;
struct kshm_handle;

int kshm_section_sequence(struct kshm_handle *handle,
			  const struct kshm_ioc_section_sequence *arg,
			  struct kshm_ioc_section_sequence __user *uarg,
			  size_t usize, struct kshm_explain *why);

#endif /* KSHM_SEQUENCE_FILE_H */
