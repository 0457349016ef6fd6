/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the module: its parameters, for root to set, and who keeps it
 */
#ifndef PARAMETER_H
#define PARAMETER_H

unsigned long parameter_get(const char *name);
void parameter_set(const char *name, unsigned long value);

/* How many open files, names, handles or requests a module, kshm or a driver, stays for. */
unsigned long module_references(const char *module);

#endif /* PARAMETER_H */
