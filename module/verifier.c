// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the verifier: tells which driver did what it should not
 *
 * Whoever finds something says by which code, and of which request it is. An mdl does not
 * know its request, and is the driver's own as often as not: for those there is a list of
 * the handlers that run, by task. What is called from elsewhere is told by its function.
 *
 * Locks: handlers_lock -> nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/stacktrace.h>
#include <linux/sysfs.h>

#include "verifier.h"

DEFINE_STATIC_KEY_FALSE(kshm_verifier_key);

static const struct {
	const char *name;
	const char *sentence;
} codes[] = {
	[KSHM_VERIFIER_COMPLETED_TWICE] = {
		"completed-twice", "a request was completed that had ended" },
	[KSHM_VERIFIER_COMPLETED_NOT_PENDING] = {
		"completed-not-pending", "a request was completed that does not pend" },
	[KSHM_VERIFIER_NOT_COMPLETED] = {
		"not-completed", "a request is kept while its device is unregistered" },
	[KSHM_VERIFIER_USED_AFTER_END] = {
		"used-after-end", "a request was used that had ended" },
	[KSHM_VERIFIER_QUEUED_NOT_PENDING] = {
		"queued-not-pending", "a handler returned EIOCBQUEUED, and nothing pends" },
	[KSHM_VERIFIER_PENDING_NOT_QUEUED] = {
		"pending-not-queued", "a request pends, and its handler returned no EIOCBQUEUED" },
	[KSHM_VERIFIER_MAY_NOT_PEND] = {
		"may-not-pend", "the control is not one that may pend" },
	[KSHM_VERIFIER_STATUS] = {
		"status", "a request ended with what is no errno" },
	[KSHM_VERIFIER_OPERAND] = {
		"operand", "bytes were returned of an operand that there is not" },
	[KSHM_VERIFIER_IN_OVERRUN] = {
		"in-overrun", "bytes around the captured input were written to" },
	[KSHM_VERIFIER_OUT_OVERRUN] = {
		"out-overrun", "bytes around the output were written to" },
	[KSHM_VERIFIER_MDL_NOT_LOCKED] = {
		"mdl-not-locked", "an mdl was used that is not locked" },
	[KSHM_VERIFIER_MDL_LOCKED_TWICE] = {
		"mdl-locked-twice", "an mdl was locked that is locked" },
	[KSHM_VERIFIER_MDL_UNLOCKED_TWICE] = {
		"mdl-unlocked-twice", "an mdl was unlocked that was unlocked" },
	[KSHM_VERIFIER_MDL_OF_REQUEST] = {
		"mdl-of-request", "the mdl of a request was unlocked, which is kshm's" },
	[KSHM_VERIFIER_MDL_LEFT_LOCKED] = {
		"mdl-left-locked", "a handler left an mdl of its own locked" },
	[KSHM_VERIFIER_CONTEXT] = {
		"context", "user memory was used, or mapped, where that cannot be" },
};

static atomic_t reports[KSHM_VERIFIER_CODES];

static bool wanted;

/* One at a time: parameters have a lock. */
static int set_verifier(const char *text, const struct kernel_param *param)
{
	int ret = param_set_bool(text, param);

	if (ret)
		return ret;
	if (wanted)
		static_branch_enable(&kshm_verifier_key);
	else
		static_branch_disable(&kshm_verifier_key);
	return 0;
}

static const struct kernel_param_ops verifier_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = set_verifier,
	.get = param_get_bool,
};

module_param_cb(verifier, &verifier_ops, &wanted, 0644);
MODULE_PARM_DESC(verifier,
		 "tell in the kernel log, and in verifier_reports, what drivers do and should not");
__MODULE_PARM_TYPE(verifier, "bool");

static int reset_reports(const char *text, const struct kernel_param *param)
{
	int i;

	for (i = 0; i < KSHM_VERIFIER_CODES; i++)
		atomic_set(&reports[i], 0);
	return 0;
}

static int show_reports(char *buf, const struct kernel_param *param)
{
	int i, len = 0;

	for (i = 0; i < KSHM_VERIFIER_CODES; i++)
		len += sysfs_emit_at(buf, len, "%s %u\n", codes[i].name,
				     atomic_read(&reports[i]));
	return len;
}

static const struct kernel_param_ops reports_ops = {
	.set = reset_reports,
	.get = show_reports,
};

module_param_cb(verifier_reports, &reports_ops, NULL, 0644);
MODULE_PARM_DESC(verifier_reports,
		 "how often the verifier told of each; whatever is written has it begin again");

static LIST_HEAD(handlers);
static u64 handlers_so_far;
static DEFINE_RAW_SPINLOCK(handlers_lock);	/* both; taken in any context */

/**
 * kshm_verifier_begin() - a handler begins
 * @running: of it, with its culprit; is there until kshm_verifier_end()
 *
 * Context: process context, the task that runs it.
 */
void kshm_verifier_begin(struct kshm_running *running)
{
	unsigned long flags;

	running->task = current;
	running->locked = 0;
	raw_spin_lock_irqsave(&handlers_lock, flags);
	running->number = ++handlers_so_far;
	list_add(&running->node, &handlers);
	raw_spin_unlock_irqrestore(&handlers_lock, flags);
}

/**
 * kshm_verifier_end() - it has returned
 * @running: of it
 */
void kshm_verifier_end(struct kshm_running *running)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&handlers_lock, flags);
	list_del(&running->node);
	raw_spin_unlock_irqrestore(&handlers_lock, flags);
	if (running->locked)
		kshm_verifier_report(KSHM_VERIFIER_MDL_LEFT_LOCKED, running->culprit);
}

/* The innermost handler of this task, or NULL; under @handlers_lock. */
static struct kshm_running *find_here(void)
{
	struct kshm_running *running;

	list_for_each_entry(running, &handlers, node)
		if (running->task == current)
			return running;
	return NULL;
}

static struct kshm_culprit culprit_here(void)
{
	struct kshm_culprit culprit = { };
	struct kshm_running *running;
	unsigned long flags;

	raw_spin_lock_irqsave(&handlers_lock, flags);
	running = find_here();
	if (running)
		culprit = running->culprit;
	raw_spin_unlock_irqrestore(&handlers_lock, flags);
	return culprit;
}

/**
 * kshm_verifier_locked() - an mdl was locked
 *
 * Context: process context.
 * Return: what kshm_verifier_unlocked() is to be told, or 0.
 */
u64 kshm_verifier_locked(void)
{
	struct kshm_running *running;
	unsigned long flags;
	u64 number = 0;

	raw_spin_lock_irqsave(&handlers_lock, flags);
	running = find_here();
	if (running) {
		running->locked++;
		number = running->number;
	}
	raw_spin_unlock_irqrestore(&handlers_lock, flags);
	return number;
}

/**
 * kshm_verifier_unlocked() - it was unlocked, in whatever task
 * @number: what kshm_verifier_locked() said, not 0
 *
 * Context: process context.
 */
void kshm_verifier_unlocked(u64 number)
{
	struct kshm_running *running;
	unsigned long flags;

	raw_spin_lock_irqsave(&handlers_lock, flags);
	list_for_each_entry(running, &handlers, node)
		if (running->number == number)
			running->locked--;
	raw_spin_unlock_irqrestore(&handlers_lock, flags);
}

/* Whoever called kshm, or NULL where stacks are not looked at. */
static void *caller_of_kshm(void)
{
	unsigned long frames[16] = { };
#if defined(MODULE) && defined(CONFIG_STACKTRACE)
	unsigned int nr = stack_trace_save(frames, ARRAY_SIZE(frames) - 1, 0), i;

	for (i = 0; i < nr && within_module(frames[i], THIS_MODULE); i++)
		continue;
	frames[0] = frames[i];
#endif
	return (void *)frames[0];
}

static void tell(enum kshm_verifier_code code, struct kshm_culprit culprit)
{
	/* An interrupt has nothing to do with the handler that it came in. */
	if (!culprit.device && in_task())
		culprit = culprit_here();
	if (culprit.device)
		pr_warn("verifier: %s: %s; driver %s, device %s, control %s\n",
			codes[code].name, codes[code].sentence,
			module_name(culprit.driver), culprit.device, culprit.control);
	else
		pr_warn("verifier: %s: %s; by %ps\n", codes[code].name,
			codes[code].sentence, caller_of_kshm());
}

/**
 * kshm_verifier_report() - a driver did what it should not
 * @code: what
 * @culprit: who; or KSHM_CULPRIT_HERE
 *
 * Context: any but NMI, under whatever lock.
 */
void kshm_verifier_report(enum kshm_verifier_code code, struct kshm_culprit culprit)
{
	static struct ratelimit_state limits[] = {
		[0 ... KSHM_VERIFIER_CODES - 1] =
			RATELIMIT_STATE_INIT(limits, DEFAULT_RATELIMIT_INTERVAL,
					     DEFAULT_RATELIMIT_BURST),
	};

	BUILD_BUG_ON(ARRAY_SIZE(codes) != KSHM_VERIFIER_CODES);
	atomic_inc(&reports[code]);
	if (__ratelimit(&limits[code]))
		tell(code, culprit);
}
