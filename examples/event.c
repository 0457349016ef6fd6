// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - example: the inverted call, which drivers answer when something happens
 *
 * usage: event NAME [COUNT]
 *
 * Waits for messages of NAME at the device "event" and prints each on a line of its own,
 * for ever or COUNT of them, which is one at least. Several requests are under way at any
 * time, each with memory of its own, so that no message is missed while another one is
 * printed. Exits with 0; 1 and the reason on standard error; or 2 if it was called wrongly.
 * For example:
 *
 *	./event news 1 &
 *	sleep 1
 *	kshmctl call event send --in text:news --data 'text:It has happened.'
 *
 * A message that nobody waits for yet nobody gets.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kshm.h>
#include <linux/kshm_event.h>

#define PENDING	8

/* Each request's, until its completion was seen. */
static char messages[PENDING][4096];

static void ask(const struct kshm_handle *handle, const char *name, __u64 number)
{
	struct kshm_operand in = kshm_operand_user(name, strlen(name));
	struct kshm_operand data = kshm_operand_user(messages[number],
						     sizeof(messages[number]));
	struct kshm_explanation why;
	char text[512];

	if (kshm_submit(handle, KSHM_EVENT_WAIT, &in, NULL, &data, number, &why)) {
		kshm_explain(&why, text, sizeof(text));
		errx(1, "%s", text);
	}
}

static struct kshm_completion next(const struct kshm_handle *handle)
{
	struct kshm_completion completion;
	char text[512];
	int ret = kshm_wait(handle, &completion, 1, -1);

	if (ret < 0) {
		kshm_explain_error(ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	if (completion.status) {
		kshm_explain_completion(handle, &completion, text, sizeof(text));
		errx(1, "%s", text);
	}
	return completion;
}

static void print(const struct kshm_completion *completion)
{
	printf("%.*s\n", (int)completion->data_returned, messages[completion->user_data]);
	if (fflush(stdout))
		err(1, "standard output");
	if (completion->needed > completion->data_returned)
		warnx("the message had %llu bytes", (unsigned long long)completion->needed);
}

int main(int argc, char **argv)
{
	struct kshm_completion completion;
	struct kshm_handle *handle;
	long count = -1, nr;
	char *end = NULL;
	char text[512];
	int ret;

	if (argc == 3)
		count = strtol(argv[2], &end, 10);
	if (argc < 2 || argc > 3 || (end && (*end || count < 1))) {
		fprintf(stderr, "usage: event NAME [COUNT]\n");
		return 2;
	}
	ret = kshm_open(&handle, "event", KSHM_OPEN_READ);
	if (ret) {
		kshm_explain_open("event", KSHM_OPEN_READ, ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	for (nr = 0; nr < PENDING; nr++)
		ask(handle, argv[1], nr);
	while (count) {
		completion = next(handle);
		print(&completion);
		if (count > 0)
			count--;
		if (count)
			ask(handle, argv[1], completion.user_data);
	}
	/* What is under way is cancelled. */
	kshm_close(handle);
	return 0;
}
