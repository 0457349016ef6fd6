/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - what every sentence of the library's has to be
 */
#ifndef SENTENCE_H
#define SENTENCE_H

#include <string.h>

#include <kshm.h>
#include "harness.h"

#define CODE KSHM_CODE(0x8e01, 0x800, KSHM_METHOD_IN_DIRECT, KSHM_ACCESS_READ)
#define CODE_FROM_DRIVER \
	KSHM_CODE(0x8e01, 0x800, KSHM_METHOD_OUT_DIRECT, KSHM_ACCESS_READ)

/* From a capital or a number to a full stop, with a remedy and without a gap. */
static inline void assert_is_sentence(const char *text)
{
	size_t length = strlen(text);

	assert_true(length > 20 && length < 512);
	assert_false(text[0] >= 'a' && text[0] <= 'z');
	assert_int_equal(text[length - 1], '.');
	assert_null(strstr(text, "  "));
	assert_null(strchr(text, '\n'));
	assert_null(strstr(text, "(null)"));
}

/* Of a request that kshm refused. */
static inline struct kshm_explanation said_by_kshm(int error, __u32 check)
{
	return (struct kshm_explanation){
		.error = -error,
		.said_by = KSHM_SAID_BY_KSHM,
		.check = check,
		.operand = KSHM_OPERAND_OUT,
		.code = CODE,
		.page_size = 4096,
		.device = "digest",
	};
}

/* Of a call that was to make a region. */
static inline struct kshm_explanation of_region(int error, __u32 check)
{
	struct kshm_explanation why = said_by_kshm(error, check);

	why.about = KSHM_ABOUT_REGION;
	why.operand = 0;
	why.code = 0;
	why.rights = KSHM_REGION_READ | KSHM_REGION_WRITE;
	return why;
}

/* Of a call for which there is nothing but the handle. */
static inline struct kshm_explanation of_handle(int error, __u32 check)
{
	struct kshm_explanation why = said_by_kshm(error, check);

	why.about = KSHM_ABOUT_HANDLE;
	why.operand = 0;
	why.code = 0;
	return why;
}

static inline void assert_sentence(const struct kshm_explanation *why,
				   const char *expected)
{
	char text[512];
	int length;

	length = kshm_explain(why, text, sizeof(text));
	assert_string_equal(text, expected);
	assert_int_equal(length, strlen(expected));
}

#endif /* SENTENCE_H */
