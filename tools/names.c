// SPDX-License-Identifier: GPL-2.0
/*
 * kshmctl - methods and access by their names
 */
#include <string.h>

#include "kshmctl.h"

int method_of(const char *name, const struct argp_state *state)
{
	const char *names[12], *near;
	int method = kshm_method_from_name(name);
	size_t i;

	if (method >= 0)
		return method;
	for (i = 0; i < 4; i++) {
		names[i] = kshm_method_name(i);
		names[4 + i] = kshm_method_windows_name(i);
		/* Some leave METHOD_ away. */
		names[8 + i] = strchr(names[4 + i], '_') + 1;
	}
	near = nearest(name, names, ARRAY_SIZE(names));
	for (i = 8; near && i < ARRAY_SIZE(names); i++)
		if (near == names[i])
			near = names[i - 4];
	if (near)
		usage_error(state, "no such method: %s (did you mean \"%s\"?)",
			    name, near);
	usage_error(state, "no such method: %s; there are %s, %s, %s and %s",
		    name, names[0], names[1], names[2], names[3]);
}

int access_of(const char *name, const struct argp_state *state)
{
	const char *names[4], *near;
	int access = kshm_access_from_name(name);
	size_t i;

	if (access >= 0)
		return access;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		names[i] = kshm_access_name(i);
	near = nearest(name, names, ARRAY_SIZE(names));
	if (near)
		usage_error(state, "no such access: %s (did you mean \"%s\"?)",
			    name, near);
	usage_error(state, "no such access: %s; there are %s, %s, %s and %s",
		    name, names[0], names[1], names[2], names[3]);
}
