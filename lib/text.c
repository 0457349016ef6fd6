// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - building text piece by piece in a caller's buffer
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

struct kshm_text kshm_text_init(char *buffer, size_t size)
{
	if (size)
		buffer[0] = '\0';
	return (struct kshm_text){ .buffer = buffer, .size = size };
}

void kshm_text_add(struct kshm_text *text, const char *format, ...)
{
	size_t room = 0;
	char *end = NULL;
	va_list args;
	int length;

	if (text->length < text->size) {
		end = text->buffer + text->length;
		room = text->size - text->length;
	}
	va_start(args, format);
	length = vsnprintf(end, room, format, args);
	va_end(args);
	if (length > 0)
		text->length += length;
}

/* In the largest unit of which there is at least one, rounded down. */
static void add_human(struct kshm_text *text, __u64 bytes)
{
	static const char units[] = "KMGTPE";
	unsigned int unit = 0;
	__u64 whole = bytes >> 10;
	__u64 rest = bytes & 0x3ff;

	while (whole >= 1024) {
		rest = whole & 0x3ff;
		whole >>= 10;
		unit++;
	}
	kshm_text_add(text, " (%llu", whole);
	if (rest * 10 / 1024)
		kshm_text_add(text, ".%llu", rest * 10 / 1024);
	kshm_text_add(text, " %ciB)", units[unit]);
}

void kshm_text_add_bytes(struct kshm_text *text, __u64 bytes)
{
	kshm_text_add(text, "%llu byte%s", bytes, bytes == 1 ? "" : "s");
	if (bytes >= 1024)
		add_human(text, bytes);
}

void kshm_text_add_pages(struct kshm_text *text, __u64 pages, __u32 page_size)
{
	__u64 bytes;

	kshm_text_add(text, "%llu page%s", pages, pages == 1 ? "" : "s");
	if (!__builtin_mul_overflow(pages, page_size, &bytes) && bytes >= 1024)
		add_human(text, bytes);
}

void kshm_text_add_code(struct kshm_text *text, __u32 code)
{
	kshm_text_add(text, "0x%08x (type 0x%04x, function 0x%03x, %s, %s)",
		      code, KSHM_CODE_TYPE(code), KSHM_CODE_FUNCTION(code),
		      kshm_method_name(KSHM_CODE_METHOD(code)),
		      kshm_access_name(KSHM_CODE_ACCESS(code)));
}

/* Makes a sentence of the text, with the positive errno it is about. */
void kshm_text_add_end(struct kshm_text *text, int error)
{
	const char *name = strerrorname_np(error);

	if (name)
		kshm_text_add(text, " (%s).", name);
	else
		kshm_text_add(text, " (error %d).", error);
	/* Not toupper(), which depends on the locale. */
	if (text->size && text->buffer[0] >= 'a' && text->buffer[0] <= 'z')
		text->buffer[0] += 'A' - 'a';
}
