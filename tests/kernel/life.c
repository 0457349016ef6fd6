// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of coming and going: callers that fork, exec and exit, handles
 * that are passed on, modules in use; root's, who unloads modules
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "call.h"
#include "device.h"
#include "harness.h"
#include "leak.h"
#include "passing.h"
#include "state.h"

/* A signal that does not kill does not disturb a request. */
static volatile sig_atomic_t alarms;

static void on_alarm(int signal)
{
	alarms++;
}

static void life_signals_that_do_not_kill(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR);
	struct call call;

	signal(SIGALRM, on_alarm);
	alarms = 0;
	call_hold(&call, fd, KSHM_TEST_HOLD_READ, b.data, 10);
	pthread_kill(call.thread, SIGALRM);
	usleep(50000);
	assert_int_equal(test_state(fd).holding, 1);
	call_release(&call);
	assert_int_equal(alarms, 1);
	signal(SIGALRM, SIG_DFL);
	close(fd);
	buffer_free(&b);
}

/* The child gets copies; the parent's page stays with the driver. */
static void life_fork_with_a_request_under_way(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR);
	struct call call;
	pid_t child;
	int status;

	b.data[0] = 1;
	call_hold(&call, fd, KSHM_TEST_HOLD_READ, b.data, 10);
	child = fork();
	if (!child) {
		b.data[0] = 66;
		_exit(b.data[0] == 66 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	b.data[0] = 2;
	call_release(&call);
	assert_int_equal(call.held.data_before, 1);
	assert_int_equal(call.held.data_after, 2);
	close(fd);
	buffer_free(&b);
}

/* The whole child goes while a thread of it calls; nothing of it stays. */
static void leave_with_a_request_under_way(void (*leave)(void), int want)
{
	struct buffer b = buffer_make(BUFFER_SHARED, 10 * page_size());
	int fd = device_open("test", O_RDWR);
	struct call call;
	pid_t child;
	int status;

	child = fork();
	if (!child) {
		call_hold(&call, fd, KSHM_TEST_HOLD_READ, b.data, b.len);
		leave();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), want);
	assert_int_equal(test_state(fd).holding, 0);
	wait_until_free(fd);
	close(fd);
	buffer_free(&b);
}

static void exec(void)
{
	execl("/bin/sh", "sh", "-c", "exit 6", NULL);
	_exit(1);
}

static void life_exec_with_a_request_under_way(void **state)
{
	leave_with_a_request_under_way(exec, 6);
}

static void quit(void)
{
	_exit(7);
}

static void life_exit_with_a_request_under_way(void **state)
{
	leave_with_a_request_under_way(quit, 7);
}

/* The file lives on in the request, and goes with it. */
static void life_close_from_another_thread(void **state)
{
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int watch = device_open("test", O_RDWR);
	int fd = device_open("test", O_RDWR);
	__u64 closed = test_state(watch).closed;
	struct call call;

	call_hold(&call, fd, KSHM_TEST_HOLD_READ, b.data, 10);
	assert_int_equal(close(fd), 0);
	assert_int_equal(test_state(watch).holding, 1);
	assert_int_equal(test_state(watch).closed, closed);
	release(watch);
	call_join(&call);
	assert_int_equal(call.ret, 0);
	assert_int_equal(call.arg.out_status, 0);
	assert_int_equal(test_state(watch).closed, closed + 1);
	close(watch);
	buffer_free(&b);
}

/* A call whose struct is unmapped meanwhile, which control_try() would look at. */
struct lost {
	int fd;
	struct kshm_ioc_control *arg;
	int ret;
};

static void *call_to_be_lost(void *data)
{
	struct lost *lost = data;

	lost->ret = ioctl(lost->fd, KSHM_IOC_CONTROL, lost->arg) ? -errno : 0;
	return NULL;
}

/*
 * The struct is found writable before the handler runs, and gone after: nobody is
 * told what it said, and nothing of the request is left.
 */
static void life_results_lost_with_their_struct(void **state)
{
	struct kshm_ioc_control *arg = mmap(NULL, page_size(), PROT_READ | PROT_WRITE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct buffer b = buffer_make(BUFFER_ANON, page_size());
	int fd = device_open("test", O_RDWR), watch = device_open("test", O_RDWR);
	struct lost lost = { .fd = fd, .arg = arg };
	struct kshm_test_held held;
	pthread_t thread;

	assert_ptr_not_equal(arg, MAP_FAILED);
	*arg = hold_request(KSHM_TEST_HOLD_READ, &held, b.data, 10);
	assert_int_equal(pthread_create(&thread, NULL, call_to_be_lost, &lost), 0);
	wait_until_holding(watch, 1);
	munmap(arg, page_size());
	release(watch);
	pthread_join(thread, NULL);
	assert_int_equal(lost.ret, -EFAULT);
	assert_int_equal(device_info(watch).out_system_pages, 0);
	close(watch);
	close(fd);
	buffer_free(&b);
}

/* A handle works in whatever process has it, on that process's memory. */
static void life_handle_passed_over_a_socket(void **state)
{
	int watch = device_open("test", O_RDWR), sockets[2], fd, status;
	__u64 closed = test_state(watch).closed;
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL_COPIED);
	unsigned char out[16];
	pid_t child;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	child = fork();
	if (!child) {
		fd = receive_fd(sockets[1]);
		arg.out = user_operand(out, sizeof(out));
		_exit(control_try(fd, &arg) || arg.out_status ||
		      out[1] != kshm_test_byte(0, 1));
	}
	fd = device_open("test", O_RDWR);
	send_fds(sockets[0], &fd, 1);
	close(fd);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(test_state(watch).closed, closed + 1);
	close(sockets[0]);
	close(sockets[1]);
	close(watch);
}

static void life_open_and_close_ops_in_pairs(void **state)
{
	int watch = device_open("test", O_RDWR), fds[10];
	struct kshm_test_state before = test_state(watch), after;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = device_open("test", O_RDWR);
		assert_int_equal(test_state(fds[i]).handle_data,
				 before.opened + 1 + i);
	}
	for (i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	after = test_state(watch);
	assert_int_equal(after.opened, before.opened + ARRAY_SIZE(fds));
	assert_int_equal(after.cleaned, before.cleaned + ARRAY_SIZE(fds));
	assert_int_equal(after.closed, before.closed + ARRAY_SIZE(fds));
	assert_int_equal(after.disorder, 0);
	close(watch);
}

static int unload(const char *module)
{
	return syscall(SYS_delete_module, module, O_NONBLOCK) ? -errno : 0;
}

static void life_modules_in_use_do_not_unload(void **state)
{
	int fd = device_open("test", O_RDWR);

	if (geteuid())
		harness_skip("only root unloads modules");
	assert_int_equal(unload("kshm_test"), -EWOULDBLOCK);
	assert_int_equal(unload("kshm"), -EWOULDBLOCK);
	release(fd);
	close(fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(life_signals_that_do_not_kill),
	cmocka_unit_test(life_fork_with_a_request_under_way),
	cmocka_unit_test(life_exec_with_a_request_under_way),
	cmocka_unit_test(life_exit_with_a_request_under_way),
	cmocka_unit_test(life_close_from_another_thread),
	cmocka_unit_test(life_results_lost_with_their_struct),
	cmocka_unit_test(life_handle_passed_over_a_socket),
	cmocka_unit_test(life_open_and_close_ops_in_pairs),
	cmocka_unit_test(life_modules_in_use_do_not_unload),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
