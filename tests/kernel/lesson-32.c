// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - a 32-bit caller of the driver of docs/driver-authors.md, for lesson.c
 *
 * Exits with 0, or prints what went wrong.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "lesson.h"

_Static_assert(sizeof(void *) == 4, "this is to be a 32-bit program");

static struct kshm_operand operand(void *addr, size_t len)
{
	return (struct kshm_operand){
		.kind = KSHM_OPERAND_USER, .addr = (uintptr_t)addr, .len = len,
	};
}

/* Its own long: a struct that is another one for 64-bit programs. */
static int distance(int fd)
{
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = LESSON_DISTANCE,
	};
	struct { long from, to; } numbers = { 40, -2 };
	__u64 apart = 0;

	arg.in = operand(&numbers, sizeof(numbers));
	arg.out = operand(&apart, sizeof(apart));
	return ioctl(fd, KSHM_IOC_CONTROL, &arg) || arg.out_status ||
	       apart != 42;
}

/* A struct that is the same for all. */
static int gather(int fd)
{
	struct kshm_ioc_control arg = {
		.size = sizeof(arg), .code = LESSON_GATHER,
	};
	char text[] = "abc", out[2];
	struct lesson_piece piece = { .addr = (uintptr_t)(text + 1), .len = 2 };

	arg.in = operand(&piece, sizeof(piece));
	arg.out = operand(out, sizeof(out));
	return ioctl(fd, KSHM_IOC_CONTROL, &arg) || arg.out_status ||
	       out[0] != 'b' || out[1] != 'c';
}

int main(void)
{
	int fd = open("/dev/kshm/lesson0", O_RDWR | O_CLOEXEC);

	if (fd < 0 || distance(fd) || gather(fd)) {
		printf("open %d, distance %d, gather %d\n", fd,
		       fd < 0 ? -1 : distance(fd), fd < 0 ? -1 : gather(fd));
		return 1;
	}
	return 0;
}
