// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of submitted requests through the library: how they end
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kshm_null.h>
#include "harness.h"
#include "leak.h"
#include "pend.h"
#include "state.h"

static struct kshm_handle *handle;

static void set_up(void)
{
	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_READ), 0);
}

static void tear_down(void)
{
	kshm_close(handle);
}

/* Asserts that @completion is as @expected, whose other members are 0. */
static void assert_completion(const struct kshm_completion *completion,
			      struct kshm_completion expected)
{
	assert_memory_equal(completion, &expected, sizeof(expected));
}

static void assert_pattern(const unsigned char *bytes, size_t len, __u32 seed)
{
	size_t i;

	for (i = 0; i < len; i++)
		assert_int_equal(bytes[i], kshm_test_byte(seed, i));
}

/* Asserts the sentence; the control's code takes the place of %x. */
static void assert_said(const struct kshm_explanation *why, const char *format,
			__u32 code)
{
	char expected[512], text[512];

	snprintf(expected, sizeof(expected), format, code);
	kshm_explain(why, text, sizeof(text));
	assert_string_equal(text, expected);
}

WITH_SET_UP(submit_gives_a_completion_with_results_and_bytes)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_explanation why, nothing = { 0 };
	struct kshm_completion completion;
	unsigned char out[100];

	pend.detail = 0x80000005;
	pend.returned = 60;
	memset(out, 0xaa, sizeof(out));
	assert_int_equal(pend_try(handle, &pend, out, sizeof(out), 4711, &why), 0);
	assert_memory_equal(&why, &nothing, sizeof(nothing));
	pend_nothing(handle);
	pend_complete(handle, pend.key, KSHM_TEST_IN_CALLER);
	completion = pend_wait(handle);
	assert_completion(&completion, (struct kshm_completion){
		.user_data = 4711,
		.detail = 0x80000005,
		.code = KSHM_TEST_PEND,
		.out_returned = 60,
	});
	assert_pattern(out, 60, pend.seed);
	assert_int_equal(out[60], 0xaa);
	pend_nothing(handle);
}

WITH_SET_UP(submit_ends_in_an_interrupt)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_completion completion;
	unsigned char out[5000];

	pend.returned = sizeof(out);
	assert_int_equal(pend_try(handle, &pend, out, sizeof(out), 0, NULL), 0);
	pend_complete(handle, pend.key, KSHM_TEST_IN_HARDIRQ);
	completion = pend_wait(handle);
	assert_int_equal(completion.status, 0);
	assert_int_equal(completion.out_returned, sizeof(out));
	assert_pattern(out, sizeof(out), pend.seed);
}

WITH_SET_UP(submit_has_data_in_place)
{
	static unsigned char data[10000];
	struct kshm_test_pend pend = pend_new(), other = pend_new();
	struct kshm_operand in = kshm_operand_user(&pend, sizeof(pend));
	struct kshm_operand bytes = kshm_operand_user(data, sizeof(data));

	pend.returned = 9999;
	assert_int_equal(kshm_submit(handle, KSHM_TEST_PEND_WRITE, &in, NULL, &bytes,
				     1, NULL), 0);
	pend_complete(handle, pend.key, KSHM_TEST_IN_HARDIRQ);
	assert_int_equal(pend_wait(handle).data_returned, 9999);
	assert_pattern(data, sizeof(data), pend.seed);

	in = kshm_operand_user(&other, sizeof(other));
	/* Detail is how many bytes the driver did not find as it was told. */
	data[9000]++;
	assert_int_equal(kshm_submit(handle, KSHM_TEST_PEND_READ, &in, NULL, &bytes,
				     2, NULL), 0);
	data[9001]++;
	pend_complete(handle, other.key, KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).detail, 2);
}

/* What was input is not looked at any more, wherever it was. */
WITH_SET_UP(submit_captures_its_input)
{
	struct kshm_test_pend pend = pend_new();
	const __u64 key = pend.key;
	unsigned char out[10];

	pend.returned = sizeof(out);
	assert_int_equal(pend_try(handle, &pend, out, sizeof(out), 0, NULL), 0);
	memset(&pend, 0xff, sizeof(pend));
	pend_complete(handle, key, KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).status, 0);
	assert_pattern(out, sizeof(out), 7);
}

WITH_SET_UP(submit_error_of_the_driver_comes_with_all_it_said)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_completion completion;
	char out[6] = "abcdef";

	pend.status = -EMSGSIZE;
	pend.detail = 7;
	pend.needed = 32;
	assert_int_equal(pend_try(handle, &pend, out, sizeof(out), 1, NULL), 0);
	pend_complete(handle, pend.key, KSHM_TEST_IN_CALLER);
	completion = pend_wait(handle);
	assert_completion(&completion, (struct kshm_completion){
		.user_data = 1,
		.status = -EMSGSIZE,
		.detail = 7,
		.code = KSHM_TEST_PEND,
		.needed = 32,
	});
	assert_memory_equal(out, "abcdef", sizeof(out));
}

WITH_SET_UP(submit_error_of_the_driver_at_once_has_no_completion)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_explanation why;

	pend.how = KSHM_TEST_PEND_AT_ONCE;
	pend.status = -EIO;
	assert_int_equal(pend_try(handle, &pend, NULL, 0, 1, &why), -EIO);
	assert_int_equal(why.error, -EIO);
	assert_int_equal(why.said_by, KSHM_SAID_BY_DRIVER);
	assert_int_equal(why.check, KSHM_EXPLAIN_NONE);
	assert_int_equal(why.code, KSHM_TEST_PEND);
	pend_nothing(handle);
}

WITH_SET_UP(submit_success_of_the_driver_at_once_has_a_completion)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_completion completion;

	pend.how = KSHM_TEST_PEND_AT_ONCE;
	assert_int_equal(pend_try(handle, &pend, NULL, 0, 12, NULL), 0);
	assert_int_equal(kshm_wait(handle, &completion, 1, 0), 1);
	assert_completion(&completion, (struct kshm_completion){
		.user_data = 12,
		.code = KSHM_TEST_PEND,
	});
	pend_nothing(handle);
}

/* That of a device whose driver knows nothing of this. */
static void submit_takes_controls_that_keep_nothing(void **state)
{
	char bytes[100];
	struct kshm_operand op = kshm_operand_user(bytes, sizeof(bytes));
	struct kshm_completion completion;

	assert_int_equal(kshm_open(&handle, "null", KSHM_OPEN_READ), 0);
	assert_int_equal(kshm_submit(handle, KSHM_NULL_NOP_FROM_DRIVER, &op, &op,
				     &op, 5, NULL), 0);
	assert_int_equal(kshm_submit(handle, KSHM_NULL_NOP_RAW, &op, &op, NULL, 6,
				     NULL), 0);
	assert_int_equal(kshm_wait(handle, &completion, 1, 0), 1);
	assert_completion(&completion, (struct kshm_completion){
		.user_data = 5,
		.code = KSHM_NULL_NOP_FROM_DRIVER,
	});
	assert_int_equal(pend_wait(handle).user_data, 6);
	kshm_close(handle);
}

WITH_SET_UP(submit_refused_by_kshm_is_explained_and_has_no_completion)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_operand odd = kshm_operand_none();
	struct kshm_explanation why;

	assert_int_equal(kshm_submit(handle, KSHM_CODE(1, 2, 0, 0), NULL, NULL, NULL,
				     1, &why), -ENOTTY);
	assert_int_equal(why.said_by, KSHM_SAID_BY_KSHM);
	assert_int_equal(why.check, KSHM_EXPLAIN_CODE);
	odd.kind = 99;
	assert_int_equal(kshm_submit(handle, KSHM_TEST_PEND, &odd, NULL, NULL, 1,
				     &why), -EINVAL);
	assert_int_equal(why.check, KSHM_EXPLAIN_KIND);
	assert_int_equal(why.operand, KSHM_OPERAND_IN);
	assert_int_equal(pend_try(handle, &pend, (void *)UINTPTR_MAX, 16, 1, NULL),
			 -EFAULT);
	pend_nothing(handle);
}

static void submit_through_a_handle_that_cannot_be_read_is_eacces(void **state)
{
	struct kshm_test_pend pend = pend_new();
	struct kshm_completion completion;
	struct kshm_explanation why;

	assert_int_equal(kshm_open(&handle, "test", KSHM_OPEN_WRITE), 0);
	assert_int_equal(pend_try(handle, &pend, NULL, 0, 1, &why), -EACCES);
	assert_int_equal(why.check, KSHM_EXPLAIN_ACCESS);
	assert_said(&why,
		    "To submit control 0x%08x of device test demands a handle that is open for reading, which this one is not: give kshm_open() that access too (EACCES).",
		    KSHM_TEST_PEND);
	assert_int_equal(kshm_wait(handle, &completion, 1, 0), -EBADF);
	kshm_close(handle);
}

/* The memory of out went before the completion came. */
WITH_SET_UP(submit_whose_output_has_no_place_is_efault_of_kshm)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	unsigned char *out = mmap(NULL, page, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct kshm_test_pend pend = pend_new();
	struct kshm_completion completion;

	assert_ptr_not_equal(out, MAP_FAILED);
	pend.returned = 10;
	assert_int_equal(pend_try(handle, &pend, out, 10, 1, NULL), 0);
	assert_int_equal(munmap(out, page), 0);
	pend_complete(handle, pend.key, KSHM_TEST_IN_CALLER);
	completion = pend_wait(handle);
	assert_completion(&completion, (struct kshm_completion){
		.user_data = 1,
		.status = -EFAULT,
		.code = KSHM_TEST_PEND,
		.flags = KSHM_COMPLETION_KSHM,
	});
}

WITH_SET_UP(completion_has_a_sentence)
{
	static const struct {
		__s32 status;
		__u32 flags;
		__u64 needed;
		__u32 detail;
		const char *sentence;
	} cases[] = {
		{ 0, 0, 0, 0,
		  "0 is success: nothing failed, and there is nothing to do.",
		},
		{ -EMSGSIZE, 0, 32, 7,
		  "The driver refused control 0x%08x of device test with \"Message too long\", detail 0x7, as it needs a buffer of 32 bytes: pass one of at least that length (EMSGSIZE).",
		},
		{ -ECANCELED, 0, 0, 0,
		  "Control 0x%08x of device test was cancelled, or its device removed: send it again if you still want it (ECANCELED).",
		},
		{ -ECANCELED, 0, 0, 5,
		  "The driver refused control 0x%08x of device test with \"Operation canceled\", detail 0x5: the driver's documentation tells what it means by that (ECANCELED).",
		},
		{ -ECANCELED, KSHM_COMPLETION_KSHM, 0, 0,
		  "Control 0x%08x of device test was cancelled before its driver began with it: send it again if you still want it (ECANCELED).",
		},
		{ -EFAULT, KSHM_COMPLETION_KSHM, 0, 0,
		  "What the driver returned for control 0x%08x of device test has no place: keep the memory of the out operand, and the process that submitted it, until kshm_wait() has given the completion (EFAULT).",
		},
		{ -EIO, KSHM_COMPLETION_KSHM, 0, 0,
		  "Control 0x%08x of device test has an end that is the driver's mistake: look for it in the kernel's log (EIO).",
		},
	};
	struct kshm_completion completion = { .code = KSHM_TEST_PEND };
	char expected[512], text[512], part[20];
	size_t i;
	int len;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		completion.status = cases[i].status;
		completion.flags = cases[i].flags;
		completion.needed = cases[i].needed;
		completion.detail = cases[i].detail;
		snprintf(expected, sizeof(expected), cases[i].sentence, KSHM_TEST_PEND);
		len = kshm_explain_completion(handle, &completion, text, sizeof(text));
		assert_string_equal(text, expected);
		assert_int_equal(len, strlen(expected));
		assert_int_equal(kshm_explain_completion(handle, &completion, part,
							 sizeof(part)), len);
		assert_int_equal(strncmp(part, expected, sizeof(part) - 1), 0);
		assert_int_equal(kshm_explain_completion(handle, &completion, NULL, 0), len);
	}
}

WITH_SET_UP(cancel_ends_those_with_its_user_data)
{
	struct kshm_completion ended[3];
	struct kshm_explanation why;
	__u64 other;

	pend_submit(handle, 2);
	other = pend_submit(handle, 1);
	pend_submit(handle, 2);
	assert_int_equal(kshm_cancel(handle, 2, &why), 2);
	assert_int_equal(why.error, 0);
	ended[0] = pend_wait(handle);
	ended[1] = pend_wait(handle);
	pend_nothing(handle);
	assert_completion(&ended[0], (struct kshm_completion){
		.user_data = 2,
		.status = -ECANCELED,
		.code = KSHM_TEST_PEND,
	});
	assert_memory_equal(&ended[0], &ended[1], sizeof(ended[0]));
	pend_complete(handle, other, KSHM_TEST_IN_CALLER);
	ended[2] = pend_wait(handle);
	assert_int_equal(ended[2].user_data, 1);
	assert_int_equal(ended[2].status, 0);
}

WITH_SET_UP(cancel_of_what_has_ended_or_never_was_is_enoent)
{
	struct kshm_explanation why;
	__u64 key = pend_submit(handle, 1);

	assert_int_equal(kshm_cancel(handle, 7, &why), -ENOENT);
	assert_int_equal(why.check, KSHM_EXPLAIN_REQUEST);
	assert_int_equal(why.about, KSHM_ABOUT_HANDLE);
	assert_said(&why,
		    "The handle has no request with user_data 7 that has not ended: see with kshm_wait() how it ended, if there was one (ENOENT).",
		    0);
	pend_complete(handle, key, KSHM_TEST_IN_CALLER);
	assert_int_equal(kshm_cancel(handle, 1, NULL), -ENOENT);
	assert_int_equal(pend_wait(handle).status, 0);
	assert_int_equal(kshm_cancel(handle, 1, NULL), -ENOENT);
}

WITH_SET_UP(cancel_all_ends_all)
{
	struct kshm_explanation why;
	__u64 i;

	for (i = 0; i < 5; i++)
		pend_submit(handle, i / 2);
	assert_int_equal(kshm_cancel_all(handle, &why), 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(pend_wait(handle).status, -ECANCELED);
	assert_int_equal(kshm_cancel_all(handle, &why), -ENOENT);
	assert_said(&why,
		    "The handle has no such request that has not ended: see with kshm_wait() how it ended, if there was one (ENOENT).",
		    0);
}

WITH_SET_UP(cancel_leaves_what_cannot_be_cancelled)
{
	struct kshm_test_pend pend = pend_new();

	pend.how = KSHM_TEST_PEND_UNCANCELLABLE;
	assert_int_equal(pend_try(handle, &pend, NULL, 0, 1, NULL), 0);
	assert_int_equal(kshm_cancel(handle, 1, NULL), 1);
	pend_nothing(handle);
	pend_complete(handle, pend.key, KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).status, 0);
}

/* Of another handle of the same process, too. */
WITH_SET_UP(cancel_leaves_other_handles_alone)
{
	struct kshm_handle *other;
	__u64 key;

	assert_int_equal(kshm_open(&other, "test", KSHM_OPEN_READ), 0);
	key = pend_submit(other, 1);
	assert_int_equal(kshm_cancel(handle, 1, NULL), -ENOENT);
	assert_int_equal(kshm_cancel_all(handle, NULL), -ENOENT);
	pend_complete(other, key, KSHM_TEST_IN_CALLER);
	pend_nothing(handle);
	assert_int_equal(pend_wait(other).status, 0);
	kshm_close(other);
}

WITH_SET_UP(close_cancels_what_is_left)
{
	struct kshm_handle *other;
	struct kshm_test_pend pend = pend_new();
	char out[5000];
	__u64 key;

	assert_int_equal(kshm_open(&other, "test", KSHM_OPEN_READ), 0);
	pend.returned = sizeof(out);
	memset(out, 'x', sizeof(out));
	assert_int_equal(pend_try(other, &pend, out, sizeof(out), 1, NULL), 0);
	key = pend_submit(other, 2);
	pend_complete(other, key, KSHM_TEST_IN_CALLER);
	kshm_close(other);
	wait_until_free(kshm_fd(handle));
	assert_int_equal(out[0], 'x');
	assert_int_equal(out[sizeof(out) - 1], 'x');
}

static bool is_raised(int eventfd, int timeout_ms)
{
	struct pollfd raised = { .fd = eventfd, .events = POLLIN };

	return poll(&raised, 1, timeout_ms) == 1;
}

WITH_SET_UP(eventfd_is_raised_until_it_is_removed)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct kshm_explanation why;
	eventfd_t count;
	__u64 key;

	assert_true(fd >= 0);
	assert_int_equal(kshm_eventfd(handle, fd, &why), 0);
	assert_int_equal(why.error, 0);
	key = pend_submit(handle, 1);
	assert_false(is_raised(fd, 0));
	pend_complete(handle, key, KSHM_TEST_IN_HARDIRQ);
	assert_true(is_raised(fd, WATCHDOG_MS));
	assert_int_equal(eventfd_read(fd, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(pend_wait(handle).user_data, 1);

	assert_int_equal(kshm_eventfd(handle, -1, NULL), 0);
	pend_complete(handle, pend_submit(handle, 2), KSHM_TEST_IN_CALLER);
	assert_int_equal(pend_wait(handle).user_data, 2);
	assert_false(is_raised(fd, 0));
	close(fd);
}

/* The handle keeps it, whatever becomes of the descriptor. */
WITH_SET_UP(eventfd_takes_the_place_of_the_one_before)
{
	int first = eventfd(0, EFD_CLOEXEC), second = eventfd(0, EFD_CLOEXEC);
	int copy = dup(second);

	assert_true(first >= 0 && second >= 0 && copy >= 0);
	assert_int_equal(kshm_eventfd(handle, first, NULL), 0);
	assert_int_equal(kshm_eventfd(handle, second, NULL), 0);
	close(second);
	pend_complete(handle, pend_submit(handle, 1), KSHM_TEST_IN_CALLER);
	assert_true(is_raised(copy, WATCHDOG_MS));
	assert_int_equal(pend_wait(handle).user_data, 1);
	assert_false(is_raised(first, 0));
	close(copy);
	close(first);
}

WITH_SET_UP(eventfd_that_is_none_is_ebadf)
{
	struct kshm_explanation why;
	int pipe_ends[2];

	assert_int_equal(kshm_eventfd(handle, -2, &why), -EBADF);
	assert_int_equal(why.check, KSHM_EXPLAIN_EVENTFD);
	assert_said(&why,
		    "Descriptor -2 is not open, or not that of an eventfd: pass one that eventfd() gave, or -1 for none (EBADF).",
		    0);
	assert_int_equal(pipe(pipe_ends), 0);
	assert_int_equal(kshm_eventfd(handle, pipe_ends[0], &why), -EBADF);
	assert_int_equal(why.used, pipe_ends[0]);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(submit_gives_a_completion_with_results_and_bytes),
	cmocka_unit_test(submit_ends_in_an_interrupt),
	cmocka_unit_test(submit_has_data_in_place),
	cmocka_unit_test(submit_captures_its_input),
	cmocka_unit_test(submit_error_of_the_driver_comes_with_all_it_said),
	cmocka_unit_test(submit_error_of_the_driver_at_once_has_no_completion),
	cmocka_unit_test(submit_success_of_the_driver_at_once_has_a_completion),
	cmocka_unit_test(submit_takes_controls_that_keep_nothing),
	cmocka_unit_test(submit_refused_by_kshm_is_explained_and_has_no_completion),
	cmocka_unit_test(submit_through_a_handle_that_cannot_be_read_is_eacces),
	cmocka_unit_test(submit_whose_output_has_no_place_is_efault_of_kshm),
	cmocka_unit_test(completion_has_a_sentence),
	cmocka_unit_test(cancel_ends_those_with_its_user_data),
	cmocka_unit_test(cancel_of_what_has_ended_or_never_was_is_enoent),
	cmocka_unit_test(cancel_all_ends_all),
	cmocka_unit_test(cancel_leaves_what_cannot_be_cancelled),
	cmocka_unit_test(cancel_leaves_other_handles_alone),
	cmocka_unit_test(close_cancels_what_is_left),
	cmocka_unit_test(eventfd_is_raised_until_it_is_removed),
	cmocka_unit_test(eventfd_takes_the_place_of_the_one_before),
	cmocka_unit_test(eventfd_that_is_none_is_ebadf),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
