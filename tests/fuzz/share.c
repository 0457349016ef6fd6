// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the fuzzer: regions that are passed on, by descriptors and keys
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "finding.h"
#include "known.h"
#include "known_share.h"
#include "memory.h"
#include "promise.h"
#include "share.h"

static __u64 explanation(const struct thread *thread, const struct op *op)
{
	return thread_address(op->v[EXPLAIN], thread->own->why);
}

static void make_export(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->exported = (struct kshm_ioc_region_export){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .id = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS], .explain = explanation(thread, op),
		.out_fd = 0xa5a5a5a5, .reserved = op->v[SHARE_RESERVED],
	};
}

static void make_import(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->import = (struct kshm_ioc_region_import){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .fd = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS], .out_id = 0xa5a5a5a5,
		.reserved = op->v[SHARE_RESERVED], .explain = explanation(thread, op),
	};
}

static void make_key(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->key = (struct kshm_ioc_region_key){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS], .id = op->v[FROM],
		.rights = op->v[SHARE_RIGHTS], .explain = explanation(thread, op),
	};
	memset(&arg->key.out_key, POISON, sizeof(arg->key.out_key));
}

static void make_open(struct thread *thread, const struct op *op, union argument *arg)
{
	arg->open = (struct kshm_ioc_region_open){
		.size = op->v[SIZE], .flags = op->v[SHARE_FLAGS],
		.rights = op->v[SHARE_RIGHTS], .out_id = 0xa5a5a5a5,
		.key = promised_key(op), .explain = explanation(thread, op),
		.reserved = op->v[SHARE_RESERVED],
	};
}

static void take_export(struct thread *thread, const struct op *op)
{
	struct share share = {
		.fd = thread->own->call.exported.out_fd, .rights = op->v[SHARE_RIGHTS],
	};
	struct hold hold;

	if (op->v[AT] != OWN) {
		known_doubt(op->v[HANDLE]);
		share_lose();
		return;
	}
	thread->expected->call.exported.out_fd = share.fd;
	if (fcntl(share.fd, F_GETFD) != FD_CLOEXEC)
		found("region-export: descriptor %d is none that exec() closes", share.fd);
	if (known_find(op->v[HANDLE], op->v[FROM], &hold))
		share.region = hold.region;
	share_add(&share, op->v[TO]);
}

void share_take_id(const struct op *op, struct region *region, __u32 id, size_t at)
{
	struct hold hold = {
		.handle = op->v[HANDLE], .id = id, .rights = op->v[SHARE_RIGHTS],
		.created = op->type == OP_SECTION_ATTACH, .region = region,
	}, other;

	if (op->v[AT] != OWN || !region) {
		known_doubt(op->v[HANDLE]);
		if (op->v[AT] == OWN ||
		    memory_read(&id, op->v[AT] + at, sizeof(id)) == sizeof(id))
			known_put(op->v[TO], id);
		return;
	}
	if (!id)
		found("%s: the id is 0", op_infos[op->type].name);
	if (known_is_sure() && known_find(op->v[HANDLE], id, &other))
		found("%s: the id, %u, is that of another region", op_infos[op->type].name, id);
	known_add(&hold, op->v[TO]);
}

static void take_import(struct thread *thread, const struct op *op)
{
	__u32 id = thread->own->call.import.out_id;
	struct share share = { };

	share_find(op->v[FROM], &share);
	share_take_id(op, share.region, id, offsetof(struct kshm_ioc_region_import, out_id));
	if (op->v[AT] == OWN)
		thread->expected->call.import.out_id = id;
}

static void take_open(struct thread *thread, const struct op *op)
{
	const struct kshm_region_key key = promised_key(op);
	__u32 id = thread->own->call.open.out_id;
	struct hold hold = { };

	known_find_key(&key, &hold);
	share_take_id(op, hold.region, id, offsetof(struct kshm_ioc_region_open, out_id));
	if (op->v[AT] == OWN)
		thread->expected->call.open.out_id = id;
}

static void take_key(struct thread *thread, const struct op *op)
{
	const struct kshm_region_key *key = &thread->own->call.key.out_key;
	struct hold other;

	if (op->v[AT] != OWN) {
		known_doubt(op->v[HANDLE]);
		return;
	}
	if (op->v[SHARE_FLAGS] & KSHM_KEY_REMOVE) {
		known_set_key(op->v[HANDLE], op->v[FROM], NULL, 0);
		return;
	}
	thread->expected->call.key.out_key = *key;
	if (known_find_key(key, &other))
		found("region-key: the key is that of id %u, too", other.id);
	known_set_key(op->v[HANDLE], op->v[FROM], key, op->v[SHARE_RIGHTS]);
	share_put_key(op->v[TO], key);
}

const struct region_command share_commands[NR_OP_TYPES] = {
	[OP_REGION_EXPORT] = { make_export, promised_export_error, take_export },
	[OP_REGION_IMPORT] = { make_import, promised_import_error, take_import },
	[OP_REGION_KEY] = { make_key, promised_key_error, take_key },
	[OP_REGION_OPEN] = { make_open, promised_open_error, take_open },
};

static void find_number(const char *text, const char *name, __u64 wanted)
{
	const char *at = strstr(text, name);
	unsigned long long number;

	if (!at || sscanf(at + strlen(name), ":\t%llu\n", &number) != 1)
		found("fdinfo: no %s", name);
	else if (wanted != UNKNOWN_PAGES && number != wanted)
		found("fdinfo: %s is %llu of %llu", name, number, wanted);
}

void share_check_info(const struct share *share, const char *text)
{
	const struct region *region = share->region;
	char rights[64];

	if (!region)
		return;
	snprintf(rights, sizeof(rights), "region-rights:\t%s%s\n",
		 share->rights & KSHM_REGION_READ ? "r" : "",
		 share->rights & KSHM_REGION_WRITE ? "w" : "");
	if (!strstr(text, rights))
		found("fdinfo: rights are not %#x", share->rights);
	find_number(text, "region-len", region->revoked ? 0 : region->len);
	find_number(text, "region-pages", region->revoked ? 0 : region->pages);
	find_number(text, "region-revoked", region->revoked);
}
