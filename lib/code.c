// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kshm - control codes and the names of their parts
 */
#include <errno.h>
#include <string.h>

#include "internal.h"

static const char * const method_names[] = {
	[KSHM_METHOD_BUFFERED] = "copied",
	[KSHM_METHOD_IN_DIRECT] = "to-driver",
	[KSHM_METHOD_OUT_DIRECT] = "from-driver",
	[KSHM_METHOD_NEITHER] = "raw",
};

static const char * const method_windows_names[] = {
	[KSHM_METHOD_BUFFERED] = "METHOD_BUFFERED",
	[KSHM_METHOD_IN_DIRECT] = "METHOD_IN_DIRECT",
	[KSHM_METHOD_OUT_DIRECT] = "METHOD_OUT_DIRECT",
	[KSHM_METHOD_NEITHER] = "METHOD_NEITHER",
};

static const char * const access_names[] = {
	[KSHM_ACCESS_ANY] = "any",
	[KSHM_ACCESS_READ] = "read",
	[KSHM_ACCESS_WRITE] = "write",
	[KSHM_ACCESS_READ | KSHM_ACCESS_WRITE] = "read-write",
};

static int index_of(const char *name, const char * const *names, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -EINVAL;
}

KSHM_EXPORT const char *kshm_method_name(unsigned int method)
{
	return method < ARRAY_SIZE(method_names) ? method_names[method] : NULL;
}

KSHM_EXPORT const char *kshm_method_windows_name(unsigned int method)
{
	if (method >= ARRAY_SIZE(method_windows_names))
		return NULL;
	return method_windows_names[method];
}

KSHM_EXPORT int kshm_method_from_name(const char *name)
{
	int method;

	method = index_of(name, method_names, ARRAY_SIZE(method_names));
	if (method >= 0)
		return method;
	return index_of(name, method_windows_names,
			ARRAY_SIZE(method_windows_names));
}

KSHM_EXPORT const char *kshm_access_name(unsigned int access)
{
	return access < ARRAY_SIZE(access_names) ? access_names[access] : NULL;
}

KSHM_EXPORT int kshm_access_from_name(const char *name)
{
	return index_of(name, access_names, ARRAY_SIZE(access_names));
}

KSHM_EXPORT int kshm_code_encode(unsigned int type, unsigned int function,
				 unsigned int method, unsigned int access,
				 __u32 *code)
{
	if (type > 0xffff || function > 0xfff || method > 0x3 || access > 0x3)
		return -ERANGE;
	*code = KSHM_CODE(type, function, method, access);
	return 0;
}

KSHM_EXPORT int kshm_code_text(__u32 code, char *text, size_t size)
{
	struct kshm_text t = kshm_text_init(text, size);

	kshm_text_add_code(&t, code);
	return t.length;
}
