// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: where it is, in words, written from there
 */
#include <linux/completion.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/preempt.h>

#include "test.h"

/**
 * struct sentence - what is to be written, and where to
 * @text: the caller's pinned buffer, mapped
 * @size: bytes of it
 * @len: bytes written, with the NUL
 * @irq_work: to get into a hard interrupt
 * @done: it is written
 */
struct sentence {
	char *text;
	size_t size;
	size_t len;
	struct irq_work irq_work;
	struct completion done;
};

static void write_sentence(struct sentence *s)
{
	int len = scnprintf(s->text, s->size, "written %s, mm %s",
			    in_hardirq() ? "in a hard interrupt" :
			    current->flags & PF_KTHREAD ? "in a kernel thread" :
							  "in a process",
			    current->flags & PF_KTHREAD ? "none" :
			    in_hardirq() ? "of whoever was interrupted" :
					   "of the caller");

	s->len = min_t(size_t, len + 1, s->size);
	complete(&s->done);
}

static void in_irq_work(struct irq_work *irq_work)
{
	write_sentence(container_of(irq_work, struct sentence, irq_work));
}

static int in_thread(void *data)
{
	write_sentence(data);
	return 0;
}

static int begin(struct kshm_request *req, struct sentence *s)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);

	test_count_call();
	init_completion(&s->done);
	s->size = kshm_mdl_len(mdl);
	s->text = kshm_mdl_map_write(mdl);
	return PTR_ERR_OR_ZERO(s->text);
}

static void end(struct kshm_request *req, struct sentence *s)
{
	wait_for_completion(&s->done);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, s->len);
}

int test_write_in_hardirq(struct kshm_request *req)
{
	struct sentence s = { .irq_work = IRQ_WORK_INIT_HARD(in_irq_work) };
	int ret = begin(req, &s);

	if (ret)
		return ret;
	irq_work_queue(&s.irq_work);
	end(req, &s);
	irq_work_sync(&s.irq_work);
	return 0;
}

int test_write_in_kthread(struct kshm_request *req)
{
	struct sentence s = { };
	struct task_struct *thread;
	int ret = begin(req, &s);

	if (ret)
		return ret;
	thread = kthread_run(in_thread, &s, "kshm_test");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	end(req, &s);
	return 0;
}
