// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - tests of sections that a driver makes
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"
#include "device.h"
#include "harness.h"
#include "kshm_test.h"
#include "leak.h"
#include "pattern.h"
#include "section_calls.h"

#define PAGES		5
#define SEED		9
#define TRIES		1000	/* of what comes in one or two: when it cannot come */
#define READ_ONLY	0x1	/* KSHM_SECTION_READ_ONLY of <linux/kshm_driver.h> */

static int fd;
static size_t len;
static struct kshm_test_made made;

static void set_up(void)
{
	fd = device_open("test", O_RDWR);
	len = PAGES * page_size();
}

static void tear_down(void)
{
	close(fd);
}

static struct kshm_ioc_control work(const struct kshm_test_section *in)
{
	struct kshm_ioc_control arg = request(KSHM_TEST_SECTION);

	memset(&made, 0xff, sizeof(made));
	arg.in = user_operand(in, sizeof(*in));
	arg.out = user_operand(&made, sizeof(made));
	return arg;
}

/* What the driver does with its section, which ends with @status. */
static void driver(__u32 op, __u32 seed, int status)
{
	const struct kshm_test_section in = { .op = op, .seed = seed };
	struct kshm_ioc_control arg = work(&in);

	control_status(fd, &arg, status);
}

static struct kshm_explain make_fails(size_t bytes, __u32 flags, int error)
{
	const struct kshm_test_section in = { .len = bytes, .flags = flags };
	struct kshm_explain why = { .size = sizeof(why) };
	struct kshm_ioc_control arg = work(&in);

	arg.explain = to_u64(&why);
	control_status(fd, &arg, -error);
	return why;
}

/* One of all of @len, of which this is the descriptor. */
static int make(__u32 flags)
{
	const struct kshm_test_section in = { .len = len, .flags = flags };
	struct kshm_ioc_control arg = work(&in);

	control(fd, &arg);
	assert_true(made.fd >= 0);
	assert_int_equal(made.len, len);
	return made.fd;
}

static const unsigned char *view(int file)
{
	void *p = mmap(NULL, len, PROT_READ, MAP_SHARED, file, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

/* The lowest descriptor that there is not. */
static int next_descriptor(void)
{
	int next = dup(fd);

	assert_int_not_equal(next, -1);
	close(next);
	return next;
}

WITH_SET_UP(made_section_is_seen_by_both)
{
	int file = make(0);
	unsigned char *p = section_map(file, len);
	size_t i;

	for (i = 0; i < len; i++)
		assert_int_equal(p[i], 0);
	driver(KSHM_TEST_SECTION_FILL, SEED, 0);
	assert_true(has_pattern(p, len, SEED));
	fill_pattern(p, len, SEED + 1);
	driver(KSHM_TEST_SECTION_CHECK, SEED + 1, 0);
	assert_int_equal(made.wrong, 0);
	p[len - 1]++;
	driver(KSHM_TEST_SECTION_CHECK, SEED + 1, 0);
	assert_int_equal(made.wrong, 1);
	munmap(p, len);
	close(file);
}

WITH_SET_UP(made_section_is_sealed)
{
	struct stat stat;
	int file = make(0);

	assert_int_equal(fstat(file, &stat), 0);
	assert_int_equal(stat.st_size, len);
	assert_int_equal(stat.st_mode, S_IFREG | 0600);
	assert_int_equal(stat.st_uid, getuid());
	/* F_SEAL_EXEC, on kernels that have it. */
	assert_int_equal(fcntl(file, F_GET_SEALS) & ~0x20,
			 F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	assert_int_equal(ftruncate(file, 0), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(ftruncate(file, 2 * len), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
	close(file);
}

WITH_SET_UP(made_section_is_of_whole_pages)
{
	const struct kshm_test_section in = { .len = 1 };
	struct kshm_ioc_control arg = work(&in);

	control(fd, &arg);
	assert_int_equal(made.len, page_size());
	close(made.fd);
}

WITH_SET_UP(made_section_of_no_length_that_there_is)
{
	assert_int_equal(make_fails(0, 0, EINVAL).check, 0);
	assert_int_equal(make_fails(-1UL, 0, EINVAL).check, 0);
	assert_int_equal(make_fails(len, 2, EINVAL).check, 0);
	driver(KSHM_TEST_SECTION_CHECK, SEED, -ENODATA);
}

WITH_SET_UP(made_section_to_read_is_not_written)
{
	int file = make(READ_ONLY), writable = section_reopen(file, O_RDWR);
	const unsigned char *p = view(file);
	const int files[] = { file, writable };
	unsigned int i;

	assert_int_equal(fcntl(file, F_GETFL) & O_ACCMODE, O_RDONLY);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const int no = files[i] == writable ? EPERM : EBADF;

		assert_ptr_equal(mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED,
				      files[i], 0), MAP_FAILED);
		assert_int_equal(errno, files[i] == writable ? EPERM : EACCES);
		assert_int_equal(write(files[i], "", 1), -1);
		assert_int_equal(errno, no);
		assert_int_equal(fallocate(files[i], FALLOC_FL_PUNCH_HOLE |
					   FALLOC_FL_KEEP_SIZE, 0, len), -1);
		assert_int_equal(errno, no);
	}
	assert_int_equal(mprotect((void *)p, len, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(madvise((void *)p, len, MADV_REMOVE), -1);
	assert_int_equal(errno, EACCES);
	driver(KSHM_TEST_SECTION_FILL, SEED, 0);
	assert_true(has_pattern(p, len, SEED));
	munmap((void *)p, len);
	close(writable);
	close(file);
}

/* Both that of the caller and that of the driver. */
WITH_SET_UP(made_section_is_an_operand)
{
	struct kshm_test_work in = { .seed = SEED, .access = KSHM_TEST_BY_MAP };
	struct kshm_ioc_control arg = request(KSHM_TEST_FILL);
	struct kshm_test_place out;
	int file = make(0);
	__u32 id = section_attach(fd, file, READ_WRITE);

	arg.in = user_operand(&in, sizeof(in));
	arg.out = user_operand(&out, sizeof(out));
	arg.data = region_operand(id, 0, len);
	control(fd, &arg);
	driver(KSHM_TEST_SECTION_CHECK, SEED, 0);
	assert_int_equal(made.wrong, 0);
	/* Writing has to be let to whoever attaches it. */
	close(file);
	file = make(READ_ONLY);
	region_destroy(fd, section_attach(fd, file, KSHM_REGION_READ));
	section_refused(fd, section_request(file, READ_WRITE), EACCES,
			KSHM_EXPLAIN_FD_ACCESS);
	close(file);
	region_destroy(fd, id);
}

WITH_SET_UP(made_section_is_given_again)
{
	int file = make(0), other;
	unsigned char byte = 7;

	driver(KSHM_TEST_SECTION_GIVE, 0, 0);
	other = made.fd;
	assert_int_not_equal(other, file);
	/* Of an open file of its own. */
	assert_int_equal(lseek(file, 1, SEEK_SET), 1);
	assert_int_equal(lseek(other, 0, SEEK_CUR), 0);
	assert_int_equal(write(file, &byte, 1), 1);
	assert_int_equal(pread(other, &byte, 1, 1), 1);
	assert_int_equal(byte, 7);
	close(file);
	close(other);
}

/* Neither with a lease nor by executing it. */
WITH_SET_UP(made_section_is_not_kept_from_others)
{
	const __u32 flags[] = { 0, READ_ONLY };
	char path[64], *args[] = { path, NULL };
	unsigned int i;
	int file, reader;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		file = make(flags[i]);
		reader = section_reopen(file, O_RDONLY);
		close(file);
		assert_int_equal(fcntl(reader, F_SETLEASE, F_WRLCK), -1);
		assert_int_equal(errno, EAGAIN);
		if (!flags[i]) {
			assert_int_equal(fcntl(reader, F_SETLEASE, F_RDLCK), -1);
			assert_int_equal(errno, EAGAIN);
			fchmod(reader, 0700);
			snprintf(path, sizeof(path), "/proc/self/fd/%d", reader);
			assert_int_equal(execv(path, args), -1);
			assert_true(errno == ETXTBSY || errno == EACCES);
		}
		driver(KSHM_TEST_SECTION_GIVE, 0, 0);
		close(made.fd);
		close(reader);
	}
}

WITH_SET_UP(made_section_is_not_given_with_an_error)
{
	int file = make(0), next = next_descriptor();

	driver(KSHM_TEST_SECTION_GIVE_AND_FAIL, 0, -EIO);
	assert_int_equal(next_descriptor(), next);
	assert_int_equal(fcntl(next, F_GETFD), -1);
	close(file);
}

WITH_SET_UP(made_section_without_a_descriptor_for_it)
{
	struct rlimit limit, old;
	struct kshm_explain why;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	limit = (struct rlimit){ next_descriptor(), old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	why = make_fails(len, 0, EMFILE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(why.check, KSHM_EXPLAIN_FILES);
	assert_int_equal(why.error, EMFILE);
	nothing_charged();
}

WITH_SET_UP(made_section_outlives_its_descriptor)
{
	int file = make(0);
	const unsigned char *p = view(file);

	close(file);
	driver(KSHM_TEST_SECTION_FILL, SEED, 0);
	assert_true(has_pattern(p, len, SEED));
	/* And the view outlives the driver's. */
	driver(KSHM_TEST_SECTION_RELEASE, 0, 0);
	nothing_charged();
	assert_true(has_pattern(p, len, SEED));
	driver(KSHM_TEST_SECTION_CHECK, SEED, -ENODATA);
	munmap((void *)p, len);
}

WITH_SET_UP(made_section_is_charged_until_it_is_released)
{
	int file = make(0), other;

	assert_int_equal(device_info(fd).out_user_pages, PAGES);
	close(file);
	assert_int_equal(device_info(fd).out_user_pages, PAGES);
	other = make(READ_ONLY);
	assert_int_equal(device_info(fd).out_user_pages, PAGES);
	driver(KSHM_TEST_SECTION_RELEASE, 0, 0);
	assert_int_equal(device_info(fd).out_user_pages, 0);
	close(other);
}

WITH_SET_UP(made_section_is_locked_memory)
{
	const struct rlimit limit = { PAGES * page_size() - 1, PAGES * page_size() - 1 };
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct kshm_explain why;

		if (setrlimit(RLIMIT_MEMLOCK, &limit) || (!getuid() && setuid(4321)))
			_exit(1);
		why = make_fails(len, 0, ENOMEM);
		_exit(why.check == KSHM_EXPLAIN_MEMLOCK && why.needed == PAGES &&
		      why.limit == PAGES - 1 ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	nothing_charged();
}

WITH_SET_UP(made_section_with_a_hole)
{
	int file = make(0);

	driver(KSHM_TEST_SECTION_LOOK, 0, 0);
	assert_int_equal(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
				   page_size(), page_size()), 0);
	driver(KSHM_TEST_SECTION_LOOK, 0, -ESTALE);
	/* The driver has its pages all the same. */
	driver(KSHM_TEST_SECTION_FILL, SEED, 0);
	driver(KSHM_TEST_SECTION_CHECK, SEED, 0);
	assert_int_equal(made.wrong, 0);
	driver(KSHM_TEST_SECTION_LOOK, 0, -ESTALE);
	close(file);
}

WITH_SET_UP(made_section_leaves_no_mapping)
{
	char before[4096] = "", after[4096] = "";
	int maps, file;

	maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	assert_true(read(maps, before, sizeof(before) - 1) > 0);
	file = make(0);
	assert_int_equal(lseek(maps, 0, SEEK_SET), 0);
	assert_true(read(maps, after, sizeof(after) - 1) > 0);
	assert_string_equal(before, after);
	close(maps);
	close(file);
}

/* A thread that takes the mapping through which a section is pinned to @to. */
struct thief {
	pthread_t thread;
	void *to;
	size_t len;
	bool end;
	bool has_it;
};

static unsigned long mapping_of_kshm(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start = 0, found = 0;
	char line[256];

	while (maps && !found && fgets(line, sizeof(line), maps))
		if (strstr(line, "/kshm (deleted)") && sscanf(line, "%lx-", &start) == 1)
			found = start;
	if (maps)
		fclose(maps);
	return found;
}

static void *steals(void *data)
{
	struct thief *thief = data;

	while (!thief->has_it && !__atomic_load_n(&thief->end, __ATOMIC_RELAXED)) {
		void *at = (void *)mapping_of_kshm();

		thief->has_it = at && mremap(at, thief->len, thief->len, MREMAP_MAYMOVE |
					     MREMAP_FIXED, thief->to) == thief->to;
	}
	return NULL;
}

/* Returns whether the mapping could be taken. */
static bool make_with_a_thief(size_t bytes)
{
	const struct kshm_test_section in = { .len = bytes, .flags = READ_ONLY };
	struct kshm_ioc_control arg = work(&in);
	struct thief thief = { .len = bytes };

	thief.to = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(thief.to, MAP_FAILED);
	assert_int_equal(pthread_create(&thief.thread, NULL, steals, &thief), 0);
	assert_int_equal(control_try(fd, &arg), 0);
	__atomic_store_n(&thief.end, true, __ATOMIC_RELAXED);
	pthread_join(thief.thread, NULL);
	if (arg.out_status)
		assert_int_equal(arg.out_status, -ESTALE);
	else
		close(made.fd);
	/* It is one to read, and does not become another. */
	if (thief.has_it) {
		assert_int_equal(mprotect(thief.to, bytes, PROT_READ | PROT_WRITE), -1);
		assert_int_equal(errno, EACCES);
	}
	munmap(thief.to, bytes);
	return thief.has_it;
}

WITH_SET_UP(made_section_to_read_whose_mapping_is_kept)
{
	const unsigned int wanted = harness_brief() ? 1 : 5;
	unsigned int kept = 0, n;

	for (n = 0; n < TRIES && kept < wanted; n++)
		kept += make_with_a_thief(1000 * page_size());
	harness_note("%u of %u kept", kept, n);
	assert_int_equal(kept, wanted);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(made_section_is_seen_by_both),
	cmocka_unit_test(made_section_is_sealed),
	cmocka_unit_test(made_section_is_of_whole_pages),
	cmocka_unit_test(made_section_of_no_length_that_there_is),
	cmocka_unit_test(made_section_to_read_is_not_written),
	cmocka_unit_test(made_section_to_read_whose_mapping_is_kept),
	cmocka_unit_test(made_section_is_an_operand),
	cmocka_unit_test(made_section_is_given_again),
	cmocka_unit_test(made_section_is_not_kept_from_others),
	cmocka_unit_test(made_section_is_not_given_with_an_error),
	cmocka_unit_test(made_section_without_a_descriptor_for_it),
	cmocka_unit_test(made_section_outlives_its_descriptor),
	cmocka_unit_test(made_section_is_charged_until_it_is_released),
	cmocka_unit_test(made_section_is_locked_memory),
	cmocka_unit_test(made_section_with_a_hole),
	cmocka_unit_test(made_section_leaves_no_mapping),
};

HARNESS_MAIN_AFTER(tests, nothing_pinned)
