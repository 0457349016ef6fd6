// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: where in kshm's modules programs have been
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/kcov.h>

#include "coverage.h"
#include "program.h"

#define ENTRIES		(64u << 10)	/* of a thread; what is more is lost */
#define MAX_BLOCKS	16384		/* a power of two, larger than kshm */
#define STEPS		65536		/* bits, by hash */

static const char * const modules[] = {
	"kshm", "kshm_sioctl", "kshm_digest", "kshm_test", "kshm_copy",
	"kshm_event",
};

#define NR_MODULES	(sizeof(modules) / sizeof(*modules))

static int fds[MAX_THREADS];
static __u64 *areas[MAX_THREADS];
static __u64 text[NR_MODULES];

enum { UNKNOWN, KNOWN, SEEN };

/* An open hash table. */
static __u64 blocks[MAX_BLOCKS];
static unsigned int nr_blocks;
static __u8 steps[STEPS];

static __u64 read_text(const char *module)
{
	unsigned long start = 0;
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/sections/.text", module);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%lx", &start) != 1)
			start = 0;
		fclose(file);
	}
	return start;
}

bool coverage_open(void)
{
	unsigned int i;

	for (i = 0; i < NR_MODULES; i++)
		text[i] = read_text(modules[i]);
	for (i = 0; i < MAX_THREADS; i++) {
		fds[i] = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
		if (fds[i] == -1 || ioctl(fds[i], KCOV_INIT_TRACE, (unsigned long)ENTRIES)) {
			perror("/sys/kernel/debug/kcov");
			return false;
		}
		areas[i] = mmap(NULL, ENTRIES * sizeof(__u64), PROT_READ | PROT_WRITE,
				MAP_SHARED, fds[i], 0);
		if (areas[i] == MAP_FAILED) {
			perror("mmap of kcov");
			return false;
		}
	}
	return true;
}

void coverage_begin(unsigned int thread)
{
	if (areas[thread] && ioctl(fds[thread], KCOV_ENABLE, (unsigned long)KCOV_TRACE_PC)) {
		perror("KCOV_ENABLE");
		exit(1);
	}
}

void coverage_clear(void)
{
	unsigned int i;

	for (i = 0; i < MAX_THREADS; i++)
		if (areas[i])
			__atomic_store_n(&areas[i][0], 0, __ATOMIC_SEQ_CST);
}

static __u32 hash(__u64 block)
{
	return (block * 0x9e3779b97f4a7c15ull) >> 40;
}

static void add_block(__u64 block)
{
	unsigned int i = hash(block) % MAX_BLOCKS;

	while (blocks[i] && blocks[i] != block)
		i = (i + 1) % MAX_BLOCKS;
	if (!blocks[i] && nr_blocks < MAX_BLOCKS / 2) {
		blocks[i] = block;
		nr_blocks++;
	}
}

/* The first step of a call comes from the last block of the one before: that counts. */
static unsigned int take(const __u64 *area, bool keep)
{
	__u64 nr = area[0] < ENTRIES - 1 ? area[0] : ENTRIES - 1;
	unsigned int fresh = 0;
	__u32 step, last = 0;
	__u64 i;

	for (i = 1; i <= nr; i++) {
		step = (hash(area[i]) ^ last) % STEPS;
		last = hash(area[i]) >> 1;
		if (!steps[step]) {
			fresh++;
			steps[step] = keep ? KNOWN : SEEN;
		}
		if (keep)
			add_block(area[i]);
	}
	return fresh;
}

unsigned int coverage_take(bool keep)
{
	unsigned int i, fresh = 0;

	for (i = 0; i < MAX_THREADS; i++)
		if (areas[i])
			fresh += take(areas[i], keep);
	for (i = 0; !keep && i < STEPS; i++)
		if (steps[i] == SEEN)
			steps[i] = UNKNOWN;
	return fresh;
}

unsigned int coverage_blocks(void)
{
	return nr_blocks;
}

/* The module with the highest start that is not above. */
static int module_of(__u64 block)
{
	int best = -1;
	unsigned int i;

	for (i = 0; i < NR_MODULES; i++)
		if (text[i] && text[i] <= block && (best < 0 || text[i] > text[best]))
			best = i;
	return best;
}

void coverage_print(FILE *to)
{
	unsigned int i;
	int module;

	for (i = 0; i < MAX_BLOCKS; i++) {
		module = blocks[i] ? module_of(blocks[i]) : -1;
		if (module >= 0)
			fprintf(to, "%s %llx\n", modules[module],
				(unsigned long long)(blocks[i] - text[module]));
	}
}
