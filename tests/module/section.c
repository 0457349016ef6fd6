// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: sections of its own, one for each handle
 */
#include <linux/completion.h>
#include <linux/irq_work.h>

#include "test.h"

/* What is done with a view in a hard interrupt: they are for that. */
struct interrupt {
	struct kshm_view *view;
	bool raise;
	u32 seed;
	struct irq_work irq_work;
	struct completion done;
};

static void interrupts(struct irq_work *irq_work)
{
	struct interrupt *interrupt = container_of(irq_work, struct interrupt, irq_work);

	if (interrupt->raise)
		kshm_view_raise(interrupt->view);
	else
		test_fill_bytes(kshm_view_data_write(interrupt->view),
				kshm_view_len(interrupt->view), interrupt->seed, 0);
	complete(&interrupt->done);
}

static void do_in_hardirq(struct interrupt *interrupt)
{
	init_completion(&interrupt->done);
	init_irq_work(&interrupt->irq_work, interrupts);
	irq_work_queue(&interrupt->irq_work);
	wait_for_completion(&interrupt->done);
	irq_work_sync(&interrupt->irq_work);
}

int test_fill_view(struct kshm_view *view, u32 seed)
{
	struct interrupt interrupt = { .view = view, .seed = seed };

	if (IS_ERR(kshm_view_data_write(view)))
		return PTR_ERR(kshm_view_data_write(view));
	do_in_hardirq(&interrupt);
	return 0;
}

int test_raise_view(struct kshm_view *view)
{
	struct interrupt interrupt = { .view = view, .raise = true };

	do_in_hardirq(&interrupt);
	return 0;
}

static int give(struct kshm_request *req, struct kshm_view *view, s32 *fd)
{
	*fd = kshm_request_give_section(req, view);
	return min(*fd, 0);
}

static int make(struct kshm_request *req, struct test_handle *own,
		const struct kshm_test_section *in, s32 *fd)
{
	struct kshm_view *view;
	int ret;

	view = kshm_section_create(req, in->len, in->flags);
	if (IS_ERR(view))
		return PTR_ERR(view);
	ret = give(req, view, fd);
	if (ret) {
		kshm_view_release(view);
		return ret;
	}
	kshm_view_release(own->section);
	own->section = view;
	return 0;
}

static int release(struct test_handle *own)
{
	kshm_view_release(own->section);
	own->section = NULL;
	return 0;
}

static int work(struct kshm_request *req, struct test_handle *own, const void *arg,
		struct kshm_test_made *out)
{
	const struct kshm_test_section *in = arg;

	switch (in->op) {
	case KSHM_TEST_SECTION_MAKE:
		return make(req, own, in, &out->fd);
	case KSHM_TEST_SECTION_RELEASE:
		return release(own);
	}
	if (!own->section)
		return -ENODATA;
	switch (in->op) {
	case KSHM_TEST_SECTION_GIVE:
		return give(req, own->section, &out->fd);
	case KSHM_TEST_SECTION_GIVE_AND_FAIL:
		return give(req, own->section, &out->fd) ?: -EIO;
	case KSHM_TEST_SECTION_FILL:
		return test_fill_view(own->section, in->seed);
	case KSHM_TEST_SECTION_CHECK:
		return test_check_view(own->section, in->seed, out);
	case KSHM_TEST_SECTION_RAISE:
		return test_raise_view(own->section);
	case KSHM_TEST_SECTION_LOOK:
		return kshm_view_check(own->section);
	default:
		return -EINVAL;
	}
}

int test_section(struct kshm_request *req)
{
	struct test_handle *own = kshm_handle_data(kshm_request_handle(req));

	return test_keep_view(req, own, &own->section, work);
}
