/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the fuzzer: the controls that the devices have
 */
#ifndef FUZZ_CONTROL_H
#define FUZZ_CONTROL_H

#include "program.h"

#define MAX_CONTROLS	128

/**
 * struct control - one row of a device's table, as sysfs shows it
 * @device: whose
 * @code: the control code
 * @may_pend: its driver may keep requests
 * @in_worker: they are done by one
 * @bounds: least and most length of in, out and data
 */
struct control {
	enum device device;
	__u32 code;
	bool may_pend, in_worker;
	struct { __u64 min, max; } bounds[3];
};

extern struct control controls[MAX_CONTROLS];
extern unsigned int nr_controls;

/* Reads them; says what is wrong on stderr. */
bool controls_read(void);

/* That of a device with a code, or NULL. */
const struct control *control_find(enum device device, __u32 code);

/* Whether any device's driver may keep requests of a code. */
bool control_may_pend(__u32 code);

/* Whether the control operation is one that a driver survives, and soon. */
bool control_is_callable(const struct op *op);

#endif /* FUZZ_CONTROL_H */
