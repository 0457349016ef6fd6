// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - charging pages to users: tests
 *
 * They run while the module is loaded, when nobody else is charged: with 6.1
 * before its init, with newer kernels after.
 */
#include <kunit/test.h>
#include <linux/kshm.h>

#include "account.h"
#include "explain.h"

struct bounds {
	unsigned long request;
	unsigned long user;
	unsigned long system;
};

static struct bounds before;
static bool before_init;

static void set_bounds(unsigned long request, unsigned long user,
		       unsigned long system)
{
	kshm_max_request_pages = request;
	kshm_max_user_pages = user;
	kshm_max_system_pages = system;
}

/* __ref: the init function is there, as long as it has not been called. */
static int __ref account_init(struct kunit *test)
{
	before_init = !kshm_max_user_pages;
	if (before_init && kshm_account_init())
		return -ENOMEM;
	before = (struct bounds){
		kshm_max_request_pages, kshm_max_user_pages,
		kshm_max_system_pages,
	};
	test->priv = kshm_user_get_current(NULL);
	return test->priv ? 0 : -ENOMEM;
}

static void account_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kshm_system_pages(), 0);
	kshm_user_put(test->priv);
	set_bounds(before.request, before.user, before.system);
	if (before_init) {
		kshm_account_exit();
		set_bounds(before.request, 0, 0);
	}
}

static void account_is_the_same_for_one_user(struct kunit *test)
{
	struct kshm_user *user = test->priv;
	struct kshm_user *again = kshm_user_get_current(NULL);

	KUNIT_EXPECT_PTR_EQ(test, again, user);
	KUNIT_EXPECT_EQ(test, refcount_read(&user->ref), 2);
	kshm_user_put(again);
	KUNIT_EXPECT_EQ(test, refcount_read(&user->ref), 1);
}

static void account_charges_and_gives_back(struct kunit *test)
{
	struct kshm_user *user = test->priv;

	set_bounds(10, 10, 10);
	KUNIT_EXPECT_EQ(test, kshm_charge(user, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kshm_charge(user, 4, NULL), 0);
	KUNIT_EXPECT_EQ(test, kshm_charge(user, 6, NULL), 0);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&user->pages), 10);
	KUNIT_EXPECT_EQ(test, kshm_system_pages(), 10);
	kshm_uncharge(user, 4);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&user->pages), 6);
	KUNIT_EXPECT_EQ(test, kshm_system_pages(), 6);
	kshm_uncharge(user, 6);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&user->pages), 0);
}

/* Over @check's limit nothing is charged, and it is said what was asked for. */
static void expect_refusal(struct kunit *test, unsigned long pages, u32 check,
			   u64 used, u64 limit)
{
	struct kshm_user *user = test->priv;
	unsigned long charged = atomic_long_read(&user->pages);
	struct kshm_explain why = { };

	KUNIT_EXPECT_EQ(test, kshm_charge(user, pages, &why), -EDQUOT);
	KUNIT_EXPECT_EQ(test, why.check, check);
	KUNIT_EXPECT_EQ(test, why.error, EDQUOT);
	KUNIT_EXPECT_EQ(test, why.needed, pages);
	KUNIT_EXPECT_EQ(test, why.used, used);
	KUNIT_EXPECT_EQ(test, why.limit, limit);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&user->pages), charged);
	KUNIT_EXPECT_EQ(test, kshm_system_pages(), charged);
}

static void account_refuses_over_each_limit(struct kunit *test)
{
	set_bounds(5, 100, 100);
	expect_refusal(test, 6, KSHM_EXPLAIN_LIMIT_REQUEST, 0, 5);
	set_bounds(100, 5, 100);
	expect_refusal(test, 6, KSHM_EXPLAIN_LIMIT_USER, 0, 5);
	KUNIT_EXPECT_EQ(test, kshm_charge(test->priv, 5, NULL), 0);
	expect_refusal(test, 1, KSHM_EXPLAIN_LIMIT_USER, 5, 5);
	set_bounds(100, 100, 7);
	expect_refusal(test, 3, KSHM_EXPLAIN_LIMIT_SYSTEM, 5, 7);
	kshm_uncharge(test->priv, 5);
}

static void account_adds_up_without_wrapping(struct kunit *test)
{
	set_bounds(ULONG_MAX, ULONG_MAX, ULONG_MAX);
	expect_refusal(test, ULONG_MAX, KSHM_EXPLAIN_LIMIT_REQUEST, 0, INT_MAX);
	expect_refusal(test, INT_MAX + 1UL, KSHM_EXPLAIN_LIMIT_REQUEST, 0,
		       INT_MAX);
	KUNIT_EXPECT_EQ(test, kshm_charge(test->priv, INT_MAX, NULL), 0);
	KUNIT_EXPECT_EQ(test, kshm_charge(test->priv, INT_MAX, NULL), 0);
	KUNIT_EXPECT_EQ(test, kshm_system_pages(), 2UL * INT_MAX);
	kshm_uncharge(test->priv, INT_MAX);
	kshm_uncharge(test->priv, INT_MAX);
}

static struct kunit_case account_cases[] = {
	KUNIT_CASE(account_is_the_same_for_one_user),
	KUNIT_CASE(account_charges_and_gives_back),
	KUNIT_CASE(account_refuses_over_each_limit),
	KUNIT_CASE(account_adds_up_without_wrapping),
	{ }
};

static struct kunit_suite account_suite = {
	.name = "kshm_account",
	.init = account_init,
	.exit = account_exit,
	.test_cases = account_cases,
};

kunit_test_suite(account_suite);
