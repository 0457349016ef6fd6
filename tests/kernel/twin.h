/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - one memory that is seen twice
 */
#ifndef TWIN_H
#define TWIN_H

#include <stddef.h>

/**
 * struct twin - a memfd, and two mappings of it
 * @first: for reading and writing
 * @second: for reading
 * @len: bytes of each
 */
struct twin {
	unsigned char *first;
	unsigned char *second;
	size_t len;
};

struct twin twin_make(size_t len);
void twin_free(struct twin *twin);

#endif /* TWIN_H */
