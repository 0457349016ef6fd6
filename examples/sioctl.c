// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - example: a conversation in the shape of Windows
 *
 * usage: sioctl [DEVICE]
 *
 * Sends the four control codes of the sioctl sample to the device "sioctl", or
 * to another that knows them, through kshm_device_io_control(), which has the
 * arguments of DeviceIoControl(). Exits with 0, with 1 and the reason on standard
 * error, or with 2 if it was called wrongly.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_sioctl.h>

/* Of a buffer that need not end in a NUL. */
static void print(const char *what, const char *text, size_t len)
{
	printf("  %s %zu bytes: \"%.*s\"\n", what, len, (int)len, text);
}

static int converse(const struct kshm_handle *handle, __u32 code)
{
	const char *method = kshm_method_windows_name(KSHM_CODE_METHOD(code));
	char in[64], out[100] = "Read me, I am in the output buffer";
	size_t returned = 0;
	char text[512];
	int ret;

	snprintf(in, sizeof(in), "Sent by %s", method);
	printf("%s, code 0x%08x\n", method, code);
	print("the program sends", in, strlen(in) + 1);
	ret = kshm_device_io_control(handle, code, in, strlen(in) + 1,
				     out, sizeof(out), &returned);
	if (ret) {
		kshm_explain_error(ret, text, sizeof(text));
		warnx("%s: %s", method, text);
		return ret;
	}
	/* IN_DIRECT is the method whose output buffer the driver only reads. */
	print(KSHM_CODE_METHOD(code) == KSHM_METHOD_IN_DIRECT ?
	      "the driver read" : "the driver answers", out, returned);
	return 0;
}

int main(int argc, char **argv)
{
	const char *device = argc > 1 ? argv[1] : "sioctl";
	struct kshm_handle *handle;
	int ret, failed = 0;
	char text[512];

	if (argc > 2) {
		fprintf(stderr, "usage: sioctl [DEVICE]\n");
		return 2;
	}
	ret = kshm_open(&handle, device, KSHM_OPEN_READ);
	if (ret) {
		kshm_explain_open(device, KSHM_OPEN_READ, ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	failed |= converse(handle, KSHM_SIOCTL_METHOD_BUFFERED);
	failed |= converse(handle, KSHM_SIOCTL_METHOD_NEITHER);
	failed |= converse(handle, KSHM_SIOCTL_METHOD_IN_DIRECT);
	failed |= converse(handle, KSHM_SIOCTL_METHOD_OUT_DIRECT);
	kshm_close(handle);
	if (fflush(stdout))
		err(1, "standard output");
	return failed ? 1 : 0;
}
