/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kshm - every number that bounds something, with its reason
 */
#ifndef KSHM_LIMITS_H
#define KSHM_LIMITS_H

#include <linux/kshm.h>
#include <linux/mm.h>
#include <linux/sizes.h>

/*
 * Addresses from user space are 64 bits wide in the ABI, pinned pages are
 * reached through the linear map, and a page is seen through a user and a
 * kernel address at the same time.
 */
#if !defined(CONFIG_64BIT) || !defined(CONFIG_MMU) || \
	defined(CONFIG_HIGHMEM) || defined(CONFIG_CPU_CACHE_ALIASING)
#error "kshm needs a 64-bit kernel with MMU, no highmem and no aliasing data cache"
#endif

/* Regions are watched unless their creator says otherwise, see watch.c. */
#ifndef CONFIG_MMU_NOTIFIER
#error "kshm needs a kernel with MMU notifiers"
#endif

/* Names belong to network namespaces. */
#ifndef CONFIG_NET
#error "kshm needs a kernel with networks"
#endif

/* Sections are files of memory, whose seals are kept. */
#if !defined(CONFIG_SHMEM) || !defined(CONFIG_MEMFD_CREATE)
#error "kshm needs a kernel with shmem and memfd_create()"
#endif

/* Minors. As many devices as a driver with hot-plugged ones can need. */
#define KSHM_MAX_DEVICES	1024U

/*
 * How long the verifier lets a driver keep requests of a device that is being unregistered.
 * Longer than it takes to be asked to let go, and shorter than anybody waits for rmmod.
 */
#define KSHM_VERIFIER_PATIENCE	(5 * HZ)

/* Rows of one table: a lookup walks them, and sysfs has a file for each. */
#define KSHM_MAX_CONTROLS	256U

/*
 * Handlers of one device that run in workers at the same time, each of which takes a
 * thread of the kernel's: whoever calls meanwhile waits until another has returned.
 */
#define KSHM_MAX_WORKERS	64

/*
 * Pages pinned, unpinned or copied between two looks at pending work: about
 * 50 us at 100 ns a page, well below what a scheduler tick notices.
 */
#define KSHM_BATCH_PAGES	512UL
#define KSHM_BATCH_BYTES	(KSHM_BATCH_PAGES * PAGE_SIZE)

/*
 * One copied operand. Above it a copy costs more than pinning by orders of
 * magnitude, and the to-driver and from-driver methods are the answer.
 */
#define KSHM_MAX_COPIED		((size_t)SZ_64M)

/*
 * Pages of one request, by default: 4 GiB in 4 KiB pages, for which the array
 * of page pointers takes 8 MiB. Also keeps counts of pages within an int, the
 * type that pin_user_pages_fast() takes.
 */
#define KSHM_MAX_REQUEST_PAGES	(SZ_4G >> PAGE_SHIFT)

/*
 * Regions of one handle, by default: what a program with a buffer for each of many
 * connections needs, ten times over. What bounds the memory is that each counts as a
 * page at least, of its user's and, unless it is empty, of RLIMIT_MEMLOCK.
 */
#define KSHM_MAX_HANDLE_REGIONS	(BIT(20) - 1)

/*
 * Requests of one handle that are not over, or whose completion was not read, by
 * default: more than a server has clients, in less memory than the regions above.
 */
#define KSHM_MAX_HANDLE_REQUESTS	BIT(17)

/*
 * Names of one user, by default: what a service with some sections for each of some
 * hundreds of clients needs. They last longer than the program that made them.
 */
#define KSHM_MAX_USER_NAMES	1024U

/*
 * Names, or handles and regions, that one call lists: with a search of a tree and a copy
 * to user memory for each it takes as long as a batch of pages does.
 */
#define KSHM_MAX_LISTED		512U

/*
 * Slots of a handle that a list looks at in one go, most of them free: less than a
 * microsecond, for which nobody makes or destroys regions of the handle, opens or closes
 * one, or makes or ends anything else that holds a region. And names that are taken out so.
 */
#define KSHM_MAX_SLOTS_SEEN	64U

/*
 * Pages of one user, and of all: shares of the machine's memory, so that what
 * is pinned cannot starve the rest.
 */
#define KSHM_USER_SHARE		4
#define KSHM_SYSTEM_SHARE	2

#endif /* KSHM_LIMITS_H */
