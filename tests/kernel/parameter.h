/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the parameters of the module; for root
 */
#ifndef PARAMETER_H
#define PARAMETER_H

unsigned long parameter_get(const char *name);
void parameter_set(const char *name, unsigned long value);

#endif /* PARAMETER_H */
