// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: descriptors and keys, as a program has them
 */
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "known.h"
#include "known_share.h"
#include "thread.h"

/* How what /proc says that one leads to begins; the last two are file.c's. */
static const char * const links[] = {
	"anon_inode:[kshm-region]", "anon_inode:[kshm-sequence]", "/memfd:fuzz", "/tmp/#",
};

#define NR_LINKS	(sizeof(links) / sizeof(*links))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static pthread_rwlock_t uses = PTHREAD_RWLOCK_INITIALIZER;	/* around it: descriptors */
static struct share shares[MAX_OPS];
static unsigned int nr_shares;
static int fds[SLOTS];
static struct kshm_region_key keys[SLOTS];
static bool some_are_lost;

void shares_begin(void)
{
	nr_shares = 0;
	some_are_lost = false;
	memset(fds, 0xff, sizeof(fds));
	memset(keys, 0, sizeof(keys));
}

void share_add(const struct share *share, unsigned int slot)
{
	pthread_mutex_lock(&lock);
	if (nr_shares < MAX_OPS)
		shares[nr_shares++] = *share;
	fds[slot] = share->fd;
	pthread_mutex_unlock(&lock);
}

void share_lose(void)
{
	some_are_lost = true;
}

static struct share *find(int fd)
{
	unsigned int i;

	for (i = 0; i < nr_shares; i++)
		if (shares[i].fd == fd)
			return &shares[i];
	return NULL;
}

/* Only what is known to be one is closed: a number may be somebody else's by now. */
void share_close(unsigned int slot)
{
	struct share *share;
	int fd = -1;

	pthread_rwlock_wrlock(&uses);
	pthread_mutex_lock(&lock);
	share = find(fds[slot]);
	if (share) {
		fd = share->fd;
		*share = shares[--nr_shares];
	}
	pthread_mutex_unlock(&lock);
	if (fd != -1)
		close(fd);
	pthread_rwlock_unlock(&uses);
}

static bool is_one(const char *target)
{
	unsigned int i;

	for (i = 0; i < NR_LINKS; i++)
		if (!strncmp(target, links[i], strlen(links[i])))
			return true;
	return false;
}

static void close_lost(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[64];
	ssize_t len;

	while (dir && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		if (is_one(target))
			close(atoi(entry->d_name));
	}
	if (dir)
		closedir(dir);
}

void shares_end(void)
{
	while (nr_shares)
		close(shares[--nr_shares].fd);
	if (some_are_lost)
		close_lost();
}

int share_fd(__u64 value)
{
	int fd = value;

	if (value >= HANDLE_FD0 && value < HANDLE_FD0 + MAX_HANDLES)
		return handles[value - HANDLE_FD0].fd;
	if (value < SLOT0 || value >= SLOT0 + SLOTS)
		return fd;
	pthread_mutex_lock(&lock);
	fd = fds[value - SLOT0];
	pthread_mutex_unlock(&lock);
	return fd;
}

bool share_find(int fd, struct share *share)
{
	const struct share *known;

	pthread_mutex_lock(&lock);
	known = find(fd);
	if (known)
		*share = *known;
	pthread_mutex_unlock(&lock);
	return known;
}

bool share_use(int fd, struct share *share)
{
	pthread_rwlock_rdlock(&uses);
	if (share_find(fd, share))
		return true;
	pthread_rwlock_unlock(&uses);
	return false;
}

void share_unuse(void)
{
	pthread_rwlock_unlock(&uses);
}

void shares_raised(const struct file *counted)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_shares; i++) {
		if (!counted)
			shares[i].counted = NULL;
		else if (shares[i].counted == counted)
			shares[i].raises++;
	}
	pthread_mutex_unlock(&lock);
}

void share_read(int fd, __u64 value, bool is_known)
{
	struct share *share;

	pthread_mutex_lock(&lock);
	share = find(fd);
	if (share) {
		share->raises = 0;
		share->last = value;
		share->has_last = is_known;
	}
	pthread_mutex_unlock(&lock);
}

void share_set_raised(int fd, bool raised)
{
	struct share *share;

	pthread_mutex_lock(&lock);
	share = find(fd);
	if (share)
		share->is_raised = raised;
	pthread_mutex_unlock(&lock);
}

unsigned int shares_of(const struct region *region)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nr_shares; i++)
		nr += shares[i].region == region;
	pthread_mutex_unlock(&lock);
	return nr;
}

void share_put_key(unsigned int slot, const struct kshm_region_key *key)
{
	pthread_mutex_lock(&lock);
	keys[slot] = *key;
	pthread_mutex_unlock(&lock);
}

struct kshm_region_key share_key(__u64 value)
{
	struct kshm_region_key key = { };

	if (value < SLOT0 || value >= SLOT0 + SLOTS) {
		memcpy(&key, &value, sizeof(value));
		return key;
	}
	pthread_mutex_lock(&lock);
	key = keys[value - SLOT0];
	pthread_mutex_unlock(&lock);
	return key;
}
