/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - version of the modules, the same as in the file VERSION
 */
#ifndef KSHM_VERSION_H
#define KSHM_VERSION_H

#define KSHM_VERSION	"0.1.0"

#endif /* KSHM_VERSION_H */
