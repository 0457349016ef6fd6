// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - section create, section remove
 *
 * Everything is made before the name is published: whoever finds a section by its name
 * finds it filled, sealed, and with its owner, group and mode.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"
#include "section.h"
#include "source.h"

enum {
	KEY_SIZE = 's', KEY_FROM = 'f', KEY_MODE = 'm', KEY_GROUP = 'g',
	KEY_READ_ONLY = 'r', KEY_HUGE = 0x100,
};

static const struct argp_option create_options[] = {
	{ "size", KEY_SIZE, "BYTES", 0, "as many whole pages as that takes (default: what --from has)", 0 },
	{ "from", KEY_FROM, "SRC", 0, "what is in it at first: a file; - for standard input; text:STRING; hex:DIGITS; or u32:NUMBER,... and its like (default: zeros)", 0 },
	{ "mode", KEY_MODE, "MODE", 0, "who may read and write it, in octal as of chmod (default: 0600)", 0 },
	{ "group", KEY_GROUP, "GROUP", 0, "whom the second digit of the mode is about, by name or number (default: your own)", 0 },
	{ "read-only", KEY_READ_ONLY, NULL, 0, "seal it, so that nobody can change what --from had", 0 },
	{ "huge", KEY_HUGE, NULL, 0, "of huge pages of hugetlb", 0 },
	{ }
};

#define MODE_BITS	0666

/* What the command line says. */
struct wishes {
	const char *name;
	unsigned long long size;
	bool has_size;
	const char *from;
	unsigned int mode;
	const char *group;
	gid_t gid;
	bool read_only;
	bool huge;
};

static void parse_mode(const char *value, unsigned int *mode,
		       const struct argp_state *state)
{
	unsigned long bits;
	char *end;

	bits = strtoul(value, &end, 8);
	if (value[0] < '0' || value[0] > '7' || *end || bits & ~(unsigned long)MODE_BITS)
		usage_error(state, "not a mode of octal digits within 0%o: %s", MODE_BITS,
			    value);
	*mode = bits;
}

/* In decimal, as other tools have it: 010 is the group ten. */
static bool parse_gid(const char *value, gid_t *gid)
{
	unsigned long number;
	char *end;

	if (value[0] < '0' || value[0] > '9')
		return false;
	errno = 0;
	number = strtoul(value, &end, 10);
	if (errno || *end || number >= (gid_t)-1)
		return false;
	*gid = number;
	return true;
}

static void parse_group(const char *value, gid_t *gid, const struct argp_state *state)
{
	const struct group *group = getgrnam(value);

	if (group)
		*gid = group->gr_gid;
	else if (!parse_gid(value, gid))
		usage_error(state, "no such group: %s", value);
}

static void create_option(int key, const char *value, struct argp_state *state,
			  void *data)
{
	struct wishes *w = data;

	switch (key) {
	case KEY_SIZE:
		if (!parse_number(value, &w->size) || !w->size || w->size > INT64_MAX)
			usage_error(state, "not a number of bytes from 1 on, with K, M or G behind it or without: %s",
				    value);
		w->has_size = true;
		break;
	case KEY_FROM:
		w->from = value;
		break;
	case KEY_MODE:
		parse_mode(value, &w->mode, state);
		break;
	case KEY_GROUP:
		parse_group(value, &w->gid, state);
		w->group = value;
		break;
	case KEY_READ_ONLY:
		w->read_only = true;
		break;
	case KEY_HUGE:
		w->huge = true;
		break;
	}
}

static unsigned int rights_of(const struct wishes *w)
{
	return w->read_only ? KSHM_REGION_READ : SECTION_READ_WRITE;
}

static int check_wishes(const struct wishes *w)
{
	if (!w->has_size && !w->from)
		return complain_as(STATUS_USAGE, EINVAL,
				   "say how large the section is: --size BYTES, or --from SRC");
	if (w->read_only && !w->from)
		return complain_as(STATUS_USAGE, EINVAL,
				   "--read-only needs --from: nobody can write into the section later");
	return w->from ? source_check(w->from) : STATUS_OK;
}

/* The mode of the file, too: who has it open for reading cannot open it for writing. */
static int set_owner(const struct wishes *w, int fd)
{
	if (w->group && fchown(fd, -1, w->gid))
		return complain(errno, "the section cannot get group %s (%s): take one that `id` shows",
				w->group, strerror(errno));
	if (fchmod(fd, w->mode))
		return complain(errno, "the section cannot get mode 0%o (%s)", w->mode,
				strerror(errno));
	return STATUS_OK;
}

/* By a file of its own, before what may take long is read. */
static int check_owner(const struct wishes *w)
{
	int fd, ret;

	/* If there cannot even be that, that of the section says why. */
	if (kshm_section_create(NULL, 1, 0, &fd))
		return STATUS_OK;
	ret = set_owner(w, fd);
	close(fd);
	return ret;
}

static int too_large(const struct wishes *w, unsigned long long most)
{
	return complain_as(STATUS_FAILED, ERANGE,
			   "%s has more than the %llu bytes %s: nothing was created", w->from,
			   most, w->has_size && most == w->size ? "of --size" :
				 "that one user may have pinned, see kshmctl info");
}

/* Above that the module refuses all. */
static unsigned long long most_bytes(const struct wishes *w,
				     const struct kshm_handle *handle)
{
	struct kshm_info info;
	unsigned long long most = SIZE_MAX / 2;

	if (!kshm_info(handle, &info))
		most = info.max_user_pages * info.page_size;
	return w->has_size && w->size < most ? w->size : most;
}

/* What is in it at first. */
static int read_source(struct wishes *w, const struct kshm_handle *handle,
		       struct source *source)
{
	const unsigned long long most = most_bytes(w, handle);
	int ret;

	if (!w->from)
		return STATUS_OK;
	ret = source_read(source, w->from, most);
	if (ret)
		return ret;
	if (source->len > most)
		return too_large(w, most);
	if (!w->has_size)
		w->size = source->len;
	if (!w->size)
		return complain_as(STATUS_FAILED, EINVAL,
				   "%s is empty, and a section is not: say --size BYTES",
				   w->from);
	return STATUS_OK;
}

static int make_file(const struct wishes *w, int *fd)
{
	char text[KSHM_SECTION_NAME_SIZE];
	int ret;

	/* Of what can be none the module says why. */
	snprintf(text, sizeof(text), "%s", w->name);
	ret = kshm_section_create(text, w->size, w->huge ? KSHM_SECTION_HUGETLB : 0, fd);
	if (ret)
		return complain_as(STATUS_FAILED, ret,
				   "no file of memory of %llu bytes can be made (%s): ask for less%s",
				   w->size, strerror(-ret),
				   w->huge ? ", or leave out --huge" : "");
	ret = set_owner(w, *fd);
	if (ret)
		close(*fd);
	return ret;
}

/* Its pages are pinned already, so that there is memory for all of it. */
static int copy_into(int fd, const struct source *source)
{
	size_t len = 0;
	void *data;
	int ret;

	ret = kshm_section_map(fd, 0, &len, SECTION_READ_WRITE, &data);
	if (ret)
		return ret;
	memcpy(data, source->data, source->len);
	munmap(data, len);
	return 0;
}

static int fill(int fd, const struct source *source)
{
	int ret = source->len ? copy_into(fd, source) : 0;

	if (!ret)
		return STATUS_OK;
	return complain_as(STATUS_FAILED, ret, "the section cannot be filled (%s): ask for less",
			   strerror(-ret));
}

static int add_seals(int fd, int seals)
{
	if (!fcntl(fd, F_ADD_SEALS, seals))
		return STATUS_OK;
	return complain_as(STATUS_FAILED, errno, "the section cannot be sealed (%s): try it once more, while nobody opens it by /proc/PID/fd",
			   strerror(errno));
}

static int not_published(const struct wishes *w, const struct kshm_handle *handle,
			 int error, const struct kshm_explanation *why)
{
	char text[512];

	if (error == -EEXIST)
		return complain(error, "there is a section \"%s\": take another name, or remove it with kshmctl section remove",
				w->name);
	if (why->check != KSHM_EXPLAIN_BAD_NAME)
		return section_failed(handle, w->name, error, why);
	kshm_explain(why, text, sizeof(text));
	return complain_as(STATUS_USAGE, error, "%s", text);
}

/* Pins all of it, and says why that cannot be. */
static int attach(const struct wishes *w, const struct kshm_handle *handle, int fd,
		  __u32 *id)
{
	struct kshm_explanation why;
	int ret = kshm_section_attach(handle, fd, 0, 0, rights_of(w), id, &why);

	return ret ? section_failed(handle, w->name, ret, &why) : STATUS_OK;
}

/*
 * F_SEAL_WRITE the kernel refuses while anybody has the file mapped for writing, or its
 * pages pinned: so nobody is left who can change them.
 */
static int seal_contents(const struct wishes *w, const struct kshm_handle *handle, int fd,
			 __u32 *id)
{
	int ret;

	kshm_region_destroy(handle, *id, 0, NULL);
	ret = add_seals(fd, F_SEAL_WRITE);
	return ret ? ret : attach(w, handle, fd, id);
}

/*
 * In the end no seal can be added: who may write could take that from all others, for
 * good.
 */
static int prepare(const struct wishes *w, const struct kshm_handle *handle, int fd,
		   const struct source *source, __u32 *id)
{
	int ret = attach(w, handle, fd, id);

	if (!ret)
		ret = fill(fd, source);
	if (!ret && w->read_only)
		ret = seal_contents(w, handle, fd, id);
	return ret ? ret : add_seals(fd, F_SEAL_SEAL);
}

/* The name holds the section: neither the file nor the handle is needed any more. */
static int publish(const struct wishes *w, const struct kshm_handle *handle, int fd,
		   const struct source *source)
{
	struct kshm_explanation why;
	__u32 id;
	int ret;

	ret = prepare(w, handle, fd, source, &id);
	if (ret)
		return ret;
	ret = kshm_section_publish(handle, id, w->name, rights_of(w), w->mode,
				   w->group ? w->gid : KSHM_NAME_OWN_GROUP, 0, &why);
	return ret ? not_published(w, handle, ret, &why) : STATUS_OK;
}

/* Before anything is read; publishing it asks once more. */
static int check_name(const struct wishes *w, const struct kshm_handle *handle)
{
	struct kshm_explanation why;
	struct kshm_section_info info;
	int ret = kshm_section_open(handle, w->name, KSHM_REGION_READ, 0, &info, &why);

	if (!ret)
		kshm_region_destroy(handle, info.id, 0, NULL);
	if (!ret || ret == -EACCES)
		return not_published(w, handle, -EEXIST, NULL);
	return why.check == KSHM_EXPLAIN_BAD_NAME ? not_published(w, handle, ret, &why) :
						    STATUS_OK;
}

static int create(struct wishes *w, const struct kshm_handle *handle)
{
	struct source source = { };
	int fd, ret;

	/* A length above RLIMIT_FSIZE is an error as others are. */
	signal(SIGXFSZ, SIG_IGN);
	ret = check_name(w, handle);
	if (!ret)
		ret = check_owner(w);
	if (!ret)
		ret = read_source(w, handle, &source);
	if (!ret)
		ret = make_file(w, &fd);
	if (!ret) {
		ret = publish(w, handle, fd, &source);
		close(fd);
	}
	source_close(&source);
	return ret;
}

int section_create(const struct command *command, int argc, char **argv)
{
	struct wishes w = { .mode = 0600 };
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &w.name,
		.options = create_options, .option = create_option, .data = &w,
	};
	struct kshm_handle *handle;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = check_wishes(&w);
	if (!ret)
		ret = section_handle(&handle);
	if (ret)
		return ret;
	ret = create(&w, handle);
	if (!ret && json)
		ret = section_print(handle, w.name);
	kshm_close(handle);
	return ret;
}

static const struct output_column removed_columns[] = {
	{ "NAME", OUTPUT_NAME },
	{ }
};

static void print_removed(const char *name)
{
	struct output *out = output_begin("removed", removed_columns);

	output_cell(out, "%s", name);
	output_end(out);
}

int section_remove(const struct command *command, int argc, char **argv)
{
	const char *name;
	const struct arguments arguments = {
		.least = 1, .most = 1, .arguments = &name,
	};
	struct kshm_explanation why;
	struct kshm_handle *handle;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	ret = section_handle(&handle);
	if (ret)
		return ret;
	ret = kshm_section_unpublish(handle, name, &why);
	if (ret)
		ret = section_failed(handle, name, ret, &why);
	else if (json)
		print_removed(name);
	kshm_close(handle);
	return ret;
}
