/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kshm - what the files of the library share
 *
 * Nothing here is exported: everything is hidden but what KSHM_EXPORT marks,
 * and the marked must be in libkshm.map.
 */
#ifndef _KSHM_INTERNAL_H
#define _KSHM_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include "kshm.h"

#define KSHM_EXPORT __attribute__((visibility("default")))

#define __printf(format, first) __attribute((__format__(__printf__, format, first)))

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Where the module shows its devices; world-readable. */
#define KSHM_SYSFS_CLASS	"/sys/class/kshm"
#define KSHM_DEV_DIR		"/dev/kshm/"

/* handle.c: set once by kshm_open() or kshm_open_fd(), then only read. */
struct kshm_handle {
	int fd;				/* owned */
	__u32 page_size;		/* bytes */
	char device[KSHM_NAME_SIZE];
};

bool kshm_loaded(void);
bool kshm_valid_name(const char *name);
int kshm_device_path(const char *device, char *path, size_t size);
int kshm_open_path(const char *path, unsigned int access);
int kshm_ioctl(int fd, unsigned long command, void *arg);

/* control.c */
struct kshm_ioc_control kshm_control_to_uapi(__u32 code,
					     const struct kshm_operand *in,
					     const struct kshm_operand *out,
					     const struct kshm_operand *data);
int kshm_control_send(const struct kshm_handle *handle,
		      struct kshm_ioc_control *ioc, struct kshm_result *result,
		      struct kshm_explanation *explanation);
void kshm_explanation_from_uapi(struct kshm_explanation *explanation,
				const struct kshm_handle *handle, int error,
				const struct kshm_explain *explain);

/* region.c */
void kshm_explanation_of_region(struct kshm_explanation *explanation,
				const struct kshm_handle *handle, int error,
				const struct kshm_explain *explain, __u32 id,
				__u32 rights);

/* list.c */

/* What the module told so far: @nr entries, with room for @room. */
struct kshm_told {
	void *entries;
	size_t nr;
	size_t room;
};

/*
 * A list that the module tells in parts, and that callers get in one block.
 * @some: has those entries told that come next, for which there is room for one at
 *	least; returns whether there are more, or -errno
 * @fill: makes an item of an entry, the item's first member being what callers see
 */
struct kshm_list {
	size_t entry_size;
	size_t item_size;
	int (*some)(const struct kshm_handle *handle, struct kshm_told *told,
		    struct kshm_explain *explain);
	void (*fill)(void *item, const void *entry);
};

int kshm_list_get(const struct kshm_list *list, const struct kshm_handle *handle,
		  void **items, struct kshm_explanation *explanation);

/* section_map.c */
int kshm_check_section(int fd);

/* info.c */
int kshm_query_any(int fd, struct kshm_info *info);
int kshm_query(int fd, struct kshm_info *info);
int kshm_check_abi(__u32 module_abi);

/* sysfs.c */

/* One page, the most that a sysfs file holds here, and a NUL. */
#define KSHM_SYSFS_SIZE		4097

int kshm_sysfs_open(int dir, const char *path);
int kshm_sysfs_read(int dir, const char *path, char *text, size_t size);
int kshm_sysfs_list(int dir,
		    int (*make)(int dir, const char *name, void **item),
		    int (*compare)(const void *one, const void *other),
		    void ***items);
void kshm_sysfs_list_free(void **items);

/* table.c */
int kshm_table_parse(const char *text, void **item);

/* text.c: text in a buffer that may be too short for it */
struct kshm_text {
	char *buffer;
	size_t size;
	size_t length;		/* of the whole text, also of what did not fit */
};

struct kshm_text kshm_text_init(char *buffer, size_t size);
__printf(2, 3)
void kshm_text_add(struct kshm_text *text, const char *format, ...);
void kshm_text_add_bytes(struct kshm_text *text, __u64 bytes);
void kshm_text_add_pages(struct kshm_text *text, __u64 pages, __u32 page_size);
void kshm_text_add_code(struct kshm_text *text, __u32 code);
void kshm_text_add_end(struct kshm_text *text, int error);

/* explain.c */
void kshm_text_add_operand(struct kshm_text *text,
			   const struct kshm_explanation *e);
void kshm_text_add_control(struct kshm_text *text,
			   const struct kshm_explanation *e);
void kshm_text_add_memory(struct kshm_text *text,
			  const struct kshm_explanation *e);

/* explain_region.c */
typedef void kshm_explainer(struct kshm_text *text,
			    const struct kshm_explanation *e);

kshm_explainer *kshm_region_explainer(__u32 check);

/* explain_section.c */
kshm_explainer *kshm_section_explainer(__u32 check);

/* explain_name.c */
kshm_explainer *kshm_name_explainer(__u32 check);

/* explain_submit.c */
kshm_explainer *kshm_submit_explainer(__u32 check);

/* error.c: of positive errnos */
const char *kshm_error_description(int error);
void kshm_text_add_meaning(struct kshm_text *text, int error);

#endif /* _KSHM_INTERNAL_H */
