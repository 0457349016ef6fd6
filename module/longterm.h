/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - pins that outlive the call
 */
#ifndef KSHM_LONGTERM_H
#define KSHM_LONGTERM_H

#include <linux/mm_types.h>
#include <linux/types.h>

long kshm_longterm_pin(unsigned long start, unsigned long nr, bool write,
		       struct page **pages);

#endif /* KSHM_LONGTERM_H */
