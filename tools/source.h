/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - where the bytes of an operand come from
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct source - bytes for an operand
 * @data: the bytes; NULL if there are none
 * @len: how many
 * @is_file: they are a file's own pages, mapped and shared
 */
struct source {
	void *data;
	size_t len;
	bool is_file;
};

/*
 * Opens FILE, "-" (standard input), "text:..." or "hex:...", for the driver to
 * write to it if @writable. Returns the exit status, having complained.
 */
int source_open(struct source *source, const char *spec, bool writable);

/* Zeroed memory of its own. */
int source_zero(struct source *source, size_t len);
void source_close(struct source *source);

#endif /* SOURCE_H */
