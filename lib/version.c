// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - version of the library
 */
#include "internal.h"

KSHM_EXPORT const char *kshm_version(void)
{
	return KSHM_VERSION;
}
