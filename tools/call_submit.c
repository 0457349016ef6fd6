// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - call: requests that are submitted, and cancelled if they take too long
 *
 * Nothing is lost when it ends early, by its time or by a signal: what is under way is
 * cancelled, and what had ended by then is printed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "kshmctl.h"

/* How long drivers have to let go of what is cancelled. */
#define GRACE_NS	2000000000ull

#define NS_PER_S	1000000000ull

/**
 * struct slot - a request under way, one after the other
 * @out: where its output goes; the call's for the first
 * @data: the same for data
 * @times: of the request
 */
struct slot {
	struct source out;
	struct source data;
	struct times times;
};

/**
 * struct following - requests under way
 * @w: what is wished
 * @call: what is called
 * @handle: where
 * @slots: one for each request at a time; their numbers are the requests' user_data
 * @nr_slots: how many
 * @signals: tells of signals that end it
 * @submitted: requests so far
 * @ended: of these
 * @results: of these, those that were printed
 */
struct following {
	const struct wishes *w;
	struct call *call;
	struct kshm_handle *handle;
	struct slot *slots;
	size_t nr_slots;
	int signals;
	unsigned long long submitted;
	unsigned long long ended;
	unsigned long long results;
};

/*
 * Those that are not ignored wait until they are read, to the end of the program. A
 * control that cannot pend is over when it was submitted, and nothing else ends it: then
 * they do what they ever do. Returns a descriptor, or -1: it could not be had.
 */
static int catch_signals(const struct kshm_control_entry *control)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		if ((control->flags & KSHM_CONTROL_MAY_PEND) &&
		    !sigaction(signals[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The first has what the call has; others have as much that is their own. */
static int make_slots(struct following *f)
{
	size_t i;
	int ret = 0;

	f->nr_slots = f->w->pending ?: 1;
	if (f->w->count && f->w->count < f->nr_slots)
		f->nr_slots = f->w->count;
	f->slots = calloc(f->nr_slots, sizeof(*f->slots));
	if (!f->slots)
		out_of_memory();
	f->slots[0].out = f->call->out;
	f->slots[0].data = f->call->data;
	for (i = 1; !ret && i < f->nr_slots; i++) {
		ret = source_zero(&f->slots[i].out, f->call->out.len);
		if (!ret && f->w->data)
			f->slots[i].data = f->call->data;
		else if (!ret)
			ret = source_zero(&f->slots[i].data, f->call->data.len);
	}
	return ret;
}

static void free_slots(struct following *f)
{
	size_t i;

	for (i = 1; i < f->nr_slots; i++) {
		source_close(&f->slots[i].out);
		if (!f->w->data)
			source_close(&f->slots[i].data);
	}
	free(f->slots);
}

/* As many as are wanted; 0: without end. */
static unsigned long long wanted(const struct following *f)
{
	return f->w->follow ? f->w->count : 1;
}

static int submit(struct following *f, size_t number, struct kshm_explanation *why)
{
	struct slot *slot = &f->slots[number];
	const struct kshm_operand in = source_operand(&f->call->in);
	const struct kshm_operand out = source_operand(&slot->out);
	const struct kshm_operand data = source_operand(&slot->data);
	int ret;

	times_init(&slot->times, 1);
	times_begin(&slot->times);
	ret = kshm_submit(f->handle, f->call->control.code, &in, &out, &data, number, why);
	if (ret) {
		times_end(&slot->times);
		f->call->times = slot->times;
	} else {
		f->submitted++;
	}
	return ret;
}

/* An error that came at once is reported as that of any call. */
static int report_refused(struct following *f, int ret, const struct kshm_explanation *why)
{
	char text[512];

	kshm_explain(why, text, sizeof(text));
	f->call->result = (struct kshm_result){
		.status = ret, .said_by = why->said_by, .detail = why->detail,
		.needed = why->said_by == KSHM_SAID_BY_DRIVER ? why->needed : 0,
	};
	ret = call_report(f->w, f->call, ret, text);
	times_free(&f->call->times);
	return ret;
}

/* It has ended: 0, or the exit status if it failed. */
static int report(struct following *f, const struct kshm_completion *completion)
{
	struct slot *slot = &f->slots[completion->user_data];
	struct call ended = *f->call;
	char text[512] = "";
	int ret;

	ended.out = slot->out;
	ended.data = slot->data;
	ended.times = slot->times;
	ended.result = (struct kshm_result){
		.status = completion->status,
		.said_by = completion->flags & KSHM_COMPLETION_KSHM ?
			   KSHM_SAID_BY_KSHM : KSHM_SAID_BY_DRIVER,
		.ran = 1,
		.detail = completion->detail,
		.needed = completion->needed,
		.in_returned = completion->in_returned,
		.out_returned = completion->out_returned,
		.data_returned = completion->data_returned,
	};
	if (completion->status)
		kshm_explain_completion(f->handle, completion, text, sizeof(text));
	ret = call_report(f->w, &ended, completion->status, text);
	/* Whoever reads has it as soon as it is there. */
	if (fflush(stdout))
		standard_output_failed(errno);
	times_free(&slot->times);
	f->results++;
	return ret;
}

/* Nobody reads what is printed: the same becomes of it as of who prints. */
static void not_read(void)
{
	raise(SIGPIPE);
	standard_output_failed(EPIPE);
}

/* Sleeps until something may have happened, or until @end. */
static void sleep_until(struct following *f, unsigned long long end)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };
	struct pollfd polled[] = {
		{ .fd = kshm_fd(f->handle), .events = POLLIN },
		{ .fd = f->signals, .events = POLLIN },
		{ .fd = STDOUT_FILENO },
	};
	unsigned long long at = times_now();
	struct timespec left;

	if (at >= end)
		return;
	left.tv_sec = (end - at) / NS_PER_S;
	left.tv_nsec = (end - at) % NS_PER_S;
	ppoll(polled, ARRAY_SIZE(polled), end == ~0ull ? NULL : &left, NULL);
	/* A device that goes says so for as long as a driver has a request of it. */
	if (polled[0].revents & ~POLLIN)
		nanosleep(&moment, NULL);
	if (polled[2].revents & POLLERR)
		not_read();
}

/* Whether it is over before what it waits for, by @signal or, if that is 0, by its time. */
static bool is_over(struct following *f, unsigned long long end, int *signal)
{
	struct signalfd_siginfo info;

	*signal = 0;
	if (read(f->signals, &info, sizeof(info)) == sizeof(info))
		*signal = info.ssi_signo;
	return *signal || times_now() >= end;
}

/* 1: there is a completion; 0: there is none by its end, or a signal; or -errno. */
static int wait_for_one(struct following *f, struct kshm_completion *completion,
			unsigned long long end, int *signal)
{
	int ret;

	for (;;) {
		ret = kshm_wait(f->handle, completion, 1, 0);
		if (ret > 0) {
			times_end(&f->slots[completion->user_data].times);
			f->ended++;
		}
		if (ret || is_over(f, end, signal))
			return ret;
		sleep_until(f, end);
	}
}

/* A device that goes has all its requests end, and nothing after. */
static int gone(struct following *f, int error)
{
	return complain(error, "no more completions of %s can be had, for the system says \"%s\"",
			f->w->device, strerror(-error));
}

/*
 * Cancels what is under way, and prints what had ended by then all the same. Returns how
 * many were cancelled; one that failed otherwise, the last, is @failed, whose status is 0
 * if there is none.
 */
static unsigned long long end_early(struct following *f, struct kshm_completion *failed)
{
	const unsigned long long end = times_now() + GRACE_NS;
	unsigned long long cancelled = 0;
	struct kshm_completion completion;
	int signal;

	failed->status = 0;
	if (f->submitted > f->ended)
		kshm_cancel_all(f->handle, NULL);
	while (f->submitted > f->ended &&
	       wait_for_one(f, &completion, end, &signal) == 1) {
		if (!completion.status)
			report(f, &completion);
		else if (completion.status == -ECANCELED)
			cancelled++;
		else
			*failed = completion;
	}
	return cancelled;
}

/* "2 requests were cancelled, and 1 was left to its driver, which has not let go of it" */
static const char *fate(unsigned long long cancelled, unsigned long long left, char *text,
			size_t size)
{
	char part[96] = "";

	if (left)
		snprintf(part, sizeof(part), "%s%llu %s left to the driver, which has not let go",
			 cancelled ? ", and " : "", left, left == 1 ? "was" : "were");
	if (cancelled)
		snprintf(text, size, "%llu request%s cancelled%s", cancelled,
			 cancelled == 1 ? " was" : "s were", part);
	else
		snprintf(text, size, "%s", left ? part : "nothing was under way");
	return text;
}

static int given_up(struct following *f, int signal)
{
	struct kshm_completion failed;
	unsigned long long cancelled = end_early(f, &failed);
	const char *plural;
	char text[160];

	if (failed.status)
		return report(f, &failed);
	/* It was over just then. */
	if (wanted(f) && f->results == wanted(f))
		return STATUS_OK;
	fate(cancelled, f->submitted - f->ended, text, sizeof(text));
	plural = f->results == 1 ? "" : "s";
	if (signal)
		return complain_as(STATUS_CANCELLED, ECANCELED, "ended by %s, after %llu result%s: %s",
				   sigabbrev_np(signal) ?: "a signal", f->results, plural, text);
	return complain_as(STATUS_CANCELLED, ETIMEDOUT, "not over in time, after %llu result%s: %s; give --timeout more seconds, or find out who should have ended it",
			   f->results, plural, text);
}

/* One request after the other in each slot, until all that are wanted have ended. */
static int go_on(struct following *f, unsigned long long end)
{
	struct kshm_completion completion, other;
	struct kshm_explanation why;
	int signal = 0, ret = 0;

	while (f->ended < f->submitted) {
		ret = wait_for_one(f, &completion, end, &signal);
		if (ret < 0)
			return gone(f, ret);
		if (!ret)
			return given_up(f, signal);
		if (completion.status) {
			end_early(f, &other);
			return report(f, &completion);
		}
		report(f, &completion);
		if (wanted(f) && f->submitted == wanted(f))
			continue;
		if (is_over(f, end, &signal))
			return given_up(f, signal);
		ret = submit(f, completion.user_data, &why);
		if (ret) {
			end_early(f, &other);
			return report_refused(f, ret, &why);
		}
	}
	return STATUS_OK;
}

/* Memory that is there once cannot be written by several requests at a time. */
static int check_slots(const struct following *f)
{
	const bool from_driver = f->call->control.method == KSHM_METHOD_OUT_DIRECT;

	if (f->w->pending > 1 && (f->w->out || (f->w->data && from_driver)))
		return complain_as(STATUS_USAGE, EINVAL, "%s is one place, for one request at a time: with --pending say %s",
				   f->w->out ? "--out" : "--data",
				   f->w->out ? "--out-len" : "--data-len");
	return STATUS_OK;
}

static int begin(struct following *f)
{
	struct kshm_completion other;
	struct kshm_explanation why;
	size_t i;
	int ret;

	ret = make_slots(f);
	for (i = 0; !ret && i < f->nr_slots; i++) {
		ret = submit(f, i, &why);
		if (ret) {
			end_early(f, &other);
			return report_refused(f, ret, &why);
		}
	}
	return ret;
}

int call_submitted(const struct wishes *w, struct call *call, struct kshm_handle *handle)
{
	const unsigned long long end = w->has_timeout ? times_now() + w->timeout_ns : ~0ull;
	struct following f = { .w = w, .call = call, .handle = handle };
	int ret;

	ret = check_slots(&f);
	if (ret)
		return ret;
	f.signals = catch_signals(&call->control);
	if (f.signals < 0)
		return complain_as(STATUS_FAILED, errno, "signals cannot be waited for (%s): close files that are open",
				   strerror(errno));
	ret = begin(&f);
	if (!ret)
		ret = go_on(&f, end);
	/* What is left to the driver has its memory until the program is gone. */
	if (f.submitted == f.ended)
		free_slots(&f);
	close(f.signals);
	return ret;
}
