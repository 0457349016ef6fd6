// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - calls under which the driver for tests misbehaves
 */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "device.h"
#include "harness.h"
#include "misbehaving.h"
#include "pattern.h"

#define ROW(name, driver, kshm)	{ driver, kshm },
static const struct {
	const char *driver;
	const char *kshm;
} rows[] = {
	KSHM_TEST_MISBEHAVIOURS(ROW)
	KSHM_TEST_MISBEHAVIOURS_VERIFIED(ROW)
};

struct misbehaving misbehaving(enum kshm_test_misbehaviour which)
{
	struct misbehaving m = {
		.fd = device_open("test", O_RDWR),
		.code = KSHM_TEST_MISBEHAVE,
		.b = buffer_make(BUFFER_ANON, 2 * MISBEHAVING_PAGES * page_size()),
		.how.which = which,
	};

	m.how.pointer = to_u64(m.b.data + m.b.len / 2);
	m.how.len = m.b.len / 2;
	print_message("A driver %s; kshm %s.\n", rows[which].driver, rows[which].kshm);
	return m;
}

void misbehaving_prepare(struct misbehaving *m, __s64 argument)
{
	m->how.argument = argument;
	m->answer = INT_MAX;
	m->arg = request(m->code);
	m->arg.in = user_operand(&m->how, sizeof(m->how));
	m->arg.out = user_operand(&m->answer, sizeof(m->answer));
	m->arg.data = user_operand(m->b.data, m->b.len / 2);
}

void misbehave(struct misbehaving *m, __s64 argument, int status)
{
	misbehaving_prepare(m, argument);
	control_status(m->fd, &m->arg, status);
}

void misbehaving_end(struct misbehaving *m)
{
	struct kshm_test_work work = { .seed = 3 };

	assert_both_ways(m->fd, m->b.data, m->b.len, work);
	assert_int_equal(device_info(m->fd).out_system_pages, 0);
	close(m->fd);
	buffer_free(&m->b);
}
