// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver of docs/driver-authors.md: pinned data in another context
 */
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "handlers.h"

struct signature {
	struct work_struct work;
	char *text;
	size_t size;
	size_t len;
};

static void sign(struct work_struct *work)
{
	struct signature *s = container_of(work, struct signature, work);

	s->len = scnprintf(s->text, s->size, "%s, mm %s",
			   current->flags & PF_WQ_WORKER ? "a worker" : "?",
			   current->mm ? "of its own" : "none") + 1;
}

int lesson_sign(struct kshm_request *req)
{
	struct signature s = { .size = kshm_mdl_len(kshm_request_mdl(req)) };

	s.text = kshm_mdl_map_write(kshm_request_mdl(req));
	if (IS_ERR(s.text))
		return PTR_ERR(s.text);
	INIT_WORK_ONSTACK(&s.work, sign);
	schedule_work(&s.work);
	flush_work(&s.work);
	destroy_work_on_stack(&s.work);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, s.len);
	return 0;
}
