// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - stress: what one worker reads of another's region
 *
 * Workers change their bytes all the time, and wait for nobody. What they show has
 * versions (state.h): bytes that were read while these stayed the same, and even, have
 * to be right. That is so also if the other one died meanwhile.
 */
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include <linux/kshm_copy.h>

#include "device.h"
#include "kshm_test.h"
#include "neighbour.h"
#include "region_calls.h"

#define LOOKS	1000

/**
 * struct sight - what was seen of another worker
 * @slot: of it
 * @shown: there
 * @contents: of the memory that its region is of
 */
struct sight {
	struct slot *slot;
	struct shown shown;
	struct contents contents;
};

/* The same as when it was seen. */
static bool unchanged(const struct sight *sight)
{
	const struct slot *slot = sight->slot;

	return version_of(&slot->shown.version) == sight->shown.version &&
	       version_of(&slot->contents[sight->shown.kind].version) ==
		       sight->contents.version;
}

/* False if it has nothing to show, or changes it. */
static bool see(struct sight *sight, struct slot *slot)
{
	sight->slot = slot;
	sight->shown.version = version_of(&slot->shown.version);
	if (sight->shown.version & 1)
		return false;
	sight->shown.key = slot->shown.key;
	sight->shown.kind = slot->shown.kind;
	sight->shown.from = slot->shown.from;
	sight->shown.len = slot->shown.len;
	if (version_of(&slot->shown.version) != sight->shown.version)
		return false;
	sight->contents.version = version_of(&slot->contents[sight->shown.kind].version);
	if (sight->contents.version & 1)
		return false;
	sight->contents.seed = slot->contents[sight->shown.kind].seed;
	return unchanged(sight);
}

/* 0, or what went wrong, of the ioctl or by its status. */
static int copy(struct worker *w, __u32 id, size_t offset, unsigned char *to, size_t len)
{
	struct {
		struct kshm_copy head;
		struct kshm_operand pieces[2];
	} what = {
		.head = { .nr_from = 1, .nr_to = 1 },
		.pieces = { region_operand(id, offset, len), user_operand(to, len) },
	};
	struct kshm_ioc_control arg = request(KSHM_COPY);
	__u64 copied = 0;
	int ret;

	arg.in = user_operand(&what, sizeof(what));
	arg.out = user_operand(&copied, sizeof(copied));
	worker_in_call(w, 1);
	ret = control_try(w->copy, &arg);
	worker_in_call(w, -1);
	if (ret || arg.out_status)
		return ret ? ret : arg.out_status;
	return copied == len ? 0 : -EIO;
}

static bool right(const struct sight *sight, size_t offset, const unsigned char *data,
		  size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (data[i] != kshm_test_byte(sight->contents.seed,
					      sight->shown.from + offset + i))
			return false;
	return true;
}

/* Into bytes of @m, which are put back. */
static void read_into(struct worker *w, const struct sight *sight, __u32 id, struct memory *m)
{
	struct span s = worker_span(w, m);
	size_t offset = worker_random(w) % sight->shown.len, len;
	const char *wrong = NULL;
	int ret;

	len = sight->shown.len - offset;
	if (len > s.len)
		len = s.len;
	s.len = len;
	memory_changes(w, m);
	ret = copy(w, id, offset, m->data + s.from, len);
	if (ret && ret != -ESTALE)
		wrong = "it failed";
	else if (ret)
		wrong = unchanged(sight) ? "it is stale" : NULL;
	else if (!right(sight, offset, m->data + s.from, len) && unchanged(sight))
		wrong = "wrong bytes";
	else if (!worker_around_intact(w, m, s))
		wrong = "bytes around changed";
	if (wrong)
		complain("%d: a copy of %zu+%zu of %s memory of another worker: %s, %d", getpid(),
			 sight->shown.from + offset, len, memory_name(sight->shown.kind), wrong,
			 ret);
	count(unchanged(sight) ? &state->copied[sight->shown.kind] : &state->changed_meanwhile);
	memory_restore(m, s.from, len);
	memory_changed(w, m);
}

/*
 * There is no such region: the other one died, and its regions with it, or let go of it.
 * If it gets something done after that, and shows the same, neither is so.
 */
static void look_whether_it_died(struct sight *sight)
{
	__u64 before = __atomic_load_n(&sight->slot->progress, __ATOMIC_SEQ_CST);
	pid_t pid = sight->slot->pid;
	int looks;

	for (looks = 0; looks < LOOKS; looks++) {
		if (__atomic_load_n(&sight->slot->progress, __ATOMIC_SEQ_CST) != before) {
			if (pid && unchanged(sight) && sight->slot->pid == pid)
				complain("%d: the region of %d is gone", getpid(), pid);
			return;
		}
		sched_yield();
	}
}

void neighbour_read(struct worker *w)
{
	struct slot *slot = &state->slots[worker_random(w) % WORKERS];
	struct sight sight;
	__u32 id;
	int ret;

	if (slot == w->slot || !see(&sight, slot))
		return;
	ret = region_open_try(w->copy, &sight.shown.key, KSHM_REGION_READ, &id, NULL);
	if (ret == -ENOENT)
		look_whether_it_died(&sight);
	else if (ret)
		complain("%d: a key of another worker: %d", getpid(), ret);
	if (ret)
		return;
	read_into(w, &sight, id, &w->memories[worker_random(w) % MEMORY_KINDS]);
	ret = region_destroy_try(w->copy, id, 0);
	if (ret)
		complain("%d: a region that a key gave: %d", getpid(), ret);
	progress();
}
