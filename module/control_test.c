// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tables of controls: tests
 */
#include <kunit/test.h>
#include <linux/kshm_driver.h>

#include "control.h"
#include "explain.h"
#include "limits.h"

static int handle(struct kshm_request *req)
{
	return 0;
}

#define CODE(function, method) \
	KSHM_CODE(0x8000, 0x800 + (function), method, KSHM_ACCESS_ANY)
#define COPIED(function)	CODE(function, KSHM_METHOD_BUFFERED)

/* A good row, with what is given instead. */
#define ROW(...) { .code = COPIED(0), .name = "row", .handle = handle, __VA_ARGS__ }

struct row_case {
	const char *what;
	struct kshm_control row;
	int ret;
};

static const struct row_case rows[] = {
	{ "good", ROW(.flags = 0), 0 },
	{ "any length", ROW(.in_max = KSHM_LENGTH_ANY), 0 },
	{ "one length", ROW(.in_min = 8, .in_max = 8), 0 },
	{ "no name", ROW(.name = NULL), -EINVAL },
	{ "no handler", ROW(.handle = NULL), -EINVAL },
	{ "unknown flag", ROW(.flags = BIT(3)), -EINVAL },
	{ "unknown flag beside a known one",
	  ROW(.flags = BIT(31) | KSHM_CONTROL_MAY_PEND), -EINVAL },
	{ "pending", ROW(.flags = KSHM_CONTROL_MAY_PEND | KSHM_CONTROL_KILLABLE), 0 },
	{ "killable, and nothing to wait for", ROW(.flags = KSHM_CONTROL_KILLABLE), -EINVAL },
	{ "killable, and nothing to wait for, at once",
	  ROW(.flags = KSHM_CONTROL_KILLABLE | KSHM_CONTROL_NOWAIT), -EINVAL },
	{ "at once", ROW(.flags = KSHM_CONTROL_NOWAIT), 0 },
	{ "worker", ROW(.context = KSHM_CONTEXT_WORKER), 0 },
	{ "softirq", ROW(.context = KSHM_CONTEXT_SOFTIRQ), 0 },
	{ "hard interrupt", ROW(.context = KSHM_CONTEXT_HARDIRQ),
	  IS_ENABLED(CONFIG_PREEMPT_RT) ? -EOPNOTSUPP : 0 },
	{ "unknown context", ROW(.context = KSHM_CONTEXT_HARDIRQ + 1), -EINVAL },
	{ "raw outside of the caller",
	  ROW(.code = CODE(0, KSHM_METHOD_NEITHER),
	      .context = KSHM_CONTEXT_WORKER), -EINVAL },
	{ "least in over most", ROW(.in_min = 9, .in_max = 8), -EINVAL },
	{ "least out over most", ROW(.out_min = 9, .out_max = 8), -EINVAL },
	{ "least data over most",
	  ROW(.code = CODE(0, KSHM_METHOD_IN_DIRECT),
	      .data_min = 9, .data_max = 8), -EINVAL },
	{ "data of a copied control", ROW(.data_max = 8), -EINVAL },
	{ "data of a raw control",
	  ROW(.code = CODE(0, KSHM_METHOD_NEITHER), .data_max = 8), -EINVAL },
	{ "data to the driver",
	  ROW(.code = CODE(0, KSHM_METHOD_IN_DIRECT), .data_max = 8), 0 },
	{ "data from the driver",
	  ROW(.code = CODE(0, KSHM_METHOD_OUT_DIRECT), .data_max = 8), 0 },
};

static void row_describe(const struct row_case *row, char *description)
{
	strscpy(description, row->what, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rows, rows, row_describe);

static void control_row_is_checked(struct kunit *test)
{
	const struct row_case *row = test->param_value;
	const struct kshm_device_ops ops = {
		.controls = &row->row, .nr_controls = 1,
	};

	KUNIT_EXPECT_EQ(test, kshm_controls_check(&ops), row->ret);
}

static int check(const struct kshm_control *controls, unsigned int nr)
{
	const struct kshm_device_ops ops = {
		.controls = controls, .nr_controls = nr,
	};

	return kshm_controls_check(&ops);
}

static void control_rows_differ(struct kunit *test)
{
	const struct kshm_control same_code[] = {
		ROW(.name = "a"), ROW(.name = "b"),
	};
	const struct kshm_control same_name[] = {
		ROW(.code = COPIED(0)), ROW(.code = COPIED(1)),
	};
	const struct kshm_control same_name_other_method[] = {
		ROW(.code = COPIED(0)),
		ROW(.code = CODE(0, KSHM_METHOD_NEITHER)),
	};

	KUNIT_EXPECT_EQ(test, check(same_code, 2), -EEXIST);
	KUNIT_EXPECT_EQ(test, check(same_name, 2), -EEXIST);
	KUNIT_EXPECT_EQ(test, check(same_name_other_method, 2), 0);
}

static void control_table_has_rows_but_not_too_many(struct kunit *test)
{
	const struct kshm_control row = ROW(.flags = 0);

	KUNIT_EXPECT_EQ(test, check(NULL, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(&row, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, check(&row, KSHM_MAX_CONTROLS + 1), -EINVAL);
}

static void control_name_is_a_word(struct kunit *test)
{
	static const char * const good[] = {
		"a", "A", "0", "_", "a.b", "a-b", "a_b",
		"0123456789012345678901234567890",
	};
	static const char * const bad[] = {
		"", ".", "..", ".a", "-a", "a b", "a/b", "a\n", "a\x7f",
		"\xc3\xa4", "a%s", "01234567890123456789012345678901",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		KUNIT_EXPECT_TRUE_MSG(test, kshm_name_ok(good[i]), "%s",
				      good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_FALSE_MSG(test, kshm_name_ok(bad[i]), "%s",
				       bad[i]);
}

static void control_is_found_by_its_whole_code(struct kunit *test)
{
	const struct kshm_control controls[] = {
		ROW(.code = COPIED(0)),
		ROW(.code = CODE(0, KSHM_METHOD_NEITHER)),
		ROW(.code = KSHM_CODE(0x8000, 0x801, KSHM_METHOD_BUFFERED,
				      KSHM_ACCESS_READ)),
	};
	const struct kshm_device_ops ops = {
		.controls = controls, .nr_controls = ARRAY_SIZE(controls),
	};
	static const struct {
		u32 code;
		u32 check;
	} unknown[] = {
		{ 0, KSHM_EXPLAIN_CODE },
		{ ~0U, KSHM_EXPLAIN_CODE },
		{ COPIED(2), KSHM_EXPLAIN_CODE },
		{ CODE(0, KSHM_METHOD_IN_DIRECT), KSHM_EXPLAIN_METHOD },
		{ COPIED(1), KSHM_EXPLAIN_ACCESS_BITS },
	};
	struct kshm_explain why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(controls); i++)
		KUNIT_EXPECT_PTR_EQ(test,
				    kshm_control_find(&ops, controls[i].code),
				    &controls[i]);
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		KUNIT_EXPECT_NULL(test,
				  kshm_control_find(&ops, unknown[i].code));
		kshm_control_explain_unknown(&ops, unknown[i].code, &why);
		KUNIT_EXPECT_EQ(test, why.check, unknown[i].check);
	}
}

static struct kunit_case control_cases[] = {
	KUNIT_CASE_PARAM(control_row_is_checked, rows_gen_params),
	KUNIT_CASE(control_rows_differ),
	KUNIT_CASE(control_table_has_rows_but_not_too_many),
	KUNIT_CASE(control_name_is_a_word),
	KUNIT_CASE(control_is_found_by_its_whole_code),
	{ }
};

static struct kunit_suite control_suite = {
	.name = "kshm_control",
	.test_cases = control_cases,
};

kunit_test_suite(control_suite);
