// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - loading modules and unloading them; root's, with nobody using them
 */
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness.h"
#include "loading.h"

#define PARAMETERS	"/sys/module/kshm/parameters"
#define MOST		20
#define NAME		64

/* Those that are away, the last that was loaded first; and what kshm had. */
static char away[MOST][NAME];
static size_t nr_away;
static char had[4096];

struct image image_read(const char *module)
{
	struct utsname system;
	struct image image;
	struct stat stat;
	char path[256];
	int fd;

	assert_int_equal(uname(&system), 0);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/%s.ko", system.release, module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		fail_msg("%s: %s", path, strerror(errno));
	assert_int_equal(fstat(fd, &stat), 0);
	image.len = stat.st_size;
	image.data = malloc(image.len);
	assert_non_null(image.data);
	assert_int_equal(read(fd, image.data, image.len), image.len);
	close(fd);
	return image;
}

void image_free(struct image *image)
{
	free(image->data);
}

static Elf64_Shdr *section_of(const struct image *image, const char *name)
{
	const Elf64_Ehdr *file = (void *)image->data;
	Elf64_Shdr *sections = (void *)(image->data + file->e_shoff);
	const char *names = (char *)image->data + sections[file->e_shstrndx].sh_offset;
	size_t i;

	for (i = 0; i < file->e_shnum; i++)
		if (!strcmp(names + sections[i].sh_name, name))
			return &sections[i];
	return NULL;
}

/* A name that is another without its first character. */
void image_hide_suites(struct image *image)
{
	Elf64_Shdr *suites = section_of(image, ".kunit_test_suites");

	if (suites)
		suites->sh_name++;
}

/* What puts the addresses of both functions into the module. */
void image_take_init(struct image *image)
{
	Elf64_Shdr *section = section_of(image, ".rela.gnu.linkonce.this_module");
	Elf64_Rela *entries;
	size_t i;

	assert_non_null(section);
	entries = (void *)(image->data + section->sh_offset);
	for (i = 0; i < section->sh_size / sizeof(*entries); i++)
		entries[i].r_info = ELF64_R_INFO(ELF64_R_SYM(entries[i].r_info),
						 R_X86_64_NONE);
}

int image_load(const struct image *image, const char *parameters)
{
	return syscall(SYS_init_module, image->data, image->len, parameters) ? -errno : 0;
}

int module_unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

/*
 * The next line of those of /proc/modules: the module's name, and whether it is not one
 * of the kernel's own tree, which its flags say, in brackets at the end.
 */
static bool next_module(FILE *modules, char name[NAME], bool *foreign)
{
	char line[512], *flags;

	if (!fgets(line, sizeof(line), modules))
		return false;
	flags = strrchr(line, '(');
	*foreign = flags && strchr(flags, 'O');
	return sscanf(line, "%63s", name) == 1;
}

static FILE *modules_open(void)
{
	FILE *modules = fopen("/proc/modules", "re");

	assert_non_null(modules);
	return modules;
}

bool module_is_loaded(const char *module)
{
	FILE *modules = modules_open();
	bool found = false, foreign;
	char name[NAME];

	while (!found && next_module(modules, name, &foreign))
		found = !strcmp(name, module);
	fclose(modules);
	return found;
}

/* Adds one of the parameters that kshm has to the line. */
static void note_parameter(const char *name)
{
	size_t len = strlen(had);
	char path[512], value[64];
	FILE *file;

	snprintf(path, sizeof(path), PARAMETERS "/%s", name);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%63s", value), 1);
	fclose(file);
	assert_true(snprintf(had + len, sizeof(had) - len, "%s=%s ", name, value) <
		    (int)(sizeof(had) - len));
}

static void note_parameters(void)
{
	DIR *dir = opendir(PARAMETERS);
	struct dirent *entry;

	assert_non_null(dir);
	had[0] = '\0';
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			note_parameter(entry->d_name);
	closedir(dir);
}

/* The newest are first there, so users before what they use. */
void modules_away(void)
{
	FILE *modules = modules_open();
	bool foreign;
	size_t i;

	note_parameters();
	nr_away = 0;
	while (next_module(modules, away[nr_away], &foreign)) {
		nr_away += foreign;
		assert_true(nr_away < MOST);
	}
	fclose(modules);
	for (i = 0; i < nr_away; i++)
		if (module_unload(away[i]))
			fail_msg("%s: %s", away[i], strerror(errno));
}

void modules_back(void)
{
	while (nr_away--) {
		const char *module = away[nr_away];
		struct image image = image_read(module);
		int ret = image_load(&image, strcmp(module, "kshm") ? "" : had);

		if (ret)
			fail_msg("%s %s: %s", module, had, strerror(-ret));
		image_free(&image);
	}
}
