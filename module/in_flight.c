// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - requests in flight: those of a handle that can last longer than their calls
 *
 * They are in a tree, from when they are made until they are undone and what they return
 * was read: there they are found, to be cancelled.
 *
 * Locks: kshm_handle.requests_lock -> nothing.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "explain.h"
#include "handle.h"
#include "in_flight.h"
#include "limits.h"
#include "pended.h"

static unsigned int max_handle_requests = KSHM_MAX_HANDLE_REQUESTS;
module_param(max_handle_requests, uint, 0644);
MODULE_PARM_DESC(max_handle_requests,
		 "most requests of one handle that are not over, or whose completion was not read");

static bool is_before(const struct kshm_pended *pended, u64 user_data, u64 number)
{
	if (pended->user_data != user_data)
		return pended->user_data < user_data;
	return pended->number < number;
}

static bool before(struct rb_node *a, const struct rb_node *b)
{
	const struct kshm_pended *other = rb_entry(b, struct kshm_pended, node);

	return is_before(rb_entry(a, struct kshm_pended, node), other->user_data,
			 other->number);
}

/**
 * kshm_in_flight_add() - a request is known from here on, and can be cancelled
 * @handle: its handle
 * @pended: the request, set up, but for its number; one reference becomes the tree's
 * @why: gets the explanation on failure
 *
 * Return: 0; or -ENOSPC if the handle has as many as it may.
 */
int kshm_in_flight_add(struct kshm_handle *handle, struct kshm_pended *pended,
		       struct kshm_explain *why)
{
	u32 most = READ_ONCE(max_handle_requests), nr;

	spin_lock(&handle->requests_lock);
	nr = handle->nr_requests;
	if (nr < most) {
		handle->nr_requests++;
		pended->number = handle->next_request++;
		rb_add(&pended->node, &handle->requests, before);
	}
	spin_unlock(&handle->requests_lock);
	if (nr < most)
		return 0;
	return kshm_explain_numbers(why, KSHM_EXPLAIN_LIMIT_REQUESTS, 0, ENOSPC, 1,
				    nr, most);
}

/* The first one at or behind a place, with a reference, or NULL. */
struct kshm_pended *kshm_in_flight_find(struct kshm_handle *handle,
					const struct kshm_place *place)
{
	struct kshm_pended *pended, *found = NULL;
	struct rb_node *node;

	spin_lock(&handle->requests_lock);
	node = handle->requests.rb_node;
	while (node) {
		pended = rb_entry(node, struct kshm_pended, node);
		if (is_before(pended, place->user_data, place->number)) {
			node = node->rb_right;
		} else {
			found = pended;
			node = node->rb_left;
		}
	}
	if (found)
		refcount_inc(&found->ref);
	spin_unlock(&handle->requests_lock);
	return found;
}

/* It is known no more, and the caller has it no more either. */
void kshm_in_flight_remove(struct kshm_pended *pended)
{
	struct kshm_handle *handle = pended->req.handle;

	spin_lock(&handle->requests_lock);
	rb_erase(&pended->node, &handle->requests);
	handle->nr_requests--;
	spin_unlock(&handle->requests_lock);
	kshm_in_flight_put(pended);
}

/* Context: any. */
void kshm_in_flight_put(struct kshm_pended *pended)
{
	struct kshm_handle *handle = pended->req.handle;

	if (!refcount_dec_and_test(&pended->ref))
		return;
	kfree(pended);
	kshm_handle_put(handle);
}
