// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: a call under way, while the process forks, or ends
 *
 * A thread makes a call that lasts: the driver writes a first byte of the pinned
 * memory, or reads it, waits to be released, and writes a second one, or reads the
 * first again, which has changed. Meanwhile the process forks. The child has the bytes
 * of the parent, and from then on its own: what the driver writes is the parent's
 * alone, what the child writes the child's, and what the parent writes the driver sees.
 */
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call.h"
#include "device.h"
#include "pending.h"
#include "region.h"
#include "worker.h"

/* The first byte of a call to the driver, before and after it changes. */
#define OLD	0x11
#define NEW	0x22

/**
 * struct held - a call under way
 * @w: who makes it
 * @m: the memory it is on
 * @at: offset of its bytes
 * @writes: the driver does
 * @call: the thread and the request; @ret is 1 as long as it is not over
 */
struct held {
	struct worker *w;
	struct memory *m;
	size_t at;
	bool writes;
	struct call call;
};

static void *make_call(void *data)
{
	struct held *held = data;
	int ret;

	worker_in_call(held->w, 1);
	ret = control_try(held->call.fd, &held->call.arg);
	worker_in_call(held->w, -1);
	__atomic_store_n(&held->call.ret, ret, __ATOMIC_RELEASE);
	return NULL;
}

static bool over(struct held *held)
{
	return __atomic_load_n(&held->call.ret, __ATOMIC_ACQUIRE) != 1;
}

/* Nothing else tells that the driver has written; that it has read does not show. */
static void wait_for_driver(struct held *held)
{
	const volatile unsigned char *first = held->m->data + held->at;

	while (held->writes && *first != KSHM_TEST_HELD_BEFORE && !over(held))
		usleep(1000);
}

static void begin(struct held *held, struct worker *w)
{
	struct span s;

	held->w = w;
	held->m = &w->memories[worker_random(w) % MEMORY_KINDS];
	held->writes = worker_random(w) & 1;
	do
		s = worker_span(w, held->m);
	while (s.len < 2);
	held->at = s.from;
	memory_changes(w, held->m);
	held->m->data[s.from] = OLD;
	held->m->data[s.from + 1] = 0;
	held->call = (struct call){ .fd = w->test, .ret = 1 };
	held->call.arg = hold_request(held->writes ? KSHM_TEST_HOLD_WRITE :
						     KSHM_TEST_HOLD_READ,
				      &held->call.held, held->m->data + s.from, s.len);
	if (pthread_create(&held->call.thread, NULL, make_call, held)) {
		complain("no thread");
		_exit(1);
	}
	wait_for_driver(held);
}

/* What the driver saw in a call to it: what the parent wrote last, not the child. */
static void check_seen(const struct held *held)
{
	const struct kshm_test_held *seen = &held->call.held;

	if (!held->writes && ((seen->data_before != OLD && seen->data_before != NEW) ||
			      seen->data_after != NEW))
		complain("%s memory, offset %zu: the driver saw %02x, then %02x",
			 memory_name(held->m->kind), held->at, seen->data_before,
			 seen->data_after);
}

/* The call, of this handle alone, may not have come so far yet. */
static void end(struct held *held)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_RELEASE);
	char only = 1;
	int ret;

	arg.in = user_operand(&only, sizeof(only));
	while (!over(held)) {
		ret = control_try(held->call.fd, &arg);
		if (ret)
			complain("a release fails: %d", ret);
		usleep(1000);
	}
	pthread_join(held->call.thread, NULL);
	if (held->call.ret || held->call.arg.out_status)
		complain("a held call failed: %d, %d", held->call.ret,
			 held->call.arg.out_status);
	else
		check_seen(held);
}

/* A call ends early if the parent is killed; what is shared shows that. */
static bool second_byte_right(const struct held *held, bool last)
{
	unsigned char byte = held->m->data[held->at + 1];

	return byte == (last ? KSHM_TEST_HELD_AFTER : 0) ||
	       (byte == KSHM_TEST_HELD_AFTER && !memory_is_private(held->m->kind));
}

/* The memory, with the byte or two that changed; @last: both have. */
static void check_held(const struct held *held, bool last, const char *when)
{
	const struct memory *m = held->m;
	const unsigned char *bytes = m->data + held->at;
	bool right;

	if (held->writes)
		right = bytes[0] == KSHM_TEST_HELD_BEFORE && second_byte_right(held, last);
	else
		right = bytes[0] == (last ? NEW : OLD) && !bytes[1];
	if (!right && !worker_orphaned(held->w, m))
		complain("%s: %s memory, offset %zu: the bytes are %02x %02x", when,
			 memory_name(m->kind), held->at, bytes[0], bytes[1]);
	if ((!memory_intact(m, 0, held->at) ||
	     !memory_intact(m, held->at + 2, m->len - held->at - 2)) &&
	    !worker_orphaned(held->w, m))
		complain("%s: %s memory: bytes around are lost", when, memory_name(m->kind));
	progress();
}

/* The parent waits for its end; shared memory is for it to look at only. */
static void live_as_child(struct held *held, pid_t parent)
{
	struct worker *w = held->w;
	static struct slot own;
	struct memory *m = held->m;

	w->slot = &own;
	w->parent = parent;
	w->pinned.m = NULL;
	state_own(&own);
	w->random ^= getpid();
	check_held(held, false, "in the child");
	pending_in_child(w);
	if (memory_is_private(m->kind)) {
		m->seed++;
		memory_restore(m, 0, m->len);
		worker_call(w, m, worker_random(w) % OPS);
		sched_yield();
		worker_check(w, m, "in the child");
		region_drop(w);
	}
	m = &w->memories[worker_random(w) % MEMORY_KINDS];
	if (m != held->m)
		worker_check(w, m, "in the child");
	_exit(0);
}

static void fork_and_wait(struct held *held)
{
	pid_t parent = getpid(), pid = fork();
	int status;

	if (!pid)
		live_as_child(held, parent);
	if (pid < 0) {
		complain("no fork");
		return;
	}
	count(&state->forks);
	progress();
	/* A file's pages are made clean while the driver is about to write. */
	if (held->m->fd != -1)
		fsync(held->m->fd);
	if (waitpid(pid, &status, 0) != pid || status)
		complain("a child ended with %#x", status);
	pending_told(held->w);
	progress();
}

void held_and_forked(struct worker *w)
{
	struct held held;

	begin(&held, w);
	fork_and_wait(&held);
	if (!held.writes)
		held.m->data[held.at] = NEW;
	end(&held);
	if (worker_random(w) & 1)
		memory_page_out(held.m);
	check_held(&held, true, "in the parent");
	memory_restore(held.m, held.at, 2);
	memory_changed(w, held.m);
}

void held_and_ended(struct worker *w)
{
	struct held held;

	begin(&held, w);
	count(&state->ended_in_call);
	_exit(0);
}
