// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: requests that a worker has submitted, and that end when they do
 *
 * Each is on memory that nothing else uses, which stays pinned meanwhile, and that all
 * that moves memory acts upon as on any other. Whoever likes ends it, by its number: the
 * worker, another one, or who supervises them. The completion is read by the worker, or a
 * child of it; each comes once, and then the bytes are what it says. Where a worker dies
 * its requests are cancelled with their handles, and those that cannot be cancelled are
 * ended by the supervisor.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "kshm_test.h"
#include "pattern.h"
#include "pended_calls.h"
#include "pending.h"
#include "region.h"
#include "region_calls.h"

#define MESSAGE		8192
#define CHILD_SEED	77	/* seed of what a child writes */

static void bad(const struct pending *p, const char *what, int error)
{
	complain("%d: request %llu, %s, %zu+%zu of %s memory%s: %s, %d", getpid(), p->number,
		 asked_name(p->asked), p->s.from, p->s.len, memory_name(p->m.kind),
		 p->in_region ? " in a region" : "", what, error);
}

void pending_begin(struct worker *w)
{
	w->keeper = device_open("test", O_RDWR | O_NONBLOCK);
	w->event = device_open("event", O_RDWR | O_NONBLOCK);
	w->family = mmap(NULL, sizeof(*w->family), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->family == MAP_FAILED) {
		complain("no memory for a family");
		exit(1);
	}
}

/* Now and then another one, of the next kind. */
static void make_memory(struct worker *w, struct pending *p)
{
	const size_t nr = p - w->pending;
	enum memory_kind kind;

	if (p->m.data && worker_random(w) % 8)
		return;
	if (p->m.data) {
		worker_check(w, &p->m, "the end of what was pinned");
		memory_free(&p->m);
	}
	kind = count(&state->made) % MEMORY_KINDS;
	if (!memory_make_small(&p->m, kind, worker_random(w)))
		exit(1);
	w->slot->spans[MEMORY_KINDS + nr].len = 0;
	w->slot->spans[MEMORY_KINDS + nr].data = p->m.data;
	w->slot->spans[MEMORY_KINDS + nr].len = p->m.len;
	progress();
}

/* What is asked for of each kind of memory in turn, that each is of each. */
static void choose(struct worker *w, struct pending *p)
{
	do
		p->asked = count(&state->turns[p->m.kind]) % ASKED_KINDS;
	while (!asked_works_on(p->asked, p->m.kind));
	do {
		p->s = worker_span(w, &p->m);
		p->s.len = asked_len(p->asked, p->s.len);
	} while (!p->s.len);
	p->fd = asked_of_event(p->asked) ? w->event : w->keeper;
	p->before = worker_random(w);
	p->after = worker_random(w);
	p->in_region = asked_in_region(p->asked, p->m.kind) && worker_random(w) % 4 == 0;
	p->in_region |= p->m.kind == MEMORY_SECTION;
	p->number = count(&state->numbers);
}

/* The bytes as an operand. */
static int find_data(struct pending *p, struct kshm_operand *data)
{
	const struct span pages = region_pages(&p->m, p->s, 0);
	int ret;

	*data = user_operand(p->m.data + p->s.from, p->s.len);
	if (!p->in_region)
		return 0;
	ret = region_pin(p->fd, &p->m, pages, p->m.kind != MEMORY_FILE, &p->region);
	if (ret) {
		p->in_region = false;
		bad(p, "no region", ret);
		return ret;
	}
	*data = region_operand(p->region, p->s.from - pages.from, p->s.len);
	return 0;
}

static void drop_region(struct pending *p)
{
	int ret;

	if (!p->in_region)
		return;
	ret = region_destroy_try(p->fd, p->region, 0);
	if (ret)
		bad(p, "its region cannot be destroyed", ret);
	p->in_region = false;
}

/* It is over; its bytes are those of its memory again. */
static void forget(struct worker *w, struct pending *p)
{
	const size_t nr = p - w->pending;

	drop_region(p);
	memory_restore(&p->m, p->s.from, p->s.len);
	__atomic_store_n(&w->slot->pending[nr], 0, __ATOMIC_RELAXED);
	p->number = 0;
}

static void name_of(const struct slot *slot, char *name, size_t size)
{
	snprintf(name, size, "stress %d", (int)(slot - state->slots));
}

static void submit_one(struct worker *w, struct pending *p)
{
	const size_t nr = p - w->pending;
	struct kshm_operand data;
	char name[16];
	int ret;

	make_memory(w, p);
	choose(w, p);
	w->family->cancelled[nr] = false;
	fill_pattern(p->m.data + p->s.from, p->s.len, p->before);
	if (find_data(p, &data)) {
		forget(w, p);
		return;
	}
	name_of(w->slot, name, sizeof(name));
	__atomic_store_n(&w->slot->pending[nr], p->number, __ATOMIC_RELAXED);
	count(&state->submitted);
	worker_in_call(w, 1);
	ret = asked_submit(p, data, worker_random(w), name);
	worker_in_call(w, -1);
	if (ret) {
		bad(p, "it cannot be submitted", ret);
		forget(w, p);
	}
	progress();
}

static void cancel(struct worker *w, struct pending *p)
{
	const size_t nr = p - w->pending;
	int ret;

	worker_in_call(w, 1);
	ret = cancel_try(p->fd, p->number, 0, NULL);
	worker_in_call(w, -1);
	if (ret == 1)
		w->family->cancelled[nr] = true;
	else if (ret != -ENOENT)
		bad(p, "it cannot be cancelled", ret);
}

/* Has the driver for tests end one, wherever: how many there were. */
static __u32 complete(struct worker *w, __u64 number, __u32 where)
{
	__u32 nr;

	worker_in_call(w, 1);
	nr = complete_where(w->test, number, where);
	worker_in_call(w, -1);
	if (nr > 1)
		complain("%d: %u requests have the number %llu", getpid(), nr, number);
	return nr;
}

/* Of bytes that begin with their seed. */
static void send_to(struct worker *w, const struct slot *slot)
{
	static unsigned char message[MESSAGE];
	const size_t len = 1 + worker_random(w) % MESSAGE;
	struct kshm_ioc_control arg = request(KSHM_EVENT_SEND);
	char name[16];
	int ret;

	name_of(slot, name, sizeof(name));
	fill_pattern(message, len, worker_random(w));
	arg.in = user_operand(name, strlen(name));
	arg.data = user_operand(message, len);
	worker_in_call(w, 1);
	ret = control_try(w->event, &arg);
	worker_in_call(w, -1);
	if (ret || arg.out_status)
		complain("%d: a message cannot be sent: %d, %d", getpid(), ret,
			 arg.out_status);
}

/* Of itself end ticks only. */
static void end_own(struct worker *w, const struct pending *p)
{
	if (p->asked == ASKED_MESSAGE)
		send_to(w, w->slot);
	else if (!asked_of_event(p->asked))
		complete(w, p->number, worker_random(w) % (KSHM_TEST_ON_CPU + 1));
}

/* Whatever that one is doing. */
static void end_of_another(struct worker *w)
{
	const struct slot *slot = &state->slots[worker_random(w) % WORKERS];
	const __u64 *pending = &slot->pending[worker_random(w) % PENDING];
	__u64 number = __atomic_load_n(pending, __ATOMIC_RELAXED);

	if (slot == w->slot)
		return;
	if (worker_random(w) % 4 == 0)
		send_to(w, slot);
	else if (number && complete(w, number, worker_random(w) % (KSHM_TEST_ON_CPU + 1)))
		count(&state->ended_by_others);
}

/* Its bytes, those around, and what is told of it. */
static void look_at(struct worker *w, struct pending *p, const struct kshm_completion *c)
{
	const char *wrong = asked_wrong(p, c, w->family->cancelled[p - w->pending]);

	if (!wrong && !worker_around_intact(w, &p->m, p->s))
		wrong = "bytes around changed";
	if (wrong)
		bad(p, wrong, c->status);
	else if (c->status)
		count(&state->cancelled);
	else
		count(&state->asked[p->asked][p->m.kind]);
	forget(w, p);
	progress();
}

/* NULL: nothing of that number was submitted, or its completion was read before. */
static struct pending *find(struct worker *w, __u64 number)
{
	int i;

	for (i = 0; i < PENDING; i++)
		if (number && w->pending[i].number == number)
			return &w->pending[i];
	return NULL;
}

static bool read_one(struct worker *w, int fd, struct kshm_completion *c)
{
	ssize_t got;

	worker_in_call(w, 1);
	got = read(fd, c, sizeof(*c));
	worker_in_call(w, -1);
	if (got == -1 && errno == EAGAIN)
		return false;
	if (got != sizeof(*c)) {
		complain("%d: completions cannot be read: %zd, %d", getpid(), got, errno);
		return false;
	}
	count(&state->read);
	return true;
}

static void read_all(struct worker *w, int fd)
{
	struct kshm_completion c;
	struct pending *p;

	while (read_one(w, fd, &c)) {
		p = find(w, c.user_data);
		if (p)
			look_at(w, p, &c);
		else
			complain("%d: a completion of nothing, %llu, %d", getpid(),
				 c.user_data, c.status);
	}
}

/* One of ten is cancelled, however often it is looked at before it ends. */
static void go_on(struct worker *w, struct pending *p)
{
	__u32 what = worker_random(w) % 20;

	if (what == 0)
		cancel(w, p);
	else if (what < 4)
		memory_page_out(&p->m);
	else if (what < 11)
		end_of_another(w);
	else
		end_own(w, p);
}

void pending_step(struct worker *w)
{
	struct pending *p = &w->pending[worker_random(w) % PENDING];

	if (p->number)
		go_on(w, p);
	else
		submit_one(w, p);
	read_all(w, w->keeper);
	read_all(w, w->event);
	progress();
}

static bool is_any_left(const struct worker *w)
{
	int i;

	for (i = 0; i < PENDING; i++)
		if (w->pending[i].number)
			return true;
	return false;
}

/* What is neither cancelled nor ended here somebody else is ending, or has. */
void pending_end(struct worker *w)
{
	struct pollfd fds[] = {
		{ .fd = w->keeper, .events = POLLIN }, { .fd = w->event, .events = POLLIN },
	};
	struct pending *p;

	for (p = w->pending; p < w->pending + PENDING; p++) {
		if (!p->number)
			continue;
		if (worker_random(w) & 1)
			cancel(w, p);
		if (asked_of_event(p->asked))
			cancel(w, p);
		else
			complete(w, p->number, KSHM_TEST_IN_CALLER);
	}
	while (is_any_left(w)) {
		/* For as long as that takes: who waits in vain hangs. */
		poll(fds, 2, -1);
		read_all(w, w->keeper);
		read_all(w, w->event);
	}
	for (p = w->pending; p < w->pending + PENDING; p++)
		if (p->m.data)
			worker_check(w, &p->m, "the end");
}

/* Unless that died, what is read is of something that it has submitted. */
static void tell(struct worker *w, const struct kshm_completion *c)
{
	struct pending *p = find(w, c->user_data);

	if (!p || w->family->told[p - w->pending].user_data == c->user_data) {
		complain("%d: a completion of nothing in a child, %llu", getpid(),
			 c->user_data);
		return;
	}
	w->family->told[p - w->pending] = *c;
	count(&state->read_by_children);
}

void pending_in_child(struct worker *w)
{
	struct kshm_completion c;
	struct pending *p;
	int nr;

	for (p = w->pending; p < w->pending + PENDING; p++)
		if (p->number && memory_is_private(p->m.kind))
			fill_pattern(p->m.data + p->s.from, p->s.len, CHILD_SEED);
	for (nr = worker_random(w) % PENDING; nr && read_one(w, w->keeper, &c); nr--)
		tell(w, &c);
	p = &w->pending[worker_random(w) % PENDING];
	if (p->number && worker_random(w) % 4 == 0)
		cancel(w, p);
	for (p = w->pending; p < w->pending + PENDING; p++)
		if (p->number && memory_is_private(p->m.kind) &&
		    !has_pattern(p->m.data + p->s.from, p->s.len, CHILD_SEED))
			bad(p, "it is seen in a child", 0);
	progress();
}

void pending_told(struct worker *w)
{
	struct kshm_completion *c;
	struct pending *p;

	for (c = w->family->told; c < w->family->told + PENDING; c++) {
		if (!c->user_data)
			continue;
		p = find(w, c->user_data);
		if (p)
			look_at(w, p, c);
		else
			complain("%d: a child read a completion of nothing", getpid());
		c->user_data = 0;
	}
}
