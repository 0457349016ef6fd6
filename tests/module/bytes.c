// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: patterns written and checked, in any context
 */
#include <linux/completion.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "test.h"

/**
 * struct job - what is to be done with which bytes
 * @mdl: the bytes, pinned; mapped if @data is set
 * @data: the mapping, BY_MAP
 * @bounce: room for a page, BY_COPY
 * @work: the caller's wishes, captured
 * @place: what came of it
 * @ret: 0 or -errno
 * @write: fill, or check
 * @irq_work: for KSHM_TEST_IN_HARDIRQ
 * @done: somebody else did it
 */
struct job {
	struct kshm_mdl *mdl;
	void *data;
	u8 *bounce;
	struct kshm_test_work work;
	struct kshm_test_place place;
	int ret;
	bool write;
	struct irq_work irq_work;
	struct completion done;
};

void test_fill_bytes(u8 *data, size_t len, u32 seed, u64 offset)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = kshm_test_byte(seed, offset + i);
}

u64 test_count_wrong(const u8 *data, size_t len, u32 seed, u64 offset)
{
	u64 wrong = 0;
	size_t i;

	for (i = 0; i < len; i++)
		wrong += data[i] != kshm_test_byte(seed, offset + i);
	return wrong;
}

static void touch(struct job *job, void *data, size_t len, u64 offset)
{
	if (job->write)
		test_fill_bytes(data, len, job->work.seed, offset);
	else
		job->place.wrong += test_count_wrong(data, len, job->work.seed,
						offset);
}

static int touch_segments(struct job *job)
{
	struct kshm_segment seg;
	u64 offset = 0;
	void *data;

	kshm_mdl_for_each_segment(job->mdl, seg) {
		data = job->write ? kshm_mdl_segment_write(job->mdl, &seg) :
				    (void *)seg.data;
		if (IS_ERR(data))
			return PTR_ERR(data);
		touch(job, data, seg.len, offset);
		offset += seg.len;
		job->place.segments++;
	}
	return offset == kshm_mdl_len(job->mdl) ? 0 : -EIO;
}

/* In steps of an odd size, so that they lie anywhere in the pages. */
static int touch_copies(struct job *job)
{
	size_t step = PAGE_SIZE - 3, len = kshm_mdl_len(job->mdl);
	size_t offset, part;
	int ret;

	for (offset = 0; offset < len; offset += part) {
		part = min(len - offset, step);
		if (job->write) {
			test_fill_bytes(job->bounce, part, job->work.seed, offset);
			ret = kshm_mdl_write(job->mdl, offset, job->bounce,
					     part);
		} else {
			ret = kshm_mdl_read(job->mdl, offset, job->bounce,
					    part);
			touch(job, job->bounce, part, offset);
		}
		if (ret)
			return ret;
	}
	return 0;
}

static void do_job(struct job *job)
{
	job->place.in_hardirq = !!in_hardirq();
	job->place.has_mm = !!current->mm;
	job->place.cpu = raw_smp_processor_id();
	switch (job->work.access) {
	case KSHM_TEST_BY_MAP:
		touch(job, job->data, kshm_mdl_len(job->mdl), 0);
		job->ret = 0;
		break;
	case KSHM_TEST_BY_SEGMENTS:
		job->ret = touch_segments(job);
		break;
	default:
		job->ret = touch_copies(job);
		break;
	}
}

static void job_in_irq_work(struct irq_work *irq_work)
{
	struct job *job = container_of(irq_work, struct job, irq_work);

	do_job(job);
	complete(&job->done);
}

static int job_in_thread(void *data)
{
	struct job *job = data;

	do_job(job);
	complete(&job->done);
	return 0;
}

static void job_on_cpu(void *data)
{
	do_job(data);
}

static int send_job(struct job *job)
{
	struct task_struct *thread;

	init_completion(&job->done);
	switch (job->work.place) {
	case KSHM_TEST_IN_CALLER:
		do_job(job);
		return 0;
	case KSHM_TEST_IN_HARDIRQ:
		job->irq_work = IRQ_WORK_INIT_HARD(job_in_irq_work);
		irq_work_queue(&job->irq_work);
		wait_for_completion(&job->done);
		irq_work_sync(&job->irq_work);
		return 0;
	case KSHM_TEST_IN_KTHREAD:
		thread = kthread_run(job_in_thread, job, "kshm_test");
		if (IS_ERR(thread))
			return PTR_ERR(thread);
		wait_for_completion(&job->done);
		return 0;
	case KSHM_TEST_ON_CPU:
		return smp_call_function_single(job->work.cpu, job_on_cpu, job,
						1);
	default:
		return -EINVAL;
	}
}

static int prepare_job(struct job *job)
{
	if (job->work.access > KSHM_TEST_BY_COPY)
		return -EINVAL;
	if (job->work.access == KSHM_TEST_BY_COPY) {
		job->bounce = kmalloc(PAGE_SIZE, GFP_KERNEL);
		return job->bounce ? 0 : -ENOMEM;
	}
	if (job->work.access != KSHM_TEST_BY_MAP)
		return 0;
	job->data = job->write ? kshm_mdl_map_write(job->mdl) :
				 (void *)kshm_mdl_map(job->mdl);
	if (IS_ERR(job->data))
		return PTR_ERR(job->data);
	job->place.is_vmap = is_vmalloc_addr(job->data);
	return 0;
}

static int run_job(struct kshm_request *req, bool write)
{
	struct job job = {
		.mdl = kshm_request_mdl(req),
		.write = write,
		.work = *(const struct kshm_test_work *)kshm_request_in(req),
	};
	int ret;

	test_count_call();
	ret = prepare_job(&job);
	if (!ret)
		ret = send_job(&job) ?: job.ret;
	kfree(job.bounce);
	if (ret)
		return ret;
	memcpy(kshm_request_out(req), &job.place, sizeof(job.place));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, sizeof(job.place));
	kshm_request_set_returned(req, KSHM_OPERAND_DATA,
				  kshm_mdl_len(job.mdl));
	return 0;
}

int test_fill(struct kshm_request *req)
{
	return run_job(req, true);
}

int test_check(struct kshm_request *req)
{
	return run_job(req, false);
}

int test_fill_copied(struct kshm_request *req)
{
	u32 seed = 0;

	test_count_call();
	memcpy(&seed, kshm_request_in(req), kshm_request_in_len(req));
	test_fill_bytes(kshm_request_out(req), kshm_request_out_len(req), seed, 0);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT,
				  kshm_request_out_len(req));
	return 0;
}

int test_check_copied(struct kshm_request *req)
{
	test_count_call();
	if (test_count_wrong(kshm_request_in(req), kshm_request_in_len(req), 0, 0))
		return -EIO;
	return 0;
}

int test_fill_raw(struct kshm_request *req)
{
	struct kshm_user_buffer *out = kshm_request_user_out(req);
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	size_t len = kshm_user_len(out);
	u32 seed = 0;
	u8 *data;
	int ret;

	test_count_call();
	ret = kshm_user_read(in, 0, &seed, kshm_user_len(in));
	if (ret)
		return ret;
	data = kvmalloc(len, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	test_fill_bytes(data, len, seed, 0);
	ret = kshm_user_write(out, 0, data, len);
	kvfree(data);
	if (!ret)
		kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	return ret;
}

int test_check_raw(struct kshm_request *req)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	size_t len = kshm_user_len(in);
	u8 *data;
	int ret;

	test_count_call();
	data = kvmalloc(len, GFP_KERNEL_ACCOUNT);
	if (!data)
		return -ENOMEM;
	ret = kshm_user_read(in, 0, data, len);
	if (!ret && test_count_wrong(data, len, 0, 0))
		ret = -EIO;
	kvfree(data);
	return ret;
}
