// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of pins of private memory: they are what the process has at its addresses,
 * whatever it does there, and nothing that another process has; root's, who can have
 * memory swapped
 *
 * After the kernel's own tests of the same, selftests/mm/cow.c: what it asserts of
 * the pins of others, kshm is held to, for memory in each form and for every way in
 * which a driver can have it. Of which memory there are pins at all is in pinnable.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "call.h"
#include "cow_memory.h"
#include "device.h"
#include "harness.h"
#include "in_child.h"
#include "kshm_test.h"
#include "leak.h"
#include "paging.h"
#include "region_calls.h"
#include "release.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since Linux 6.1 */
#endif

/* What is written: by the process, by its child, by the driver. */
#define NEW	60
#define NEWER	90
#define CHILD	120
#define DRIVER	150

/* How the driver has the memory: as a region with its rights, or as data of a request. */
enum pin { PIN_READ, PIN_READ_WRITE, PIN_REQUEST, PINS };

static const char * const pin_names[PINS] = {
	"region to read", "region to write", "request",
};

/**
 * struct trial - one way of a test
 * @form: the form of the memory
 * @m: the memory
 * @pin: how it is to be pinned
 * @variant: of what is done, a number of the test's own
 * @fd: a handle
 * @id: of the region
 * @call: the request
 */
struct trial {
	const struct cow_form *form;
	struct cow_memory m;
	enum pin pin;
	unsigned int variant;
	int fd;
	__u32 id;
	struct call call;
};

static void set_up(void)
{
	cow_begin();
}

static void tear_down(void)
{
	cow_end();
}

static void try_way(void (*test)(struct trial *t), const struct cow_form *form,
		    enum pin pin, unsigned int variant)
{
	struct trial t = { .form = form, .pin = pin, .variant = variant };

	harness_case();
	/* Shown if it fails: the last one it is. */
	printf("%s, %s, variant %u\n", form->name, pin_names[pin], variant);
	t.m = cow_make(form);
	t.fd = device_open("test", O_RDWR);
	test(&t);
	close(t.fd);
	cow_free(&t.m);
}

/* How many times all forms were tried. In brief each has another pin in the next one. */
static unsigned int turn;

/*
 * Whether it is tried in brief: of each form one pin in one variant, of all forms each.
 * What the stock kernel has not is tried in full on those that are brief.
 */
static bool is_tried(unsigned int form, unsigned int pin, unsigned int variant,
		     unsigned int variants)
{
	unsigned int one = form + turn;

	return !harness_brief() || cow_forms[form].newer ||
	       (one % PINS == pin && one % variants == variant);
}

/* Of each form, with each pin, in all variants. */
static void try_all(void (*test)(struct trial *t), unsigned int variants)
{
	unsigned int form, pin, variant;

	for (form = 0; form < COW_FORMS; form++) {
		if (!cow_has_form(&cow_forms[form]))
			continue;
		for (pin = 0; pin < PINS; pin++)
			for (variant = 0; variant < variants; variant++)
				if (is_tried(form, pin, variant, variants))
					try_way(test, &cow_forms[form], pin, variant);
	}
	turn++;
}

/* @flags: KSHM_REGION_UNWATCHED if it is to be unmapped under the pin. */
static void pin(struct trial *t, __u32 flags)
{
	struct kshm_range range = { to_u64(t->m.data), t->m.len };
	struct kshm_ioc_region_create arg =
		region_request(&range, 1, t->pin == PIN_READ ? KSHM_REGION_READ : READ_WRITE);

	if (t->pin == PIN_REQUEST) {
		call_hold(&t->call, t->fd, KSHM_TEST_HOLD_READ, t->m.data, t->m.len);
		return;
	}
	arg.flags = flags;
	assert_int_equal(region_try(t->fd, &arg), 0);
	t->id = arg.out_id;
}

static bool region_has(const struct trial *t, unsigned int value)
{
	struct kshm_ioc_control arg;
	unsigned char byte = 0;
	__u64 offset;
	size_t page;

	cow_for_each_page(&t->m, page) {
		arg = request(KSHM_TEST_CAPTURE);
		offset = page * page_size();
		arg.in = user_operand(&offset, sizeof(offset));
		arg.out = user_operand(&byte, 1);
		arg.data = region_operand(t->id, 0, t->m.len);
		if (control_try(t->fd, &arg) || arg.out_status || !cow_is(page, byte, value))
			return false;
	}
	return true;
}

/* Whether the driver finds @value there. A request tells it with its end. */
static bool driver_finds(struct trial *t, unsigned int value)
{
	if (t->pin != PIN_REQUEST)
		return region_has(t, value);
	call_release(&t->call);
	return cow_is(0, t->call.held.data_before, COW_OLD) &&
	       cow_is(0, t->call.held.data_after, value);
}

static void driver_writes(const struct trial *t, unsigned int value)
{
	size_t page;

	cow_for_each_page(&t->m, page)
		region_fill(t->fd, t->id, page * page_size(), 1, cow_byte(value, page));
}

/*
 * The pages are mapped read-only, and may be written. The kernel would map them for
 * writing at once if it did not have to find out whether they are written; and those of
 * one folio 7.2 takes for written if they are more than one.
 */
static void write_protect(const struct trial *t)
{
	const struct cow_memory *m = &t->m;
	size_t page;
	bool whole;

	assert_int_equal(mprotect(m->data, m->len, PROT_READ), 0);
	clear_soft_dirty();
	whole = t->form->hugetlb || buffer_huge_bytes(m->data);
	cow_for_each_page(m, page)
		if (!whole)
			assert_int_equal(mprotect(m->data + page * page_size(), page_size(),
						  PROT_READ | PROT_WRITE), 0);
	assert_int_equal(mprotect(m->data, m->len, PROT_READ | PROT_WRITE), 0);
}

/* Forms are what they are said to be. */
static void is_of_its_form(struct trial *t)
{
	pin(t, 0);
	assert_true(driver_finds(t, COW_OLD));
	assert_true(cow_has(&t->m, COW_OLD));
	if (t->form->extents && t->pin != PIN_REQUEST)
		assert_int_equal(region_query(t->fd, t->id).out_extents, t->form->extents);
}

WITH_SET_UP(cow_forms_are_there)
{
	unsigned int form;

	try_all(is_of_its_form, 1);
	for (form = 0; form < COW_FORMS; form++) {
		assert_int_equal(cow_has_form(&cow_forms[form]),
				 cow_kernel_has_form(&cow_forms[form]));
		if (!cow_has_form(&cow_forms[form]))
			harness_note("this kernel has not %s", cow_forms[form].name);
	}
}

/* A child, which has what was there when it came, and is the only one to have what it writes. */
static void child_of_its_own(void *data)
{
	struct trial *t = data;

	child_stop();
	WANT(cow_has(&t->m, COW_OLD));
	cow_write(&t->m, CHILD);
	child_stop();
	WANT(cow_has(&t->m, CHILD));
}

/* @variant: 1: mapped read-only before they are written */
static void write_beside_a_child(struct trial *t, struct child *child)
{
	child_stopped(child);
	if (t->variant)
		write_protect(t);
	cow_write(&t->m, NEW);
	if (t->pin == PIN_READ_WRITE) {
		assert_true(driver_finds(t, NEW));
		driver_writes(t, DRIVER);
		assert_true(cow_has(&t->m, DRIVER));
	}
	child_step(child);
	cow_write(&t->m, NEWER);
	child_end(child);
	cow_write(&t->m, NEW);
	assert_true(driver_finds(t, NEW));
}

/* A1, A5: who was forked meanwhile gets a copy, the pinned page stays. */
static void fork_under_the_pin(struct trial *t)
{
	struct child child;

	pin(t, 0);
	child = child_make(child_of_its_own, t);
	write_beside_a_child(t, &child);
}

WITH_SET_UP(cow_fork_under_the_pin)
{
	try_all(fork_under_the_pin, 2);
}

/* A1, A6: what is shared with a child until one of them writes. */
static void fork_before_the_pin(struct trial *t)
{
	struct child child = child_make(child_of_its_own, t);

	pin(t, 0);
	assert_true(cow_has(&t->m, COW_OLD));
	write_beside_a_child(t, &child);
}

WITH_SET_UP(cow_fork_before_the_pin)
{
	try_all(fork_before_the_pin, 2);
}

static void come_and_go(void *data)
{
	child_stop();
}

/* A6: it was shared, and is mapped as if it were. */
static void child_gone_before_the_pin(struct trial *t)
{
	struct child child = child_make(come_and_go, NULL);

	child_end(&child);
	pin(t, 0);
	cow_write(&t->m, NEW);
	assert_true(driver_finds(t, NEW));
}

WITH_SET_UP(cow_child_gone_before_the_pin)
{
	try_all(child_gone_before_the_pin, 1);
}

/* A6: it is the process's own, and mapped as if it were not. */
static void read_only_before_the_pin(struct trial *t)
{
	write_protect(t);
	pin(t, 0);
	cow_write(&t->m, NEW);
	assert_true(driver_finds(t, NEW));
}

/* And may not even be written. Of hugetlb there is no such region on 6.1: pinnable.c. */
static void read_only_as_it_is_pinned(struct trial *t)
{
	if (t->pin == PIN_READ_WRITE || t->form->hugetlb)
		return;
	assert_int_equal(mprotect(t->m.data, t->m.len, PROT_READ), 0);
	pin(t, 0);
	assert_int_equal(mprotect(t->m.data, t->m.len, PROT_READ | PROT_WRITE), 0);
	cow_write(&t->m, NEW);
	assert_true(driver_finds(t, NEW));
}

WITH_SET_UP(cow_read_only_before_the_pin)
{
	try_all(read_only_before_the_pin, 1);
	try_all(read_only_as_it_is_pinned, 1);
}

static long faults(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

static void write_with_faults(const struct cow_memory *m, unsigned int value)
{
	long before = faults();

	cow_write(m, value);
	assert_true(has_soft_dirty() || !release_is_debians());
	assert_true(!has_soft_dirty() || faults() > before);
}

/* A4: the same, once it is pinned. */
static void read_only_under_the_pin(struct trial *t)
{
	pin(t, 0);
	write_protect(t);
	write_with_faults(&t->m, NEW);
	assert_true(driver_finds(t, NEW));
}

WITH_SET_UP(cow_read_only_under_the_pin)
{
	try_all(read_only_under_the_pin, 1);
}

static void pin_and_unmap(void *data)
{
	struct trial *t = data;

	pin(t, KSHM_REGION_UNWATCHED);
	cow_unmap(&t->m);
	child_stop();
	WANT(driver_finds(t, COW_OLD));
}

/*
 * A2: what a child has pinned is what was there when it was forked, also when it has
 * nothing there any more. @variant: 1: its parent's is mapped read-only before
 */
static void pin_in_the_child(struct trial *t)
{
	struct child child = child_make(pin_and_unmap, t);

	child_stopped(&child);
	if (t->variant)
		write_protect(t);
	cow_write(&t->m, NEW);
	child_end(&child);
	assert_true(cow_has(&t->m, NEW));
}

WITH_SET_UP(cow_pin_in_the_child)
{
	try_all(pin_in_the_child, 2);
}

/*
 * A3: and the reverse: a child writes what its parent had pinned and does not have any
 * more. @variant: 1: pinned before it was forked
 */
static void pin_in_the_parent(struct trial *t)
{
	struct child child;

	if (t->variant)
		pin(t, KSHM_REGION_UNWATCHED);
	child = child_make(child_of_its_own, t);
	if (!t->variant)
		pin(t, KSHM_REGION_UNWATCHED);
	cow_unmap(&t->m);
	child_stopped(&child);
	child_step(&child);
	assert_true(driver_finds(t, COW_OLD));
	child_end(&child);
}

WITH_SET_UP(cow_pin_in_the_parent)
{
	try_all(pin_in_the_parent, 2);
}

/* What of a huge page is shared with a child when it is made one again. */
enum { NOTHING, EVERYTHING, LOWER_HALF, UPPER_HALF, SHARES };

static bool collapses[SHARES];

/* Whether it can be done is the kernel's affair, and makes no difference here. */
static void collapse(const struct trial *t)
{
	if (!madvise(t->m.data, t->m.len, MADV_COLLAPSE))
		collapses[t->variant] = true;
	else
		printf("share %u is not collapsed: %s\n", t->variant, strerror(errno));
}

static void look_at_the_share(void *data)
{
	const struct trial *t = data;
	size_t pages = t->m.len / page_size();

	child_stop();
	WANT(cow_has_in(&t->m, t->variant == UPPER_HALF ? pages / 2 : 0,
			t->variant == LOWER_HALF ? pages / 2 : pages, COW_OLD));
}

static struct child share_a_half(struct trial *t)
{
	size_t half = t->m.len / 2;
	unsigned char *other = t->m.data + (t->variant == LOWER_HALF ? half : 0);
	struct child child;

	assert_int_equal(madvise(other, half, MADV_DONTFORK), 0);
	child = child_make(look_at_the_share, t);
	assert_int_equal(madvise(other, half, MADV_DOFORK), 0);
	return child;
}

/* A7. @variant: what is shared; if it is nothing it is so later */
static void collapsed(struct trial *t)
{
	struct child child;

	if (t->variant == NOTHING)
		collapse(t);
	if (t->variant == LOWER_HALF || t->variant == UPPER_HALF)
		child = share_a_half(t);
	else
		child = child_make(look_at_the_share, t);
	if (t->variant != NOTHING)
		collapse(t);
	pin(t, 0);
	cow_write(&t->m, NEW);
	child_end(&child);
	assert_true(driver_finds(t, NEW));
}

/* Nothing that may be written is left in the table if all is shared: 6.12 wants something. */
static bool is_collapsed(unsigned int share)
{
	return share != EVERYTHING || release_is_since(7, 0);
}

#define TRIES	20

/*
 * Not just then what another processor has yet to put where it belongs, or if there is no
 * huge page free.
 */
static void try_collapsed(enum pin pin, unsigned int share)
{
	const struct cow_form form = { "a huge page mapped in parts", .make = cow_thp_in_parts };
	int tries;

	collapses[share] = false;
	for (tries = 0; !tries || (tries < TRIES && is_collapsed(share) && !collapses[share]);
	     tries++)
		try_way(collapsed, &form, pin, share);
	assert_true(collapses[share] || !is_collapsed(share));
}

WITH_SET_UP(cow_collapsed_before_the_pin)
{
	unsigned int pin, share;

	for (pin = 0; pin < PINS; pin++)
		for (share = 0; share < SHARES; share++)
			if (!harness_brief() || share % PINS == pin)
				try_collapsed(pin, share);
	harness_note("%d, %d, %d and %d of the shares", collapses[NOTHING],
		     collapses[EVERYTHING], collapses[LOWER_HALF], collapses[UPPER_HALF]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(cow_forms_are_there),
	cmocka_unit_test(cow_fork_under_the_pin),
	cmocka_unit_test(cow_fork_before_the_pin),
	cmocka_unit_test(cow_child_gone_before_the_pin),
	cmocka_unit_test(cow_read_only_before_the_pin),
	cmocka_unit_test(cow_read_only_under_the_pin),
	cmocka_unit_test(cow_pin_in_the_child),
	cmocka_unit_test(cow_pin_in_the_parent),
	cmocka_unit_test(cow_collapsed_before_the_pin),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
