// SPDX-License-Identifier: GPL-2.0
/*
 * kshm - example: the SHA-256 of a file, which a driver reads where it lies
 *
 * usage: hash FILE
 *
 * The file is mapped and its own pages are handed to the device "digest": no
 * byte of it is copied. Prints what sha256sum prints. Exits with 0, with 1 and
 * the reason on standard error, or with 2 if it was called wrongly.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kshm.h>
#include <linux/kshm_digest.h>

/* The whole file as an operand. The mapping stays until the program ends. */
static struct kshm_operand map_file(const char *path)
{
	void *bytes = NULL;
	struct stat st;
	int fd;

	/* Or opening a pipe would wait for its other end. */
	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	if (!S_ISREG(st.st_mode))
		errx(1, "%s: only a regular file can be mapped", path);
	/* Nothing can be mapped of an empty file, and nothing has to be. */
	if (st.st_size)
		bytes = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	return kshm_operand_user(bytes, st.st_size);
}

static void print(const unsigned char *digest, size_t len, const char *path)
{
	size_t i;

	for (i = 0; i < len; i++)
		printf("%02x", digest[i]);
	printf("  %s\n", path);
	if (fflush(stdout))
		err(1, "standard output");
}

int main(int argc, char **argv)
{
	unsigned char digest[KSHM_DIGEST_SHA256_SIZE];
	struct kshm_operand out = kshm_operand_user(digest, sizeof(digest));
	struct kshm_operand data;
	struct kshm_explanation why;
	struct kshm_handle *handle;
	char text[512];
	int ret;

	if (argc != 2) {
		fprintf(stderr, "usage: hash FILE\n");
		return 2;
	}
	data = map_file(argv[1]);
	ret = kshm_open(&handle, "digest", KSHM_OPEN_READ);
	if (ret) {
		kshm_explain_open("digest", KSHM_OPEN_READ, ret, text, sizeof(text));
		errx(1, "%s", text);
	}
	ret = kshm_control(handle, KSHM_DIGEST_TO_DRIVER(KSHM_DIGEST_SHA256),
			   NULL, &out, &data, NULL, &why);
	if (ret) {
		kshm_explain(&why, text, sizeof(text));
		errx(1, "%s: %s", argv[1], text);
	}
	kshm_close(handle);
	print(digest, sizeof(digest), argv[1]);
	return 0;
}
