// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: views that it keeps, one for each handle and one of none
 */
#include "test.h"

static struct kshm_view *left;
static DEFINE_MUTEX(left_lock);	/* left; taken under that of a handle */

/* Has @work work on what @kept is, of @own, and tells how long that is then. */
int test_keep_view(struct kshm_request *req, struct test_handle *own,
		   struct kshm_view **kept, test_view_work *work)
{
	struct kshm_test_made *out = kshm_request_out(req);
	int ret;

	test_count_call();
	out->fd = -1;
	mutex_lock(&own->section_lock);
	ret = work(req, own, kshm_request_in(req), out);
	if (*kept)
		out->len = kshm_view_len(*kept);
	mutex_unlock(&own->section_lock);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(*out));
	return ret;
}

int test_check_view(struct kshm_view *view, u32 seed, struct kshm_test_made *out)
{
	out->wrong = test_count_wrong(kshm_view_data(view), kshm_view_len(view), seed, 0);
	return 0;
}

static int keep(struct kshm_request *req, struct test_handle *own, u32 operand)
{
	struct kshm_view *view = kshm_request_view(req, operand);

	if (IS_ERR(view))
		return PTR_ERR(view);
	kshm_view_release(own->view);
	own->view = view;
	return 0;
}

static int keep_later(struct kshm_request *req, struct test_handle *own,
		      u32 operand)
{
	int since = test_releases_of(kshm_request_handle(req));

	return test_wait_for_release(req, since) ?: keep(req, own, operand);
}

/* What it is of is nobody's any more when the handler returns. */
static int check_scoped(struct kshm_request *req, const struct kshm_test_view *in,
			struct kshm_test_made *out)
{
	struct kshm_view *view __free(kshm_view) = kshm_request_view(req, in->operand);

	if (IS_ERR(view))
		return PTR_ERR(view);
	return test_check_view(view, in->seed, out);
}

static int swap_with_left(struct test_handle *own)
{
	mutex_lock(&left_lock);
	swap(own->view, left);
	mutex_unlock(&left_lock);
	return 0;
}

static int release(struct test_handle *own)
{
	kshm_view_release(own->view);
	own->view = NULL;
	return 0;
}

static int work(struct kshm_request *req, struct test_handle *own, const void *arg,
		struct kshm_test_made *out)
{
	const struct kshm_test_view *in = arg;

	switch (in->op) {
	case KSHM_TEST_VIEW_KEEP:
		return keep(req, own, in->operand);
	case KSHM_TEST_VIEW_KEEP_LATER:
		return keep_later(req, own, in->operand);
	case KSHM_TEST_VIEW_SCOPED:
		return check_scoped(req, in, out);
	case KSHM_TEST_VIEW_SWAP:
		return swap_with_left(own);
	case KSHM_TEST_VIEW_RELEASE:
		return release(own);
	}
	if (!own->view)
		return -ENODATA;
	switch (in->op) {
	case KSHM_TEST_VIEW_FILL:
		return test_fill_view(own->view, in->seed);
	case KSHM_TEST_VIEW_CHECK:
		return test_check_view(own->view, in->seed, out);
	case KSHM_TEST_VIEW_RAISE:
		return test_raise_view(own->view);
	case KSHM_TEST_VIEW_LOOK:
		return kshm_view_check(own->view);
	case KSHM_TEST_VIEW_GIVE:
		return kshm_request_give_section(req, own->view);
	default:
		return -EINVAL;
	}
}

int test_view(struct kshm_request *req)
{
	struct test_handle *own = kshm_handle_data(kshm_request_handle(req));

	return test_keep_view(req, own, &own->view, work);
}

void test_views_end(struct test_handle *own)
{
	kshm_view_release(own->section);
	kshm_view_release(own->view);
}

void test_view_end_left(void)
{
	kshm_view_release(left);
}
