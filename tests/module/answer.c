// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the driver for tests: handlers that do as they are told, or wrong
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "test.h"

int test_nothing(struct kshm_request *req)
{
	test_count_call();
	return 0;
}

/* Of a driver that returns what is no errno, or one of the kernel's own, kshm would warn. */
int test_status(s64 status)
{
	if (status > 0 || status < -MAX_ERRNO || status == -EIOCBQUEUED)
		return -EDOM;
	return status;
}

static int get_answer(struct kshm_request *req, struct kshm_test_answer *answer)
{
	if (KSHM_CODE_METHOD(kshm_request_control(req)->code) ==
	    KSHM_METHOD_NEITHER)
		return kshm_user_read(kshm_request_user_in(req), 0, answer,
				      sizeof(*answer));
	memcpy(answer, kshm_request_in(req), sizeof(*answer));
	return 0;
}

static int fill_with_x(struct kshm_request *req)
{
	size_t i, len;
	void *data;
	int ret = 0;

	switch (KSHM_CODE_METHOD(kshm_request_control(req)->code)) {
	case KSHM_METHOD_BUFFERED:
		memset(kshm_request_out(req), 'x', kshm_request_out_len(req));
		return 0;
	case KSHM_METHOD_OUT_DIRECT:
		data = kshm_mdl_map_write(kshm_request_mdl(req));
		if (IS_ERR(data))
			return PTR_ERR(data);
		memset(data, 'x', kshm_mdl_len(kshm_request_mdl(req)));
		return 0;
	case KSHM_METHOD_NEITHER:
		len = kshm_request_out_len(req);
		for (i = 0; i < len && !ret; i++)
			ret = kshm_user_write(kshm_request_user_out(req), i,
					      "x", 1);
		return ret;
	default:
		return 0;
	}
}

int test_answer(struct kshm_request *req)
{
	u32 method = KSHM_CODE_METHOD(kshm_request_control(req)->code);
	bool direct = method == KSHM_METHOD_IN_DIRECT ||
		      method == KSHM_METHOD_OUT_DIRECT;
	struct kshm_test_answer answer;
	int ret;

	test_count_call();
	ret = get_answer(req, &answer);
	if (ret)
		return ret;
	ret = fill_with_x(req);
	if (ret)
		return ret;
	kshm_request_set_detail(req, answer.detail);
	kshm_request_set_needed(req, answer.needed);
	kshm_request_set_returned(req, direct ? KSHM_OPERAND_DATA :
						KSHM_OPERAND_OUT,
				  answer.returned);
	return test_status(answer.status);
}

int test_touch(struct kshm_request *req)
{
	u8 *data = kshm_mdl_map_write(kshm_request_mdl(req));

	if (IS_ERR(data))
		return PTR_ERR(data);
	if (kshm_mdl_len(kshm_request_mdl(req)))
		data[0] = 't';
	return 0;
}

int test_overwrite(struct kshm_request *req)
{
	u8 *data = (u8 *)kshm_mdl_map(kshm_request_mdl(req));

	test_count_call();
	if (IS_ERR(data))
		return PTR_ERR(data);
	WRITE_ONCE(data[0], 'x');
	return 0;
}

int test_edit_in(struct kshm_request *req)
{
	test_count_call();
	memset((void *)kshm_request_in(req), 'x', kshm_request_in_len(req));
	kshm_request_set_returned(req, KSHM_OPERAND_OUT,
				  kshm_request_out_len(req));
	return 0;
}

int test_capture(struct kshm_request *req)
{
	u64 offset = *(const u64 *)kshm_request_in(req);
	size_t len = kshm_request_out_len(req);
	int ret;

	test_count_call();
	ret = kshm_request_capture(req, offset, kshm_request_out(req), len);
	if (!ret)
		kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	return ret;
}
