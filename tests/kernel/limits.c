// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of the limits; root's, who sets them
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/kshm_null.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "parameter.h"
#include "state.h"

static struct kshm_ioc_control pages_to_driver(struct buffer *b, size_t pages)
{
	struct kshm_ioc_control arg = request(KSHM_NULL_NOP_TO_DRIVER);

	arg.data = user_operand(b->data, pages * page_size());
	return arg;
}

/* Exactly @limit pages are allowed, whatever operands they are in. */
static void check_limit(const char *name, __u32 check)
{
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("null", O_RDWR);
	unsigned long before = parameter_get(name);
	struct kshm_ioc_control arg;
	struct kshm_explain why;

	parameter_set(name, 10);
	arg = pages_to_driver(&b, 10);
	control(fd, &arg);
	arg = pages_to_driver(&b, 11);
	why = control_error(fd, &arg, EDQUOT, check, 0);
	assert_int_equal(why.needed, 11);
	assert_int_equal(why.used, 0);
	assert_int_equal(why.limit, 10);

	/* A byte on a page of its own counts as a page. */
	arg = pages_to_driver(&b, 10);
	arg.data.addr += 1;
	control_error(fd, &arg, EDQUOT, check, 0);

	/* So do copies. */
	arg = pages_to_driver(&b, 8);
	arg.in = user_operand(b.data, 1);
	arg.out = user_operand(b.data, 1);
	control(fd, &arg);
	arg.out.len = page_size() + 1;
	control_error(fd, &arg, EDQUOT, check, 0);

	parameter_set(name, 0);
	arg = pages_to_driver(&b, 1);
	control_error(fd, &arg, EDQUOT, check, 0);
	arg = pages_to_driver(&b, 0);
	control(fd, &arg);
	/* The user's account, and what is wrong with it, goes with the handle. */
	assert_int_equal(device_info(fd).out_user_pages, 0);
	assert_int_equal(device_info(fd).out_system_pages, 0);

	parameter_set(name, before);
	arg = pages_to_driver(&b, 20);
	control(fd, &arg);
	close(fd);
	buffer_free(&b);
}

static void limits_of_a_request(void **state)
{
	check_limit("max_request_pages", KSHM_EXPLAIN_LIMIT_REQUEST);
}

static void limits_of_a_user(void **state)
{
	check_limit("max_user_pages", KSHM_EXPLAIN_LIMIT_USER);
}

static void limits_of_the_system(void **state)
{
	check_limit("max_system_pages", KSHM_EXPLAIN_LIMIT_SYSTEM);
}

struct holder {
	pthread_t thread;
	int fd;
	struct kshm_ioc_control arg;
	struct kshm_test_held held;
};

static void *hold(void *data)
{
	struct holder *holder = data;

	control_try(holder->fd, &holder->arg);
	return NULL;
}

static void begin_holding(struct holder *holder, struct buffer *b, size_t pages)
{
	holder->fd = device_open("test", O_RDWR);
	holder->arg = request(KSHM_TEST_HOLD_READ);
	holder->arg.out = user_operand(&holder->held, sizeof(holder->held));
	holder->arg.data = user_operand(b->data, pages * page_size());
	assert_int_equal(pthread_create(&holder->thread, NULL, hold, holder),
			 0);
	wait_until_holding(holder->fd, 1);
}

static void end_holding(struct holder *holder)
{
	release(holder->fd);
	pthread_join(holder->thread, NULL);
	assert_int_equal(holder->arg.out_status, 0);
	close(holder->fd);
}

/* What a running request has counts, and is shown. */
static void limits_count_requests_under_way(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("null", O_RDWR);
	unsigned long before = parameter_get("max_user_pages");
	struct holder holder = { };
	struct kshm_ioc_control arg;
	struct kshm_explain why;

	parameter_set("max_user_pages", 10);
	begin_holding(&holder, &b, 6);
	/* Six of data and one of out. */
	assert_int_equal(device_info(fd).out_user_pages, 7);
	assert_int_equal(device_info(fd).out_system_pages, 7);
	arg = pages_to_driver(&b, 3);
	control(fd, &arg);
	arg = pages_to_driver(&b, 4);
	why = control_error(fd, &arg, EDQUOT, KSHM_EXPLAIN_LIMIT_USER, 0);
	assert_int_equal(why.needed, 4);
	assert_int_equal(why.used, 7);
	end_holding(&holder);
	arg = pages_to_driver(&b, 10);
	control(fd, &arg);
	parameter_set("max_user_pages", before);
	close(fd);
	buffer_free(&b);
}

/* As another user, in a child; exits 0 if that succeeded, else with errno. */
static int as_user(uid_t uid, int fd, struct kshm_ioc_control arg)
{
	pid_t child = fork();
	int status;

	if (!child) {
		if (setresuid(uid, uid, uid))
			_exit(255);
		_exit(-control_try(fd, &arg));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Who calls is charged, not who opened; the system's limit is for all. */
static void limits_charge_the_caller(void **state)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 20 * page_size());
	int fd = device_open("null", O_RDWR);
	unsigned long user = parameter_get("max_user_pages");
	unsigned long system = parameter_get("max_system_pages");
	struct holder holder = { };

	parameter_set("max_user_pages", 10);
	begin_holding(&holder, &b, 6);
	assert_int_equal(as_user(4321, fd, pages_to_driver(&b, 10)), 0);
	assert_int_equal(as_user(4321, fd, pages_to_driver(&b, 11)), EDQUOT);
	assert_int_equal(as_user(0, fd, pages_to_driver(&b, 10)), EDQUOT);
	parameter_set("max_system_pages", 12);
	assert_int_equal(as_user(4321, fd, pages_to_driver(&b, 10)), EDQUOT);
	assert_int_equal(as_user(4321, fd, pages_to_driver(&b, 5)), 0);
	end_holding(&holder);
	parameter_set("max_user_pages", user);
	parameter_set("max_system_pages", system);
	close(fd);
	buffer_free(&b);
}

/* A driver's own mdl is charged like those of kshm. */
static void limits_count_mdls_of_drivers(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, 20 * page_size());
	int fd = device_open("test", O_RDWR);
	unsigned long before = parameter_get("max_user_pages");
	struct kshm_test_access access = {
		.op = KSHM_TEST_ACCESS_LOCK, .len = 10 * page_size(),
	};
	struct kshm_ioc_control arg = request(KSHM_TEST_ACCESS);

	parameter_set("max_user_pages", 10);
	arg.in = user_operand(&access, sizeof(access));
	arg.out = user_operand(b.data, b.len);
	control_status(fd, &arg, 0);
	access.len = 11 * page_size();
	control_status(fd, &arg, -EDQUOT);
	parameter_set("max_user_pages", before);
	close(fd);
	buffer_free(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(limits_of_a_request),
	cmocka_unit_test(limits_of_a_user),
	cmocka_unit_test(limits_of_the_system),
	cmocka_unit_test(limits_count_requests_under_way),
	cmocka_unit_test(limits_charge_the_caller),
	cmocka_unit_test(limits_count_mdls_of_drivers),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
