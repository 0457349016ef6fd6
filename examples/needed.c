// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - example: how to find out how large a buffer has to be
 *
 * usage: needed DEVICE CONTROL <INPUT
 *
 * Calls a copied control with no room for its output, is told how much it takes,
 * makes that much room and calls again. Each attempt is shown on standard error,
 * the output as digits on standard output. Exits with 0, with 1 and the reason on
 * standard error, or with 2 if it was called wrongly. For example:
 *
 *	printf abc | ./needed digest sha512
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <kshm.h>

/* Output, and how much of it there is room for. */
struct room {
	unsigned char *bytes;
	size_t len;
};

/*
 * How many bytes the output needs, or 0 if it is not its length that is wrong.
 * Two may say so: kshm, which knows the least length that a control takes and
 * does not even call the driver; or the driver, where the length depends on
 * something that only it knows. A driver may say it beside a success, too, and
 * have given as much as there was room for.
 */
static __u64 needed_length(const struct kshm_result *result,
			   const struct kshm_explanation *why)
{
	if (result->said_by == KSHM_SAID_BY_DRIVER)
		return result->needed;
	if (why->check == KSHM_EXPLAIN_SHORT && why->operand == KSHM_OPERAND_OUT)
		return why->needed;
	return 0;
}

static void make_room(struct room *room, __u64 len)
{
	void *bytes = (size_t)len == len ? realloc(room->bytes, len) : NULL;

	if (!bytes)
		errx(1, "no memory for the %llu bytes that are needed",
		     (unsigned long long)len);
	room->bytes = (unsigned char *)bytes;
	room->len = len;
}

/*
 * Ends when the length is not what is wrong, or would not have to grow: so it does
 * end, whatever a driver says. What is needed can have grown between two calls.
 */
static int call(const struct kshm_handle *handle, __u32 code,
		const struct kshm_operand *in, struct room *room,
		struct kshm_result *result, struct kshm_explanation *why)
{
	struct kshm_operand out;
	__u64 needed;
	int ret;

	for (;;) {
		out = kshm_operand_user(room->bytes, room->len);
		ret = kshm_control(handle, code, in, &out, NULL, result, why);
		needed = needed_length(result, why);
		if (needed <= room->len)
			return ret;
		warnx("room for %zu bytes, needed are %llu", room->len,
		      (unsigned long long)needed);
		make_room(room, needed);
	}
}

static void print(const unsigned char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	printf("\n");
	if (fflush(stdout))
		err(1, "standard output");
}

static struct kshm_operand read_input(void)
{
	static unsigned char input[4096];
	size_t len = fread(input, 1, sizeof(input), stdin);

	if (ferror(stdin))
		err(1, "standard input");
	if (len == sizeof(input) && getchar() != EOF)
		errx(1, "standard input: longer than %zu bytes", sizeof(input));
	return kshm_operand_user(input, len);
}

int main(int argc, char **argv)
{
	struct kshm_explanation why;
	struct kshm_result result;
	struct kshm_handle *handle;
	struct room room = { NULL, 0 };
	struct kshm_operand in;
	char text[512];
	__u32 code;
	int ret;

	if (argc != 3) {
		fprintf(stderr, "usage: needed DEVICE CONTROL <INPUT\n");
		return 2;
	}
	ret = kshm_open(&handle, argv[1], KSHM_OPEN_READ);
	if (ret) {
		kshm_explain_open(argv[1], KSHM_OPEN_READ, ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	ret = kshm_lookup(handle, argv[2], KSHM_METHOD_BUFFERED, &code);
	if (ret == -ENOENT)
		errx(1, "device %s has no copied control \"%s\": kshmctl device show %s lists them",
		     kshm_device(handle), argv[2], kshm_device(handle));
	if (ret) {
		kshm_explain_error(ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	in = read_input();
	ret = call(handle, code, &in, &room, &result, &why);
	if (ret) {
		kshm_explain(&why, text, sizeof(text));
		errx(1, "%s", text);
	}
	kshm_close(handle);
	print(room.bytes, result.out_returned);
	free(room.bytes);
	return 0;
}
