/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshmctl - where the bytes of an operand come from
 */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <kshm.h>

/**
 * struct source - bytes for an operand
 * @data: the bytes; NULL if there are none
 * @len: how many
 * @is_file: they are a file's own pages, mapped and shared
 * @section: name of the section that they are in, and no @data; owned; or NULL
 * @part_offset: where in the section, as it was typed, or NULL
 * @part_len: how many, as it was typed, or NULL
 * @id: of the section's region, when it is open
 * @offset: of the part
 */
struct source {
	void *data;
	size_t len;
	bool is_file;
	char *section;
	const char *part_offset;
	const char *part_len;
	__u32 id;
	__u64 offset;
};

/*
 * Opens FILE, "-" (standard input), "text:...", "hex:...", "u32:..." or "section:...", for the
 * driver to write to it if @writable. Returns the exit status, having complained.
 */
int source_open(struct source *source, const char *spec, bool writable);

/* Complains of what source_read() cannot know, before there is any use for its bytes. */
int source_check(const char *spec);

/*
 * Has the bytes of the same, but reads a file, or a pipe, to its end; what has more
 * than @most bytes counts as one of @most + 1 at least, and they need not be there.
 */
int source_read(struct source *source, const char *spec, size_t most);

/* Zeroed memory of its own. */
int source_zero(struct source *source, size_t len);
void source_close(struct source *source);

/* Takes NAME[:OFFSET[:LENGTH]] apart; a number that is left out may be empty, too. */
void source_name_section(struct source *source, const char *spec);

/* If it is a section, opens it for the handle, for KSHM_REGION_* rights; the same. */
int source_open_section(struct source *source, const struct kshm_handle *handle,
			unsigned int rights);

/* What the call gets of it. */
struct kshm_operand source_operand(const struct source *source);

#endif /* SOURCE_H */
