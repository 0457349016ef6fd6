// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - new-driver
 *
 * Writes examples/driver with another name in place of tally, in the names of
 * the files and in the files, and with its Makefile knowing where kshm is.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kshmctl.h"
#include "output.h"

#define TEMPLATE(symbol) \
	extern const char template_##symbol[], template_##symbol##_end[]

/* template.S */
TEMPLATE(driver);
TEMPLATE(header);
TEMPLATE(kbuild);
TEMPLATE(makefile);
TEMPLATE(readme);
TEMPLATE(test);

static const struct template {
	const char *name;
	const char *text;
	const char *end;
	mode_t mode;
} templates[] = {
	{ "tally.c", template_driver, template_driver_end, 0666 },
	{ "kshm_tally.h", template_header, template_header_end, 0666 },
	{ "Kbuild", template_kbuild, template_kbuild_end, 0666 },
	{ "Makefile", template_makefile, template_makefile_end, 0666 },
	{ "README.md", template_readme, template_readme_end, 0666 },
	{ "test.sh", template_test, template_test_end, 0777 },
};

/* The line of the Makefile that says where kshm is. */
#define KSHM_LINE	"KSHM ?= ../..\n"

/**
 * struct driver - the driver that is being written
 * @name: of its device; in lower case
 * @upper: the same in upper case
 * @kshm: what its Makefile says of where kshm is
 * @dir: where it is written to
 * @written: files of @templates that are there
 */
struct driver {
	const char *name;
	char upper[KSHM_NAME_SIZE];
	char kshm[4096];
	const char *dir;
	size_t written;
};

/* Devices and modules of kshm; "code" would make KSHM_CODE_TYPE once more. */
static const char * const taken[] = {
	"code", "copy", "digest", "event", "kshm", "name", "null", "sioctl", "test",
};

static const char * const keywords[] = {
	"asm", "auto", "break", "case", "char", "const", "continue", "default",
	"do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
	"inline", "int", "long", "register", "restrict", "return", "short",
	"signed", "sizeof", "static", "struct", "switch", "typedef", "typeof",
	"union", "unsigned", "void", "volatile", "while",
};

static bool among(const char *name, const char * const *names, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool well_formed(const char *name)
{
	return islower((unsigned char)name[0]) &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
	       strlen(name);
}

/* "My-Driver" is my_driver, maybe. */
static int malformed(const char *name)
{
	char near[KSHM_NAME_SIZE];
	size_t i;

	snprintf(near, sizeof(near), "%s", name);
	for (i = 0; near[i]; i++)
		near[i] = strchr("-. ", near[i]) ? '_' :
			  tolower((unsigned char)near[i]);
	return complain_as(STATUS_USAGE, EINVAL,
			   "\"%s\" cannot be a driver's name, which has lower-case letters, digits and _, and begins with a letter%s%s%s",
			   name, well_formed(near) ? ". Did you mean \"" : "",
			   well_formed(near) ? near : "",
			   well_formed(near) ? "\"?" : ".");
}

static int check_name(const char *name)
{
	if (!well_formed(name))
		return malformed(name);
	if (strlen(name) >= KSHM_NAME_SIZE)
		return complain_as(STATUS_USAGE, EINVAL,
				   "The name has %zu letters, but that of a device has %d at most: choose a shorter one.",
				   strlen(name), KSHM_NAME_SIZE - 1);
	if (among(name, taken, ARRAY_SIZE(taken)))
		return complain_as(STATUS_USAGE, EEXIST,
				   "\"%s\" is a name of kshm's own: choose another one.",
				   name);
	if (among(name, keywords, ARRAY_SIZE(keywords)))
		return complain_as(STATUS_USAGE, EINVAL,
				   "\"%s\" is a word of C: choose another name.",
				   name);
	return STATUS_OK;
}

/* Whether it is a source tree of kshm, or what `make install` makes of one. */
static bool is_kshm(const char *dir)
{
	char header[4200];

	snprintf(header, sizeof(header),
		 "%s/module/include/linux/kshm_driver.h", dir);
	return access(header, F_OK) == 0;
}

/*
 * A kshmctl in a source tree means that tree; an installed one what was
 * installed with it, or whatever pkg-config will know of when make runs.
 */
static void find_kshm(char *kshm, size_t size)
{
	static const char * const places[] = { "..", "../src/kshm" };
	char program[4096], place[4096 + 16], *real;
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	size_t i;

	snprintf(kshm, size,
		 "$(shell pkg-config --variable=sourcedir libkshm)");
	if (len < 0)
		return;
	program[len] = '\0';
	*strrchr(program, '/') = '\0';
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		snprintf(place, sizeof(place), "%s/%s", program, places[i]);
		real = is_kshm(place) ? realpath(place, NULL) : NULL;
		if (real) {
			snprintf(kshm, size, "%s", real);
			free(real);
			return;
		}
	}
}

static bool begins(const char *text, const char *end, const char *word)
{
	return (size_t)(end - text) >= strlen(word) &&
	       !memcmp(text, word, strlen(word));
}

/* Writes @text with the driver's own words. */
static void write_text(FILE *file, const struct driver *driver,
		       const char *text, const char *end)
{
	while (text < end) {
		if (begins(text, end, "tally")) {
			fputs(driver->name, file);
			text += strlen("tally");
		} else if (begins(text, end, "TALLY")) {
			fputs(driver->upper, file);
			text += strlen("TALLY");
		} else if (begins(text, end, KSHM_LINE)) {
			fprintf(file, "KSHM ?= %s\n", driver->kshm);
			text += strlen(KSHM_LINE);
		} else {
			putc(*text++, file);
		}
	}
}

/* Of a file of the driver, with its directory. */
static char *path_of(const struct driver *driver, const struct template *t)
{
	const char *tally = strstr(t->name, "tally");
	char *path;
	int len;

	if (tally)
		len = asprintf(&path, "%s/%.*s%s%s", driver->dir,
			       (int)(tally - t->name), t->name, driver->name,
			       tally + strlen("tally"));
	else
		len = asprintf(&path, "%s/%s", driver->dir, t->name);
	return len < 0 ? NULL : path;
}

static int write_file(const struct driver *driver, const struct template *t)
{
	char *path = path_of(driver, t);
	FILE *file;
	int fd, ret = 0;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, t->mode);
	file = fd < 0 ? NULL : fdopen(fd, "w");
	if (file) {
		write_text(file, driver, t->text, t->end);
		if (ferror(file))
			ret = -EIO;
		if (fclose(file))
			ret = -errno;
	} else {
		ret = -errno;
	}
	/* Not there, or not whole. */
	if (ret && fd >= 0)
		unlink(path);
	free(path);
	return ret;
}

static void remove_written(struct driver *driver)
{
	char *path;

	while (driver->written) {
		path = path_of(driver, &templates[--driver->written]);
		if (path)
			unlink(path);
		free(path);
	}
	rmdir(driver->dir);
}

static const char *remedy_of(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
	case EROFS:
		return "name a directory where you may write";
	case ENOSPC:
	case EDQUOT:
		return "free some space, or name a directory elsewhere";
	case ENAMETOOLONG:
		return "name one with a shorter name";
	default:
		return "name a directory elsewhere";
	}
}

static int no_directory(const char *dir, int error)
{
	switch (error) {
	case EEXIST:
		return complain_as(STATUS_FAILED, error,
				   "%s is there already, and nothing was written: name another directory.",
				   dir);
	case ENOENT:
	case ENOTDIR:
		return complain_as(STATUS_FAILED, error,
				   "%s cannot be made: there is no directory above it.",
				   dir);
	default:
		return complain(error, "%s cannot be made (%s): %s.", dir,
				strerror(error), remedy_of(error));
	}
}

static int write_driver(struct driver *driver)
{
	int ret;

	if (mkdir(driver->dir, 0777))
		return no_directory(driver->dir, errno);
	for (; driver->written < ARRAY_SIZE(templates); driver->written++) {
		ret = write_file(driver, &templates[driver->written]);
		if (ret) {
			remove_written(driver);
			return complain(ret, "%s cannot be written (%s): %s. Nothing was left there.",
					driver->dir, strerror(-ret), remedy_of(-ret));
		}
	}
	return STATUS_OK;
}

static const struct output_column file_columns[] = {
	{ "FILE", OUTPUT_TEXT },
	{ }
};

/* What to type next. */
static void tell(const struct driver *driver)
{
	char *shown = printable(driver->dir), *word = shell_word(driver->dir);

	printf("%s has a driver for the device /dev/kshm/%s, with its test. Next:\n\n",
	       shown, driver->name);
	printf("  cd %s\n", word);
	printf("  make         # kshm_%s.ko, for the running kernel\n",
	       driver->name);
	printf("  make test    # loads it in a virtual machine and runs test.sh there\n");
	free(shown);
	free(word);
}

static int report(const struct driver *driver)
{
	struct output *out;
	char *path;
	size_t i;

	if (!json) {
		tell(driver);
		return STATUS_OK;
	}
	out = output_begin("files", file_columns);
	for (i = 0; i < driver->written; i++) {
		path = path_of(driver, &templates[i]);
		output_cell(out, "%s", path ?: "");
		free(path);
	}
	output_end(out);
	return STATUS_OK;
}

int new_driver(const struct command *command, int argc, char **argv)
{
	const char *words[2];
	const struct arguments arguments = {
		.least = 1, .most = 2, .arguments = words,
	};
	struct driver driver = { };
	size_t i;
	int ret;

	parse_arguments(command, argc, argv, &arguments);
	driver.name = words[0];
	driver.dir = words[1] ?: words[0];
	ret = check_name(driver.name);
	if (ret)
		return ret;
	if (!driver.dir[0])
		return complain_as(STATUS_USAGE, EINVAL,
				   "The directory has an empty name: leave it out, or say which.");
	for (i = 0; driver.name[i]; i++)
		driver.upper[i] = toupper((unsigned char)driver.name[i]);
	find_kshm(driver.kshm, sizeof(driver.kshm));
	ret = write_driver(&driver);
	return ret ?: report(&driver);
}
