// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of regions whose owner changes its memory while others use them, or
 * goes; root's, who can hold a page fault of the kernel's
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "in_child.h"
#include "kshm_test.h"
#include "leak.h"
#include "pattern.h"
#include "region_calls.h"
#include "watched.h"

#define PAGES	4
#define SEED	6

static const enum buffer_kind kinds[] = { BUFFER_ANON, BUFFER_SHARED, BUFFER_HUGE };

/* What a child does, in turn. */
typedef void step_fn(struct watched *w);

/* A child that made a region through the handle of its parent, and has the pattern there. */
struct owner {
	struct watched w;
	step_fn *step;
	struct child child;
};

static void own(void *data)
{
	struct owner *o = data;
	struct watched *w = &o->w;

	w->b = buffer_make(w->b.reserved, w->b.len);
	w->id = region_make(w->fd, w->b.data, w->b.len, READ_WRITE);
	fill_pattern(w->b.data, w->b.len, SEED);
	child_tell(w, sizeof(*w));
	child_stop();
	o->step(w);
	child_stop();
}

static struct owner owner_make(enum buffer_kind kind, step_fn *step)
{
	/* What is to be made travels in what is not made yet. */
	struct owner o = {
		.w.b = { .len = PAGES * page_size(), .reserved = kind }, .step = step,
	};

	o.w.fd = device_open("test", O_RDWR);
	o.child = child_make(own, &o);
	child_hear(&o.child, &o.w, sizeof(o.w));
	child_stopped(&o.child);
	assert_int_equal(watched_check(o.w.fd, o.w.id, 0, o.w.b.len, SEED), 0);
	return o;
}

static int use(const struct owner *o)
{
	return watched_check(o->w.fd, o->w.id, 0, o->w.b.len, SEED);
}

static void do_nothing(struct watched *w)
{
}

static void unmap_second_page(struct watched *w)
{
	if (munmap(w->b.data + page_size(), page_size()))
		_exit(1);
}

static void zap(struct watched *w)
{
	if (madvise(w->b.data, w->b.len, MADV_DONTNEED))
		_exit(1);
}

/* As its last word, after which the pipe is closed. */
static void exec(struct watched *w)
{
	execl("/bin/sh", "sh", "-c", "exit 7", NULL);
	_exit(1);
}

/* Its memory is looked at, not that of whoever uses the region. */
static void owner_unmaps_while_another_uses(void **state)
{
	struct owner o = owner_make(BUFFER_ANON, unmap_second_page);

	child_step(&o.child);
	watched_is_stale(&o.w, 0, o.w.b.len, o.w.b.data + page_size());
	child_end(&o.child);
	close(o.w.fd);
}

/*
 * And found to be the same, though whoever uses the region has nothing there. As long as
 * the owner has not either, nobody would be told of what becomes of it.
 */
static void another_uses_what_is_suspect(void **state)
{
	struct owner o = owner_make(BUFFER_SHARED, zap);
	int uses;

	child_step(&o.child);
	for (uses = 0; uses < 3; uses++) {
		assert_int_equal(watched_state(&o.w),
				 KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
		assert_int_equal(use(&o), 0);
	}
	child_end(&o.child);
	close(o.w.fd);
}

static void owner_exits_while_another_uses(void **state)
{
	struct owner o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		o = owner_make(kinds[i], do_nothing);
		child_step(&o.child);
		assert_int_equal(use(&o), 0);
		assert_int_equal(watched_state(&o.w) & KSHM_STATE_WATCHED,
				 KSHM_STATE_WATCHED);
		child_end(&o.child);
		assert_int_equal(watched_state(&o.w), 0);
		assert_int_equal(use(&o), 0);
		close(o.w.fd);
	}
}

/* Suspect when it goes, whatever the reason was: there is nothing to compare with. */
static void owner_exits_with_suspect_pages(void **state)
{
	struct owner o = owner_make(BUFFER_SHARED, zap);

	child_step(&o.child);
	assert_int_equal(watched_state(&o.w), KSHM_STATE_WATCHED | KSHM_STATE_SUSPECT);
	child_end(&o.child);
	assert_int_equal(watched_state(&o.w), 0);
	assert_int_equal(use(&o), 0);
	close(o.w.fd);
}

/* What was found stays found. */
static void owner_exits_after_its_region_was_stale(void **state)
{
	struct owner o = owner_make(BUFFER_ANON, unmap_second_page);

	child_step(&o.child);
	assert_int_equal(use(&o), -ESTALE);
	child_end(&o.child);
	assert_int_equal(watched_state(&o.w), KSHM_STATE_STALE);
	assert_int_equal(use(&o), -ESTALE);
	close(o.w.fd);
}

static void owner_is_killed(void **state)
{
	struct owner o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		o = owner_make(kinds[i], do_nothing);
		assert_int_equal(kill(o.child.pid, SIGKILL), 0);
		child_ended(&o.child, SIGKILL);
		assert_int_equal(watched_state(&o.w), 0);
		assert_int_equal(use(&o), 0);
		close(o.w.fd);
	}
}

static void owner_execs(void **state)
{
	struct owner o = owner_make(BUFFER_ANON, exec);
	char byte;

	child_go_on(&o.child);
	/* The new program has no end of the pipe, nor the old memory. */
	assert_int_equal(read(o.child.from, &byte, 1), 0);
	assert_int_equal(use(&o), 0);
	assert_int_equal(watched_state(&o.w), 0);
	child_ended(&o.child, 7 << 8);
	close(o.w.fd);
}

/* A child's memory is another, and none of the region's business. */
static void child_uses_the_region_of_its_parent(void **state)
{
	struct watched w = watched_make(BUFFER_ANON, PAGES * page_size());
	int status;
	pid_t pid;

	fill_pattern(w.b.data, w.b.len, SEED);
	pid = fork();
	if (!pid) {
		memset(w.b.data, 1, w.b.len);
		if (watched_check(w.fd, w.id, 0, w.b.len, SEED))
			_exit(1);
		munmap(w.b.data, w.b.len);
		_exit(watched_check(w.fd, w.id, 0, w.b.len, SEED) ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	watched_is_true(&w);
	watched_free(&w);
}

static void *make_region(void *data)
{
	struct watched *w = data;

	w->id = region_make(w->fd, w->b.data, w->b.len, READ_WRITE);
	return NULL;
}

/* The memory is that of all threads. */
static void owner_is_a_thread(void **state)
{
	struct watched w = { .b = buffer_make(BUFFER_ANON, PAGES * page_size()) };
	pthread_t thread;

	w.fd = device_open("test", O_RDWR);
	assert_int_equal(pthread_create(&thread, NULL, make_region, &w), 0);
	pthread_join(thread, NULL);
	watched_is_true(&w);
	assert_int_equal(munmap(w.b.data, page_size()), 0);
	watched_is_stale(&w, 0, w.b.len, w.b.data);
	watched_free(&w);
}

/* What a thread does to the memory beside the uses of others. */
struct racer {
	struct watched w;
	bool go, done, stop;
};

static void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_SEQ_CST);
}

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_SEQ_CST);
}

static void *map_over(void *data)
{
	struct racer *r = data;
	void *p = r->w.b.data + page_size();

	while (!is_set(&r->go))
		;
	if (mmap(p, page_size(), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p)
		memset(p, 1, page_size());
	set(&r->done);
	return NULL;
}

/* Until it is seen the bytes are those that were pinned, and then it is seen for good. */
static void race_of_a_use_and_a_new_mapping(void **state)
{
	int round, rounds = harness_brief() ? 20 : 100, ret;
	pthread_t thread;
	struct racer r;
	bool done;

	for (round = 0; round < rounds; round++) {
		r = (struct racer){
			.w = watched_make(BUFFER_ANON, PAGES * page_size()),
		};
		fill_pattern(r.w.b.data, r.w.b.len, SEED);
		assert_int_equal(pthread_create(&thread, NULL, map_over, &r), 0);
		set(&r.go);
		do {
			done = is_set(&r.done);
			ret = watched_check(r.w.fd, r.w.id, 0, r.w.b.len, SEED);
		} while (!ret && !done);
		assert_int_equal(ret, -ESTALE);
		pthread_join(thread, NULL);
		watched_free(&r.w);
	}
}

static void *zap_until_stopped(void *data)
{
	struct racer *r = data;

	while (!is_set(&r->stop)) {
		if (madvise(r->w.b.data, r->w.b.len, MADV_DONTNEED))
			break;
		set(&r->go);
	}
	return NULL;
}

/* The pages are the same all the time. */
static void race_of_uses_and_reclaim(void **state)
{
	struct racer r = { .w = watched_make(BUFFER_SHARED, PAGES * page_size()) };
	int use, uses = harness_brief() ? 100 : 500;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, zap_until_stopped, &r), 0);
	while (!is_set(&r.go))
		;
	for (use = 0; use < uses; use++) {
		fill_pattern(r.w.b.data, r.w.b.len, use);
		assert_int_equal(watched_check(r.w.fd, r.w.id, 0, r.w.b.len, use), 0);
	}
	set(&r.stop);
	pthread_join(thread, NULL);
	watched_is_true(&r.w);
	assert_int_equal(watched_state(&r.w), KSHM_STATE_WATCHED);
	watched_free(&r.w);
}

/* Created and destroyed while the kernel tells of changes to the same memory. */
static void race_of_changes_and_an_end(void **state)
{
	struct racer r = { .w = watched_make(BUFFER_SHARED, PAGES * page_size()) };
	struct kshm_range range = { to_u64(r.w.b.data), r.w.b.len };
	int round, made = 0, rounds = harness_brief() ? 50 : 300;
	struct kshm_ioc_region_create arg;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, zap_until_stopped, &r), 0);
	while (!is_set(&r.go))
		;
	for (round = 0; round < rounds; round++) {
		arg = region_request(&range, 1, READ_WRITE);
		/* Pages that go again and again are not there to be pinned. */
		if (region_try(r.w.fd, &arg)) {
			assert_int_equal(errno, EFAULT);
			continue;
		}
		made++;
		fill_pattern(r.w.b.data, r.w.b.len, SEED);
		assert_int_equal(watched_check(r.w.fd, arg.out_id, 0, r.w.b.len, SEED),
				 0);
		region_destroy(r.w.fd, arg.out_id);
	}
	assert_int_not_equal(made, 0);
	set(&r.stop);
	pthread_join(thread, NULL);
	watched_is_true(&r.w);
	watched_free(&r.w);
}

/* Who sends a signal when the ranges are read, and only then gives them. */
struct sender {
	pthread_t to;
	int fault;
	const struct kshm_range *ranges;
	void *page;
};

static int signals;

static void count_signal(int nr)
{
	signals++;
}

static void *send_and_serve(void *data)
{
	const struct sender *s = data;
	struct uffdio_copy copy = {
		.dst = to_u64(s->page), .src = to_u64(s->ranges), .len = page_size(),
	};
	struct uffd_msg message;

	if (read(s->fault, &message, sizeof(message)) != sizeof(message) ||
	    pthread_kill(s->to, SIGUSR1) || ioctl(s->fault, UFFDIO_COPY, &copy))
		_exit(2);
	return NULL;
}

static int watch_page(void *page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { .start = to_u64(page), .len = page_size() },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fault = syscall(SYS_userfaultfd, O_CLOEXEC);

	if (ioctl(fault, UFFDIO_API, &api) || ioctl(fault, UFFDIO_REGISTER, &range))
		_exit(3);
	return fault;
}

static void *map_page(void)
{
	void *page = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		_exit(4);
	return page;
}

/* In a process of its own, which no region was ever made in. */
static int make_despite_signal(void)
{
	struct sigaction action = { .sa_handler = count_signal };
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_range *ranges = map_page();
	struct sender s = { .to = pthread_self(), .page = map_page() };
	struct kshm_ioc_region_create arg = region_request(s.page, 1, READ_WRITE);
	pthread_t thread;
	int ret;

	*ranges = (struct kshm_range){ to_u64(map_page()), page_size() };
	s.ranges = ranges;
	s.fault = watch_page(s.page);
	sigaction(SIGUSR1, &action, NULL);
	if (pthread_create(&thread, NULL, send_and_serve, &s))
		return 5;
	arg.explain = to_u64(&why);
	ret = region_try(device_open("test", O_RDWR), &arg);
	pthread_join(thread, NULL);
	if (ret || !arg.out_id || why.check)
		return 6;
	return signals == 1 ? 0 : 7;
}

/* The first region of a process takes what no kernel gives while a signal waits. */
static void signal_does_not_keep_a_region_from_being_made(void **state)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid)
		_exit(make_despite_signal());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(owner_unmaps_while_another_uses),
	cmocka_unit_test(another_uses_what_is_suspect),
	cmocka_unit_test(owner_exits_while_another_uses),
	cmocka_unit_test(owner_exits_with_suspect_pages),
	cmocka_unit_test(owner_exits_after_its_region_was_stale),
	cmocka_unit_test(owner_is_killed),
	cmocka_unit_test(owner_execs),
	cmocka_unit_test(child_uses_the_region_of_its_parent),
	cmocka_unit_test(owner_is_a_thread),
	cmocka_unit_test(race_of_a_use_and_a_new_mapping),
	cmocka_unit_test(race_of_uses_and_reclaim),
	cmocka_unit_test(race_of_changes_and_an_end),
	cmocka_unit_test(signal_does_not_keep_a_region_from_being_made),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
