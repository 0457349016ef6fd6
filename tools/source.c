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

/* What is behind "u32:" or its like, and the bytes of one number; NULL: it is no such. */
static const char *numbers_of(const char *spec, size_t *size)
{
	static const char * const prefixes[] = { "u8:", "u16:", "u32:", "u64:" };
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		len = strlen(prefixes[i]);
		*size = (size_t)1 << i;
		if (!strncmp(spec, prefixes[i], len))
			return spec + len;
	}
	return NULL;
}

/* One of a list, up to the comma behind it or the end; moves @list there. */
static bool next_number(const char **list, size_t size, unsigned long long *number)
{
	size_t len = strcspn(*list, ",");
	char text[32];

	if (len >= sizeof(text))
		return false;
	memcpy(text, *list, len);
	text[len] = '\0';
	*list += len;
	return parse_number(text, number) && (size == 8 || !(*number >> size * 8));
}

static int check_numbers(const char *list, size_t size)
{
	const char *at = list;
	unsigned long long number;

	while (next_number(&at, size, &number)) {
		if (!*at)
			return STATUS_OK;
		at++;
	}
	return complain_as(STATUS_USAGE, EINVAL, "not numbers of %zu bits with commas between: %s",
			   size * 8, list);
}

/* Where the lower bytes of a longer number are. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LOWER(size)	0
#else
#define LOWER(size)	(sizeof(unsigned long long) - (size))
#endif

/* In the order of bytes of this machine, which drivers have, too. */
static int from_numbers(struct source *source, const char *list, size_t size)
{
	unsigned long long number;
	size_t nr = 1, i;
	int ret;

	for (i = 0; list[i]; i++)
		nr += list[i] == ',';
	ret = check_numbers(list, size);
	if (!ret)
		ret = source_zero(source, nr * size);
	for (i = 0; !ret && i < nr; i++) {
		next_number(&list, size, &number);
		memcpy((char *)source->data + i * size, (char *)&number + LOWER(size), size);
		list++;
	}
	return ret;
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
	size_t size;

	return !strncmp(spec, "text:", 5) || !strncmp(spec, "hex:", 4) ||
	       numbers_of(spec, &size);
}

static int from_literal(struct source *source, const char *spec)
{
	const char *numbers;
	size_t size;

	if (!strncmp(spec, "text:", 5))
		return from_bytes(source, spec + 5, strlen(spec + 5));
	numbers = numbers_of(spec, &size);
	if (numbers)
		return from_numbers(source, numbers, size);
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
	const char *numbers;
	size_t size;

	if (!strncmp(spec, "hex:", 4))
		return check_hex(spec + 4);
	numbers = numbers_of(spec, &size);
	if (numbers)
		return check_numbers(numbers, size);
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
