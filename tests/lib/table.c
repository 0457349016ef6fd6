// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of reading the rows of a table, also those no module of this tree has
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/internal.h"
#include "harness.h"

#define ROW \
	"NAME=sha256\nCODE=0x8e016001\nMETHOD=1\nACCESS=1\nCONTEXT=caller\n" \
	"FLAGS=0\nIN_MIN=0\nIN_MAX=5\nOUT_MIN=2\nOUT_MAX=64\nDATA_MIN=1\n" \
	"DATA_MAX=18446744073709551615\n"

static void assert_row(const char *text)
{
	struct kshm_control_entry *row;
	void *item;

	assert_int_equal(kshm_table_parse(text, &item), 0);
	row = item;
	assert_string_equal(row->name, "sha256");
	assert_string_equal(row->context, "caller");
	assert_int_equal(row->code, 0x8e016001);
	assert_int_equal(row->method, KSHM_METHOD_IN_DIRECT);
	assert_int_equal(row->access, KSHM_ACCESS_READ);
	assert_int_equal(row->flags, 0);
	assert_int_equal(row->in_min, 0);
	assert_int_equal(row->in_max, 5);
	assert_int_equal(row->out_min, 2);
	assert_int_equal(row->out_max, 64);
	assert_int_equal(row->data_min, 1);
	assert_true(row->data_max == KSHM_LENGTH_ANY);
	free(item);
}

static void row_is_read_whole(void **state)
{
	assert_row(ROW);
}

static void row_of_a_newer_module_is_read_past_unknown_keys(void **state)
{
	assert_row("VERSION=2\nXCODE=1\nMY_NAME=x\n=\n\n" ROW);
}

static void row_without_a_key_is_ebadmsg(void **state)
{
	const char *text = ROW;
	const char *line, *next;
	char shorter[sizeof(ROW)];
	void *item = NULL;

	for (line = text; *line; line = next) {
		next = strchr(line, '\n') + 1;
		snprintf(shorter, sizeof(shorter), "%.*s%s",
			 (int)(line - text), text, next);
		assert_int_equal(kshm_table_parse(shorter, &item), -EBADMSG);
		assert_null(item);
	}
}

/* Puts a value in the place of a whole one; the row is otherwise good. */
static int parse_with(const char *key, const char *value)
{
	const char *text = ROW;
	const char *line = strstr(text, key);
	char changed[2 * sizeof(ROW)];
	void *item;
	int ret;

	snprintf(changed, sizeof(changed), "%.*s%s%s%s", (int)(line - text),
		 text, key, value, strchr(line, '\n'));
	ret = kshm_table_parse(changed, &item);
	if (!ret)
		free(item);
	return ret;
}

static void row_with_a_bad_number_is_ebadmsg(void **state)
{
	assert_int_equal(parse_with("CODE=", "0x8e016001"), 0);
	assert_int_equal(parse_with("CODE=", ""), -EBADMSG);
	assert_int_equal(parse_with("CODE=", "0x8e016001 "), -EBADMSG);
	assert_int_equal(parse_with("CODE=", "-1"), -EBADMSG);
	assert_int_equal(parse_with("CODE=", " 1"), -EBADMSG);
	assert_int_equal(parse_with("CODE=", "0xffffffff"), 0);
	assert_int_equal(parse_with("CODE=", "0x100000000"), -EBADMSG);
	assert_int_equal(parse_with("OUT_MAX=", "18446744073709551615"), 0);
	assert_int_equal(parse_with("OUT_MAX=", "18446744073709551616"),
			 -EBADMSG);
}

static void row_with_a_name_too_long_is_ebadmsg(void **state)
{
	assert_int_equal(parse_with("NAME=", "abcdefghijklmnopqrstuvwxyz01234"),
			 0);
	assert_int_equal(parse_with("NAME=", "abcdefghijklmnopqrstuvwxyz012345"),
			 -EBADMSG);
	assert_int_equal(parse_with("NAME=", ""), -EBADMSG);
	assert_int_equal(parse_with("CONTEXT=", "a-context-too-long"), -EBADMSG);
}

static void row_cut_anywhere_is_ebadmsg(void **state)
{
	char text[] = ROW;
	void *item = NULL;
	size_t length;

	/* The last digit of the last number may be missing unnoticed. */
	for (length = strstr(text, "DATA_MAX=") - text + strlen("DATA_MAX=");
	     length-- > 0;) {
		text[length] = '\0';
		assert_int_equal(kshm_table_parse(text, &item), -EBADMSG);
		assert_null(item);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(row_is_read_whole),
	cmocka_unit_test(row_of_a_newer_module_is_read_past_unknown_keys),
	cmocka_unit_test(row_without_a_key_is_ebadmsg),
	cmocka_unit_test(row_with_a_bad_number_is_ebadmsg),
	cmocka_unit_test(row_with_a_name_too_long_is_ebadmsg),
	cmocka_unit_test(row_cut_anywhere_is_ebadmsg),
};

HARNESS_MAIN(tests)
