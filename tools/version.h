/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - how the versions of library and module compare
 */
#ifndef VERSION_H
#define VERSION_H

#include <stddef.h>

struct kshm_info;

enum version_fit {
	VERSION_SAME,
	/* Another release with the same ABI: nothing is wrong. */
	VERSION_OLDER_RELEASE,
	VERSION_NEWER_RELEASE,
	/* Another ABI: no device can be opened. */
	VERSION_OLDER_ABI,
	VERSION_NEWER_ABI,
};

enum version_fit version_compare(const struct kshm_info *module);

/* What there is, without a full stop; and what to do, "" for nothing. */
void version_text(const struct kshm_info *module, char *text, size_t size);
const char *version_remedy(const struct kshm_info *module);

#endif /* VERSION_H */
