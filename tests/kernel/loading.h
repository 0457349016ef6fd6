/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - loading modules and unloading them; root's, with nobody using them
 */
#ifndef LOADING_H
#define LOADING_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct image - the file of a module, as it is loaded
 * @data: its bytes
 * @len: how many
 */
struct image {
	unsigned char *data;
	size_t len;
};

/* That of @module, from where the machine has it; and its end. */
struct image image_read(const char *module);
void image_free(struct image *image);

/* KUnit does not find the suites that are in it, and runs none. */
void image_hide_suites(struct image *image);

/* Nothing of it is called when it is loaded, or unloaded. */
void image_take_init(struct image *image);

/* Loads it, with that line of parameters: 0 or -errno. */
int image_load(const struct image *image, const char *parameters);

/* Unloads one: 0 or -errno. */
int module_unload(const char *module);

bool module_is_loaded(const char *module);

/*
 * Unloads kshm and all of its drivers; and loads them again, as they were, with the
 * parameters that kshm had.
 */
void modules_away(void);
void modules_back(void);

#endif /* LOADING_H */
