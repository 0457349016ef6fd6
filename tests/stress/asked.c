// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: what submitted requests ask for, and what they have to leave
 */
#include <errno.h>
#include <string.h>

#include "asked.h"
#include "device.h"
#include "event_calls.h"
#include "kshm_test.h"
#include "pattern.h"
#include "pended_calls.h"

/* Where they end, which is in interrupts, too, bytes are written one by one. */
#define MOST		((size_t)64 << 10)
#define MOST_TICKS	64
#define MSEC		1000000ULL

static const struct {
	const char *name;
	bool writes;
} kinds[] = {
	[ASKED_TO_DRIVER] = { "to-driver", false },
	[ASKED_FROM_DRIVER] = { "from-driver", true },
	[ASKED_FROM_ROW] = { "from a row with a context", true },
	[ASKED_COPIED_OUT] = { "copied out", false },
	[ASKED_MESSAGE] = { "a message", true },
	[ASKED_TICKS] = { "ticks", true },
};

const char *asked_name(enum asked asked)
{
	return kinds[asked].name;
}

bool asked_of_event(enum asked asked)
{
	return asked == ASKED_MESSAGE || asked == ASKED_TICKS;
}

bool asked_works_on(enum asked asked, enum memory_kind kind)
{
	return !kinds[asked].writes || kind != MEMORY_FILE;
}

bool asked_in_region(enum asked asked, enum memory_kind kind)
{
	return asked == ASKED_TO_DRIVER || kind != MEMORY_FILE;
}

size_t asked_len(enum asked asked, size_t len)
{
	const size_t tick = sizeof(__u64);

	if (asked != ASKED_TICKS)
		return len < MOST ? len : MOST;
	if (len < tick)
		return 0;
	return len < MOST_TICKS * tick ? len / tick * tick : MOST_TICKS * tick;
}

/* Kept by the driver for tests until it is told, by whomever. */
static int submit_kept(struct pending *p, struct kshm_operand data, __u32 way)
{
	static const __u32 hows[] = {
		KSHM_TEST_PEND_CANCELLABLE, KSHM_TEST_PEND_CANCELLABLE,
		KSHM_TEST_PEND_CANCELLABLE, KSHM_TEST_PEND_UNCANCELLABLE,
		KSHM_TEST_PEND_SLOW_CANCEL, KSHM_TEST_PEND_SLOW_CANCEL,
		KSHM_TEST_PEND_BEFORE_RETURN, KSHM_TEST_PEND_IRQ,
	};
	const struct kshm_test_pend in = {
		.how = hows[way % 8], .key = p->number, .returned = p->s.len,
		.seed = p->asked == ASKED_TO_DRIVER ? p->before : p->after,
	};
	const __u32 codes[] = {
		[ASKED_TO_DRIVER] = KSHM_TEST_PEND_READ,
		[ASKED_FROM_DRIVER] = KSHM_TEST_PEND_WRITE,
		[ASKED_FROM_ROW] = KSHM_TEST_PEND_IN(KSHM_TEST_WORKER + way / 8 % 3),
		[ASKED_COPIED_OUT] = KSHM_TEST_PEND,
	};
	struct kshm_ioc_control arg = pend_request(codes[p->asked], &in, p->number);

	if (p->asked == ASKED_COPIED_OUT)
		arg.out = data;
	else
		arg.data = data;
	return submit_try(p->fd, &arg);
}

static int submit_event(struct pending *p, struct kshm_operand data, __u32 way,
			const char *name)
{
	const __u64 period = (1 + way % 20) * MSEC;
	struct kshm_ioc_control arg;

	if (p->asked == ASKED_MESSAGE)
		arg = event_wait(name, NULL, 0, &p->event, sizeof(p->event), p->number);
	else
		arg = event_of(KSHM_EVENT_TICKS, &period, sizeof(period), &p->event,
			       p->number);
	arg.data = data;
	return submit_try(p->fd, &arg);
}

int asked_submit(struct pending *p, struct kshm_operand data, __u32 way, const char *name)
{
	p->event = (struct kshm_event){ };
	return asked_of_event(p->asked) ? submit_event(p, data, way, name) :
					  submit_kept(p, data, way);
}

static const unsigned char *bytes_of(const struct pending *p)
{
	return p->m.data + p->s.from;
}

/* The bytes from @from to before @end are what they were before. */
static bool is_untouched(const struct pending *p, size_t from, size_t end)
{
	size_t i;

	for (i = from; i < end; i++)
		if (bytes_of(p)[i] != kshm_test_byte(p->before, i))
			return false;
	return true;
}

/* Times in the first @len bytes, each later than the one before. */
static bool are_times(const struct pending *p, size_t len)
{
	__u64 before = 0, time;
	size_t at;

	for (at = 0; at < len; at += sizeof(time)) {
		memcpy(&time, bytes_of(p) + at, sizeof(time));
		if (time <= before)
			return false;
		before = time;
	}
	return true;
}

/* Of ticks some have been written, from the first one on. */
static const char *wrong_cancelled(const struct pending *p)
{
	const size_t tick = sizeof(__u64);
	size_t written = 0, at;

	for (at = 0; p->asked == ASKED_TICKS && at < p->s.len; at += tick)
		if (!is_untouched(p, at, at + tick))
			written = at + tick;
	if (!are_times(p, written))
		return "it was cancelled, and has other bytes than times";
	return is_untouched(p, written, p->s.len) ? NULL :
						    "it was cancelled, and bytes changed";
}

/* What was sent begins with its seed. */
static const char *wrong_message(const struct pending *p, const struct kshm_completion *c)
{
	size_t got = c->data_returned;

	if (got != (c->needed < p->s.len ? c->needed : p->s.len) ||
	    p->event.count != c->needed)
		return "another length of the message is told";
	if (!has_pattern(bytes_of(p), got, bytes_of(p)[0]))
		return "other bytes than those of the message";
	return is_untouched(p, got, p->s.len) ? NULL : "bytes changed behind the message";
}

const char *asked_wrong(const struct pending *p, const struct kshm_completion *c,
			bool cancelled)
{
	const __u64 returned = p->asked == ASKED_COPIED_OUT ? c->out_returned :
							      c->data_returned;

	if (c->status == -ECANCELED)
		return cancelled ? wrong_cancelled(p) : "nobody cancelled it";
	if (c->status)
		return "it failed";
	if (p->asked == ASKED_MESSAGE)
		return wrong_message(p, c);
	if (returned != p->s.len)
		return "not all bytes were returned";
	if (p->asked == ASKED_TICKS)
		return are_times(p, p->s.len) ? NULL : "other bytes than times";
	if (p->asked == ASKED_TO_DRIVER && c->detail)
		return "the driver saw other bytes";
	return has_pattern(bytes_of(p), p->s.len,
			   p->asked == ASKED_TO_DRIVER ? p->before : p->after) ?
		       NULL : "the caller has other bytes";
}
