// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - the device "digest"
 *
 * Digests of the caller's memory, by the kernel's crypto API, through every
 * method that carries data to a driver. The to-driver controls work on the
 * caller's pages in place; another thread can change them meanwhile, and then
 * gets a digest of what the driver happened to see.
 */
#include <crypto/hash.h>
#include <linux/kshm_digest.h>
#include <linux/kshm_driver.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>

/* Digested between two looks at whether to go on: some milliseconds. */
#define PIECE	SZ_1M

/* Room that a raw message is copied through. */
#define BOUNCE	SZ_64K

#define ALGORITHM(number, string) \
	[KSHM_DIGEST_##number] = { string, KSHM_DIGEST_##number##_SIZE }

static const struct {
	const char *name;
	unsigned int size;	/* of its digest, in bytes */
} algorithms[] = {
	ALGORITHM(SHA256, "sha256"),
	ALGORITHM(SHA512, "sha512"),
	ALGORITHM(SHA1, "sha1"),
	ALGORITHM(MD5, "md5"),
	ALGORITHM(CRC32C, "crc32c"),
	ALGORITHM(BLAKE2B_512, "blake2b-512"),
	ALGORITHM(SHA3_256, "sha3-256"),
};

/*
 * One for each algorithm, or an ERR_PTR for one that the kernel lacks; set
 * before the device is there. What changes is in the shash_desc.
 */
static struct crypto_shash *tfms[ARRAY_SIZE(algorithms)];

static struct crypto_shash *tfm_of(const struct kshm_request *req)
{
	u32 function = KSHM_CODE_FUNCTION(kshm_request_control(req)->code);

	/* The table has no function whose low byte is not an algorithm. */
	return tfms[function & 0xff];
}

static int update(struct kshm_request *req, struct shash_desc *desc,
		  const void *data, size_t len)
{
	size_t part;
	int ret = 0;

	for (; len && !ret; data += part, len -= part) {
		if (kshm_request_cancelled(req))
			return -EINTR;
		part = min_t(size_t, len, PIECE);
		ret = crypto_shash_update(desc, data, part);
		cond_resched();
	}
	return ret;
}

static int update_segments(struct kshm_request *req, struct shash_desc *desc)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	struct kshm_segment seg;
	int ret;

	kshm_mdl_for_each_segment(mdl, seg) {
		ret = update(req, desc, seg.data, seg.len);
		if (ret)
			return ret;
	}
	kshm_request_set_returned(req, KSHM_OPERAND_DATA, kshm_mdl_len(mdl));
	return 0;
}

static int update_mapped(struct kshm_request *req, struct shash_desc *desc)
{
	struct kshm_mdl *mdl = kshm_request_mdl(req);
	const void *data = kshm_mdl_map(mdl);
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = update(req, desc, data, kshm_mdl_len(mdl));
	if (!ret)
		kshm_request_set_returned(req, KSHM_OPERAND_DATA,
					  kshm_mdl_len(mdl));
	return ret;
}

static int update_copied(struct kshm_request *req, struct shash_desc *desc)
{
	return update(req, desc, kshm_request_in(req),
		      kshm_request_in_len(req));
}

static int update_raw(struct kshm_request *req, struct shash_desc *desc)
{
	struct kshm_user_buffer *in = kshm_request_user_in(req);
	size_t done, part, len = kshm_user_len(in);
	void *bounce;
	int ret = 0;

	bounce = kmalloc(BOUNCE, GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	for (done = 0; done < len && !ret; done += part) {
		part = min_t(size_t, len - done, BOUNCE);
		ret = kshm_user_read(in, done, bounce, part);
		if (!ret)
			ret = update(req, desc, bounce, part);
	}
	kfree(bounce);
	return ret;
}

static int give(struct kshm_request *req, const u8 *digest, size_t size)
{
	int ret = 0;

	if (KSHM_CODE_METHOD(kshm_request_control(req)->code) ==
	    KSHM_METHOD_NEITHER)
		ret = kshm_user_write(kshm_request_user_out(req), 0, digest,
				      size);
	else
		memcpy(kshm_request_out(req), digest, size);
	if (!ret)
		kshm_request_set_returned(req, KSHM_OPERAND_OUT, size);
	return ret;
}

static int digest(struct kshm_request *req,
		  int (*message)(struct kshm_request *req,
				 struct shash_desc *desc))
{
	struct crypto_shash *tfm = tfm_of(req);
	SHASH_DESC_ON_STACK(desc, tfm);
	u8 sum[KSHM_DIGEST_MAX_SIZE];
	int ret;

	if (IS_ERR(tfm))
		return -EOPNOTSUPP;
	desc->tfm = tfm;
	ret = crypto_shash_init(desc);
	if (!ret)
		ret = message(req, desc);
	if (!ret)
		ret = crypto_shash_final(desc, sum);
	shash_desc_zero(desc);
	return ret ?: give(req, sum, crypto_shash_digestsize(tfm));
}

static int digest_segments(struct kshm_request *req)
{
	return digest(req, update_segments);
}

static int digest_mapped(struct kshm_request *req)
{
	return digest(req, update_mapped);
}

static int digest_copied(struct kshm_request *req)
{
	return digest(req, update_copied);
}

static int digest_raw(struct kshm_request *req)
{
	return digest(req, update_raw);
}

#define ROWS(number, string)						\
	{								\
		.code = KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_##number),	\
		.name = string,						\
		.out_min = KSHM_DIGEST_##number##_SIZE,			\
		.out_max = KSHM_LENGTH_ANY,				\
		.data_max = KSHM_LENGTH_ANY,				\
		.handle = digest_segments,				\
	}, {								\
		.code = KSHM_DIGEST_MAPPED(KSHM_DIGEST_##number),	\
		.name = string "-mapped",				\
		.out_min = KSHM_DIGEST_##number##_SIZE,			\
		.out_max = KSHM_LENGTH_ANY,				\
		.data_max = KSHM_LENGTH_ANY,				\
		.handle = digest_mapped,				\
	}, {								\
		.code = KSHM_DIGEST_COPIED(KSHM_DIGEST_##number),	\
		.name = string,						\
		.in_max = KSHM_DIGEST_MAX_COPIED,			\
		.out_min = KSHM_DIGEST_##number##_SIZE,			\
		.out_max = KSHM_LENGTH_ANY,				\
		.handle = digest_copied,				\
	}, {								\
		.code = KSHM_DIGEST_RAW(KSHM_DIGEST_##number),		\
		.name = string,						\
		.in_max = KSHM_LENGTH_ANY,				\
		.out_min = KSHM_DIGEST_##number##_SIZE,			\
		.out_max = KSHM_LENGTH_ANY,				\
		.handle = digest_raw,					\
	}

static const struct kshm_control digest_controls[] = {
	ROWS(SHA256, "sha256"),
	ROWS(SHA512, "sha512"),
	ROWS(SHA1, "sha1"),
	ROWS(MD5, "md5"),
	ROWS(CRC32C, "crc32c"),
	ROWS(BLAKE2B_512, "blake2b-512"),
	ROWS(SHA3_256, "sha3-256"),
};

static const struct kshm_device_ops digest_ops = {
	.owner = THIS_MODULE,
	.controls = digest_controls,
	.nr_controls = ARRAY_SIZE(digest_controls),
};

static struct kshm_device *digest_device;

static void free_tfms(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tfms); i++)
		if (!IS_ERR(tfms[i]))
			crypto_free_shash(tfms[i]);
}

/* An algorithm whose digest has another size is another algorithm. */
static struct crypto_shash *alloc_tfm(const char *name, unsigned int size)
{
	struct crypto_shash *tfm = crypto_alloc_shash(name, 0, 0);

	if (IS_ERR(tfm) || crypto_shash_digestsize(tfm) == size)
		return tfm;
	crypto_free_shash(tfm);
	return ERR_PTR(-ENOENT);
}

static int __init digest_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tfms); i++)
		tfms[i] = alloc_tfm(algorithms[i].name, algorithms[i].size);
	digest_device = kshm_device_register(NULL, &digest_ops, NULL, "digest");
	if (IS_ERR(digest_device)) {
		free_tfms();
		return PTR_ERR(digest_device);
	}
	return 0;
}
module_init(digest_init);

static void __exit digest_exit(void)
{
	kshm_device_unregister(digest_device);
	free_tfms();
}
module_exit(digest_exit);

MODULE_SOFTDEP("pre: crypto-sha512 crypto-crc32c crypto-blake2b-512 crypto-sha3-256");
MODULE_DESCRIPTION("kshm: digests of the caller's memory in place");
MODULE_LICENSE("GPL");
