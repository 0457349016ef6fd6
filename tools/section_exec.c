// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - section exec
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kshmctl.h"
#include "section.h"

/* As env(1) exits. */
enum { CANNOT_RUN = 126, NOT_FOUND = 127 };

static const struct argp_option exec_options[] = {
	{ "read-only", 'r', NULL, 0, "open it for reading, even if it may be written", 0 },
	{ }
};

static void exec_option(int key, const char *value, struct argp_state *state, void *data)
{
	*(bool *)data = true;
}

/* For as much as the caller may. */
static int open_most(struct section *section, const char *name, bool read_only)
{
	struct kshm_section_info info;
	struct kshm_explanation why;
	struct kshm_handle *handle;
	int ret;

	*section = (struct section){ .name = name };
	if (read_only)
		return section_open(section, name, KSHM_REGION_READ);
	ret = section_handle(&handle);
	if (ret)
		return ret;
	ret = kshm_section_open(handle, name, KSHM_REGION_WRITE, 0, &info, &why);
	/* For reading only as he may not write, and not as something else went wrong. */
	if (ret && ret != -EACCES) {
		ret = section_failed(handle, name, ret, &why);
		kshm_close(handle);
		return ret;
	}
	kshm_close(handle);
	return section_open(section, name, ret ? KSHM_REGION_READ : SECTION_READ_WRITE);
}

static void set(const char *name, unsigned long long value)
{
	char text[32];

	snprintf(text, sizeof(text), "%llu", value);
	if (setenv(name, text, 1))
		out_of_memory();
}

/*
 * Leaves it open for the command: as the first descriptor that is free, since shells
 * name only those of one digit, and at the first byte of the section.
 */
static int hand_over(struct section *section)
{
	const struct kshm_section_info info = section->info;
	int fd;

	/* Has a descriptor, too. */
	kshm_close(section->handle);
	fd = fcntl(info.fd, F_DUPFD, STDERR_FILENO + 1);
	if (fd < 0 || lseek(fd, info.offset, SEEK_SET) < 0)
		return complain_as(STATUS_FAILED, errno,
				   "section \"%s\" cannot be handed over (%s): close some files",
				   section->name, strerror(errno));
	set("KSHM_SECTION_FD", fd);
	set("KSHM_SECTION_OFFSET", info.offset);
	set("KSHM_SECTION_SIZE", info.len);
	return STATUS_OK;
}

int section_exec(const struct command *command, int argc, char **argv)
{
	const char *name;
	bool read_only = false;
	char **words;
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &name, .rest = &words,
		.options = exec_options, .option = exec_option, .data = &read_only,
	};
	struct section section;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = open_most(&section, name, read_only);
	if (!ret)
		ret = hand_over(&section);
	if (ret)
		return ret;
	execvp(words[0], words);
	return complain_as(errno == ENOENT ? NOT_FOUND : CANNOT_RUN, errno,
			   "cannot run %s (%s): name a program that is there and may be run",
			   words[0], strerror(errno));
}
