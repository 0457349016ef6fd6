// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: names of sections, as a program has them
 */
#include <pthread.h>
#include <string.h>

#include "known_name.h"
#include "program.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;	/* all of these */
static struct name names[NR_NAMES];
static bool is_there[NR_NAMES];

void names_begin(void)
{
	memset(is_there, 0, sizeof(is_there));
}

void name_add(unsigned int number, const struct name *name)
{
	pthread_mutex_lock(&lock);
	names[number] = *name;
	is_there[number] = true;
	pthread_mutex_unlock(&lock);
}

void name_drop(unsigned int number)
{
	pthread_mutex_lock(&lock);
	is_there[number] = false;
	pthread_mutex_unlock(&lock);
}

void names_close(unsigned int handle)
{
	unsigned int i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < NR_NAMES; i++)
		if (names[i].until_close && names[i].handle == handle)
			is_there[i] = false;
	pthread_mutex_unlock(&lock);
}

bool name_find(unsigned int number, struct name *name)
{
	bool there;

	pthread_mutex_lock(&lock);
	there = is_there[number];
	if (there && name)
		*name = names[number];
	pthread_mutex_unlock(&lock);
	return there;
}

unsigned int names_number(void)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < NR_NAMES; i++)
		nr += is_there[i];
	pthread_mutex_unlock(&lock);
	return nr;
}

unsigned int names_of(const struct region *region)
{
	unsigned int i, nr = 0;

	pthread_mutex_lock(&lock);
	for (i = 0; i < NR_NAMES; i++)
		nr += is_there[i] && names[i].region == region;
	pthread_mutex_unlock(&lock);
	return nr;
}
