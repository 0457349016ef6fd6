/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the driver for tests: what its files share
 */
#ifndef TEST_H
#define TEST_H

#include <linux/atomic.h>
#include <linux/kshm_driver.h>
#include <linux/mutex.h>

#include "kshm_test.h"

/**
 * struct test_handle - the driver's data of a handle
 * @number: from 1, over all devices
 * @cleaned: cleanup was called
 * @releases: of calls of this handle alone
 * @section: made last, by section.c; or NULL
 * @view: kept last, by view.c; or NULL
 * @section_lock: protects @section and @view, and is held while they are used
 */
struct test_handle {
	u64 number;
	bool cleaned;
	atomic_t releases;
	struct kshm_view *section;
	struct kshm_view *view;
	struct mutex section_lock;	/* @section, @view */
};

/* state.c: counters of what happened; every handler counts itself. */
void test_count_call(void);
int test_state(struct kshm_request *req);
int test_open(struct kshm_handle *handle);
void test_cleanup(struct kshm_handle *handle);
void test_close(struct kshm_handle *handle);

/* bytes.c; the pattern of @seed from its byte @offset on */
void test_fill_bytes(u8 *data, size_t len, u32 seed, u64 offset);
u64 test_count_wrong(const u8 *data, size_t len, u32 seed, u64 offset);
int test_fill(struct kshm_request *req);
int test_check(struct kshm_request *req);
int test_fill_copied(struct kshm_request *req);
int test_check_copied(struct kshm_request *req);
int test_fill_raw(struct kshm_request *req);
int test_check_raw(struct kshm_request *req);

/* context.c */
int test_hop_init(void);
void test_hop_exit(void);
int test_hop(struct kshm_request *req);
int test_context(struct kshm_request *req);

/* hold.c */
int test_hold(struct kshm_request *req);
int test_release(struct kshm_request *req);
u64 test_holding(void);
int test_releases_of(struct kshm_handle *handle);
int test_wait_for_release(struct kshm_request *req, int since);
void test_wait_deaf(void);

/* pend.c */
void test_pend_exit(void);
int test_pend(struct kshm_request *req);
int test_pend_nothing(struct kshm_request *req);
int test_complete(struct kshm_request *req);
u64 test_cancels(void);
u64 test_completed(void);
u64 test_kept(void);

/* answer.c; test_status() is what a handler may return, of what it is told to */
int test_status(s64 status);
int test_answer(struct kshm_request *req);
int test_touch(struct kshm_request *req);
int test_overwrite(struct kshm_request *req);
int test_edit_in(struct kshm_request *req);
int test_capture(struct kshm_request *req);
int test_nothing(struct kshm_request *req);

/* section.c */
int test_section(struct kshm_request *req);
int test_fill_view(struct kshm_view *view, u32 seed);
int test_raise_view(struct kshm_view *view);

/* ring.c */
int test_ring(struct kshm_request *req);

/* view.c */
typedef int test_view_work(struct kshm_request *req, struct test_handle *own,
			   const void *arg, struct kshm_test_made *out);
int test_keep_view(struct kshm_request *req, struct test_handle *own,
		   struct kshm_view **kept, test_view_work *work);
int test_check_view(struct kshm_view *view, u32 seed, struct kshm_test_made *out);
int test_view(struct kshm_request *req);
void test_views_end(struct test_handle *own);
void test_view_end_left(void);

/* sentence.c */
int test_write_in_hardirq(struct kshm_request *req);
int test_write_in_kthread(struct kshm_request *req);

/* poison.c */
int test_poison(struct kshm_request *req);

/* access.c */
int test_access(struct kshm_request *req);

/* mdl.c */
int test_mdl(struct kshm_request *req);
int test_mdl_unlock(struct kshm_request *req);

/* misbehave.c */
int test_misbehave(struct kshm_request *req);

/* devices.c */
extern const struct kshm_device_ops test_ops;
int test_devices(struct kshm_request *req);
int test_register(struct kshm_request *req);
int test_name_device(struct kshm_request *req);
int test_name_control(struct kshm_request *req);
int test_node_mode(struct kshm_request *req);
void test_devices_remove(void);

#endif /* TEST_H */
