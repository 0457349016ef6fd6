// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: a thread that executes the operations of a program that are its
 *
 * Threads live as long as their process: to make one takes longer than most programs.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "completion.h"
#include "copy.h"
#include "coverage.h"
#include "eventfd.h"
#include "file.h"
#include "finding.h"
#include "known.h"
#include "known_file.h"
#include "known_name.h"
#include "known_request.h"
#include "known_share.h"
#include "meet.h"
#include "memory.h"
#include "region.h"
#include "request.h"
#include "sequence.h"
#include "share.h"
#include "thread.h"

/* A step of the time that is left to a process: with all of them most come to an end. */
#define KILL_STEP_US	64

struct handle handles[MAX_HANDLES];

static struct thread threads[MAX_THREADS];
static sem_t *threads_done;
static __u64 vvar;

__u64 thread_address(__u64 value, const void *own)
{
	if (value == OWN && own)
		return (unsigned long)own;
	return value == VVAR ? vvar : value;
}

__u64 thread_place(const __u64 *operand)
{
	if (operand[KIND] == KSHM_OPERAND_REGION)
		return operand[ADDR];
	return thread_address(operand[ADDR], NULL);
}

bool handle_is_stable(const struct thread *thread, const struct op *op)
{
	return thread->alone || op->v[HANDLE] < NR_DEVICES;
}

static int open_device(enum device device, unsigned int access)
{
	static const int flags[] = { O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR };
	char path[64];

	snprintf(path, sizeof(path), "/dev/kshm/%s", device_names[device]);
	return open(path, flags[access] | O_CLOEXEC);
}

static void run_open(const struct op *op)
{
	struct handle *handle = &handles[op->v[HANDLE]];
	int fd;

	if (op->v[HANDLE] < NR_DEVICES)
		return;
	fd = open_device(op->v[DEVICE], op->v[ACCESS]);
	if (fd == -1)
		found("open: %s", strerror(errno));
	handle->device = op->v[DEVICE];
	handle->access = op->v[ACCESS];
	known_forget(op->v[HANDLE]);
	requests_forget(op->v[HANDLE]);
	fd = __atomic_exchange_n(&handle->fd, fd, __ATOMIC_SEQ_CST);
	if (fd != -1)
		close(fd);
}

static void run_close(unsigned int number)
{
	int fd = __atomic_exchange_n(&handles[number].fd, -1, __ATOMIC_SEQ_CST);

	known_forget(number);
	requests_forget(number);
	if (fd != -1)
		close(fd);
}

static void run_ioctl(struct thread *thread, const struct op *op)
{
	unsigned int command = op->v[IOCTL_COMMAND];
	bool known = is_command(command);
	int error;

	/* What is to be called with care is called by request.c, region.c and what that calls. */
	if (known && command != KSHM_IOC_INFO && op->v[IOCTL_AT] != OWN)
		return;
	memset(thread->own, POISON, sizeof(*thread->own));
	error = ioctl(handles[op->v[HANDLE]].fd, command,
		      thread_address(op->v[IOCTL_AT], thread->own->arg)) ? errno : 0;
	if (!known && handle_is_stable(thread, op) && _IOC_TYPE(command) == KSHM_IOC_MAGIC &&
	    error != ENOTTY && error != EBADF)
		found("ioctl %#x: %s", command, strerror(error));
}

static void run_transfer(struct thread *thread, const struct op *op)
{
	int fd = handles[op->v[HANDLE]].fd;
	void *at = (void *)thread_address(op->v[TRANSFER_AT], NULL);
	size_t len = op->v[TRANSFER_LEN];
	struct iovec there = { at, len };
	ssize_t done;

	done = op->type == OP_READ ? preadv2(fd, &there, 1, -1, RWF_NOWAIT) : write(fd, at, len);
	/* Completions that nobody here has looked at. */
	if (op->type == OP_READ && done > 0 && requests_any()) {
		requests_doubt(op->v[HANDLE]);
		return;
	}

	/* Who reads no bytes has them before any device is asked. */
	if (done >= !len && handle_is_stable(thread, op))
		found("a device %s %zd bytes", op->type == OP_READ ? "reads" : "writes", done);
}

static void run_poll(struct thread *thread, const struct op *op)
{
	struct pollfd poll_fd = {
		.fd = handles[op->v[HANDLE]].fd, .events = POLLIN | POLLOUT,
	};

	/* What other threads submit can have ended meanwhile. */
	short completed = requests_any() || !thread->alone ? POLLIN : 0;

	if (poll(&poll_fd, 1, 0) > 0 && handle_is_stable(thread, op) &&
	    !(poll_fd.revents & POLLNVAL) && poll_fd.revents & ~completed)
		found("poll: %#x", (unsigned int)poll_fd.revents);
}

static void run_mmap(struct thread *thread, const struct op *op)
{
	void *data = mmap(NULL, op->v[MMAP_LEN], memory_prot(op->v[MMAP_PROT]), MAP_SHARED,
			  handles[op->v[HANDLE]].fd, 0);

	if (data == MAP_FAILED)
		return;
	if (handle_is_stable(thread, op))
		found("a device can be mapped");
	munmap(data, op->v[MMAP_LEN]);
}

/* The child shares all pages, then writes to some, and is gone. */
static void run_fork(void)
{
	unsigned int i;
	pid_t child = fork();

	if (!child) {
		for (i = 0; i < AREAS; i++)
			memory_write(AREA_BASE + i * AREA_SIZE, "f", 1);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void run_fill(const struct op *op)
{
	unsigned char bytes[OWN_PAGE];
	__u64 at = op->v[SPAN_AT], len = op->v[SPAN_LEN], done, part;

	memset(bytes, op->v[SPAN_BYTE], sizeof(bytes));
	if (!memory_is_area(at, len))
		return;
	for (done = 0; done < len; done += part) {
		part = len - done < sizeof(bytes) ? len - done : sizeof(bytes);
		if (memory_write(at + done, bytes, part) != part)
			break;
	}
}

/* What an exported region's descriptor says of itself, if the one in the slot is there yet. */
static void run_share_info(const struct op *op)
{
	char path[64], text[1024];
	struct share share;
	ssize_t got = -1;
	int fd;

	if (!share_find(share_fd(SLOT0 + op->v[SHARE]), &share))
		return;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", share.fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		got = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[got > 0 ? got : 0] = '\0';
	if (known_is_sure() && !requests_any())
		share_check_info(&share, text);
}

static void run_op(struct thread *thread, const struct op *op)
{
	switch (op->type) {
	case OP_OPEN:
		return run_open(op);
	case OP_CLOSE:
		if (op->v[HANDLE] >= NR_DEVICES)
			run_close(op->v[HANDLE]);
		return;
	case OP_CONTROL:
		return request_control(thread, op);
	case OP_INFO:
		return request_info(thread, op);
	case OP_IOCTL:
		return run_ioctl(thread, op);
	case OP_READ:
	case OP_WRITE:
		return run_transfer(thread, op);
	case OP_POLL:
		return run_poll(thread, op);
	case OP_COMPLETE:
		return completion_read(thread, op);
	case OP_MMAP:
		return run_mmap(thread, op);
	case OP_MAP:
		return memory_map(op);
	case OP_FILL:
		return run_fill(op);
	case OP_FORK:
		return run_fork();
	case OP_UNMAP:
	case OP_PROTECT:
	case OP_DONTNEED:
	case OP_REMAP:
		return memory_change(op);
	case OP_SHARE_INFO:
		return run_share_info(op);
	case OP_SHARE_CLOSE:
		return share_close(op->v[SHARE]);
	case OP_SEQUENCE_READ:
	case OP_SEQUENCE_RAISE:
	case OP_SEQUENCE_POLL:
		return sequence_change(thread, op);
	case OP_EVENTFD_MAKE:
		return eventfd_make(op);
	case OP_EVENTFD_RAISE:
	case OP_EVENTFD_READ:
		return eventfd_change(thread, op);
	case OP_COPY_PIECES:
		return copy_put(op);
	case OP_FILE_MAKE:
		return file_make(op);
	case OP_FILE_SEAL:
	case OP_FILE_PUNCH:
	case OP_FILE_SIZE:
	case OP_FILE_MAP:
		return file_change(op);
	default:
		return request_region(thread, op);
	}
}

static void do_until_killed(struct thread *thread, const struct op *op, int tell)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(tell, "", 1) == 1)
		run_op(thread, op);
	_exit(0);
}

/*
 * Does it in a process that is killed in it, or before, or has come to its end. Ids that
 * it gets nobody knows.
 */
static void run_killed(struct thread *thread, const struct op *op, __u64 after)
{
	int told[2];
	pid_t child;
	char byte;

	if (pipe2(told, O_CLOEXEC))
		return;
	if (op_infos[op->type].command)
		known_doubt(op->v[HANDLE]);
	if (op_infos[op->type].values[0].type == VALUE_HANDLE)
		requests_doubt(op->v[HANDLE]);
	child = fork();
	if (!child)
		do_until_killed(thread, op, told[1]);
	if (child > 0 && read(told[0], &byte, 1) == 1)
		usleep(after * KILL_STEP_US);
	if (child > 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	close(told[0]);
	close(told[1]);
}

/* What makes a process is not killed, which might outlive it. */
static void run_next(struct thread *thread, const struct op *op, const struct op **killed)
{
	const struct op *before = *killed;

	*killed = op->type == OP_KILLED ? op : NULL;
	if (before && !*killed && op->type != OP_FORK)
		run_killed(thread, op, before->v[KILLED_AFTER]);
	else if (!*killed)
		run_op(thread, op);
}

static void *run_thread(void *data)
{
	struct thread *thread = data;
	const struct op *killed;
	unsigned int i;

	coverage_begin(thread->number);
	for (;;) {
		while (sem_wait(&thread->start))
			;
		killed = NULL;
		for (i = 0; i < thread->program->nr_ops; i++) {
			const struct op *op = &thread->program->ops[i];

			if (op->thread != thread->number)
				continue;
			if (!thread->alone)
				meet(thread->program, op);
			run_next(thread, op, &killed);
		}
		sem_post(threads_done);
	}
	return NULL;
}

static void *pages(size_t size)
{
	void *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (data == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return data;
}

void threads_start(sem_t *done)
{
	pthread_t id;
	unsigned int i;

	threads_done = done;
	vvar = memory_vvar();
	for (i = 0; i < MAX_HANDLES; i++) {
		handles[i] = (struct handle){ -1, i % NR_DEVICES, 3 };
		if (i < NR_DEVICES)
			handles[i].fd = open_device(i, 3);
	}
	for (i = 0; i < MAX_THREADS; i++) {
		threads[i].number = i;
		threads[i].own = pages(sizeof(struct own));
		threads[i].expected = pages(sizeof(struct own));
		threads[i].ranges = pages(REGION_RANGES * sizeof(struct kshm_range));
		sem_init(&threads[i].start, 0, 0);
		if (pthread_create(&id, NULL, run_thread, &threads[i])) {
			perror("pthread_create");
			exit(1);
		}
	}
}

unsigned int threads_execute(const struct program *program)
{
	bool alone = !program_is_threaded(program);
	unsigned int i, used = 0, calls = 0;

	known_begin(program, alone);
	requests_begin(alone);
	shares_begin();
	names_begin();
	files_begin();
	for (i = 0; i < program->nr_ops; i++)
		used |= 1u << program->ops[i].thread;
	for (i = 0; i < MAX_THREADS; i++) {
		threads[i].program = program;
		threads[i].alone = alone;
		threads[i].calls = 0;
		if (used & 1u << i)
			sem_post(&threads[i].start);
	}
	for (i = 0; i < MAX_THREADS; i++)
		if (used & 1u << i)
			while (sem_wait(threads_done))
				;
	for (i = 0; i < MAX_THREADS; i++)
		calls += threads[i].calls;
	return calls;
}

void handles_drain(const struct program *program)
{
	const bool alone = !program_is_threaded(program);
	unsigned int i;

	for (i = 0; i < program->nr_ops; i++) {
		const struct op *op = &program->ops[i];

		if (op->type == OP_COMPLETE && (alone || op->v[HANDLE] < NR_DEVICES))
			completion_drain(op->v[HANDLE]);
	}
}

void handles_reset(void)
{
	unsigned int i;

	shares_end();
	for (i = 0; i < MAX_HANDLES; i++) {
		if (i >= NR_DEVICES) {
			run_close(i);
		} else if (known_was_any(i) || requests_touched(i)) {
			run_close(i);
			handles[i].fd = open_device(i, 3);
		}
	}
}
