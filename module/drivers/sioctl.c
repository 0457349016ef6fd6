// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "sioctl"
 *
 * Does what the sioctl sample of the Windows driver kit does, code for code:
 * each of its four controls answers with a string and reports the same number
 * of bytes, through another transfer method. Not the same: the original copies
 * as many bytes as the caller's buffer has, from a string that is shorter, and
 * so gives away what lies behind the string; here the rest of the buffer stays
 * as it is.
 */
#include <linux/kshm_driver.h>
#include <linux/kshm_sioctl.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* Sent with its NUL, 38 bytes. */
static const char answer[] = "This String is from Device Driver !!!";

/* The original refuses empty buffers first of all, whatever the method. */
static int check_lengths(size_t in, size_t out)
{
	return in && out ? 0 : -EINVAL;
}

static int buffered(struct kshm_request *req)
{
	size_t len = min(sizeof(answer), kshm_request_out_len(req));
	int ret;

	ret = check_lengths(kshm_request_in_len(req),
			    kshm_request_out_len(req));
	if (ret)
		return ret;
	memcpy(kshm_request_out(req), answer, len);
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	return 0;
}

/* Reads what the caller sends in the buffer that Windows calls output. */
static int in_direct(struct kshm_request *req)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	const void *data;
	int ret;

	ret = check_lengths(kshm_request_in_len(req), kshm_mdl_len(mdl));
	if (ret)
		return ret;
	data = kshm_mdl_map(mdl);
	if (IS_ERR(data))
		return PTR_ERR(data);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, kshm_mdl_len(mdl));
	return 0;
}

static int out_direct(struct kshm_request *req)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	size_t len = min(sizeof(answer), kshm_mdl_len(mdl));
	void *data;
	int ret;

	ret = check_lengths(kshm_request_in_len(req), kshm_mdl_len(mdl));
	if (ret)
		return ret;
	data = kshm_mdl_map_write(mdl);
	if (IS_ERR(data))
		return PTR_ERR(data);
	memcpy(data, answer, len);
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, len);
	return 0;
}

/* Locks and maps the caller's input, as the original does to print it. */
static int look_at_input(const struct kshm_user_buffer *in)
{
	struct kshm_mdl mdl;
	const void *data;
	int ret;

	ret = kshm_mdl_init(&mdl, in, 0, kshm_user_len(in), KSHM_TO_DRIVER);
	if (ret)
		return ret;
	ret = kshm_mdl_lock(&mdl);
	if (ret)
		return ret;
	data = kshm_mdl_map(&mdl);
	ret = PTR_ERR_OR_ZERO(data);
	kshm_mdl_unlock(&mdl);
	return ret;
}

static int write_answer(const struct kshm_user_buffer *out, size_t len)
{
	struct kshm_mdl mdl;
	void *data;
	int ret;

	ret = kshm_mdl_init(&mdl, out, 0, kshm_user_len(out),
			    KSHM_FROM_DRIVER);
	if (ret)
		return ret;
	ret = kshm_mdl_lock(&mdl);
	if (ret)
		return ret;
	data = kshm_mdl_map_write(&mdl);
	if (!IS_ERR(data))
		memcpy(data, answer, len);
	ret = PTR_ERR_OR_ZERO(data);
	kshm_mdl_unlock(&mdl);
	return ret;
}

static int neither(struct kshm_request *req)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	struct kshm_user_buffer *out = kshm_request_user_out(req);
	size_t len = min(sizeof(answer), kshm_user_len(out));
	int ret;

	ret = check_lengths(kshm_user_len(in), kshm_user_len(out));
	if (ret)
		return ret;
	ret = kshm_user_probe(in, 1);
	if (ret)
		return ret;
	ret = look_at_input(in);
	if (ret)
		return ret;
	ret = write_answer(out, len);
	if (ret)
		return ret;
	kshm_request_set_returned(req, KSHM_OPERAND_OUT, len);
	return 0;
}

static const struct kshm_control sioctl_controls[] = {
	{
		.code = KSHM_SIOCTL_METHOD_BUFFERED,
		.name = "METHOD_BUFFERED",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.handle = buffered,
	},
	{
		.code = KSHM_SIOCTL_METHOD_NEITHER,
		.name = "METHOD_NEITHER",
		.in_max = KSHM_LENGTH_ANY,
		.out_max = KSHM_LENGTH_ANY,
		.handle = neither,
	},
	{
		.code = KSHM_SIOCTL_METHOD_IN_DIRECT,
		.name = "METHOD_IN_DIRECT",
		.in_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = in_direct,
	},
	{
		.code = KSHM_SIOCTL_METHOD_OUT_DIRECT,
		.name = "METHOD_OUT_DIRECT",
		.in_max = KSHM_LENGTH_ANY,
		.data_max = KSHM_LENGTH_ANY,
		.handle = out_direct,
	},
};

static const struct kshm_device_ops sioctl_ops = {
	.owner = THIS_MODULE,
	.controls = sioctl_controls,
	.nr_controls = ARRAY_SIZE(sioctl_controls),
};

module_kshm_device(sioctl_ops, "sioctl");

MODULE_DESCRIPTION("kshm: the sioctl sample of the Windows driver kit");
MODULE_LICENSE("GPL");
