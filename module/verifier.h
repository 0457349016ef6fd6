/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - the verifier: tells which driver did what it should not
 *
 * It is off unless root turns it on, and is branches not taken then. On, it tells of each
 * misuse by a code, a line of the kernel log and a counter, where the kernel otherwise
 * warns of it, or nobody sees it. It looks, and changes nothing of what drivers get but
 * where the memory of copied operands begins.
 */
#ifndef KSHM_VERIFIER_H
#define KSHM_VERIFIER_H

#include <linux/bug.h>
#include <linux/jump_label.h>
#include <linux/list.h>
#include <linux/types.h>

struct module;
struct task_struct;

/**
 * enum kshm_verifier_code - what drivers do and should not
 * @KSHM_VERIFIER_COMPLETED_TWICE: completed a request that had ended; the first time counts
 * @KSHM_VERIFIER_COMPLETED_NOT_PENDING: completed a request that does not pend
 * @KSHM_VERIFIER_NOT_COMPLETED: keeps a request whose device is being unregistered for
 *	longer than KSHM_VERIFIER_PATIENCE; who unregisters goes on waiting
 * @KSHM_VERIFIER_USED_AFTER_END: asked for something of a request, or said something of
 *	it, that had ended; told as long as its memory is there
 * @KSHM_VERIFIER_QUEUED_NOT_PENDING: a handler returned -EIOCBQUEUED for a request that
 *	does not pend
 * @KSHM_VERIFIER_PENDING_NOT_QUEUED: one returned something else for one that does
 * @KSHM_VERIFIER_MAY_NOT_PEND: has a request pend, or asks for what such have, of a row
 *	without KSHM_CONTROL_MAY_PEND
 * @KSHM_VERIFIER_STATUS: a request ended with a status that is neither 0 nor -errno
 * @KSHM_VERIFIER_OPERAND: returned bytes of an operand that there is not
 * @KSHM_VERIFIER_IN_OVERRUN: wrote before or behind the captured input
 * @KSHM_VERIFIER_OUT_OVERRUN: wrote before or behind the output
 * @KSHM_VERIFIER_MDL_NOT_LOCKED: mapped, read, wrote or walked an mdl that is not locked
 * @KSHM_VERIFIER_MDL_LOCKED_TWICE: locked one that is locked
 * @KSHM_VERIFIER_MDL_UNLOCKED_TWICE: unlocked one that was unlocked
 * @KSHM_VERIFIER_MDL_OF_REQUEST: unlocked that of a request, which is kshm's to unlock
 * @KSHM_VERIFIER_MDL_LEFT_LOCKED: a handler returned, and left one of its own locked
 * @KSHM_VERIFIER_CONTEXT: used user memory in another address space, or mapped or unmapped
 *	in an interrupt
 * @KSHM_VERIFIER_CODES: how many there are
 *
 * What Windows' Driver Verifier stops for, by the numbers of its bug checks:
 *
 *   ===========================  ===================================================
 *   COMPLETED_TWICE              0x44
 *   NOT_COMPLETED                0xC4, 0x135
 *   QUEUED_NOT_PENDING           0xC9
 *   PENDING_NOT_QUEUED           0xC9
 *   IN_OVERRUN, OUT_OVERRUN      0xC1, as its special pool finds it
 *   MDL_NOT_LOCKED               0xC4, 0x85 and 0xB3
 *   MDL_LOCKED_TWICE             0xC4, 0xB0
 *   MDL_UNLOCKED_TWICE           0xC4, 0x7C
 *   MDL_OF_REQUEST               0xC4, 0xB4
 *   MDL_LEFT_LOCKED              0xC4, 0xB8, and 0x76
 *   CONTEXT                      0xC4, 0x70 to 0x7A
 *   ===========================  ===================================================
 */
enum kshm_verifier_code {
	KSHM_VERIFIER_COMPLETED_TWICE,
	KSHM_VERIFIER_COMPLETED_NOT_PENDING,
	KSHM_VERIFIER_NOT_COMPLETED,
	KSHM_VERIFIER_USED_AFTER_END,
	KSHM_VERIFIER_QUEUED_NOT_PENDING,
	KSHM_VERIFIER_PENDING_NOT_QUEUED,
	KSHM_VERIFIER_MAY_NOT_PEND,
	KSHM_VERIFIER_STATUS,
	KSHM_VERIFIER_OPERAND,
	KSHM_VERIFIER_IN_OVERRUN,
	KSHM_VERIFIER_OUT_OVERRUN,
	KSHM_VERIFIER_MDL_NOT_LOCKED,
	KSHM_VERIFIER_MDL_LOCKED_TWICE,
	KSHM_VERIFIER_MDL_UNLOCKED_TWICE,
	KSHM_VERIFIER_MDL_OF_REQUEST,
	KSHM_VERIFIER_MDL_LEFT_LOCKED,
	KSHM_VERIFIER_CONTEXT,
	KSHM_VERIFIER_CODES,
};

/**
 * struct kshm_culprit - who did it
 * @driver: the module; NULL if it is built in
 * @device: name of its device; NULL if that is not known
 * @control: name of the row
 */
struct kshm_culprit {
	struct module *driver;
	const char *device;
	const char *control;
};

/**
 * struct kshm_running - a handler that runs while the verifier is on
 * @node: in the list of them
 * @task: that it runs in
 * @number: that no other has, from 1
 * @locked: mdls that it locked, and nobody unlocked
 * @culprit: whose it is
 *
 * On the stack of whoever runs it.
 */
struct kshm_running {
	struct list_head node;
	struct task_struct *task;
	u64 number;
	unsigned int locked;
	struct kshm_culprit culprit;
};

DECLARE_STATIC_KEY_FALSE(kshm_verifier_key);

static __always_inline bool kshm_verifier_on(void)
{
	return static_branch_unlikely(&kshm_verifier_key);
}

void kshm_verifier_report(enum kshm_verifier_code code, struct kshm_culprit culprit);

void kshm_verifier_begin(struct kshm_running *running);
void kshm_verifier_end(struct kshm_running *running);
u64 kshm_verifier_locked(void);
void kshm_verifier_unlocked(u64 number);

/* Whose handler runs in this task; or, if none does, who called kshm. */
#define KSHM_CULPRIT_HERE	((struct kshm_culprit){ })

/*
 * Whether something is @wrong, which is a driver's bug: the verifier tells, if it is on;
 * if not the kernel warns, once for each place.
 */
#define kshm_misused(wrong, code, culprit)				\
({									\
	const bool misused_ = (wrong);					\
									\
	if (unlikely(misused_)) {					\
		if (kshm_verifier_on())					\
			kshm_verifier_report(code, culprit);		\
		else							\
			WARN_ON_ONCE(true);				\
	}								\
	unlikely(misused_);						\
})

#endif /* KSHM_VERIFIER_H */
