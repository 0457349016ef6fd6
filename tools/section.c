// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - sections, by their names
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kshmctl.h"
#include "section.h"

#define MOST_NAMES	1024

int section_handle(struct kshm_handle **handle)
{
	/* The one that everybody may open. */
	static const char device[] = "null";
	int ret = kshm_open(handle, device, KSHM_OPEN_READ);

	return ret ? no_device(device, KSHM_OPEN_READ, ret) : STATUS_OK;
}

/* There is none: another one may be meant. */
static int no_section(const struct kshm_handle *handle, const char *name)
{
	const char *texts[MOST_NAMES], *near;
	struct kshm_section_name **names;
	int nr, i, ret;

	nr = kshm_section_names(handle, &names, NULL);
	for (i = 0; i < nr && i < MOST_NAMES; i++)
		texts[i] = names[i]->name;
	near = nearest(name, texts, i);
	if (near)
		ret = complain(ENOENT, "there is no section \"%.64s\". Did you mean \"%s\"?",
			       name, near);
	else
		ret = complain(ENOENT, "there is no section \"%.64s\"; kshmctl section list lists those of this network namespace",
			       name);
	if (nr >= 0)
		kshm_section_names_free(names);
	return ret;
}

int section_failed(const struct kshm_handle *handle, const char *name, int error,
		   const struct kshm_explanation *why)
{
	char text[512];
	int status;

	if (error == -ENOENT)
		return no_section(handle, name);
	if (why->check == KSHM_EXPLAIN_RIGHTS)
		return complain(error, "section \"%s\" is for %s only, whoever asks: take another one (EACCES).",
				name, why->needed & KSHM_REGION_WRITE ? "reading" :
									"writing");
	/* What cannot be a name is the name of none. */
	status = why->check == KSHM_EXPLAIN_BAD_NAME ? STATUS_ABSENT : status_of(error);
	kshm_explain(why, text, sizeof(text));
	return complain_as(status, error, "section \"%.64s\": %s", name, text);
}

int section_open(struct section *section, const char *name, unsigned int rights)
{
	struct kshm_explanation why;
	int ret;

	*section = (struct section){ .name = name };
	ret = section_handle(&section->handle);
	if (ret)
		return ret;
	ret = kshm_section_open(section->handle, name, rights, KSHM_NAME_FD,
				&section->info, &why);
	if (!ret)
		return STATUS_OK;
	ret = section_failed(section->handle, name, ret, &why);
	kshm_close(section->handle);
	return ret;
}

void section_close(struct section *section)
{
	if (section->mapping)
		munmap(section->mapping, section->mapped);
	close(section->info.fd);
	kshm_close(section->handle);
}

unsigned char *section_map(struct section *section, bool writable)
{
	const unsigned int rights = writable ? SECTION_READ_WRITE : KSHM_REGION_READ;
	int ret;

	/* From the file's first byte on: huge pages cannot be mapped from any other. */
	ret = kshm_section_map(section->info.fd, 0, &section->mapped, rights,
			       &section->mapping);
	if (!ret)
		return (unsigned char *)section->mapping + section->info.offset;
	complain_as(STATUS_FAILED, ret, "cannot map section \"%s\" (%s): %s",
		    section->name, strerror(-ret), ret == -EACCES ?
		    "it is sealed against writing" :
		    "it does not fit into the memory of a program");
	return NULL;
}

static int parse(const char *what, const char *typed, unsigned long long *number)
{
	if (!typed || parse_number(typed, number))
		return STATUS_OK;
	return complain_as(STATUS_USAGE, EINVAL, "not %s, which is a number: %s", what,
			   typed);
}

int section_span(const char *name, unsigned long long size, const char *offset,
		 const char *len, struct span *span)
{
	int ret;

	*span = (struct span){ 0 };
	ret = parse("an offset", offset, &span->offset);
	if (!ret)
		ret = parse("a length", len, &span->len);
	if (ret)
		return ret;
	if (!len && span->offset <= size)
		span->len = size - span->offset;
	if (span->offset <= size && span->len <= size - span->offset)
		return STATUS_OK;
	return complain_as(STATUS_FAILED, ERANGE,
			   "section \"%s\" has %llu bytes, and %llu from offset %llu on are not inside of it: take fewer, or begin before that",
			   name, size, span->len, span->offset);
}
