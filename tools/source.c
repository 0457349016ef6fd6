// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - where the bytes of an operand come from
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kshmctl.h"
#include "source.h"

int source_zero(struct source *source, size_t len)
{
	*source = (struct source){ .len = len };
	if (!len)
		return 0;
	source->data = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (source->data == MAP_FAILED) {
		source->data = NULL;
		complain_as(STATUS_FAILED, ENOMEM,
			    "no memory for %zu bytes: ask for less, or free some",
			    len);
		return STATUS_FAILED;
	}
	return 0;
}

static int from_bytes(struct source *source, const void *bytes, size_t len)
{
	int ret = source_zero(source, len);

	if (!ret && len)
		memcpy(source->data, bytes, len);
	return ret;
}

/* Of what is one. */
static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' :
	       tolower((unsigned char)c) - 'a' + 10;
}

static int check_hex(const char *digits)
{
	size_t len = strlen(digits);

	if (len % 2 == 0 && strspn(digits, "0123456789abcdefABCDEF") == len)
		return STATUS_OK;
	return complain_as(STATUS_USAGE, EINVAL, "not pairs of hexadecimal digits: %s",
			   digits);
}

static int from_hex(struct source *source, const char *digits)
{
	size_t len = strlen(digits), i;
	unsigned char *byte;
	int ret;

	ret = check_hex(digits);
	if (!ret)
		ret = source_zero(source, len / 2);
	if (ret)
		return ret;
	for (byte = source->data, i = 0; i < len; i += 2)
		*byte++ = digit(digits[i]) << 4 | digit(digits[i + 1]);
	return 0;
}

/* A regular file says so before it is read; those of /proc say that they are empty. */
static bool is_longer(struct source *source, int fd, size_t most)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (__u64)st.st_size <= most)
		return false;
	source->len = st.st_size;
	return true;
}

/* Up to its end, or one byte more than @most, so that the caller sees that. */
static int from_fd(struct source *source, int fd, const char *what, size_t most)
{
	size_t len = 0, room = 0;
	char *bytes = NULL, *more;
	ssize_t got;
	int ret;

	do {
		if (len == room) {
			room = room ? 2 * room : 65536;
			more = realloc(bytes, room);
			if (!more) {
				free(bytes);
				return complain_as(STATUS_FAILED, ENOMEM,
						   "no memory for all of %s: pass %sless",
						   what, fd == STDIN_FILENO ?
						   "a file, or " : "");
			}
			bytes = more;
		}
		got = read(fd, bytes + len, room - len);
		if (got > 0)
			len += got;
	} while ((got > 0 && len <= most) || (got < 0 && errno == EINTR));
	if (got < 0)
		ret = complain_as(STATUS_FAILED, errno, "cannot read %s (%s)%s", what,
				  errno == EBADF ? "it is closed" : strerror(errno),
				  fd == STDIN_FILENO ?
				  ": redirect it from a file or a pipe" : "");
	else
		ret = from_bytes(source, bytes, len);
	free(bytes);
	return ret;
}

static int map_file(struct source *source, int fd, bool writable)
{
	struct stat st;
	char byte;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	/* Those of /proc say that they are empty, and have no pages. */
	if (!st.st_size && read(fd, &byte, 1))
		return -ENODEV;
	*source = (struct source){ .len = st.st_size, .is_file = true };
	if (!source->len)
		return 0;
	source->data = mmap(NULL, source->len,
			    PROT_READ | (writable ? PROT_WRITE : 0),
			    MAP_SHARED, fd, 0);
	if (source->data == MAP_FAILED) {
		source->data = NULL;
		return -errno;
	}
	return 0;
}

static int no_file(const char *path, bool writable, int error)
{
	const char *remedy = "look at what it is, or pipe its bytes to -";

	if (error == -ENOENT && strchr(path, '/'))
		return complain_as(STATUS_FAILED, error, "there is no file %s",
				   path);
	if (error == -ENOENT)
		return complain_as(STATUS_FAILED, error,
				   "there is no file %s; for this text itself write text:%s",
				   path, path);
	if (error == -EACCES || error == -EPERM || error == -EROFS)
		remedy = writable ?
			 "the driver writes to it; take a file that you may change" :
			 "take a file that you may read";
	else if (error == -ENOMEM)
		remedy = "it does not fit into the memory of a program";
	return complain_as(STATUS_FAILED, error, "cannot map file %s (%s): %s",
			   path, strerror(-error), remedy);
}

static int from_file(struct source *source, const char *path, bool writable)
{
	/* Or opening a pipe would wait for its other end. */
	int flags = O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	int fd = open(path, (writable ? O_RDWR : O_RDONLY) | flags);
	int ret = fd < 0 ? -errno : 0;

	if (!ret) {
		ret = map_file(source, fd, writable);
		close(fd);
	}
	if (ret == -EINVAL)
		return complain_as(STATUS_USAGE, ret,
				   "%s: only a regular file can be mapped; for anything else use -",
				   path);
	if (ret)
		return no_file(path, writable, ret);
	return STATUS_OK;
}

static bool is_literal(const char *spec)
{
	return !strncmp(spec, "text:", 5) || !strncmp(spec, "hex:", 4);
}

static int from_literal(struct source *source, const char *spec)
{
	if (!strncmp(spec, "text:", 5))
		return from_bytes(source, spec + 5, strlen(spec + 5));
	return from_hex(source, spec + 4);
}

int source_open(struct source *source, const char *spec, bool writable)
{
	*source = (struct source){ };
	if (!strcmp(spec, "-"))
		return from_fd(source, STDIN_FILENO, "standard input", SIZE_MAX);
	if (is_literal(spec))
		return from_literal(source, spec);
	if (!strncmp(spec, "section:", 8)) {
		source_name_section(source, spec + 8);
		return STATUS_OK;
	}
	return from_file(source, spec, writable);
}

int source_check(const char *spec)
{
	if (!strncmp(spec, "hex:", 4))
		return check_hex(spec + 4);
	if (strncmp(spec, "section:", 8) != 0)
		return STATUS_OK;
	return complain_as(STATUS_USAGE, EINVAL, "%s is none of the sources here: pipe what kshmctl section read %s prints to --from -",
			   spec, spec + 8);
}

int source_read(struct source *source, const char *spec, size_t most)
{
	int fd, ret;

	*source = (struct source){ };
	if (!strcmp(spec, "-"))
		return from_fd(source, STDIN_FILENO, "standard input", most);
	if (is_literal(spec))
		return from_literal(source, spec);
	fd = open(spec, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return no_file(spec, false, -errno);
	ret = is_longer(source, fd, most) ? STATUS_OK : from_fd(source, fd, spec, most);
	close(fd);
	return ret;
}

void source_close(struct source *source)
{
	if (source->data)
		munmap(source->data, source->len);
	source->data = NULL;
	free(source->section);
	source->section = NULL;
}
