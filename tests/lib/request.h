/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - requests through the library as its tests send them
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <kshm.h>

/* What a request gave. */
struct end {
	struct kshm_result result;
	struct kshm_explanation why;
};

/*
 * Opens the device for @access, sends the request, closes the device. Before
 * that @end is filled with bytes that must not be left. Returns what the
 * library returned for the request.
 */
int perform_with(unsigned int access, const char *device, __u32 code,
		 const struct kshm_operand *in, const struct kshm_operand *out,
		 const struct kshm_operand *data, struct end *end);

/* The same, for reading. */
int perform(const char *device, __u32 code, const struct kshm_operand *in,
	    const struct kshm_operand *out, const struct kshm_operand *data,
	    struct end *end);

/* How many devices test-0, test-1, ... there are to be. */
void set_test_devices(__u32 count);

#endif /* REQUEST_H */
