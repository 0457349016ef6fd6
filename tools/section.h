/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - sections, by their names
 */
#ifndef SECTION_H
#define SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <kshm.h>

#define SECTION_READ_WRITE	(KSHM_REGION_READ | KSHM_REGION_WRITE)

/**
 * struct section - a section that was opened by its name
 * @name: the name, not a copy
 * @handle: of the device that everybody may open
 * @info: what it is; its descriptor is closed with it
 * @mapping: the whole file; NULL if it is not mapped
 * @mapped: bytes of it
 */
struct section {
	const char *name;
	struct kshm_handle *handle;
	struct kshm_section_info info;
	void *mapping;
	size_t mapped;
};

/* Those that return an int return the exit status, having complained. */

/* A handle for what is about names and not about a device. */
int section_handle(struct kshm_handle **handle);

/* Opens it with a descriptor, for KSHM_REGION_* rights; section_close() is for 0 only. */
int section_open(struct section *section, const char *name, unsigned int rights);
void section_close(struct section *section);

/* Its first byte in memory, or NULL; for writing with @writable. */
unsigned char *section_map(struct section *section, bool writable);

/* Complains that the library could not do something with a section. */
int section_failed(const struct kshm_handle *handle, const char *name, int error,
		   const struct kshm_explanation *why);

/* A part of a section. */
struct span {
	unsigned long long offset;
	unsigned long long len;
};

/*
 * The part of the section, which has @size bytes, that is typed so: with NULL it begins
 * at the first byte, or goes to the last. One that is not inside is complained of.
 */
int section_span(const char *name, unsigned long long size, const char *offset,
		 const char *len, struct span *span);

/* Prints the section as `section show` does. */
int section_print(const struct kshm_handle *handle, const char *name);

#endif /* SECTION_H */
